// A modal box: Esc leaves it, focus comes back to where it was.

import { button, composing, element } from "./dom.js";
import { say } from "./words.js";

let titles = 0;

/**
 * Show a box and await how it is left: the value of a button, or null. `buttons` are [label, value, main?];
 * a value may be a function, whose result is the answer (undefined: stay).
 */
export function show(title, content, buttons = [[say("close"), null]], { wide = false, top = false, name = "" } = {}) {
  const id = `title-${++titles}`;
  const before = document.activeElement;
  const box = element("dialog", { "aria-labelledby": id, class: wide ? "wide" : name });
  return new Promise((resolve) => {
    let answer = null;
    const choose = (value) => {
      const chosen = typeof value === "function" ? value() : value;
      if (chosen === undefined) return;
      answer = chosen;
      box.close();
    };
    const row = buttons.map(([label, value, main]) => button(label, () => choose(value), { class: main ? "main" : "", autofocus: main && !content?.querySelector?.("input, textarea") }));
    box.append(element("div", { class: "inside" }, element("h2", { id }, title), content, element("div", { class: "buttons" }, row)));
    box.addEventListener("keydown", (event) => {
      if (composing(event)) return;
      event.stopPropagation();
      const main = buttons.find((each) => each[2]);
      if (event.key === "Enter" && main && event.target.matches("input, textarea") && !event.shiftKey) {
        event.preventDefault();
        choose(main[1]);
      }
    });
    box.addEventListener("close", () => {
      box.remove();
      if (before?.isConnected) before.focus({ preventScroll: true });
      resolve(answer);
    });
    document.body.append(box);
    box.showModal();
    const first = top ? box.querySelector(".buttons .main") : box.querySelector("[autofocus], textarea, input, select") ?? box.querySelector("button");
    first?.focus();
    if (top) box.scrollTop = 0;
  });
}
