/** The searchable list behind every select menu: one or many options, flat or in groups, local or asked from the app. */

import { h, replace, uid } from "./dom.js";
import { closePopup, place, showPopup } from "./popup.js";

/** Options as the picker shows them: {value, label (nodes), words (for search), hint?, lead?, raw}. */
function matches(option, query) {
  return option.words.toLowerCase().includes(query);
}

function filtered(groups, query) {
  const wanted = query.trim().toLowerCase();
  return groups
    .map((group) => ({ ...group, options: group.options.filter((option) => !wanted || matches(option, wanted)) }))
    .filter((group) => group.options.length);
}

/**
 * Open the list beside `anchor`.
 *   groups      [{label?, options}], or
 *   fetch       async (query) → groups, called when the text changes, from `minLength` letters on
 *   chosen      () → Set of values, for the marks
 *   pick        (option) → void; a single choice closes the list
 */
export function openPicker(anchor, { label, groups, fetch, minLength = 0, multi = false, chosen, pick }) {
  const listId = uid("list");
  const input = h("input", {
    type: "text",
    class: "picker-search",
    placeholder: fetch ? "Type to search" : "Search",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": listId,
    "aria-label": `Search: ${label}`,
    autocomplete: "off",
    spellcheck: "false",
  });
  const list = h("div", {
    id: listId,
    class: "picker-list",
    role: "listbox",
    "aria-label": label,
    "aria-multiselectable": multi ? "true" : null,
  });
  const count = groups?.reduce((sum, group) => sum + group.options.length, 0) ?? 99;
  const panel = showPopup(anchor, [h("div", { class: "picker-top", hidden: !fetch && count < 7 }, input), list], {
    label,
    width: 240,
    className: "picker",
  });
  if (!panel) return;
  let active = -1;
  let asked = 0;

  const rows = () => [...list.querySelectorAll("[role=option]")];
  const move = (to) => {
    const all = rows();
    if (!all.length) return;
    active = (to + all.length) % all.length;
    all.forEach((row, at) => row.classList.toggle("active", at === active));
    all[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", all[active].id);
  };
  const choose = (option) => {
    pick(option);
    if (!multi) closePopup(true);
    else {
      for (const row of rows()) row.setAttribute("aria-selected", String(chosen().has(row.dataset.value)));
      place(panel, anchor, { width: 240 });
    }
  };
  const row = (option) =>
    h(
      "div",
      {
        class: "picker-option",
        role: "option",
        id: uid("option"),
        "aria-selected": String(chosen().has(option.value)),
        data: { value: option.value },
        on: { click: () => choose(option), mousemove: (event) => move(rows().indexOf(event.currentTarget)) },
      },
      option.lead ?? null,
      h(
        "span",
        { class: "picker-words" },
        h("span", {}, option.label),
        option.hint ? h("span", { class: "picker-hint" }, option.hint) : null,
      ),
      h("span", { class: "picker-mark", "aria-hidden": "true" }, "✓"),
    );
  const note = (text) => replace(list, h("p", { class: "picker-note" }, text));
  const show = (found) => {
    const options = new Map();
    active = -1;
    replace(
      list,
      found.map((group) => [
        group.label ? h("div", { class: "picker-group" }, group.label) : null,
        group.options.map((option) => {
          const node = row(option);
          options.set(node, option);
          node._option = option;
          return node;
        }),
      ]),
    );
    if (!options.size) note("Nothing found");
    const current = rows().findIndex((node) => node.getAttribute("aria-selected") === "true");
    move(current >= 0 && !input.value ? current : 0);
    place(panel, anchor, { width: 240 });
  };
  const search = async () => {
    if (!fetch) return show(filtered(groups, input.value));
    asked += 1;
    const mine = asked;
    if (input.value.trim().length < minLength)
      return note(minLength > 1 ? `Type at least ${minLength} letters` : "Type to search");
    note("Searching…");
    try {
      const found = await fetch(input.value.trim());
      if (mine === asked) show(found);
    } catch {
      if (mine === asked) note("The app gave no options.");
    }
  };
  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, fetch ? 180 : 0);
  });
  const keys = (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(active + (event.key === "ArrowDown" ? 1 : -1));
    else if (event.key === "Enter" || (event.key === " " && event.target !== input)) rows()[active]?.click();
    else if (event.key === "Tab") return closePopup(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  panel.addEventListener("keydown", keys);
  search();
  (panel.querySelector(".picker-top").hidden ? panel : input).focus({ preventScroll: true });
}
