// Beside the rows: what is doubted about the row in focus, what else it could be, and a button for everything.

import { read, place } from "./api.js";
import { digits, ruleName, signs } from "./confidence.js";
import { byId, element } from "./dom.js";
import { toUnits } from "./graphemes.js";
import { keysOf, shown } from "./keys.js";
import { run } from "./run.js";
import { overlay } from "./row_view.js";
import { debounced, on, state } from "./state.js";
import * as store from "./store.js";
import { say } from "./words.js";

const PAUSE = 60; // ms after the focus stood still: drawing the row itself comes first
const BUTTONS = ["next", "previous", "push", "pull", "merge", "merge-previous", "cut", "join", "pinpoint", "apart", "realign", "learn",
  "edit", "flag", "unaccept", "word", "paragraph"];
let paragraphs = false;

function actionButton(command, main = false) {
  const key = keysOf(command)[0];
  return element("button", { type: "button", class: main ? "main" : "", "data-command": command, onclick: () => run(command),
    disabled: state.meta.read_only && !["next", "previous", "word", "paragraph"].includes(command),
    title: say(`help.${command}`) }, element("span", {}, say(`command.${command}`)), key ? element("kbd", {}, shown(key)) : null);
}

function sectionOf(title, ...content) {
  return [element("h3", {}, title), ...content.flat()];
}

function doubts(row) {
  if (!row.doubts.length) return [];
  return sectionOf(say("inspector.doubts"), element("ul", {}, row.doubts.map((doubt) =>
    element("li", { class: "doubt" }, element("b", {}, ruleName(doubt.rule)), ` ${doubt.message}`))));
}

/** Text of a stretch, as far as rows here hold it. */
function textOf(side, [start, end], index) {
  let text = "";
  for (let i = Math.max(0, index - 4); i < index + 5; i++) {
    for (const segment of store.row(i)?.[side] ?? []) {
      const from = Math.max(start, segment.start);
      const to = Math.min(end, segment.end);
      if (from < to) text += `${text ? " " : ""}${segment.text.slice(toUnits(segment.text, from - segment.start), toUnits(segment.text, to - segment.start))}`;
    }
  }
  return text || "—";
}

function alternatives(row, index) {
  if (!row.alternatives.length) return [];
  return sectionOf(say("inspector.alternatives"), row.alternatives.map((each) =>
    element("button", { type: "button", class: "alternative", onclick: () => run(`alternative-${each.key}`), disabled: state.meta.read_only },
      element("small", {}, element("kbd", {}, String(each.key)), ` ${each.type} · ${digits(each.confidence)}`),
      element("p", { dir: "auto", lang: state.meta.source.lang }, textOf("source", each.source, index)),
      element("p", { dir: "auto", lang: state.meta.target.lang }, textOf("target", each.target, index)))));
}

function notes(row) {
  const lines = [...row.notes];
  if (row.flag) lines.unshift(`⚑ ${row.flag.comment || say("flag.plain")}`);
  return lines.length ? sectionOf(say("inspector.notes"), element("ul", {}, lines.map((line) => element("li", { dir: "auto" }, line)))) : [];
}

function links(row) {
  if (!row.moved?.length) return [];
  return sectionOf(say("inspector.moved"), row.moved.map((moved) => element("p", { dir: "auto" }, `⇄ ${moved.text} `, element("small", {}, `${say(`status.${moved.status}`)} · ${digits(moved.confidence)}`))),
    element("div", { class: "actions" }, actionButton("enter"), actionButton("accept"), actionButton("reject-link")));
}

/** What the glossary says of the row in focus, once its words are known. */
function showTerms() {
  const { row, terms = [] } = overlay.words ?? {};
  const found = row === state.focus.row ? terms : [];
  const text = (side, start, end) => textOf(side, [start, end], row);
  byId("terms")?.replaceChildren(...(found.length ? sectionOf(say("inspector.terms"), element("ul", {}, found.map(([side, start, end, ok, wanted]) =>
    element("li", { class: ok ? "" : "doubt", dir: "auto" }, element("b", {}, text(side, start, end)), ` ${ok ? "✓" : "≠"} ${wanted.join(", ")}`)))) : []));
}

function show() {
  const index = state.focus.row;
  const row = store.row(index);
  if (!row) return;
  const had = byId("inspector").contains(document.activeElement) ? document.activeElement.dataset.command : null;
  const context = element("div", { class: "context", id: "context" });
  const terms = element("div", { id: "terms" });
  byId("inspector").replaceChildren(
    element("h3", {}, say("inspector.row", { n: index + 1, of: state.counts.rows, type: row.type, digits: digits(row.confidence) }), ` ${signs(row)}`),
    element("div", { class: "actions" }, actionButton("accept", true)),
    ...doubts(row), terms, ...links(row), ...alternatives(row, index), ...notes(row), context,
    ...sectionOf(say("inspector.actions"), element("div", { class: "actions" }, BUTTONS.map((command) => actionButton(command)))),
  );
  showTerms();
  if (had) byId("inspector").querySelector(`[data-command="${had}"]`)?.focus();
  if (paragraphs) showParagraphs(row);
}

function contextOf(side, around) {
  const { text, start, here } = around;
  const [from, to] = here.map((offset) => toUnits(text, offset - start));
  return element("p", { tabindex: 0, dir: "auto", lang: state.meta[side].lang }, text.slice(0, from), element("mark", {}, text.slice(from, to)), text.slice(to));
}

async function showParagraphs(row) {
  try {
    const around = await read(`/api/paragraph?at=${place(row.at)}`);
    byId("context")?.replaceChildren(...sectionOf(say("inspector.paragraph"), contextOf("source", around.source), contextOf("target", around.target)));
  } catch {
    byId("context")?.replaceChildren();
  }
}

export function setUp() {
  const later = debounced(show, PAUSE);
  for (const event of ["focus", "counts", "settings", "words"]) on(event, later);
  on("rows", ({ from, to }) => { if (state.focus.row >= from && state.focus.row < to) later(); });
  on("terms", showTerms);
  on("paragraph", () => { paragraphs = !paragraphs; show(); });
}
