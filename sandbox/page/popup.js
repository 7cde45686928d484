/** Places floating panels beside what opened them: menus, pickers and completion lists. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

const GAP = 6;
const EDGE = 8;
let open = null;

/** Panels live inside the open dialog, if there is one: everything outside it cannot be reached. */
const host = (anchor) => anchor.closest("dialog") ?? document.body;

/** Put `panel` below (or above) `anchor`, inside the window. */
export function place(panel, anchor, { align = "start", above = false, width = null } = {}) {
  const box = anchor.getBoundingClientRect();
  if (width) panel.style.width = `${Math.max(width, Math.min(box.width, 560))}px`;
  panel.style.maxHeight = "";
  const { offsetWidth: wide, scrollHeight: tall } = panel;
  const below = innerHeight - box.bottom - GAP - EDGE;
  const over = box.top - GAP - EDGE;
  const up = above ? over > Math.min(tall, 160) : below < tall && over > below;
  panel.style.maxHeight = `${Math.max(120, Math.min(420, up ? over : below))}px`;
  const high = Math.min(panel.offsetHeight, up ? over : below);
  const left = align === "end" ? box.right - wide : box.left;
  panel.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - wide - EDGE))}px`;
  panel.style.top = `${Math.max(EDGE, up ? box.top - GAP - high : box.bottom + GAP)}px`;
}

export function closePopup(giveBackFocus = false) {
  if (!open) return;
  const { panel, anchor, onClose } = open;
  open = null;
  panel.remove();
  anchor.setAttribute("aria-expanded", "false");
  onClose?.();
  if (giveBackFocus) anchor.focus({ preventScroll: true });
}

/** Show a panel beside `anchor`; a second call with the same anchor closes it again. Escape and a press outside close it. */
export function showPopup(anchor, content, { label, role = "dialog", className = "", onClose, ...where } = {}) {
  if (open?.anchor === anchor) {
    closePopup(true);
    return null;
  }
  closePopup();
  const panel = h("div", { class: `popup ${className}`, role, "aria-label": label, tabindex: "-1" }, content);
  host(anchor).append(panel);
  anchor.setAttribute("aria-expanded", "true");
  open = { panel, anchor, onClose, where };
  place(panel, anchor, where);
  return panel;
}

document.addEventListener(
  "pointerdown",
  (event) => {
    if (open && !open.panel.contains(event.target) && !open.anchor.contains(event.target)) closePopup();
  },
  true,
);

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !open) return;
    event.preventDefault();
    event.stopPropagation();
    closePopup(true);
  },
  true,
);

addEventListener("resize", () => closePopup());
document.addEventListener(
  "scroll",
  (event) => {
    if (open && !open.panel.contains(event.target) && event.target.contains?.(open.anchor))
      place(open.panel, open.anchor, open.where);
  },
  true,
);

/** Move the focus among `items` with the arrow keys, Home and End. */
export function arrowKeys(container, selector) {
  container.addEventListener("keydown", (event) => {
    const items = [...container.querySelectorAll(selector)];
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined || !items.length) return;
    event.preventDefault();
    items[(to + items.length) % items.length].focus();
  });
}

/** A menu of {label, hint?, icon?, danger?, data?, run}; "-" draws a line, {heading} a small title. */
export function showMenu(anchor, items, options = {}) {
  const rows = items.filter(Boolean).map((item) => {
    if (item === "-") return h("div", { class: "menu-line", role: "separator" });
    if (item.heading) return h("div", { class: "menu-heading" }, item.heading);
    const press = () => {
      closePopup(true);
      item.run();
    };
    return h(
      "button",
      {
        type: "button",
        role: "menuitem",
        class: `menu-item${item.danger ? " danger" : ""}`,
        data: item.data,
        on: { click: press },
      },
      item.lead ?? (item.icon ? icon(item.icon, 18) : null),
      h(
        "span",
        { class: "menu-words" },
        h("span", { class: "menu-label" }, item.label),
        item.hint ? h("span", { class: "menu-hint" }, item.hint) : null,
      ),
    );
  });
  const panel = showPopup(anchor, rows, { role: "menu", className: "menu", ...options });
  if (!panel) return;
  arrowKeys(panel, "[role=menuitem]");
  panel.querySelector("[role=menuitem]")?.focus({ preventScroll: true });
}
