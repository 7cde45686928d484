/** What one may try in the workspace, above the messages of the channel where one begins, until it is closed. */

import { closeButton } from "./dialogs.js";
import { h } from "./dom.js";
import { emit, store } from "./store.js";

const CLOSED = "guide-closed";
let closed = remembered();

function remembered() {
  try {
    return localStorage.getItem(CLOSED) !== null;
  } catch {
    return false;
  }
}

function close(node) {
  closed = true;
  node.remove();
  try {
    localStorage.setItem(CLOSED, "yes");
  } catch {
    // Storage may be off; the guide is then closed until the next visit.
  }
}

/** What a tip's button does: write in the message box, become somebody, or move the clock. */
function run(tip) {
  if (tip.write) emit("write", tip.write);
  else if (tip.act_as) emit("act-as", { id: tip.act_as });
  else emit("move-clock", tip.move_clock);
}

const card = (tip, number) =>
  h(
    "li",
    { class: "tip" },
    h("span", { class: "tip-number", "aria-hidden": "true" }, String(number + 1)),
    h("div", { class: "tip-words" }, h("b", {}, tip.title), h("p", { class: "muted" }, tip.text)),
    h("button", { type: "button", class: "button small", on: { click: () => run(tip) } }, tip.button),
  );

/** The guide, or nothing in a channel other than its own. */
export function guide(channelId) {
  if (closed || store.guide?.channel !== channelId) return null;
  const node = h(
    "section",
    { class: "guide", "aria-label": "Things to try", data: { guide: "" } },
    h("ol", { class: "tips" }, store.guide.tips.map(card)),
    closeButton(() => close(node), "Close the tips"),
  );
  return node;
}
