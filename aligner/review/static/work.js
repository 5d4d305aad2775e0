// Everything that works on the rows: begun when they can be read.

import * as counterparts from "./counterparts.js";
import * as caret from "./caret.js";
import { byId, composing } from "./dom.js";
import { end } from "./ending.js";
import { listen } from "./events.js";
import { help } from "./help.js";
import * as inspector from "./inspector.js";
import * as learning from "./learning.js";
import { commandOf, keyName } from "./keys.js";
import { banner, saving, trouble } from "./messages.js";
import { settle } from "./opening.js";
import { kept } from "./place_kept.js";
import * as placeKeeping from "./place_keeping.js";
import { run } from "./run.js";
import * as search from "./search.js";
import { settings } from "./settings.js";
import { emit, on, state } from "./state.js";
import * as toolbar from "./toolbar.js";
import { tour } from "./tour.js";
import { say } from "./words.js";

const CHANGES = new Set(["accept", "unaccept", "push", "pull", "merge", "merge-previous", "cut", "join", "apart", "pinpoint", "realign",
  "flag", "edit", "learn", "reject-link", "undo", "redo", "alternative-1", "alternative-2", "alternative-3", "alternative-4"]);

function press(event) {
  if (composing(event)) return;
  if (event.target.closest("dialog")) return;
  const inRows = event.target.closest("#rows") || event.target === document.body || event.target === byId("scroller");
  const typing = event.target.matches("input, textarea, select");
  const name = keyName(event);
  if (name === "Ctrl+F" && typing && event.target.closest("#search")) return; // pressed again: the browser's own
  if (state.mode === "caret" && inRows) {
    if (caret.press(name)) event.preventDefault();
    return;
  }
  const command = commandOf(event);
  if (!command || (typing && name !== "Ctrl+F")) return;
  if (!inRows && !/^(Ctrl\+|F\d)/.test(name)) return; // letters belong to the grid alone
  if (inRows && event.target.closest("button")) return;
  event.preventDefault();
  if (state.meta.read_only && CHANGES.has(command)) return trouble({ code: "read_only" });
  run(command);
}

/** `load` reads all rows anew, where a choice changed them. */
export async function begin(load) {
  for (const part of [inspector, counterparts, search, placeKeeping, toolbar, learning]) part.setUp();
  on("trouble", trouble);
  on("shut-out", (code) => end(say("shut_out"), say(`shut_out.${code}`)));
  on("help", help);
  document.addEventListener("keydown", press);
  if (await settle(state.meta.opening)) await load();
  const before = kept();
  if (before) search.restore(before);
  emit("counts");
  emit("focus");
  saving(state.counts.saved);
  if (state.meta.read_only) banner("read-only", say("read_only"));
  listen();
  if (!settings.toured) tour();
}
