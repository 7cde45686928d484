/** The panel in which one searches and picks an emoji. */

import { h, replace } from "./dom.js";
import { findEmoji } from "./emoji.js";
import { closePopup, showPopup } from "./popup.js";

const COLUMNS = 8;

export function openEmojiPicker(anchor, pick) {
  const input = h("input", {
    type: "text",
    class: "picker-search",
    placeholder: "Search emoji",
    "aria-label": "Search emoji",
    autocomplete: "off",
    spellcheck: "false",
  });
  const grid = h("div", { class: "emoji-grid", role: "listbox", "aria-label": "Emoji" });
  const choose = (name) => {
    closePopup(true);
    pick(name);
  };
  const draw = () =>
    replace(
      grid,
      findEmoji(input.value).map(([name, character]) =>
        h(
          "button",
          {
            type: "button",
            role: "option",
            class: "emoji-cell",
            title: `:${name}:`,
            "aria-label": name,
            data: { emoji: name },
            on: { click: () => choose(name) },
          },
          character,
        ),
      ),
    );
  const panel = showPopup(anchor, [h("div", { class: "picker-top" }, input), grid], {
    label: "Pick an emoji",
    align: "end",
    className: "emoji-panel",
  });
  if (!panel) return;
  input.addEventListener("input", draw);
  panel.addEventListener("keydown", (event) => {
    const cells = [...grid.children];
    const at = cells.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: at < 0 ? 1 : COLUMNS, ArrowUp: -COLUMNS }[event.key];
    if (event.key === "Enter" && event.target === input) cells[0]?.click();
    else if (step && !(event.target === input && event.key.match(/Left|Right/)))
      (cells[at + step] ?? (at + step < 0 ? input : null))?.focus();
    else return;
    event.preventDefault();
  });
  draw();
  input.focus({ preventScroll: true });
}
