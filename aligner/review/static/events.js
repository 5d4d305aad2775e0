// What others do meanwhile: another tab, or learning. A long poll, begun anew as it ends.

import { read } from "./api.js";
import { emit, state } from "./state.js";
import { inOrder, catchUp } from "./operations.js";
import { notSaved, saving } from "./messages.js";

const REST = 2000; // ms before asking a server again that didn't answer
let stopped = false;
let abort = null;

export function stop() {
  stopped = true;
  abort?.abort();
}

export async function listen() {
  let lost = false;
  while (!stopped) {
    abort = new AbortController();
    try {
      const news = await read(`/api/events?n=${state.n}&g=${state.g}`, abort.signal);
      state.g = news.g ?? state.g;
      if (lost) { lost = false; saving("saved"); }
      if (news.missed?.length || news.reload) await inOrder(() => catchUp(news));
      else if (news.counts) { state.counts = news.counts; emit("counts"); }
    } catch (problem) {
      if (stopped || problem.name === "AbortError") return;
      if (problem.code === "token") return emit("shut-out", "token");
      if (problem.status === undefined && !lost) { lost = true; notSaved(problem); }
      await new Promise((done) => setTimeout(done, REST));
    }
  }
  return null;
}
