// Realigning a gap between decided rows: a proposal shown as a difference. Enter takes it, Esc leaves.

import { post, read, remove } from "./api.js";
import { digits } from "./confidence.js";
import { show } from "./dialog.js";
import { button, element } from "./dom.js";
import * as grid from "./grid.js";
import { announce, banner, removeBanner, toast } from "./messages.js";
import { inOrder, operate } from "./operations.js";
import { state } from "./state.js";
import * as store from "./store.js";
import { say } from "./words.js";

const POLL = 150; // ms between questions whether it is ready

export async function ask() {
  const body = { n: state.n };
  if (state.anchor !== null && state.anchor !== state.focus.row) {
    const [first, last] = [state.anchor, state.focus.row].sort((a, b) => a - b);
    body.from = (await store.fresh(first)).at;
    body.to = (await store.fresh(last)).at;
  } else body.at = (await store.fresh(state.focus.row)).at;
  const { id } = await post("/api/proposals", body);
  let cancelled = false;
  banner("proposal", say("proposal.running"), [button(say("cancel"), () => { cancelled = true; remove(`/api/proposals/${id}`).catch(() => {}); })]);
  awaitReady(id, () => cancelled); // the keys stay free meanwhile
}

async function awaitReady(id, cancelled) {
  let found = { state: "running" };
  try {
    while (found.state === "running" && !cancelled()) {
      await new Promise((done) => setTimeout(done, POLL));
      found = await read(`/api/proposals/${id}`);
    }
  } catch (problem) {
    found = { state: "failed" };
  }
  removeBanner("proposal");
  if (cancelled()) return grid.focusCell();
  if (found.state !== "ready") return toast(say(`proposal.${found.state}`));
  announce(say("proposal.ready"));
  const taken = await show(say("proposal.title", { from: found.from + 1, to: found.to + 1 }), difference(found),
    [[say("proposal.leave"), null], [say("proposal.take"), true, true]], { wide: true });
  grid.focusCell();
  if (taken) inOrder(() => operate("realign", { proposal: id }));
  return null;
}

const sameRow = (row) => JSON.stringify(["source", "target"].map((side) => row[side].map(({ start, end }) => [start, end])));

/** Rows before and after, side by side in one list: − goes, + comes, what stays in grey. */
export function difference({ before, after }) {
  const stays = new Set(before.map(sameRow).filter((key) => after.some((row) => sameRow(row) === key)));
  const list = [];
  let taken = 0;
  for (const row of before) {
    if (!stays.has(sameRow(row))) { list.push([row, "gone", "−"]); continue; }
    while (taken < after.length && sameRow(after[taken]) !== sameRow(row)) list.push([after[taken++], "added", "+"]);
    taken++;
    list.push([row, "same", "="]);
  }
  for (; taken < after.length; taken++) list.push([after[taken], "added", "+"]);
  return element("div", { class: "difference" }, list.map(([row, kind, sign]) => element("div", { class: kind },
    element("b", { "aria-label": say(`difference.${kind}`) }, sign), side(row, "source"), side(row, "target"), element("span", {}, digits(row.confidence)))));
}

const side = (row, which) => element("span", { dir: "auto", lang: state.meta[which].lang }, row[which].map((segment) => segment.text).join(" ") || "—");
