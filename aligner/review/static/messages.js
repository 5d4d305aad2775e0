// What the page says while one works: a live region, short toasts, banners, the state of saving.

import { post, read } from "./api.js";
import { button, byId, download, element } from "./dom.js";
import { drafts } from "./drafts.js";
import { emit, on, state } from "./state.js";
import { say } from "./words.js";

const SHOWN = 4000; // ms a toast stays

export function announce(text) {
  const live = byId("live");
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = text; });
}

export function toast(text) {
  const note = element("div", {}, text);
  byId("toasts").replaceChildren(note);
  announce(text);
  setTimeout(() => note.remove(), SHOWN);
}

export function banner(name, text, buttons = [], bad = false) {
  removeBanner(name);
  const node = element("div", { "data-banner": name, role: bad ? "alert" : "status", class: bad ? "bad" : "" }, element("span", {}, text), buttons);
  node.append(button(say("close"), () => removeBanner(name), { class: "close" }));
  byId("banners").append(node);
}

export function removeBanner(name) {
  document.querySelector(`[data-banner="${name}"]`)?.remove();
}

export function saving(value) {
  state.saving = value;
  const node = byId("saving");
  node.className = value;
  node.textContent = say(`saving.${value}`);
  if (value === "saved") removeBanner("unsaved");
}

on("words", () => { if (state.counts) saving(state.saving); });

/** Not on the disk: say so, and offer the work as a file. */
export function notSaved(problem) {
  saving("not_saved");
  const full = problem.code === "disk";
  banner("unsaved", say(full ? "unsaved.disk" : "unsaved.gone"), [
    button(say("unsaved.download"), downloadWork, { class: "main" }),
    button(say("unsaved.again"), tryAgain),
  ], true);
}

async function tryAgain() {
  try {
    await post("/api/checkpoint");
    saving("saved");
    emit("again");
  } catch (problem) {
    notSaved(problem);
  }
}

async function downloadWork() {
  try {
    download(JSON.stringify(await read("/api/work"), null, 1), state.meta.file);
  } catch {
    download(JSON.stringify({ unsent: drafts() }, null, 1), "unsent.json"); // what was answered is on the disk
  }
}

/** Show a problem that no caller knew better. */
export function trouble(problem) {
  if (problem.name === "AbortError") return null;
  if (problem.code === "token" || problem.code === "code") return emit("shut-out", problem.code);
  if (problem.code === "disk" || problem.status === undefined) return notSaved(problem);
  if (problem.code === "refused") return toast(say(`refused.${problem.reason}`));
  if (problem.code === "read_only") return toast(say("error.read_only"));
  if (problem.code === "fault" || problem.code === "unknown") return toast(say("error.fault"));
  return toast(problem.message);
}
