// Where one stands, kept for a reload (sessionStorage) and for the next session (the journal).

import { put } from "./api.js";
import { KEPT } from "./place_kept.js";
import { searched } from "./search.js";
import { debounced, on, state } from "./state.js";
import * as store from "./store.js";

const PAUSE = 500; // ms: arrows held down shouldn't write a line a row

function keep() {
  const row = store.row(state.focus.row);
  if (!row) return;
  sessionStorage.setItem(KEPT, JSON.stringify({ at: row.at, side: state.focus.side, filters: state.filters, text: searched() }));
}

export function setUp() {
  const send = debounced(() => {
    const row = store.row(state.focus.row);
    if (row) put("/api/place", { at: row.at, filters: state.filters }).catch(() => {}); // the next move sends it again
  }, PAUSE);
  for (const event of ["focus", "place", "done"]) on(event, () => { keep(); send(); });
  on("rows", keep);
}
