/** Ctrl+K: jump to any channel, person or the app by typing a few letters. */

import { showDialog } from "./dialogs.js";
import { h, replace, uid } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./mentions.js";
import { roomSign } from "./pane.js";
import { writeTo } from "./people.js";
import { channelTitle, emit, nameOf, store, user } from "./store.js";

function targets() {
  const rooms = [...store.channels.values()].map((room) => ({
    label: channelTitle(room),
    words: `${channelTitle(room)} ${room.name ?? ""}`,
    unread: room.unread ?? 0,
    latest: Number(room.latest_ts ?? 0),
    dim: room.is_archived,
    lead: () =>
      room.kind === "im" ? avatar(user(room.user), 24) : h("span", { class: "room-lead" }, roomSign(room, 17)),
    note: room.is_archived ? "Archived" : room.topic || "",
    run: () => emit("go", room.user === store.app?.bot_user_id ? { appMessages: true } : { channel: room.id }),
  }));
  const met = new Set([...store.channels.values()].filter(({ kind }) => kind === "im").map((room) => room.user));
  const people = [...store.users.values()]
    .filter((person) => !met.has(person.id) && !person.deleted && person.id !== store.me)
    .map((person) => ({
      label: nameOf(person),
      words: `${nameOf(person)} ${person.real_name} ${person.name}`,
      unread: 0,
      latest: 0,
      lead: () => avatar(person, 24),
      note: person.title,
      run: () => (person.id === store.app?.bot_user_id ? emit("go", { appMessages: true }) : writeTo(person.id)),
    }));
  const home = store.app?.home_tab
    ? [
        {
          label: `${store.app.name} Home`,
          words: `${store.app.name} home`,
          unread: 0,
          latest: 0,
          lead: () => h("span", { class: "room-lead" }, icon("home", 17)),
          note: "App",
          run: () => emit("go", { home: true }),
        },
      ]
    : [];
  return [...rooms, ...people, ...home];
}

function found(query) {
  const wanted = query.trim().toLowerCase();
  const rank = ({ label, unread, dim }) =>
    (wanted && label.toLowerCase().startsWith(wanted) ? 0 : 10) + (unread ? 0 : 2) + (dim ? 5 : 0);
  return targets()
    .filter(({ words }) => words.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b) || b.latest - a.latest)
    .slice(0, 12);
}

export function openSwitcher() {
  if (document.querySelector("dialog[open]")) return;
  const listId = uid("switcher");
  const input = h("input", {
    type: "text",
    class: "switcher-input",
    placeholder: "Jump to a channel, a person or the app",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": listId,
    "aria-label": "Jump to",
    autocomplete: "off",
    spellcheck: "false",
  });
  const list = h("div", { id: listId, class: "switcher-list", role: "listbox", "aria-label": "Conversations" });
  let hits = [];
  let at = 0;
  const mark = (to) => {
    at = hits.length ? (to + hits.length) % hits.length : 0;
    [...list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === at)));
    list.children[at]?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", list.children[at]?.id ?? "");
  };
  const go = (hit) => {
    dialog.close();
    hit?.run();
  };
  const draw = () => {
    hits = found(input.value);
    replace(
      list,
      hits.length
        ? hits.map((hit, index) =>
            h(
              "div",
              {
                class: `switcher-row${hit.unread ? " unread" : ""}${hit.dim ? " dim" : ""}`,
                role: "option",
                id: uid("hit"),
                on: { click: () => go(hit), mousemove: () => mark(index) },
              },
              hit.lead(),
              h("span", { class: "switcher-label" }, hit.label),
              h("span", { class: "switcher-note" }, hit.note),
            ),
          )
        : h("p", { class: "picker-note" }, "Nothing found"),
    );
    mark(0);
  };
  const dialog = showDialog(
    [h("div", { class: "switcher-top" }, icon("search", 20), input, h("kbd", {}, "Esc")), list],
    { label: "Jump to", className: "switcher light-dismiss" },
  );
  input.addEventListener("input", draw);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(at - 1);
    else if (event.key === "Enter") go(hits[at]);
    else return;
    event.preventDefault();
  });
  draw();
  input.focus();
}
