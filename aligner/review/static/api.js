// Calls of the server, with the token that the address of the terminal is exchanged for.

const KEPT = "align.token";

export class Refusal extends Error {
  constructor(status, body) {
    super(body.message || body.error || String(status));
    this.status = status;
    this.code = body.error || "fault";
    this.reason = body.reason || null;
    this.body = body;
  }
}

/** Exchange the code of the fragment, if there is one; a reload finds the token in `sessionStorage`. */
export async function openSession() {
  const code = location.hash.slice(1);
  if (!code) return;
  history.replaceState(null, "", location.pathname);
  try {
    const { token } = await send("POST", "/api/session", { code });
    sessionStorage.setItem(KEPT, token);
  } catch (problem) {
    if (!sessionStorage.getItem(KEPT)) throw problem;
  }
}

async function send(method, path, body, signal) {
  const headers = {};
  const token = sessionStorage.getItem(KEPT);
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, {
    method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body), cache: "no-store",
  });
  if (answer.status === 204) return null;
  let content;
  try {
    content = await answer.json();
  } catch {
    throw new Refusal(answer.status, { error: "fault" });
  }
  if (!answer.ok) throw new Refusal(answer.status, content);
  return content;
}

export const read = (path, signal) => send("GET", path, undefined, signal);
export const post = (path, body = {}) => send("POST", path, body);
export const put = (path, body) => send("PUT", path, body);
export const remove = (path) => send("DELETE", path);
export const place = (at) => `${at[0]},${at[1]}`;
