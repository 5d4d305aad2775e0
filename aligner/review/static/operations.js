// Sending of operations one after another, and what their results change on the page.

import { post } from "./api.js";
import * as grid from "./grid.js";
import { announce, notSaved, saving, toast, trouble } from "./messages.js";
import { leftWords } from "./left.js";
import { emit, state } from "./state.js";
import * as store from "./store.js";
import * as view from "./view.js";
import { say } from "./words.js";

let chain = Promise.resolve();
let waiting = 0;

export const busy = () => waiting > 0;

/** Run `action` after what was asked before it: keys keep their order, whatever the server takes. */
export function inOrder(action) {
  waiting++;
  chain = chain.then(action).catch(trouble).finally(() => { waiting--; });
  return chain;
}

export const operate = (op, args, options) => send("/api/operations", { op, args }, options);
export const undo = () => send("/api/undo", {});
export const redo = () => send("/api/redo", {});

/** The result, or null where it wasn't done (the person has been told). `options.refused` handles a refusal's reason. */
async function send(path, body, { refused = null, advance = false, stay = false } = {}) {
  saving("saving");
  try {
    const result = await post(path, { n: state.n, ...body });
    saving("saved");
    if (result.reload) await catchUp(result);
    else take(result);
    const goal = advance ? onward(result) : result.focus;
    if (!stay && goal !== null && goal !== undefined) grid.standOn(goal);
    announce(told(result));
    emit("done", result);
    return result;
  } catch (problem) {
    return failed(problem, path, body, { refused, advance, stay });
  }
}

/** Where to go after accepting: the next stop; where the queue is finished, the next row. */
function onward(result) {
  if (result.next) return result.next.row;
  return view.rowAt(Math.min(view.size() - 1, view.positionOf(result.focus ?? state.focus.row) + 1));
}

async function failed(problem, path, body, options) {
  if (problem.code === "stale") {
    saving("saved");
    const learned = !problem.body.reload && problem.body.missed.every((result) => result.by === "learning");
    await catchUp(problem.body);
    if (learned) return send(path, body, options); // places are by character: nothing the person sees is another
    toast(say("error.stale"));
    return null;
  }
  if (problem.code === "disk" || problem.status === undefined) {
    notSaved(problem);
    return null;
  }
  saving("saved");
  if (problem.code === "refused" && options.refused?.(problem)) return null;
  trouble(problem);
  return null;
}

/** Changes of a result, put into the rows on the page. */
export function take(result) {
  if (result.n <= state.n && result.changes?.length === 0) return;
  const { focus } = state;
  const shift = focusAfter(result, focus.row);
  store.apply(result);
  if (shift !== focus.row) state.focus = { ...focus, row: shift };
  const selected = state.anchor !== null;
  state.anchor = null;
  if (selected) grid.redraw(0, store.count());
  if ((result.changes ?? []).every((change) => change.removed === change.rows.length)) {
    for (const change of result.changes ?? []) grid.redraw(change.from, change.from + change.rows.length);
    grid.render();
  } else grid.restart();
  emit("counts");
}

function focusAfter(result, row) {
  let standing = row;
  for (const { from, removed, rows } of result.changes ?? []) {
    if (standing >= from + removed) standing += rows.length - removed;
    else if (standing >= from) standing = Math.min(standing, from + Math.max(0, rows.length - 1));
  }
  return standing;
}

/** What others did since: another tab, or learning. */
export async function catchUp({ missed, reload, n, counts }) {
  if (reload) {
    const standing = store.row(state.focus.row)?.at;
    if (await store.reread()) grid.standOn(standing ? await store.findPlace(standing) : state.focus.row, state.focus.side, { quiet: true });
    else grid.render();
  } else {
    for (const result of missed ?? []) if (result.n > state.n) take(result);
    if (n > state.n) state.n = n;
  }
  if (counts) state.counts = counts;
  emit("counts");
  emit("focus");
  if ((missed ?? []).some((result) => result.by === "learning")) announce(say("learned"));
}

function told(result) {
  const done = result.done ?? { op: result.op };
  const text = say(`done.${done.op}`, { n: done.rows ?? 1 });
  const what = result.op === "undo" || result.op === "redo" ? say(`done.${result.op}`, { what: text }) : text;
  return `${what}. ${leftWords(state.counts)}`;
}

