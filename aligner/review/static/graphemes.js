// Offsets. The server counts code points, the page draws UTF-16; carets go by grapheme.

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const ASTRAL = /[\ud800-\udbff]/;
const STOP = /[\p{P}\s]/u;

/** UTF-16 index of the code point `offset` of `text`. */
export function toUnits(text, offset) {
  if (!ASTRAL.test(text)) return Math.max(0, Math.min(offset, text.length));
  let units = 0;
  for (const character of text) {
    if (offset-- <= 0) break;
    units += character.length;
  }
  return units;
}

export function countPoints(text) {
  return ASTRAL.test(text) ? Array.from(text).length : text.length;
}

/** Code point offsets at which graphemes of `text` begin, and its end. */
export function graphemeBreaks(text) {
  const breaks = [];
  let points = 0;
  for (const { segment } of graphemes.segment(text)) {
    breaks.push(points);
    points += countPoints(segment);
  }
  breaks.push(points);
  return breaks;
}

/** Of `breaks`, those that follow punctuation or white space: where Ctrl with an arrow stops. */
export function punctuationBreaks(text) {
  const found = [0];
  let points = 0;
  let after = false;
  for (const { segment } of graphemes.segment(text)) {
    const stop = STOP.test(segment);
    if (after && !stop) found.push(points);
    after = stop && !/^\s+$/.test(segment) ? true : after && stop;
    points += countPoints(segment);
  }
  found.push(points);
  return found;
}
