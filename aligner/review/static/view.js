// Which rows are listed: all, or those a filter left. Positions are places in the list, rows numbers of the whole.

import { count } from "./store.js";
import { emit, on } from "./state.js";

let listed = null; // null: all rows

export const size = () => (listed ? listed.length : count());
export const rowAt = (position) => (listed ? listed[position] : position);
export const filtered = () => listed !== null;

export function list(rows) {
  listed = rows;
  emit("view");
}

/** Position of a row, or of the first one after it that is listed. */
export function positionOf(row) {
  if (!listed) return row;
  let low = 0;
  let high = listed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (listed[middle] < row) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, Math.max(0, listed.length - 1));
}

on("splice", ({ from, removed, rows }) => {
  if (!listed) return;
  const grown = rows.length - removed;
  const kept = new Set();
  for (const row of listed) {
    if (row < from) kept.add(row);
    else if (row >= from + removed) kept.add(row + grown);
    else for (let i = 0; i < rows.length; i++) kept.add(from + i); // what became of it stays in sight
  }
  listed = [...kept].sort((a, b) => a - b);
});
