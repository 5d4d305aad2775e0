// What a person chose for the page itself: language, theme, keys.

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
  showTheme();
  emit("settings");
}

export function showTheme() {
  if (settings.theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = settings.theme;
}
