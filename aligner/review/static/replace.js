// Find and replace over one side: every change is seen and chosen before it is made.

import { post } from "./api.js";
import { show } from "./dialog.js";
import { element } from "./dom.js";
import * as grid from "./grid.js";
import { toast, trouble } from "./messages.js";
import { inOrder, operate } from "./operations.js";
import { say } from "./words.js";

const SHOWN = 500; // changes drawn; the rest goes with them and is counted

export async function preview(asked) {
  if (!asked.find) return toast(say("replace.nothing"));
  let found;
  try {
    found = await post("/api/replace", asked);
  } catch (problem) {
    return trouble(problem);
  }
  const usable = found.hits.filter((hit) => !hit.refused);
  if (!usable.length) return toast(say("replace.none"));
  const boxes = [];
  const table = element("table", {}, element("tbody", {}, found.hits.slice(0, SHOWN).map((hit) => line(hit, boxes))));
  const left = found.hits.length - SHOWN;
  const content = element("div", { class: "preview", tabindex: 0 }, table, left > 0 ? element("p", {}, say("replace.more", { n: left })) : null);
  const chosen = await show(say("replace.title", { n: usable.length }), content, [[say("cancel"), null], [say("replace.do"), true, true]], { wide: true });
  if (!chosen) return null;
  const out = new Set(boxes.filter(({ box }) => !box.checked).map(({ hit }) => hit));
  const changes = usable.filter((hit) => !out.has(hit)).map(({ start, end, after }) => [start, end, after]);
  grid.focusCell();
  return changes.length ? inOrder(() => operate("replace", { side: asked.side, changes })) : null;
}

function line(hit, boxes) {
  const box = element("input", { type: "checkbox", checked: !hit.refused, disabled: Boolean(hit.refused), "aria-label": say("replace.this", { n: hit.row + 1 }) });
  boxes.push({ box, hit });
  return element("tr", {}, element("td", {}, box), element("td", {}, String(hit.row + 1)),
    element("td", { dir: "auto" }, hit.left, element("del", {}, hit.before), element("ins", {}, hit.after), hit.right,
      hit.refused ? element("small", {}, ` ${say(`refused.${hit.refused}`)}`) : null));
}
