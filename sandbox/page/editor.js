/** The box in which one changes a message one has sent. */

import { post } from "./api.js";
import { h } from "./dom.js";
import { channel as roomOf, emit, store, user } from "./store.js";
import { explain } from "./surface.js";

/** Slack's stored notation back to what a person types. */
function typedText(text) {
  return text
    .replace(/<@([UW]\w+)(?:\|[^>]*)?>/g, (whole, id) => (user(id) ? `@${user(id).name}` : whole))
    .replace(/<#([CG]\w+)(?:\|[^>]*)?>/g, (whole, id) => (roomOf(id) ? `#${roomOf(id).name}` : whole))
    .replace(/<(https?:[^|>]+)(?:\|[^>]*)?>/g, "$1")
    .replace(/<!(here|channel|everyone)>/g, "@$1")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}

export function editor(channel, message) {
  const before = typedText(message.text);
  const field = h("textarea", {
    class: "field",
    rows: Math.min(10, before.split("\n").length + 1),
    value: before,
    "aria-label": "Edit message",
  });
  const close = () => emit("edit", { channel, ts: null });
  const save = async () => {
    const text = field.value.trim();
    if (text && text !== before) {
      try {
        await post("edit", { as: store.me, channel, ts: message.ts, text });
      } catch (problem) {
        emit("toast", { level: "error", text: explain(problem.code) });
        return;
      }
    }
    close();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  requestAnimationFrame(() => {
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });
  return h(
    "div",
    { class: "editor" },
    field,
    h(
      "div",
      { class: "editor-foot" },
      h("button", { type: "button", class: "button small", on: { click: close } }, "Cancel"),
      h("button", { type: "button", class: "button button-primary small", on: { click: save } }, "Save"),
    ),
  );
}
