// Cutting: a caret walks the graphemes of one side; at a boundary of segments the row itself is split, on both sides.

import { graphemeBreaks, punctuationBreaks } from "./graphemes.js";
import * as grid from "./grid.js";
import { announce, toast } from "./messages.js";
import { inOrder, operate } from "./operations.js";
import { overlay } from "./row_view.js";
import { on, otherSide, state } from "./state.js";
import * as store from "./store.js";
import { say } from "./words.js";

let stops = [];
let landmarks = []; // where Ctrl with an arrow goes
let chosen = null; // {side, offset}: one side of a split, while the other is sought

/** Boundaries at which this side of a row can be split: starts of segments and the end. */
const boundaries = (segments) => [...segments.map((segment) => segment.start), ...(segments.length ? [segments.at(-1).end] : [])];

export async function start() {
  const row = await store.fresh(state.focus.row);
  const segments = row[state.focus.side];
  if (!segments.length) return toast(say("refused.nothing"));
  chosen = null;
  const gather = (breaks) => [...new Set(segments.flatMap(({ start, text }) => breaks(text).map((offset) => start + offset)))].sort((a, b) => a - b);
  stops = gather(graphemeBreaks);
  landmarks = gather(punctuationBreaks);
  const segment = segments[state.focus.segment ?? 0];
  const middle = (segment.start + segment.end) / 2;
  const inner = landmarks.filter((offset) => offset > segments[0].start && offset < segments.at(-1).end);
  const near = inner.length ? inner : stops;
  show(segments.length > 1 && state.focus.segment === null ? segments[1].start
    : near.reduce((best, offset) => (Math.abs(offset - middle) < Math.abs(best - middle) ? offset : best)));
  state.mode = "caret";
  announce(say("caret.started"));
  return null;
}

function show(offset) {
  overlay.caret = { row: state.focus.row, side: state.focus.side, offset };
  grid.redraw(state.focus.row);
}

export function leave() {
  if (state.mode !== "caret") return;
  state.mode = "rows";
  overlay.caret = null;
  chosen = null;
  grid.redraw(state.focus.row);
}

on("leave-caret", leave);

function walk(by, far) {
  const list = far ? landmarks : stops;
  const now = overlay.caret.offset;
  const next = by > 0 ? list.find((offset) => offset > now) : list.findLast((offset) => offset < now);
  if (next !== undefined) show(next);
  announce(around());
}

function around() {
  const segment = store.row(state.focus.row)[state.focus.side].find(({ start, end }) => start <= overlay.caret.offset && overlay.caret.offset <= end);
  if (!segment) return "";
  const points = Array.from(segment.text);
  const at = overlay.caret.offset - segment.start;
  return `${points.slice(Math.max(0, at - 8), at).join("")} | ${points.slice(at, at + 8).join("")}`;
}

function settle() {
  const { side, offset } = overlay.caret;
  const row = store.row(state.focus.row);
  if (chosen) {
    const args = { [chosen.side]: chosen.offset, [side]: offset };
    leave();
    return inOrder(() => operate("split", args));
  }
  const segments = row[side];
  const atBoundary = boundaries(segments).includes(offset) || segments.every(({ start, end }) => offset <= start || offset >= end);
  if (!atBoundary) {
    leave();
    return inOrder(() => operate("cut", { side, offset }));
  }
  return seekOther(row, side, segments.find(({ start }) => start >= offset)?.start ?? segments.at(-1).end);
}

/** The row is to be split at a boundary of this side: now the other side's, the likeliest first. */
function seekOther(row, side, offset) {
  const other = otherSide(side);
  if (!row[other].length) {
    leave();
    return inOrder(() => operate("split", { [side]: offset, [other]: row.at[other === "source" ? 0 : 1] }));
  }
  chosen = { side, offset };
  const [from, to] = [row[side][0].start, row[side].at(-1).end];
  const goal = row[other][0].start + ((offset - from) / (to - from)) * (row[other].at(-1).end - row[other][0].start);
  stops = landmarks = boundaries(row[other]);
  grid.standOn(state.focus.row, other);
  show(stops.reduce((best, each) => (Math.abs(each - goal) < Math.abs(best - goal) ? each : best)));
  announce(say("caret.other"));
  return null;
}

/** Keys of caret mode; true where the key was one. */
export function press(name) {
  const rightToLeft = getComputedStyle(grid.cellOf(state.focus.row, state.focus.side)).direction === "rtl" ? -1 : 1;
  if (name === "ArrowRight" || name === "ArrowLeft") walk((name === "ArrowRight" ? 1 : -1) * rightToLeft, false);
  else if (name === "Ctrl+ArrowRight" || name === "Ctrl+ArrowLeft") walk((name.endsWith("Right") ? 1 : -1) * rightToLeft, true);
  else if (name === "Home") show(stops[0]);
  else if (name === "End") show(stops.at(-1));
  else if (name === "Enter" || name === "S") settle();
  else if (name === "Escape") leave();
  else if (name === "Tab" || name === "Shift+Tab") { leave(); return false; }
  return true;
}
