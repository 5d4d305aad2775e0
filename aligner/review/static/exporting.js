// Export beside the file, with the options the command has; and finishing.

import { post } from "./api.js";
import { show } from "./dialog.js";
import { element } from "./dom.js";
import { end } from "./ending.js";
import { stop } from "./events.js";
import * as grid from "./grid.js";
import { leftWords } from "./left.js";
import { trouble } from "./messages.js";
import { state } from "./state.js";
import { confirmBox } from "./small_dialogs.js";
import { say } from "./words.js";

function field(type, values = {}) {
  return element("input", { type, ...values });
}

function choices(values, label) {
  return element("select", { "aria-label": label }, values.map((value) => element("option", { value }, say(`option.${value}`) === `option.${value}` ? value : say(`option.${value}`))));
}

// Which formats have an option; those not named here go with all pairs.
const ONLY = { penalty: ["tmx", "tmx.gz"], context: ["tmx", "tmx.gz"], xliff: ["xliff"], header: ["tsv", "csv"], limit: ["tbx", "terms.csv"] };
const NO_PAIRS = ["json", "tbx", "terms.csv", "doubts.html", "doubts.tsv"];
const OF_PAIRS = ["min_confidence", "duplicates", "script", "reviewed_only"];

function applies(name, format) {
  if (name === "format") return true;
  if (ONLY[name]) return ONLY[name].includes(format);
  return !(OF_PAIRS.includes(name) && NO_PAIRS.includes(format));
}

function form() {
  const parts = {
    format: choices(state.meta.exports, say("export.format")),
    src_lang: field("text", { value: state.meta.source.lang ?? "" }), tgt_lang: field("text", { value: state.meta.target.lang ?? "" }),
    min_confidence: field("number", { min: 0, max: 1, step: 0.01, value: 0 }), duplicates: choices(["", "keep", "drop", "best"], say("export.duplicates")),
    script: choices(["", "simplified", "traditional"], say("export.script")), penalty: field("number", { min: 0, max: 100, value: 0 }), xliff: choices(["1.2", "2.0"], "XLIFF"),
    context: field("checkbox"), header: field("checkbox", { checked: true }), limit: field("number", { min: 1, max: 5000, value: 500 }),
  };
  if (state.meta.exports.includes("terms.csv")) parts.reviewed_only = field("checkbox");
  for (const [name, node] of Object.entries(parts)) node.setAttribute("aria-label", say(`export.${name}`));
  const node = element("div", { class: "fields" });
  const fit = () => node.replaceChildren(...Object.keys(parts).filter((name) => applies(name, parts.format.value))
    .flatMap((name) => [element("span", {}, say(`export.${name}`)), element("span", {}, parts[name])]));
  parts.format.addEventListener("change", () => { fit(); parts.format.focus(); });
  fit();
  return { parts, node };
}

function options({ format, ...parts }) {
  const chosen = {};
  for (const [name, node] of Object.entries(parts)) {
    if (!applies(name, format.value)) continue;
    if (name === "header") { if (!node.checked) chosen.header = false; continue; }
    if (node.type === "checkbox") { if (node.checked) chosen[name] = true; continue; }
    if (node.value === "" || (node.type === "number" && Number(node.value) === 0)) continue;
    chosen[name] = node.type === "number" ? Number(node.value) : node.value;
  }
  return chosen;
}

export async function exportBox() {
  const { parts, node } = form();
  const chosen = await show(say("export.title"), node, [[say("cancel"), null], [say("export.do"), () => ({ format: parts.format.value, options: options(parts) }), true]]);
  if (chosen) await write(chosen, false);
  grid.focusCell();
}

async function write(chosen, overwrite) {
  try {
    report(await post("/api/exports", { ...chosen, overwrite }));
  } catch (problem) {
    if (problem.code === "exists" && (await confirmBox(say("export.exists", { files: problem.body.files.join(", "), n: problem.body.files.length }), say("export.overwrite")))) return write(chosen, true);
    if (problem.code !== "exists") trouble(problem);
  }
  return null;
}

function report({ files, units, left_out: left, warnings }) {
  const lines = [say("export.written", { files: files.join(", "), n: units })];
  for (const [why, n] of Object.entries(left ?? {})) if (n) lines.push(say(`export.left.${why}`, { n }));
  return show(say("export.done"), element("div", {}, [...lines, ...(warnings ?? [])].map((line) => element("p", {}, line))));
}

export async function finish() {
  const { counts } = state;
  if (!(await confirmBox(`${say("finish.ask")} ${leftWords(counts)}`, say("finish.do")))) return grid.focusCell();
  try {
    stop();
    const { file } = await post("/api/finish");
    end(say("finish.done"), say("finish.where", { file }));
  } catch (problem) {
    trouble(problem);
  }
  return null;
}
