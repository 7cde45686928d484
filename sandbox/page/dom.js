/** Builds DOM nodes; text only ever becomes text nodes, so nothing a person or an app writes is parsed as HTML. */

const SVG = "http://www.w3.org/2000/svg";
let counter = 0;

/** An id no other element of the page has, for labels and descriptions. */
export function uid(prefix = "x") {
  counter += 1;
  return `${prefix}-${counter}`;
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (name === "data")
      for (const [key, item] of Object.entries(value)) {
        if (item != null) node.dataset[key] = item;
      }
    else if (name === "style") for (const [key, item] of Object.entries(value)) node.style.setProperty(key, item);
    else if (name === "value" || name === "checked" || name === "indeterminate") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(
    ...children
      .flat(Infinity)
      .filter((child) => child !== null && child !== undefined && child !== false && child !== ""),
  );
  return node;
}

/** An HTML element: h("button", {class, data: {…}, on: {click}, style: {…}, …attributes}, …children). */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** An SVG element. */
export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

export function replace(node, ...children) {
  node.replaceChildren(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return node;
}

let pressed = null; // what the pointer is down on
const postponed = new Map(); // parent → rows, where something is being pressed

document.addEventListener("pointerdown", (event) => (pressed = event.target), true);
for (const end of ["pointerup", "pointercancel"])
  document.addEventListener(
    end,
    () =>
      setTimeout(() => {
        // after the click, which only comes where the same node is under the pointer still
        pressed = null;
        const waiting = [...postponed];
        for (const [parent, rows] of waiting) reconcile(parent, rows);
      }),
    true,
  );

/**
 * Bring the children of `parent` in line with `rows` ({key, mark, build}), building only what is new or whose mark
 * changed; everything else keeps its node, and with it focus, open menus and half-typed text. A node that is being
 * pressed is built anew once it is let go, so that the press counts.
 */
export function reconcile(parent, rows) {
  postponed.delete(parent);
  const old = new Map([...parent.children].map((child) => [child._key, child]));
  let cursor = parent.firstElementChild;
  for (const row of rows) {
    let node = old.get(row.key);
    old.delete(row.key);
    if (node && node._mark !== row.mark && node.contains(pressed)) postponed.set(parent, rows);
    else if (!node || node._mark !== row.mark) {
      const fresh = row.build();
      fresh._key = row.key;
      fresh._mark = row.mark;
      if (node === cursor) cursor = node?.nextElementSibling ?? null;
      node?.remove();
      node = fresh;
    }
    if (node === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
  for (const gone of old.values()) gone.remove();
}

/** Only links that lead to the web, a mail program or this server; everything else (javascript:, data:) is refused. */
export function safeUrl(url) {
  const text = String(url ?? "").trim();
  return /^(https?:\/\/|mailto:|tel:|\/(?!\/))/i.test(text) ? text : null;
}

export function link(url, ...children) {
  const safe = safeUrl(url);
  if (!safe) return h("span", {}, ...children);
  return h("a", { class: "link", href: safe, target: "_blank", rel: "noopener noreferrer" }, ...children);
}
