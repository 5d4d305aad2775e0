// The first minute: six short notes, each beside what it speaks of. Enter goes on, Esc leaves.

import { show } from "./dialog.js";
import { element } from "./dom.js";
import * as grid from "./grid.js";
import { change } from "./settings.js";
import { say } from "./words.js";

const STEPS = 6;

export async function tour() {
  for (let step = 1; step <= STEPS; step++) {
    const buttons = step < STEPS ? [[say("tour.leave"), null], [say("tour.next"), true, true]] : [[say("tour.begin"), null, true]];
    const on = await show(`${say(`tour.${step}.title`)} (${step}/${STEPS})`, element("p", {}, say(`tour.${step}`)), buttons);
    if (!on) break;
  }
  change({ toured: true });
  grid.focusCell();
}
