// Asking the sandbox: what is there, and what the person at the page does.

const ROOT = "/control/page";

async function answer(response) {
  const body = await response.json();
  if (!body.ok) throw new Error(body.description ?? response.statusText);
  return body;
}

/** Read something. */
export async function get(path, query = {}) {
  return answer(await fetch(`${ROOT}/${path}?${new URLSearchParams(query)}`));
}

/** Do something. */
export async function post(path, wish, root = ROOT) {
  const headers = { "Content-Type": "application/json" };
  return answer(await fetch(`${root}/${path}`, { method: "POST", headers, body: JSON.stringify(wish) }));
}

/** Send a file. */
export async function upload(path, content, query) {
  const headers = { "Content-Type": "application/octet-stream" };
  return answer(await fetch(`${ROOT}/${path}?${new URLSearchParams(query)}`, { method: "POST", headers, body: content }));
}

/** Give the address of a stored file. */
export const fileUrl = (id) => `${ROOT}/file/${encodeURIComponent(id)}`;

/** Listen to what happens after an event; `handle(kind, data)` gets each thing once. */
export function listen(since, kinds, handle, status) {
  const source = new EventSource(`${ROOT}/events?since=${since}`);
  for (const kind of kinds) source.addEventListener(kind, (event) => handle(kind, JSON.parse(event.data)));
  source.addEventListener("open", () => status(true));
  source.addEventListener("error", () => status(false));
  return source;
}
