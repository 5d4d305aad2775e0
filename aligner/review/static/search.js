// Search and filters: hits are stepped through, filters leave only rows that fit in the list.

import { post } from "./api.js";
import { ruleName } from "./confidence.js";
import { button, byId, composing, element } from "./dom.js";
import * as grid from "./grid.js";
import { announce, trouble } from "./messages.js";
import { preview } from "./replace.js";
import { overlay } from "./row_view.js";
import { debounced, emit, on, state } from "./state.js";
import * as view from "./view.js";
import { say } from "./words.js";

const PAUSE = 200; // ms after the last letter
let hits = [];
let current = -1;
let total = 0;
let fields = null;

const check = (name) => element("input", { type: "checkbox", name, onchange: () => apply() });
const labelled = (input, text) => element("label", {}, input, text);

function choice(name, label, options) {
  return element("select", { name, "aria-label": label, onchange: () => apply() }, options.map(([value, text]) => element("option", { value }, text)));
}

function build() {
  const { meta } = state;
  const later = debounced(() => apply(), PAUSE);
  const typed = (event) => { if (!event.isComposing) later(); };
  fields = {
    text: element("input", { type: "text", "aria-label": say("search.text"), placeholder: say("search.text"), dir: "auto", oninput: typed, oncompositionend: later }),
    side: choice("side", say("search.side"), [["both", say("search.both")], ["source", meta.source.name], ["target", meta.target.name]]),
    case: check("case"), word: check("word"), regex: check("regex"),
    rule: choice("rule", say("filter.rule"), [["", say("filter.rule")], ["*", say("filter.stops")], ...meta.rules.map((rule) => [rule, ruleName(rule)])]),
    status: choice("status", say("filter.status"), [["", say("filter.status")], ...["auto", "confirmed", "edited"].map((each) => [each, say(`status.${each}`)])]),
    type: choice("type", say("filter.type"), [["", say("filter.type")], ...meta.types.map((each) => [each, each])]),
    sign: choice("sign", say("filter.sign"), [["", say("filter.sign")], ...["one_sided", "flagged", "edited", "moved"].map((each) => [each, say(`filter.${each}`)])]),
    least: element("input", { type: "number", min: 0, max: 100, step: 1, value: 0, "aria-label": say("filter.least"), onchange: () => apply() }),
    most: element("input", { type: "number", min: 0, max: 100, step: 1, value: 100, "aria-label": say("filter.most"), onchange: () => apply() }),
    instead: element("input", { type: "text", "aria-label": say("replace.with"), placeholder: say("replace.with"), dir: "auto" }),
    found: element("output", { "aria-live": "polite" }),
  };
  byId("search").replaceChildren(
    fields.text, fields.side, labelled(fields.case, say("search.case")), labelled(fields.word, say("search.word")), labelled(fields.regex, say("search.regex")),
    button("↑", () => stepHit(-1), { "aria-label": say("search.previous") }), button("↓", () => stepHit(1), { "aria-label": say("search.next") }), fields.found, button(say("close"), close, { class: "shut" }),
    element("div", { class: "line" }, fields.rule, fields.status, fields.type, fields.sign,
      element("span", {}, say("filter.confidence"), " ", fields.least, " – ", fields.most, " %"), button(say("filter.clear"), clear),
      fields.instead, button(say("replace.preview"), replaceAll, { disabled: meta.read_only })));
  byId("search").addEventListener("keydown", press);
}

function press(event) {
  if (composing(event)) return;
  if (event.key === "Escape") { event.preventDefault(); close(); }
  if (event.key === "Enter" && event.target === fields.text) { event.preventDefault(); stepHit(event.shiftKey ? -1 : 1); }
  if (event.key === "Enter" && event.target === fields.instead) { event.preventDefault(); replaceAll(); }
}

function filters() {
  const wanted = {};
  if (fields.rule.value === "*") wanted.stops = true;
  else if (fields.rule.value) wanted.rules = [fields.rule.value];
  if (fields.status.value) wanted.status = [fields.status.value];
  if (fields.type.value) wanted.types = [fields.type.value];
  if (fields.sign.value) wanted[fields.sign.value] = true;
  const [least, most] = [fields.least, fields.most].map((field) => Number(field.value) / 100);
  if (least > 0 || most < 1) wanted.confidence = [least, most];
  return wanted;
}

export const asked = () => ({ side: fields.side.value, case: fields.case.checked, word: fields.word.checked, regex: fields.regex.checked, filters: filters() });

async function apply({ stay = false } = {}) {
  if (!fields) return;
  const text = fields.text.value;
  state.filters = filters();
  const narrowed = Object.keys(state.filters).length > 0;
  try {
    const found = text || narrowed ? await post("/api/search", { text, ...asked() }) : { rows: null, hits: [], total: 0 };
    hits = found.hits.map(([row, side, start, end]) => ({ row, side, start, end }));
    total = found.total;
    overlay.hits = Map.groupBy ? Map.groupBy(hits, (hit) => hit.row) : grouped(hits);
    view.list(narrowed ? found.rows : null);
    current = hits.findIndex((hit) => hit.row >= state.focus.row) - 1;
    fields.text.removeAttribute("aria-invalid");
    tell(narrowed ? found.rows.length : null);
    if (!stay && (hits.length || narrowed)) grid.standOn(hits[current + 1]?.row ?? view.rowAt(view.positionOf(state.focus.row)) ?? 0, state.focus.side, { quiet: true });
    emit("place");
  } catch (problem) {
    if (problem.code !== "pattern") return trouble(problem);
    fields.text.setAttribute("aria-invalid", "true");
    fields.found.textContent = say("search.pattern");
  }
}

function grouped(list) {
  const groups = new Map();
  for (const hit of list) groups.set(hit.row, [...(groups.get(hit.row) ?? []), hit]);
  return groups;
}

function tell(listed) {
  const parts = [];
  if (fields.text.value) parts.push(say("search.found", { n: total }));
  if (listed !== null) parts.push(say("filter.listed", { n: listed }));
  fields.found.textContent = parts.join(" · ");
}

function stepHit(by) {
  if (!hits.length) return;
  current = (current + by + hits.length) % hits.length;
  const hit = hits[current];
  grid.standOn(hit.row, hit.side, { quiet: true });
  fields.found.textContent = say("search.at", { i: current + 1, n: total });
  announce(fields.found.textContent);
}

function clear() {
  for (const field of [fields.rule, fields.status, fields.type, fields.sign]) field.value = "";
  fields.least.value = 0;
  fields.most.value = 100;
  apply();
}

function replaceAll() {
  if (fields.side.value === "both") fields.side.value = "target";
  preview({ ...asked(), find: fields.text.value, replace: fields.instead.value });
}

export function open(field = "text") {
  if (!fields) build();
  byId("search").hidden = false;
  fields[field].focus();
  fields[field].select();
}

function close() {
  fields.text.value = "";
  clear();
  byId("search").hidden = true;
  grid.focusCell();
}

/** Filters kept from before a reload. */
export function restore({ text = "", filters: kept = {} }) {
  if (!text && !Object.keys(kept).length) return;
  open();
  fields.text.value = text;
  fields.rule.value = kept.stops ? "*" : kept.rules?.[0] ?? "";
  fields.status.value = kept.status?.[0] ?? "";
  fields.type.value = kept.types?.[0] ?? "";
  fields.sign.value = ["one_sided", "flagged", "edited", "moved"].find((name) => kept[name]) ?? "";
  if (kept.confidence) [fields.least.value, fields.most.value] = kept.confidence.map((share) => Math.round(share * 100));
  apply({ stay: true });
}

export const searched = () => fields?.text.value ?? "";

export function setUp() {
  on("search", () => open());
  on("replace", () => open("instead"));
  on("done", debounced(() => { if (hits.length || view.filtered()) apply({ stay: true }); }, 400));
  on("words", () => { if (fields) { fields = null; byId("search").hidden = true; } });
}
