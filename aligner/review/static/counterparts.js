// Words and their counterparts on the other side: marked when one is pointed at or stepped to.

import { place, read } from "./api.js";
import { byId } from "./dom.js";
import * as grid from "./grid.js";
import { announce, toast } from "./messages.js";
import { overlay } from "./row_view.js";
import { debounced, emit, on, otherSide, state } from "./state.js";
import * as store from "./store.js";
import { say } from "./words.js";

const PAUSE = 160; // ms a row has the focus or the pointer before its words are asked for
const LEAST = 0.15; // weight of a link worth showing, as the server's 0–1
let hot = null; // {side, word}

async function load(index) {
  const row = store.row(index);
  if (!row || row.stale || overlay.words?.row === index || state.mode !== "rows") return;
  const found = await read(`/api/words?at=${place(row.at)}`).catch(() => null);
  if (!found || found.n !== state.n || store.row(index) !== row) return;
  const before = overlay.words?.row;
  const firm = new Set(found.links.filter((link) => ["number", "name", "term"].includes(link[3])).flatMap(([i, j]) => [`source${i}`, `target${j}`]));
  overlay.words = { row: index, source: found.source, target: found.target, links: found.links, terms: found.terms ?? [],
    nameOf: (side, word) => (firm.has(side + word) ? "word word-firm" : "word") };
  hot = null;
  if (before !== undefined) grid.redraw(before);
  grid.redraw(index);
  emit("terms");
}

function paint(side, word) {
  for (const node of byId("rows").querySelectorAll(".word-hot")) node.classList.remove("word-hot", "word-first");
  hot = side === null ? null : { side, word };
  if (!hot) return [];
  const { row, links } = overlay.words;
  const mine = side === "source" ? 0 : 1;
  const others = links.filter((link) => link[mine] === word && link[2] >= LEAST).map((link) => link[1 - mine]);
  mark(row, side, word, false);
  others.forEach((other, i) => mark(row, otherSide(side), other, i === 0));
  return others;
}

function mark(row, side, word, first) {
  for (const node of grid.cellOf(row, side)?.querySelectorAll(`[data-word="${word}"]`) ?? []) {
    node.classList.add("word-hot");
    if (first) node.classList.add("word-first");
  }
}

const wordText = (side, word) => [...(grid.cellOf(overlay.words.row, side)?.querySelectorAll(`[data-word="${word}"]`) ?? [])].map((node) => node.textContent).join("");

/** Step to the next word of the focused cell, by key. */
export async function stepWord(by) {
  if (overlay.words?.row !== state.focus.row) await load(state.focus.row);
  const words = overlay.words?.[state.focus.side] ?? [];
  if (!words.length) return toast(say("word.none"));
  const { side } = state.focus;
  const from = hot?.side === side ? hot.word : by > 0 ? -1 : words.length;
  const word = (from + by + words.length) % words.length;
  const others = paint(side, word);
  announce(`${wordText(side, word)}: ${others.map((other) => wordText(otherSide(side), other)).join(", ") || "—"}`);
  return null;
}

export function setUp() {
  const later = debounced(load, PAUSE);
  on("focus", () => later(state.focus.row));
  on("done", () => { overlay.words = null; later(state.focus.row); });
  on("splice", () => { overlay.words = null; });
  byId("rows").addEventListener("mouseover", (event) => {
    const row = event.target.closest?.(".row");
    if (!row || state.mode !== "rows") return;
    const word = event.target.closest("[data-word]");
    if (word) paint(word.closest(".cell").dataset.side, Number(word.dataset.word));
    else if (hot) paint(null);
    if (Number(row.dataset.row) !== overlay.words?.row) later(Number(row.dataset.row));
  });
}
