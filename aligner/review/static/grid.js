// The rows in sight, of 20,000: at most 60 are in the document, the focused one always.

import { byId, composing } from "./dom.js";
import { Heights } from "./heights.js";
import { drawRow, overlay } from "./row_view.js";
import { emit, on, state } from "./state.js";
import * as store from "./store.js";
import * as view from "./view.js";

const MOST = 58; // rows in the document; with the focused and the edited one 60
const AHEAD = 4; // rows drawn above and below the window
const LINE = 25; // pixels a line, until the row has been measured
const PADDING = 22;
const WIDE = /^(zh|ja|ko)/; // languages whose characters are about an em wide

const heights = new Heights();
const mounted = new Map(); // position → element
const measured = new Map(); // row → pixels
let scroller;
let canvas;
let due = false;

export function setUp() {
  scroller = byId("scroller");
  canvas = byId("rows");
  scroller.addEventListener("scroll", later, { passive: true });
  canvas.addEventListener("mousedown", pick);
  new ResizeObserver(resized).observe(scroller);
  on("outline", () => { measured.clear(); restart(); });
  on("view", restart);
  on("splice", ({ from }) => { for (const row of [...measured.keys()]) if (row >= from) measured.delete(row); });
  on("rows", ({ from, to }) => redraw(from, to));
}

function resized() {
  const position = view.positionOf(state.focus.row);
  const seen = heights.values.length > position && inSight(position);
  measured.clear();
  restart();
  if (seen) { reveal(position); render(); }
}

const inSight = (position) => heights.above(position) < scroller.scrollTop + scroller.clientHeight + 400
  && heights.above(position + 1) > scroller.scrollTop - 400;

function estimate(row) {
  const width = Math.max(120, (scroller.clientWidth - 150) / (scroller.clientWidth < 640 ? 1 : 2));
  const lines = store.lengthsOf(row).map((length, i) => {
    const em = WIDE.test(state.meta?.[i ? "target" : "source"]?.lang ?? "") ? 16 : 7.6;
    return Math.max(1, Math.ceil((length * em) / width));
  });
  return Math.max(...lines) * LINE + PADDING;
}

/** Draw everything anew: other rows are listed, or rows were put in and taken out. */
export function restart() {
  const had = canvas.contains(document.activeElement);
  const typing = overlay.editor?.area === document.activeElement;
  const top = anchor();
  const size = view.size();
  const values = new Array(size);
  for (let p = 0; p < size; p++) values[p] = measured.get(view.rowAt(p)) ?? estimate(view.rowAt(p));
  heights.reset(values);
  for (const node of mounted.values()) node.remove();
  mounted.clear();
  byId("grid").setAttribute("aria-rowcount", store.count() + 1);
  byId("no-rows").hidden = size > 0;
  if (top) scroller.scrollTop = heights.above(Math.min(top.position, Math.max(0, size - 1))) + top.inset;
  render();
  if (typing) overlay.editor.area.focus();
  else if (had) focusCell();
}

function anchor() {
  if (!heights.values.length) return null;
  const position = heights.at(scroller.scrollTop);
  return { position, inset: scroller.scrollTop - heights.above(position) };
}

function later() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => { due = false; render(); });
}

export function render() {
  const size = view.size();
  canvas.style.height = `${heights.total()}px`;
  if (!size) return;
  const top = scroller.scrollTop;
  const seen = heights.at(top);
  const first = Math.max(0, seen - AHEAD);
  const last = Math.min(size, first + MOST, heights.at(top + scroller.clientHeight) + 1 + AHEAD);
  const keep = new Set();
  for (let p = first; p < last; p++) keep.add(p);
  for (const row of [state.focus.row, overlay.editor?.row]) {
    if (row === undefined || row === null) continue;
    const position = view.positionOf(row);
    if (view.rowAt(position) === row) keep.add(position);
  }
  for (const [position, node] of mounted) {
    if (!keep.has(position)) { node.remove(); mounted.delete(position); }
  }
  const added = [];
  for (const position of keep) if (!mounted.has(position)) { mount(position); added.push(position); }
  if (added.length) measure(added, seen, top);
  else settle();
  wantAround(first, last);
}

function wantAround(first, last) {
  for (const position of [first, Math.max(first, last - 1)]) {
    const row = view.rowAt(position);
    if (row !== undefined && (!store.row(row) || store.row(row).stale)) store.want(row, row + 1).catch((problem) => emit("trouble", problem));
  }
  if (view.filtered()) {
    for (let p = first; p < last; p++) store.want(view.rowAt(p), view.rowAt(p) + 1).catch(() => {});
  } else store.want(first, last).catch((problem) => emit("trouble", problem));
}

function mount(position) {
  const row = view.rowAt(position);
  const node = drawRow(row, store.row(row));
  node.style.transform = `translateY(${heights.above(position)}px)`;
  node.dataset.position = position;
  mounted.set(position, node);
  // the order in the document is the order of the text, for readers that walk it
  let next = null;
  for (const other of canvas.children) if (Number(other.dataset.position) > position) { next = other; break; }
  canvas.insertBefore(node, next);
}

function measure(positions, seen, top) {
  const inset = top - heights.above(seen);
  let changed = false;
  for (const position of positions) {
    const row = view.rowAt(position);
    if (!store.row(row)) continue;
    const height = mounted.get(position).offsetHeight;
    measured.set(row, height);
    if (Math.abs(heights.values[position] - height) > 0.5) { heights.set(position, height); changed = true; }
  }
  if (!changed) return;
  settle();
  const wanted = heights.above(seen) + inset;
  if (Math.abs(wanted - scroller.scrollTop) > 1) scroller.scrollTop = wanted;
}

function settle() {
  canvas.style.height = `${heights.total()}px`;
  for (const [position, node] of mounted) node.style.transform = `translateY(${heights.above(position)}px)`;
}

/** Draw rows `from`…`to` again where they are in the document. */
export function redraw(from, to = from + 1) {
  const had = canvas.contains(document.activeElement) && !overlay.editor;
  const top = scroller.scrollTop;
  const seen = heights.at(top);
  const changed = [];
  for (const [position, node] of mounted) {
    const row = view.rowAt(position);
    if (row < from || row >= to) continue;
    if (overlay.editor?.row === row && node.contains(overlay.editor.node)) continue;
    const drawn = drawRow(row, store.row(row));
    drawn.style.transform = node.style.transform;
    drawn.dataset.position = position;
    node.replaceWith(drawn);
    mounted.set(position, drawn);
    changed.push(position);
  }
  if (!changed.length) return;
  measure(changed, seen, top);
  if (had && state.focus.row >= from && state.focus.row < to) focusCell();
}

export function remeasure(row) {
  const position = view.positionOf(row);
  if (mounted.has(position)) measure([position], heights.at(scroller.scrollTop), scroller.scrollTop);
}

export function cellOf(row, side) {
  return mounted.get(view.positionOf(row))?.querySelector(`.cell.${side}`) ?? null;
}

export function focusCell() {
  cellOf(state.focus.row, state.focus.side)?.focus({ preventScroll: true });
}

/** Bring a row into sight: as little as needed near by, in the middle from afar. */
function reveal(position) {
  const top = heights.above(position);
  const bottom = top + heights.values[position];
  const height = scroller.clientHeight;
  const margin = Math.min(96, height / 5);
  const from = scroller.scrollTop;
  if (top - margin < from) scroller.scrollTop = top < from - height ? top - height / 2 : top - margin;
  else if (bottom + margin > from + height) {
    scroller.scrollTop = bottom > from + 2 * height ? top - height / 2 : Math.min(bottom + margin - height, top - margin);
  }
}

/** Stand on a row. `options.quiet` leaves the keyboard focus where it is. */
export function standOn(row, side = state.focus.side, { quiet = false, segment = null, select = false } = {}) {
  const before = state.focus.row;
  const position = view.positionOf(Math.max(0, Math.min(row, store.count() - 1)));
  const standing = view.rowAt(position) ?? 0;
  if (select) state.anchor ??= before;
  const selection = state.anchor !== null;
  if (!select) state.anchor = null;
  state.focus = { row: standing, side, segment };
  reveal(position);
  render();
  if (selection) redraw(0, store.count());
  else for (const index of new Set([before, standing])) markFocus(mounted.get(view.positionOf(index)), index);
  if (!quiet) focusCell();
  emit("focus");
}

/** Show whether the focus is on a row drawn already: its text stays, so nothing is laid out anew. */
function markFocus(node, index) {
  if (!node || Number(node.dataset.row) !== index) return;
  const here = index === state.focus.row;
  node.classList.toggle("here", here);
  if (node.hasAttribute("aria-selected")) node.setAttribute("aria-selected", String(here));
  for (const cell of node.querySelectorAll(".cell")) {
    const focused = here && cell.dataset.side === state.focus.side;
    cell.tabIndex = focused ? 0 : -1;
    for (const segment of cell.querySelectorAll(".segment")) segment.classList.toggle("chosen", focused && Number(segment.dataset.segment) === state.focus.segment);
  }
}

export const rowsInSight = () => Math.max(1, Math.floor(scroller.clientHeight / 90));

function pick(event) {
  if (composing(event)) return;
  const node = event.target.closest(".cell");
  if (!node || node.querySelector("textarea")) return;
  const row = Number(node.closest(".row").dataset.row);
  const segment = event.target.closest(".segment.many");
  emit("leave-caret");
  standOn(row, node.dataset.side, { segment: segment ? Number(segment.dataset.segment) : null, select: event.shiftKey });
  if (!window.getSelection()?.toString()) event.preventDefault();
}
