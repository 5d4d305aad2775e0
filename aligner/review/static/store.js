// The rows the page has seen. Numbers are only for drawing: `at` names a row for the server.

import { place, read } from "./api.js";
import { emit, state } from "./state.js";

const BLOCK = 100; // rows a request; the server allows 400
const TRIES = 20;

let rows = [];
let lengths = { source: [], target: [] };
let letters = [];
const asked = new Map(); // block → promise

export const count = () => letters.length;
export const row = (index) => rows[index];
export const letter = (index) => letters[index];
export const lengthsOf = (index) => [lengths.source[index] ?? 0, lengths.target[index] ?? 0];

/** Take the first screen's answer: lengths and states of all rows, and the rows of one stretch. */
export function begin({ n, outline, rows: stretch }) {
  lay(outline, n);
  stretch.rows.forEach((found, i) => keep(stretch.from + i, found));
}

/** Read all rows anew, as they are wanted. True where they are other rows, not the same ones in another state. */
export async function reread() {
  const outline = await read("/api/outline");
  const same = outline.rows === letters.length && ["source", "target"].every((side) => outline[side].every((length, i) => length === lengths[side][i]));
  if (!same) {
    lay(outline, outline.n);
    return true;
  }
  state.n = outline.n;
  letters = Array.from(outline.state);
  for (const found of rows) if (found) found.stale = true;
  asked.clear();
  return false;
}

function lay(outline, n) {
  state.n = n;
  rows = new Array(outline.rows);
  lengths = { source: outline.source, target: outline.target };
  letters = Array.from(outline.state);
  asked.clear();
  emit("outline");
}

const missing = (index) => index < letters.length && (!rows[index] || rows[index].stale);

/** Ask for the rows of a stretch that aren't here; "rows" is emitted as they come. */
export function want(from, to) {
  const waits = [];
  for (let block = Math.floor(from / BLOCK); block * BLOCK < to; block++) {
    let lacks = false;
    const end = Math.min((block + 1) * BLOCK, letters.length);
    for (let i = Math.max(from, block * BLOCK); i < Math.min(to, end) && !lacks; i++) lacks = missing(i);
    if (!lacks) continue;
    if (!asked.has(block)) asked.set(block, fetchBlock(block).finally(() => asked.delete(block)));
    waits.push(asked.get(block));
  }
  return Promise.all(waits);
}

async function fetchBlock(block) {
  const from = block * BLOCK;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const before = state.n;
    const answer = await read(`/api/rows?from=${from}&to=${Math.min(from + BLOCK, letters.length)}`);
    // rows of another state have other numbers: wait until its changes have come
    if (answer.n === state.n && before === state.n) {
      answer.rows.forEach((found, i) => keep(from + i, found));
      emit("rows", { from, to: from + answer.rows.length });
      return;
    }
    await new Promise((done) => setTimeout(done, 40));
  }
}

function keep(index, found) {
  rows[index] = found;
  letters[index] = letterOf(found);
  lengths.source[index] = total(found.source);
  lengths.target[index] = total(found.target);
}

const total = (segments) => segments.reduce((sum, segment) => sum + segment.end - segment.start, 0);

function letterOf(found) {
  let mark = { auto: "a", confirmed: "c", edited: "e" }[found.status] ?? "a";
  if (mark === "a" && found.stop) return found.flag ? "A" : "?";
  return found.flag ? mark.toUpperCase() : mark;
}

/** A row as it stands now; awaits it where it isn't here or its offsets moved. */
export async function fresh(index) {
  if (missing(index)) await want(index, index + 1);
  return rows[index];
}

/** Number of the row at a place, where it is here. */
export const seenAt = (at) => rows.find((found) => found && !found.stale && found.at[0] === at[0] && found.at[1] === at[1])?.row;

export async function findPlace(at) {
  try {
    const { row: found } = await read(`/api/row?at=${place(at)}`);
    return found.row;
  } catch (problem) {
    return problem.body?.near ?? 0;
  }
}

/** Put the changes of one operation's result into what is here. */
export function apply(result) {
  for (const change of result.changes ?? []) {
    splice(rows, change.from, change.removed, change.rows);
    splice(letters, change.from, change.removed, change.rows.map(letterOf));
    for (const side of ["source", "target"]) {
      splice(lengths[side], change.from, change.removed, change.rows.map((each) => total(each[side])));
    }
    emit("splice", change);
  }
  if (result.stale_from !== null && result.stale_from !== undefined) {
    for (let i = result.stale_from; i < rows.length; i++) if (rows[i]) rows[i].stale = true;
  }
  for (const index of result.also ?? []) if (rows[index]) rows[index].stale = true;
  state.n = result.n;
  if (result.counts) state.counts = result.counts;
}

function splice(list, from, removed, added) {
  list.splice(from, removed, ...added);
}
