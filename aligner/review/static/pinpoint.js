// Space, move, Space again: these two match.

import * as grid from "./grid.js";
import { announce, toast } from "./messages.js";
import { operate } from "./operations.js";
import { confirmBox } from "./small_dialogs.js";
import { state } from "./state.js";
import * as store from "./store.js";
import { say } from "./words.js";

export async function press() {
  const row = await store.fresh(state.focus.row);
  const { side } = state.focus;
  const segments = state.focus.segment === null ? row[side] : [row[side][state.focus.segment]];
  if (!segments.length || !segments[0]) return toast(say("refused.nothing"));
  const range = [segments[0].start, segments.at(-1).end];
  const { mark } = state;
  if (!mark || mark.side === side) {
    if (mark && mark.start === range[0] && mark.end === range[1]) return drop();
    state.mark = { side, start: range[0], end: range[1] };
    grid.redraw(0, store.count());
    return announce(say("pinpoint.first"));
  }
  state.mark = null;
  const args = { [mark.side]: [mark.start, mark.end], [side]: range };
  const result = await operate("match", args, { refused: (problem) => offerLink(problem, args) });
  grid.redraw(0, store.count());
  return result;
}

export function drop() {
  state.mark = null;
  grid.redraw(0, store.count());
  announce(say("pinpoint.dropped"));
}

/** Rows that would cross can stand as a moved passage instead. */
function offerLink(problem, args) {
  if (problem.reason !== "crossing") return false;
  confirmBox(say("pinpoint.crossing"), say("pinpoint.link")).then((yes) => {
    if (yes) operate("link", args);
    else grid.focusCell();
  });
  return true;
}
