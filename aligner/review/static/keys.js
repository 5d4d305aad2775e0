// Which key is which command. Matched by `event.key`, where that isn't ASCII (or an input method has it) by `event.code`.

import { settings } from "./settings.js";

export const STANDARD = {
  "row-up": ["ArrowUp"], "row-down": ["ArrowDown"], "side-left": ["ArrowLeft"], "side-right": ["ArrowRight"],
  "select-up": ["Shift+ArrowUp"], "select-down": ["Shift+ArrowDown"],
  "segment-up": ["Ctrl+ArrowUp"], "segment-down": ["Ctrl+ArrowDown"],
  "page-up": ["PageUp"], "page-down": ["PageDown"], first: ["Ctrl+Home", "Home"], last: ["Ctrl+End", "End"],
  enter: ["Enter"], accept: ["A"], unaccept: ["Backspace"], next: ["N"], previous: ["Shift+N"],
  push: ["D"], pull: ["U"], merge: ["M"], "merge-previous": ["Shift+M"], cut: ["S"], join: ["J"], apart: ["X"],
  pinpoint: ["Space"], realign: ["R"], learn: ["L"], flag: ["F"], edit: ["E", "F2"], "reject-link": ["Delete"],
  undo: ["Ctrl+Z"], redo: ["Ctrl+Shift+Z", "Ctrl+Y"],
  "alternative-1": ["1"], "alternative-2": ["2"], "alternative-3": ["3"], "alternative-4": ["4"],
  paragraph: ["."], word: ["W"], "word-back": ["Shift+W"],
  search: ["/", "Ctrl+F"], replace: ["Ctrl+H"], go: ["G"], help: ["?", "F1"], leave: ["Escape"],
};

// One hand on the keyboard; what a set doesn't name keeps its standard key.
export const SETS = {
  standard: {},
  left: { // A S D F X R Space as the left hand finds them, and what else a review needs, around them
    next: ["W", "N"], previous: ["Q", "Shift+N"], accept: ["A"], cut: ["S"], push: ["D"], pull: ["F", "U"], apart: ["X"],
    realign: ["R"], flag: ["V"], merge: ["C", "M"], undo: ["Z", "Ctrl+Z"], "row-up": ["T", "ArrowUp"],
    "row-down": ["G", "ArrowDown"], "side-right": ["B", "ArrowRight"], go: ["Ctrl+G"], word: ["Shift+W"], "word-back": [],
  },
  numpad: { // matched by `event.code`, so that the digits above the letters keep their meaning
    enter: ["Enter", "NumpadEnter"], next: ["N", "NumpadAdd"], previous: ["Shift+N", "NumpadSubtract"],
    "alternative-1": ["1", "Numpad1"], "alternative-2": ["2", "Numpad2"], "alternative-3": ["3", "Numpad3"],
    "alternative-4": ["4", "Numpad4"], "row-up": ["ArrowUp", "Numpad8"], "row-down": ["ArrowDown", "Numpad5"],
    "side-left": ["ArrowLeft", "Numpad7"], "side-right": ["ArrowRight", "Numpad9"], push: ["D", "Numpad0"],
    pull: ["U", "NumpadDecimal"], pinpoint: ["Space", "Numpad6"], merge: ["M", "NumpadMultiply"], undo: ["Ctrl+Z", "NumpadDivide"],
  },
};

// Browsers and input methods own these.
const NEVER = /^(Ctrl\+[NTWRPL]|Ctrl\+Space|Shift\+Space|Ctrl\+\.|Ctrl\+Shift\+F|(Ctrl\+)?Alt\+.*|Tab|Shift\+Tab)$/;

export const allowed = (name) => !NEVER.test(name);

function plainKey(event) {
  if (event.key === " ") return "Space";
  const ascii = event.key.length === 1 ? event.key.charCodeAt(0) < 127 : !["Process", "Unidentified", "Dead"].includes(event.key);
  if (ascii) return /^[a-z]$/.test(event.key) ? event.key.toUpperCase() : event.key;
  const code = /^(?:Key([A-Z])|Digit(\d)|(Period|Slash|Space|Enter|Escape|F\d+|Arrow\w+))$/.exec(event.code);
  if (!code) return event.key;
  return code[1] ?? code[2] ?? ({ Period: ".", Slash: event.shiftKey ? "?" : "/" }[code[3]] ?? code[3]);
}

/** Name of a key as the tables have it: "Ctrl+Shift+Z", "ArrowUp", "?". */
export function keyName(event) {
  const key = plainKey(event);
  const shifted = event.shiftKey && (key.length > 1 || /[A-Z]/.test(key));
  return [(event.ctrlKey || event.metaKey) && "Ctrl", event.altKey && "Alt", shifted && "Shift", key].filter(Boolean).join("+");
}

export function keysOf(command) {
  return settings.remap[command] ?? SETS[settings.set]?.[command] ?? STANDARD[command] ?? [];
}

const isCharacter = (name) => /^(Shift\+)?.$/.test(name);

export function commandOf(event) {
  const name = keyName(event);
  if (!settings.letters && isCharacter(name)) return null;
  if (event.code?.startsWith("Numpad") && settings.set === "numpad") {
    const found = find(event.code);
    if (found) return found;
  }
  return allowed(name) ? find(name) : null;
}

function find(name) {
  const remapped = Object.keys(settings.remap).find((command) => settings.remap[command].includes(name));
  return remapped ?? Object.keys(STANDARD).find((command) => keysOf(command).includes(name)) ?? null;
}

const SHOWN = { Shift: "⇧", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", Backspace: "⌫", Delete: "Del",
  NumpadAdd: "Num +", NumpadSubtract: "Num −", NumpadEnter: "Num ⏎", PageUp: "PgUp", PageDown: "PgDn" };

export function shown(name) {
  return name.split("+").map((part) => SHOWN[part] ?? part.replace("Numpad", "Num ")).join("+").replace("⇧+", "⇧");
}
