// Stretches of a segment drawn with marks: what differs, what a search found, words, the caret.

import { element } from "./dom.js";
import { toUnits } from "./graphemes.js";

/**
 * Nodes of `segment`'s text. `marks` are {start, end, name, word?, title?} in the document's code points; where several
 * cover a character it bears all their names. `caret` is an offset or null.
 */
export function drawText(segment, marks, caret = null) {
  const { start, end, text } = segment;
  const inside = marks.filter((mark) => mark.start < end && mark.end > start);
  if (!inside.length && (caret === null || caret < start || caret > end)) return [document.createTextNode(text)];
  const cuts = new Set([start, end]);
  for (const mark of inside) {
    cuts.add(Math.max(start, mark.start));
    cuts.add(Math.min(end, mark.end));
  }
  if (caret !== null && caret >= start && caret <= end) cuts.add(caret);
  const sorted = [...cuts].sort((a, b) => a - b);
  const nodes = [];
  for (let i = 0; i < sorted.length; i++) {
    if (sorted[i] === caret) nodes.push(element("span", { class: "caret", "aria-hidden": "true" }));
    if (i + 1 < sorted.length) nodes.push(piece(segment, sorted[i], sorted[i + 1], inside));
  }
  return nodes;
}

function piece({ start, text }, from, to, marks) {
  const part = text.slice(toUnits(text, from - start), toUnits(text, to - start));
  const here = marks.filter((mark) => mark.start <= from && mark.end >= to);
  if (!here.length) return document.createTextNode(part);
  const word = here.find((mark) => mark.word !== undefined)?.word;
  const title = here.map((mark) => mark.title).find(Boolean);
  return element("span", { class: here.map((mark) => mark.name).join(" "), "data-word": word, title }, part);
}
