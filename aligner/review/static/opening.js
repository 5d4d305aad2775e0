// What happened when the file was opened: a journal replayed, a damaged end, a file changed underneath.

import { post } from "./api.js";
import { show } from "./dialog.js";
import { element } from "./dom.js";
import { banner } from "./messages.js";
import { say } from "./words.js";

/** Tell it; where a choice is due, await it. True where everything must be read anew. */
export async function settle(opening) {
  if (opening.torn) banner("torn", say("opening.torn", { n: opening.torn.bytes, file: opening.torn.file }), [], true);
  if (opening.state === "replayed") banner("replayed", say("opening.replayed", { n: opening.operations }));
  if (opening.state !== "changed") return false;
  const choices = opening.choices ?? ["fresh"];
  let choice = null;
  while (!choice) {
    choice = await show(say("opening.changed"), element("p", {}, say("opening.changed.text", { n: opening.operations })),
      ["fresh", "copy", "apply"].filter((each) => choices.includes(each)).map((each) => [say(`opening.${each}`), each, each === choices[0]]));
  }
  const { kept, lost, file } = await post("/api/opening", { choice });
  banner("opened", say(`opening.${choice}.done`, { n: kept ?? 0, lost: lost ?? 0, file: file ?? "" }));
  return true;
}
