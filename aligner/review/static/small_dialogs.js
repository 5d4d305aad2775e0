// Boxes of one question.

import { show } from "./dialog.js";
import { element } from "./dom.js";
import { say } from "./words.js";

export function confirmBox(question, yes) {
  return show(question, element("p"), [[say("cancel"), null], [yes, true, true]]);
}

export function flagBox(flag) {
  const area = element("textarea", { maxlength: 2000, dir: "auto", "aria-label": say("flag.comment") });
  area.value = flag?.comment ?? "";
  const buttons = [[say("cancel"), null], [say("flag.set"), () => ({ comment: area.value }), true]];
  if (flag) buttons.unshift([say("flag.remove"), { remove: true }]);
  return show(say("flag.title"), element("label", {}, area), buttons);
}

export async function goBox(most) {
  const input = element("input", { type: "number", min: 1, max: most, "aria-label": say("go.label", { n: most }), required: true });
  const read = () => {
    const number = Number.parseInt(input.value, 10);
    if (number >= 1 && number <= most) return number;
    input.setAttribute("aria-invalid", "true");
    return undefined;
  };
  return show(say("go.title"), element("label", {}, say("go.label", { n: most }), " ", input), [[say("cancel"), null], [say("go.do"), read, true]]);
}
