/** Talks to the control API: JSON calls, uploads and the stream of live events. */

const BASE = "/_control/";
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 8000;

/** The server refused, or could not be reached; `code` is its error word. */
export class Refusal extends Error {
  constructor(code, answer = {}) {
    super(code);
    this.code = code;
    this.answer = answer;
  }
}

async function read(response) {
  const answer = await response.json().catch(() => null);
  if (answer === null) throw new Refusal(`http_${response.status}`);
  if (!response.ok) throw new Refusal(answer.error ?? `http_${response.status}`, answer);
  return answer;
}

async function reach(path, options) {
  try {
    return await read(await fetch(BASE + path, options));
  } catch (problem) {
    throw problem instanceof Refusal ? problem : new Refusal("unreachable");
  }
}

/** GET, insisting on `ok`. */
export async function get(path, query = {}) {
  const known = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return insist(await reach(`${path}?${new URLSearchParams(known)}`));
}

function insist(answer) {
  if (answer.ok === false) throw new Refusal(answer.error ?? "failed", answer);
  return answer;
}

/** POST and return the whole answer, `ok` or not. */
export function ask(path, body) {
  return reach(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/** POST and insist on `ok`. */
export async function post(path, body) {
  return insist(await ask(path, body));
}

export async function upload(fields, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined && value !== null) form.append(name, value);
  form.append("file", file, file.name);
  return insist(await reach("upload", { method: "POST", body: form })).file;
}

/**
 * Follow one person's events. `onEvent` gets each event; `onState` gets "open", "lost" and, after a gap, "again", so
 * that the page can fetch what it missed. Returns the function that ends it.
 */
export function follow(as, onEvent, onState) {
  let source = null;
  let timer = 0;
  let wait = FIRST_RETRY_MS;
  let opened = false;
  const connect = () => {
    source = new EventSource(`${BASE}stream?as=${encodeURIComponent(as)}`);
    source.onopen = () => {
      wait = FIRST_RETRY_MS;
      onState(opened ? "again" : "open");
      opened = true;
    };
    source.onmessage = (event) => onEvent(JSON.parse(event.data));
    source.onerror = () => {
      source.close();
      onState("lost");
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_RETRY_MS);
    };
  };
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
