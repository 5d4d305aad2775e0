// The first minute: six short notes, each beside what it speaks of. Enter goes on, Esc leaves.

import { show } from "./dialog.js";
import { element } from "./dom.js";
import * as grid from "./grid.js";
import { change } from "./settings.js";
import { say } from "./words.js";

const STEPS = 6;
const SPOKEN_OF = ["#grid", "#progress", "#inspector", "#grid", "#saving", "#tools"]; // framed while its note is shown

export async function tour() {
  for (let step = 1; step <= STEPS; step++) {
    const buttons = step < STEPS ? [[say("tour.leave"), null], [say("tour.next"), true, true]] : [[say("tour.begin"), null, true]];
    const framed = document.querySelector(SPOKEN_OF[step - 1]);
    framed?.classList.add("framed");
    const on = await show(`${say(`tour.${step}.title`)} (${step}/${STEPS})`, element("p", {}, say(`tour.${step}`)), buttons, { name: "tour" });
    framed?.classList.remove("framed");
    if (!on) break;
  }
  change({ toured: true });
  grid.focusCell();
}
