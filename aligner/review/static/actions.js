// What each command does in rows mode. A command is a key's or a button's, never both's own code.

import * as caret from "./caret.js";
import { confirmBox, flagBox, goBox } from "./small_dialogs.js";
import * as editor from "./editor.js";
import * as grid from "./grid.js";
import * as learning from "./learning.js";
import { announce, toast } from "./messages.js";
import { operate, redo, undo } from "./operations.js";
import { state, emit } from "./state.js";
import * as pinpoint from "./pinpoint.js";
import * as proposal from "./proposal.js";
import * as queue from "./queue.js";
import * as store from "./store.js";
import * as view from "./view.js";
import { say } from "./words.js";
import { stepWord } from "./counterparts.js";

const here = () => store.fresh(state.focus.row);

function step(by, options = {}) {
  const position = view.positionOf(state.focus.row) + by;
  grid.standOn(view.rowAt(Math.max(0, Math.min(position, view.size() - 1))), state.focus.side, options);
}

function stepSegment(by) {
  const segments = store.row(state.focus.row)?.[state.focus.side] ?? [];
  if (segments.length < 2) return;
  const next = state.focus.segment === null ? (by > 0 ? 0 : segments.length - 1) : state.focus.segment + by;
  const segment = next < 0 || next >= segments.length ? null : next;
  grid.standOn(state.focus.row, state.focus.side, { segment });
  announce(segment === null ? say("segment.all") : segments[segment].text);
}

function side(which) {
  const swapped = getComputedStyle(document.documentElement).direction === "rtl";
  grid.standOn(state.focus.row, (which === "left") !== swapped ? "source" : "target");
}

async function accept() {
  if (state.anchor !== null && state.anchor !== state.focus.row) return acceptSelection();
  const row = await here();
  const link = row.moved?.[0];
  if (link) return operate("confirm_link", { link: link.link }, { advance: true });
  return operate("accept", { at: row.at }, { advance: true });
}

async function acceptSelection() {
  const from = Math.min(state.anchor, state.focus.row);
  const to = Math.max(state.anchor, state.focus.row);
  await store.want(from, to + 1);
  return operate("accept_all", { from: store.row(from).at, to: store.row(to).at }, { advance: true });
}

async function enter() {
  const row = await here();
  const link = row.moved?.[0];
  if (!link) return accept();
  grid.standOn(link.row ?? (await store.findPlace(link.at)), link.side);
}

async function onRow(op, args = {}, options = {}) {
  const row = await here();
  return operate(op, { at: row.at, ...args }, options);
}

async function join() {
  const row = await here();
  const segments = row[state.focus.side];
  if (segments.length < 2) return toast(say("refused.nothing"));
  const second = Math.max(1, state.focus.segment ?? 1);
  return operate("join", { side: state.focus.side, offset: segments[second].start });
}

async function alternative(key) {
  const row = await here();
  if (!row.alternatives.some((each) => each.key === key)) return toast(say("alternatives.none", { key }));
  return operate("alternative", { at: row.at, key });
}

async function flag() {
  const row = await here();
  const answer = await flagBox(row.flag);
  if (answer === null) return grid.focusCell();
  return answer.remove ? operate("unflag", { at: row.at }) : operate("flag", { at: row.at, comment: answer.comment });
}

async function rejectLink() {
  const row = await here();
  if (!row.moved?.length) return toast(say("refused.nothing"));
  if (await confirmBox(say("link.reject"), say("link.reject.do"))) return operate("reject_link", { link: row.moved[0].link });
  return grid.focusCell();
}

async function go() {
  const number = await goBox(store.count());
  if (number !== null) grid.standOn(number - 1);
  else grid.focusCell();
}

function leave() {
  if (state.mark) return pinpoint.drop();
  if (state.anchor !== null) grid.standOn(state.focus.row);
  return null;
}

export const ACTIONS = {
  "row-up": () => step(-1), "row-down": () => step(1), "side-left": () => side("left"), "side-right": () => side("right"),
  "select-up": () => step(-1, { select: true }), "select-down": () => step(1, { select: true }),
  "segment-up": () => stepSegment(-1), "segment-down": () => stepSegment(1),
  "page-up": () => step(-grid.rowsInSight()), "page-down": () => step(grid.rowsInSight()),
  first: () => grid.standOn(view.rowAt(0)), last: () => grid.standOn(view.rowAt(view.size() - 1)),
  enter, accept, unaccept: () => onRow("unaccept"),
  next: () => queue.go(1), previous: () => queue.go(-1),
  push: () => onRow("push", { side: state.focus.side }), pull: () => onRow("pull", { side: state.focus.side }),
  merge: () => onRow("merge", { with: "next" }), "merge-previous": () => onRow("merge", { with: "previous" }),
  cut: () => caret.start(), join, apart: () => onRow("apart"), pinpoint: () => pinpoint.press(), realign: () => proposal.ask(), learn: () => learning.begin(),
  flag, edit: () => editor.open(), undo, redo, "reject-link": rejectLink,
  "alternative-1": () => alternative(1), "alternative-2": () => alternative(2), "alternative-3": () => alternative(3),
  "alternative-4": () => alternative(4),
  paragraph: () => emit("paragraph"), word: () => stepWord(1), "word-back": () => stepWord(-1),
  search: () => emit("search"), replace: () => emit("replace"), go, help: () => emit("help"), leave,
};

// These change nothing and wait for nobody.
export const AT_ONCE = new Set(["row-up", "row-down", "side-left", "side-right", "select-up", "select-down", "segment-up",
  "segment-down", "page-up", "page-down", "first", "last", "leave", "word", "word-back", "search", "help", "paragraph"]);
