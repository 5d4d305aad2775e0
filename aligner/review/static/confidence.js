// Confidence and status as signs, digits, notches and the style of a line: never by colour alone.

import { element } from "./dom.js";
import { say } from "./words.js";

const NOTCHES = [0, 0.5, 0.8, 0.95]; // a notch is filled from here on

export function digits(value) {
  if (value === null || value === undefined) return "";
  return value >= 0.995 ? "1.0" : value.toFixed(2).replace(/^0/, "");
}

export function signs(row) {
  const found = [];
  if (row.status === "confirmed") found.push("✓");
  if (row.status === "edited") found.push("✓", "✎");
  else if (row.edited?.source || row.edited?.target) found.push("✎");
  if (row.status === "auto" && (row.stop || row.doubts?.length)) found.push("?");
  if (row.flag) found.push("⚑");
  if (row.moved?.length) found.push("⇄");
  return [...new Set(found)].join("");
}

function line(row) {
  if (row.status !== "auto") return "decided";
  const p = row.confidence ?? 0;
  return p >= 0.95 ? "sure" : p >= 0.8 ? "likely" : "unsure";
}

/** The middle of a row: a line whose style tells the state, digits, notches, signs, the type. */
export function drawConnector(row) {
  const oneSided = !row.source.length || !row.target.length;
  const filled = NOTCHES.filter((least) => (row.confidence ?? 0) >= least).length;
  const notches = element("span", { class: "notches", "aria-hidden": "true" },
    NOTCHES.map((_, i) => element("i", { class: i < filled ? "on" : "" })));
  return [
    element("span", { class: `line ${oneSided ? "none" : line(row)}`, "aria-hidden": "true" }),
    element("span", { class: "signs", "aria-hidden": "true" }, signs(row)),
    element("span", { class: "digits", "aria-hidden": "true" }, digits(row.confidence)),
    notches,
    row.type === "1-1" ? null : element("span", { class: "type", "aria-hidden": "true" }, row.type),
    element("span", { class: "unseen" }, describe(row)),
  ];
}

/** The row's state in words, for the screen reader. */
export function describe(row) {
  const parts = [say(`status.${row.status}`), say("describe.confidence", { percent: Math.round((row.confidence ?? 0) * 100) })];
  if (row.type !== "1-1") parts.push(say("describe.type", { type: row.type }));
  if (row.flag) parts.push(say("describe.flag", { comment: row.flag.comment }));
  if (row.moved?.length) parts.push(say("describe.moved"));
  for (const doubt of row.doubts ?? []) parts.push(`${ruleName(doubt.rule)}: ${doubt.message}`);
  return parts.join(", ");
}

export function ruleName(rule) {
  const name = say(`rule.${rule}`);
  return name === `rule.${rule}` ? rule.replaceAll("_", " ") : name;
}
