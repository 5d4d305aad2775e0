// The page begins here.

import { openSession, read } from "./api.js";
import * as caret from "./caret.js";
import * as counterparts from "./counterparts.js";
import { byId, composing } from "./dom.js";
import { listen } from "./events.js";
import { end } from "./exporting.js";
import * as grid from "./grid.js";
import { help } from "./help.js";
import * as inspector from "./inspector.js";
import * as learning from "./learning.js";
import { commandOf, keyName } from "./keys.js";
import { banner, saving, trouble } from "./messages.js";
import { settle } from "./opening.js";
import * as placeKeeping from "./place_keeping.js";
import { run } from "./run.js";
import * as search from "./search.js";
import { adopt, settings, showTheme } from "./settings.js";
import { emit, on, state } from "./state.js";
import * as store from "./store.js";
import * as toolbar from "./toolbar.js";
import { tour } from "./tour.js";
import { language, say, speak } from "./words.js";

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

const CHANGES = new Set(["accept", "unaccept", "push", "pull", "merge", "merge-previous", "cut", "join", "apart", "pinpoint", "realign",
  "flag", "edit", "learn", "reject-link", "undo", "redo", "alternative-1", "alternative-2", "alternative-3", "alternative-4"]);

async function start() {
  showTheme();
  const begun = Promise.all([speak(settings.language ?? (navigator.language.startsWith("zh") ? "zh" : "en")), openSession().catch((problem) => problem)]);
  for (const part of [grid, inspector, counterparts, search, placeKeeping, toolbar, learning]) part.setUp();
  on("trouble", trouble);
  on("shut-out", (code) => end(say("shut_out"), say(`shut_out.${code}`)));
  on("help", help);
  document.addEventListener("keydown", press);
  document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); grid.focusCell(); });
  const [, refused] = await begun;
  if (refused) throw refused;
  await load();
  if (await settle(state.meta.opening)) await load();
  saving(state.counts.saved);
  if (state.meta.read_only) banner("read-only", say("read_only"));
  listen();
  if (!settings.toured) tour();
}

async function load() {
  const begun = await read("/api/start");
  state.meta = begun.meta;
  state.g = begun.meta.g;
  adopt(state.meta.settings);
  if (settings.language && settings.language !== language) await speak(settings.language);
  state.counts = state.meta.counts;
  toolbar.heads();
  if (state.meta.opening.state === "changed") return; // no rows until a choice is made
  store.begin(begun);
  const kept = placeKeeping.kept() ?? state.meta.place;
  const row = kept?.at ? store.seenAt(kept.at) ?? await store.findPlace(kept.at) : 0;
  await store.fresh(row);
  grid.standOn(row, kept?.side ?? "source");
  emit("counts");
  if (kept) search.restore(kept);
  document.documentElement.dataset.ready = "yes";
}

start().catch((problem) => {
  if (problem.code === "token" || problem.code === "code") end(say("shut_out"), say(`shut_out.${problem.code}`));
  else end(say("broken"), problem.message);
});
