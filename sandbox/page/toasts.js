/** Short notices in the corner that go away by themselves; few stand there at once, and none twice. */

import { h } from "./dom.js";
import { closeButton } from "./dialogs.js";
import { icon } from "./icons.js";
import { on } from "./store.js";

const INFO_MS = 4000;
const ERROR_MS = 9000;
const MOST = 3;
const corner = document.getElementById("toasts");

export function toast({ level = "info", text }) {
  // Whatever is outside an open dialog lies behind its veil, so the corner moves into the dialog.
  ([...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body).append(corner);
  const note = h(
    "div",
    { class: `toast toast-${level}`, data: { toast: level } },
    icon(level === "error" ? "error" : "info", 18),
    h("span", {}, text),
    closeButton(() => note.remove(), "Dismiss"),
  );
  for (const older of [...corner.children]) if (older.textContent === note.textContent) older.remove();
  while (corner.children.length >= MOST) corner.firstElementChild.remove();
  corner.append(note);
  setTimeout(() => note.remove(), level === "error" ? ERROR_MS : INFO_MS);
}

on("toast", toast);
document.addEventListener(
  "close",
  (event) => {
    if (event.target.contains?.(corner)) document.body.append(corner);
  },
  true,
);
