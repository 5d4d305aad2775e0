// One row of the grid as elements.

import { drawConnector, ruleName } from "./confidence.js";
import { element } from "./dom.js";
import { drawText } from "./marks.js";
import { state } from "./state.js";
import { say } from "./words.js";

/** What is laid over rows for a while: set by search, counterparts, the caret and the editor. */
export const overlay = { hits: new Map(), words: null, caret: null, editor: null };

export function drawRow(index, row) {
  const node = element("div", { class: "row", role: "row", "aria-rowindex": index + 2, "data-row": index });
  if (!row) {
    node.classList.add("empty");
    node.append(element("div", { class: "number", role: "rowheader" }, String(index + 1)), cell(index, null, "source"),
      element("div", { class: "connector", role: "gridcell" }), cell(index, null, "target"));
    return node;
  }
  node.classList.add(row.status);
  if (row.stop) node.classList.add("stop");
  if (row.moved?.length) node.classList.add("moved");
  if (index === state.focus.row) node.classList.add("here");
  const selected = inSelection(index);
  if (selected) node.classList.add("selected");
  node.setAttribute("aria-selected", String(selected || index === state.focus.row));
  node.append(
    element("div", { class: "number", role: "rowheader" }, String(index + 1)),
    cell(index, row, "source"),
    element("div", { class: "connector", role: "gridcell", id: `state-${index}`, title: tip(row) }, drawConnector(row)),
    cell(index, row, "target"),
  );
  return node;
}

const tip = (row) => row.doubts.map((doubt) => `${ruleName(doubt.rule)}: ${doubt.message}`).join("\n") || null;

function inSelection(index) {
  if (state.anchor === null) return false;
  const { row } = state.focus;
  return index >= Math.min(row, state.anchor) && index <= Math.max(row, state.anchor);
}

function cell(index, row, side) {
  const focused = index === state.focus.row && side === state.focus.side;
  const node = element("div", {
    class: `cell ${side}`, role: "gridcell", "data-side": side, tabindex: focused ? 0 : -1, dir: "auto",
    lang: state.meta?.[side]?.lang, "aria-describedby": `state-${index}`,
  });
  if (!row) return node;
  if (overlay.editor?.row === index && overlay.editor.side === side) {
    node.append(overlay.editor.node);
    return node;
  }
  const segments = row[side];
  if (!segments.length) node.append(blank(row, side));
  const marks = marksOf(index, row, side);
  const caret = overlay.caret?.row === index && overlay.caret.side === side ? overlay.caret.offset : null;
  segments.forEach((segment, i) => node.append(drawSegment(segment, i, { marks, caret, focused, side, many: segments.length > 1 })));
  return node;
}

function drawSegment(segment, i, { marks, caret, focused, side, many }) {
  const node = element("div", { class: many ? "segment many" : "segment", "data-segment": i, dir: "auto" },
    drawText(segment, marks, caret));
  if (focused && state.focus.segment === i) node.classList.add("chosen");
  const mark = state.mark;
  if (mark && mark.side === side && mark.start <= segment.start && segment.end <= mark.end) node.classList.add("pinned");
  return node;
}

function blank(row, side) {
  const other = row.moved?.find((moved) => moved.side === side);
  if (!other) return element("div", { class: "nothing", "aria-label": say("row.nothing") }, "—");
  return element("div", { class: "elsewhere", dir: "auto" }, `⇄ ${other.text}`);
}

function marksOf(index, row, side) {
  const marks = [];
  for (const doubt of row.doubts) {
    for (const [where, start, end] of doubt.places ?? []) {
      if (where === side) marks.push({ start, end, name: "differs", title: `${ruleName(doubt.rule)}: ${doubt.message}` });
    }
  }
  for (const hit of overlay.hits.get(index) ?? []) {
    if (hit.side === side) marks.push({ start: hit.start, end: hit.end, name: "hit" });
  }
  if (overlay.words?.row === index) {
    overlay.words[side].forEach(([start, end], word) => marks.push({ start, end, name: overlay.words.nameOf(side, word), word }));
    for (const [where, start, end, ok, wanted] of overlay.words.terms) {
      if (where === side) marks.push({ start, end, name: ok ? "term" : "term differs", title: `${say(ok ? "term.kept" : "rule.glossary")}: ${wanted.join(", ")}` });
    }
  }
  return marks;
}
