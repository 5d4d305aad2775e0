// Text mode: one segment in a <textarea>, whose value and row nobody touches while an input method composes.

import { button, composing, element } from "./dom.js";
import { draftOf, keepDraft } from "./drafts.js";
import * as grid from "./grid.js";
import { toast } from "./messages.js";
import { inOrder, operate } from "./operations.js";
import { overlay } from "./row_view.js";
import { state } from "./state.js";
import * as store from "./store.js";
import { say } from "./words.js";

export async function open() {
  if (overlay.editor) return overlay.editor.area.focus();
  const { row: index, side, segment: which } = state.focus;
  const row = await store.fresh(index);
  const segment = row[side][which ?? 0];
  if (!segment) return toast(say("refused.nothing"));
  const name = `${side}.${segment.start}.${segment.end}`;
  const draft = draftOf(name);
  const area = element("textarea", { rows: 3, dir: "auto", lang: state.meta[side].lang, "aria-label": say("edit.label"), spellcheck: "true" });
  area.value = draft ?? segment.text;
  const node = element("div", {}, area, element("div", { class: "editing" },
    button(say("edit.save"), save, { class: "main" }), button(say("edit.leave"), leave),
    row[side].length > 1 ? element("span", {}, say("edit.segment", { n: (which ?? 0) + 1, of: row[side].length })) : null,
    draft !== null && draft !== segment.text ? element("span", {}, say("edit.draft"), " ", button(say("edit.original"), original)) : null));
  overlay.editor = { row: index, side, segment, name, node, area };
  area.addEventListener("input", (event) => { if (!event.isComposing) keepDraft(name, area.value); });
  area.addEventListener("compositionend", () => keepDraft(name, area.value));
  area.addEventListener("keydown", press);
  state.mode = "text";
  grid.redraw(index);
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
  return null;
}

function original() {
  overlay.editor.area.value = overlay.editor.segment.text;
  keepDraft(overlay.editor.name, null);
  overlay.editor.area.focus();
}

function press(event) {
  if (composing(event)) return;
  event.stopPropagation();
  if (event.key === "Escape") { event.preventDefault(); leave(); }
  if ((event.key === "Enter" && !event.shiftKey) || event.key === "F2") { event.preventDefault(); save(); }
}

/** Back to the rows; what was typed stays as a draft of this segment. */
export function leave() {
  if (!overlay.editor) return;
  const { row } = overlay.editor;
  overlay.editor = null;
  state.mode = "rows";
  grid.redraw(row);
  grid.focusCell();
}

function save() {
  const { side, segment, area, name } = overlay.editor;
  const text = area.value;
  if (text === segment.text) {
    keepDraft(name, null);
    return leave();
  }
  return inOrder(async () => {
    const result = await operate("edit", { side, start: segment.start, end: segment.end, text }, { stay: true });
    if (!result) return; // the editor stays open with what was typed
    keepDraft(name, null);
    if (overlay.editor?.name === name) leave();
    grid.standOn(result.focus ?? state.focus.row);
  });
}
