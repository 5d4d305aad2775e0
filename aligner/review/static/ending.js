// The page is over.

import { byId, element } from "./dom.js";

/** One heading and one line, instead of everything. */
export function end(title, line) {
  const node = element("main", { class: "ended" }, element("div", {}, element("h1", { tabindex: -1 }, title), element("p", {}, line)));
  document.body.replaceChildren(node, byId("live") ?? element("div"));
  node.querySelector("h1").focus();
}
