// The page begins here: the rows first, then, once they can be read, what works on them.

import { openSession, read } from "./api.js";
import { byId, element } from "./dom.js";
import * as grid from "./grid.js";
import { kept } from "./place_kept.js";
import { adopt, settings, showTheme } from "./settings.js";
import { emit, state } from "./state.js";
import * as store from "./store.js";
import { language, say, speak } from "./words.js";

async function start() {
  showTheme();
  const begun = Promise.all([speak(settings.language ?? (navigator.language.startsWith("zh") ? "zh" : "en")), openSession()]);
  grid.setUp();
  document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); grid.focusCell(); });
  await begun;
  await load();
  await painted();
  const work = await import("./work.js");
  await work.begin(load);
  document.documentElement.dataset.ready = "yes";
}

/** Read the first screen and stand where one stood. Without rows where a choice is to be made first. */
async function load() {
  const begun = await read("/api/start");
  state.meta = begun.meta;
  state.g = begun.meta.g;
  adopt(state.meta.settings);
  if (settings.language && settings.language !== language) await speak(settings.language);
  state.counts = state.meta.counts;
  heads();
  if (state.meta.opening.state === "changed") return;
  store.begin(begun);
  const place = kept() ?? state.meta.place;
  const row = place?.at ? store.seenAt(place.at) ?? await store.findPlace(place.at) : 0;
  await store.fresh(row);
  grid.standOn(row, place?.side ?? "source");
  emit("counts");
}

const painted = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });

function heads() {
  for (const side of ["source", "target"]) {
    const { name, lang } = state.meta[side];
    byId(`head-${side}`).replaceChildren(element("span", {}, `${name} `), element("small", {}, lang ?? ""));
  }
  byId("file").textContent = state.meta.file;
  document.title = `${state.meta.file} – align review`;
}

start().catch(async (problem) => {
  const { end } = await import("./ending.js");
  if (problem.code === "token" || problem.code === "code") end(say("shut_out"), say(`shut_out.${problem.code}`));
  else end(say("broken"), problem.message);
});
