// The page's own words: a plain JSON file a language. Values may have {name} and plural forms {"one", "other"}.

let table = {};
let fallback = {};
let plural = new Intl.PluralRules("en");
let numbers = new Intl.NumberFormat("en");
export let language = "en";

async function load(name) {
  const answer = await fetch(`/static/words/${name}.json`, { cache: "no-store" });
  return answer.ok ? answer.json() : {};
}

export async function speak(name) {
  if (!Object.keys(fallback).length) fallback = await load("en");
  table = name === "en" ? fallback : await load(name);
  language = name;
  plural = new Intl.PluralRules(name);
  numbers = new Intl.NumberFormat(name);
  document.documentElement.lang = name === "zh" ? "zh-Hans" : name;
  translatePage();
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? numbers.format(value) : String(value);
  });
}

export function say(key, values = {}) {
  let entry = table[key] ?? fallback[key] ?? key;
  if (typeof entry === "object") entry = entry[plural.select(values.n ?? 0)] ?? entry.other;
  return fill(entry, values);
}

export function has(key) {
  return key in table || key in fallback;
}

/** Words of the static page: `data-say` is an element's text, `data-label` its accessible name and tooltip. */
function translatePage() {
  for (const node of document.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", say(node.dataset.label));
    node.title = say(node.dataset.label);
  }
}
