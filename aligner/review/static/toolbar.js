// The buttons at the top.

import { post } from "./api.js";
import { button, byId } from "./dom.js";
import { exportBox, finish } from "./exporting.js";
import { toast, trouble } from "./messages.js";
import { run } from "./run.js";
import { keysOf, shown } from "./keys.js";
import { on, state } from "./state.js";
import { say } from "./words.js";

function tool(command, disabled = false) {
  const key = keysOf(command)[0];
  return button(say(`command.${command}`), () => run(command), { disabled, title: key ? `${say(`help.${command}`)} (${shown(key)})` : say(`help.${command}`), "data-command": command });
}

async function copyAddress() {
  try {
    const { address } = await post("/api/code");
    await navigator.clipboard.writeText(address);
    toast(say("address.copied"));
  } catch (problem) {
    if (problem.code) trouble(problem);
    else toast(say("address.failed"));
  }
}

function show() {
  if (!state.counts) return;
  const had = byId("tools").contains(document.activeElement) ? document.activeElement.dataset.command : null;
  const fixed = state.meta.read_only;
  byId("tools").replaceChildren(tool("undo", fixed || !state.counts.undo), tool("redo", fixed || !state.counts.redo), tool("search"), tool("go"), tool("help"),
    button(say("address"), copyAddress, { title: say("address.help"), "data-command": "address" }),
    button(say("export"), exportBox, { "data-command": "export" }), button(say("finish"), finish, { class: "main", "data-command": "finish" }));
  if (had) byId("tools").querySelector(`[data-command="${had}"]`)?.focus();
}

let last = "";

export function setUp() {
  on("counts", () => {
    const now = `${state.counts.undo} ${state.counts.redo}`;
    if (now !== last) show();
    last = now;
  });
  on("words", show);
  on("settings", show);
}
