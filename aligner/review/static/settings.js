// What a person chose for the page itself: language, theme, keys.

import { put } from "./api.js";
import { emit } from "./state.js";

const KEPT = "align.settings";
const DEFAULTS = { language: null, theme: "auto", set: "standard", letters: true, remap: {}, toured: false };

export const settings = { ...DEFAULTS, ...stored() };

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

export function change(values) {
  Object.assign(settings, values);
  try {
    localStorage.setItem(KEPT, JSON.stringify(settings));
  } catch {
    // a browser that keeps nothing: the choice holds until the page closes
  }
  put("/api/settings", settings).catch(() => {}); // the browser has them too, as long as the port stays the same
  showTheme();
  emit("settings");
}

/** Takes what the server kept from other sessions: another port is another place to the browser. */
export function adopt(kept) {
  if (!kept) return;
  for (const name of Object.keys(DEFAULTS)) if (typeof kept[name] === typeof DEFAULTS[name] || name === "language") settings[name] = kept[name] ?? DEFAULTS[name];
  showTheme();
}

export function showTheme() {
  if (settings.theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = settings.theme;
}
