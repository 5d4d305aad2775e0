// The doubt queue: the next stop, how many wrong pairs are left, and when one may stop.

import { place, post, read } from "./api.js";
import { byId, element } from "./dom.js";
import * as grid from "./grid.js";
import { leftWords } from "./left.js";
import { announce, toast, trouble } from "./messages.js";
import { emit, on, state } from "./state.js";
import * as store from "./store.js";
import { say } from "./words.js";

const TARGETS = [0.002, 0.005, 0.01, 0.02, 0.05];
let order = "risk";
let told = false; // that the target was reached

export async function go(direction) {
  const row = await store.fresh(state.focus.row);
  const asked = new URLSearchParams({ at: place(row.at), direction, order });
  for (const rule of state.filters.rules ?? []) asked.append("rule", rule);
  const { next, counts } = await read(`/api/queue/next?${asked}`);
  state.counts = counts;
  emit("counts");
  if (!next) return toast(say(direction > 0 ? "queue.empty" : "queue.first"));
  grid.standOn(next.row);
  announce(say(next.kind === "spot" ? "queue.spot" : "queue.stop", { row: next.row + 1, left: next.left }));
  return next;
}

export function setOrder(value) {
  order = value;
}

async function setTarget(value) {
  try {
    const { n, counts } = await post("/api/target", { target: value });
    state.n = Math.max(state.n, n);
    state.counts = counts;
    told = false;
    emit("counts");
  } catch (problem) {
    trouble(problem);
  }
}

function percent(share) {
  return new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 1 }).format(share);
}

function targetChoice(counts) {
  const options = [...new Set([...TARGETS, counts.target])].sort((a, b) => a - b);
  const select = element("select", { "aria-label": say("target.label"), onchange: () => setTarget(Number(select.value)), disabled: state.meta.read_only },
    options.map((value) => element("option", { value, selected: value === counts.target }, percent(value))));
  return element("label", { class: "target quiet", title: say("target.help") }, say("target.stop"), " ", select);
}

function show() {
  const { counts } = state;
  if (!counts) return;
  const done = counts.rows ? (counts.rows - counts.unread) / counts.rows : 1;
  const bar = element("span", { class: "track", role: "progressbar", "aria-label": say("progress.looked"), "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": Math.round(done * 100) }, element("i"));
  bar.firstChild.style.width = `${done * 100}%`;
  const parts = [
    element("strong", { id: "left" }, leftWords(counts)), bar,
    element("span", { class: "quiet" }, say("progress.stops", { n: counts.stops })), targetChoice(counts),
  ];
  if (counts.reached) parts.push(element("span", { class: "reached", title: say("target.reached") }, `✓ ${say("target.short")}`));
  if (counts.spot?.looked) parts.push(element("span", { class: "quiet spot" }, say("spot", { wrong: counts.spot.wrong, looked: counts.spot.looked, expected: counts.spot.expected.toFixed(1) })));
  if (counts.doubts === "looking") parts.push(element("span", { class: "quiet" }, say("doubts.looking")));
  byId("progress").replaceChildren(...parts);
  if (counts.reached && !told) announce(say("target.reached"));
  told = counts.reached;
}

on("counts", show);
on("words", show);
