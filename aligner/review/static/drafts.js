// Text not yet sent: it outlives a reload and a dead server.

const PREFIX = "align.draft.";

export const draftOf = (name) => sessionStorage.getItem(PREFIX + name);

export function keepDraft(name, text) {
  if (text === null) sessionStorage.removeItem(PREFIX + name);
  else sessionStorage.setItem(PREFIX + name, text);
}

export function drafts() {
  return Object.fromEntries(Object.entries(sessionStorage).filter(([name]) => name.startsWith(PREFIX))
    .map(([name, text]) => [name.slice(PREFIX.length), text]));
}
