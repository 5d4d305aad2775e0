// Learning: the undecided rest aligned again with what was decided. It runs beside the work; what comes of it is a proposal.

import { post, read, remove } from "./api.js";
import { show as dialog } from "./dialog.js";
import { button, element } from "./dom.js";
import * as grid from "./grid.js";
import { banner, removeBanner, toast, trouble } from "./messages.js";
import { inOrder, operate } from "./operations.js";
import { difference } from "./proposal.js";
import { emit, on, state } from "./state.js";
import { say } from "./words.js";

const MODES = ["ask", "auto", "off"];
let shown = ""; // what the banner speaks of: closed once, it stays closed

/** Start at once, without waiting for a correction or for twenty confirmations. */
export const begin = () => ask({ now: true });

async function ask(body) {
  try {
    take(await post("/api/learning", body));
  } catch (problem) {
    if (problem.reason === "decided") toast(say("learning.absent"));
    else trouble(problem);
  }
}

function take({ counts }) {
  state.counts = counts;
  emit("counts");
}

async function leave() {
  removeBanner("learning");
  await remove("/api/learning").catch(trouble);
  grid.focusCell();
}

/** Take the proposal without the stretches that begin at the places `left`. */
const accept = (id, left = []) => {
  removeBanner("learning");
  grid.focusCell();
  return inOrder(() => operate("learn", { proposal: id, leave: left }));
};

/** The rows drawn otherwise, before and after; each stretch can be left as it is. */
async function look({ id }) {
  const found = await read(`/api/learning/${id}`).catch(trouble);
  if (!found?.stretches) return;
  const wanted = found.stretches.map(() => element("input", { type: "checkbox", checked: true }));
  const parts = found.stretches.flatMap((stretch, i) => [
    element("h3", {}, element("label", {}, wanted[i], say("learning.row", { n: stretch.from + 1 }))), difference(stretch)]);
  const unseen = found.total - found.stretches.length;
  const more = unseen > 0 ? [element("p", {}, say("replace.more", { n: unseen }))] : [];
  const left = () => found.stretches.filter((_, i) => !wanted[i].checked).map((stretch) => stretch.at);
  const chosen = await dialog(say("learning.title"), element("div", {}, element("p", {}, say("learning.choose")), parts, more),
    [[say("learning.leave"), false], [say("learning.later"), null], [say("learning.take"), left, true]], { wide: true });
  grid.focusCell();
  if (chosen) accept(id, chosen);
  else if (chosen === false) leave();
}

function words({ decided, redrawn, weighed, stops, expected_errors: errors }) {
  const values = { before: stops[0], after: stops[1], from: Math.round(errors[0]), to: Math.round(errors[1]), weighed, n: redrawn };
  return `${say("learning.taught", { n: decided })} ${say("learning.ready", values)}`;
}

function show() {
  const { state: at, progress = null, proposal = null } = state.counts.learning ?? {};
  const now = `${at} ${proposal?.id ?? ""}`;
  const bar = document.querySelector("[data-banner=learning] progress");
  if (bar && progress !== null) bar.value = progress;
  if (now === shown) return;
  shown = now;
  removeBanner("learning");
  if (state.meta.read_only) return;
  if (at === "running") {
    banner("learning", say("learning.running"), [element("progress", { value: progress, max: 1, "aria-label": say("learning.running") }), button(say("cancel"), leave)]);
  } else if (at === "ready" && proposal) {
    banner("learning", words(proposal), [button(say("learning.take"), () => accept(proposal.id), { class: "main" }),
      button(say("learning.look"), () => look(proposal)), button(say("learning.leave"), leave)]);
  }
}

/** The choice whether it runs by itself. */
export function modeChoice() {
  const { mode } = state.counts.learning;
  const select = element("select", { "aria-label": say("settings.learning"), disabled: state.meta.read_only, onchange: () => ask({ mode: select.value }) },
    MODES.map((each) => element("option", { value: each, selected: each === mode }, say(`learning.mode.${each}`))));
  return select;
}

export function setUp() {
  on("counts", show);
  on("words", () => { shown = ""; if (state.counts) show(); });
}
