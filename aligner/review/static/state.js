// What the page knows, and who wants to hear of it.

export const state = {
  meta: null, counts: null, n: 0,
  g: 0, // which reading of the file the rows are of; another one means to read them all anew
  focus: { row: 0, side: "source", segment: null },
  anchor: null, // other end of a selection of rows
  mark: null, // first half of a pinpoint: {side, row, start, end}
  mode: "rows", // rows | text | caret
  saving: "saved", // saved | saving | not_saved
  filters: {}, query: null,
};

const listeners = new Map();

export function on(event, listener) {
  if (!listeners.has(event)) listeners.set(event, []);
  listeners.get(event).push(listener);
}

export function emit(event, detail) {
  for (const listener of listeners.get(event) ?? []) listener(detail);
}

export function otherSide(side) {
  return side === "source" ? "target" : "source";
}

/** A function that runs `action` once, `wait` milliseconds after the last call. */
export function debounced(action, wait) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...args), wait);
  };
}
