// The help page: every command with its keys, which can be changed here; what the signs mean; settings.

import { show } from "./dialog.js";
import { button, composing, element } from "./dom.js";
import { allowed, keyName, keysOf, SETS, shown, STANDARD } from "./keys.js";
import { modeChoice } from "./learning.js";
import { change, settings } from "./settings.js";
import { emit, state } from "./state.js";
import { tour } from "./tour.js";
import { language, say, speak } from "./words.js";

const SIGNS = ["✓", "✎", "?", "⚑", "⇄"];

function select(label, value, options, onchange) {
  const node = element("select", { "aria-label": label, onchange: () => onchange(node.value) },
    options.map(([each, text]) => element("option", { value: each, selected: each === value }, text)));
  return node;
}

async function setLanguage(value) {
  await speak(value);
  change({ language: value });
  emit("words");
}

function settingFields(again) {
  const letters = element("input", { type: "checkbox", checked: settings.letters, id: "letters", onchange: () => change({ letters: letters.checked }) });
  return element("div", { class: "fields" },
    element("span", {}, say("settings.language")), select(say("settings.language"), language, state.meta.languages.map((each) => [each, new Intl.DisplayNames([each], { type: "language" }).of(each)]), (value) => setLanguage(value).then(again)),
    element("span", {}, say("settings.theme")), select(say("settings.theme"), settings.theme, ["auto", "light", "dark"].map((each) => [each, say(`theme.${each}`)]), (theme) => change({ theme })),
    element("span", {}, say("settings.set")), select(say("settings.set"), settings.set, Object.keys(SETS).map((each) => [each, say(`set.${each}`)]), (set) => { change({ set }); again(); }),
    element("span", {}, say("settings.learning")), modeChoice(),
    element("label", { for: "letters" }, say("settings.letters")), element("span", {}, letters, say("settings.letters.help")));
}

/** Await the next key pressed for `command`; Esc leaves things as they are. */
function learnKey(command, node, message) {
  node.textContent = say("keys.press");
  node.addEventListener("keydown", function learn(event) {
    if (composing(event) || ["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    const name = keyName(event);
    if (name !== "Escape" && !allowed(name)) { message.textContent = say("keys.owned", { key: shown(name) }); return; }
    node.removeEventListener("keydown", learn);
    if (name !== "Escape") {
      const taken = Object.keys(STANDARD).find((each) => each !== command && keysOf(each).includes(name));
      const remap = { ...settings.remap, [command]: [name] };
      if (taken) remap[taken] = keysOf(taken).filter((key) => key !== name);
      change({ remap });
      message.textContent = taken ? say("keys.taken", { key: shown(name), what: say(`command.${taken}`) }) : "";
    }
    node.replaceChildren(...keyCaps(command));
  });
}

const keyCaps = (command) => {
  const names = keysOf(command);
  const caps = names.length ? names.map((name) => element("kbd", {}, shown(name))) : [element("span", {}, "—")];
  return [...caps, element("span", { class: "unseen" }, say("keys.change", { what: say(`command.${command}`) }))];
};

function keyTable(message) {
  return element("div", { class: "keys" }, Object.keys(STANDARD).map((command) => {
    const change = button("", () => learnKey(command, change, message), {});
    change.append(...keyCaps(command));
    return element("div", {}, element("span", { title: say(`help.${command}`) }, say(`command.${command}`)), change);
  }));
}

export async function help() {
  const message = element("p", { role: "status" });
  const content = element("div", {});
  const fill = () => content.replaceChildren(
    element("p", {}, say("help.intro")), element("h3", {}, say("help.keys")), message, keyTable(message),
    button(say("keys.reset"), () => { change({ remap: {} }); fill(); }),
    element("h3", {}, say("help.signs")), element("ul", {}, SIGNS.map((sign) => element("li", {}, element("b", {}, sign), ` ${say(`sign.${sign}`)}`)), element("li", {}, say("help.lines"))),
    element("h3", {}, say("help.queue")), element("p", {}, say("help.queue.text")),
    element("h3", {}, say("settings.title")), settingFields(fill));
  fill();
  const again = await show(say("help.title"), content, [[say("tour.again"), "tour"], [say("close"), null, true]], { wide: true, top: true });
  if (again) tour();
}
