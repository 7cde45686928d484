/** The list that completes what is being typed: /commands, @people, #channels and :emoji:. */

import { h, replace, uid } from "./dom.js";
import { findEmoji } from "./emoji.js";
import { icon } from "./icons.js";
import { avatar, badges } from "./mentions.js";
import { channel as roomOf, nameOf, store, user } from "./store.js";

const MOST = 8;
const fits = (words, query) =>
  words.some(
    (word) =>
      word
        ?.toLowerCase()
        .split(/[\s.-]+/)
        .some((part) => part.startsWith(query)) || word?.toLowerCase().startsWith(query),
  );

function commandRows(query) {
  const app = user(store.app?.bot_user_id);
  return store.commands
    .filter(({ command }) => command.slice(1).toLowerCase().startsWith(query))
    .map((entry) => ({
      key: entry.command,
      lead: avatar(app, 28),
      label: entry.command,
      aside: entry.usage_hint,
      hint: entry.description,
      insert: `${entry.command} `,
    }));
}

function peopleRows(query, room) {
  const here = new Set(room?.members ?? []);
  const people = [...store.users.values()].filter(
    (person) => !person.deleted && fits([person.display_name, person.real_name, person.name], query),
  );
  people.sort((a, b) => Number(here.has(b.id)) - Number(here.has(a.id)) || nameOf(a).localeCompare(nameOf(b)));
  const rows = people.map((person) => ({
    key: person.id,
    lead: avatar(person, 28),
    label: nameOf(person),
    badges: badges(person),
    hint: here.has(person.id) || !room ? person.title : "Not in this channel",
    insert: `@${nameOf(person)} `,
    stands: [`@${nameOf(person)}`, `<@${person.id}>`, `@${person.name}`],
  }));
  const groups = [...store.userGroups.values()]
    .filter((group) => fits([group.handle, group.name], query))
    .map((group) => ({
      key: group.id,
      lead: h("span", { class: "room-lead" }, icon("people", 18)),
      label: `@${group.handle}`,
      hint: group.name,
      insert: `@${group.handle} `,
      stands: [`@${group.handle}`, `<!subteam^${group.id}>`, `@${group.handle}`],
    }));
  const all = [
    ["here", "Everyone online in this channel"],
    ["channel", "Everyone in this channel"],
  ]
    .filter(([word]) => word.startsWith(query))
    .map(([word, hint]) => ({
      key: word,
      lead: h("span", { class: "room-lead" }, icon("people", 18)),
      label: `@${word}`,
      hint,
      insert: `@${word} `,
      stands: [`@${word}`, `<!${word}>`, `@${word}`],
    }));
  return [...rows, ...groups, ...(query ? all : [])];
}

function channelRows(query) {
  return [...store.channels.values()]
    .filter(
      (room) => (room.kind === "public" || room.kind === "private") && !room.is_archived && fits([room.name], query),
    )
    .map((room) => ({
      key: room.id,
      lead: h("span", { class: "room-lead" }, icon(room.kind === "private" ? "lock" : "hash", 16)),
      label: room.name,
      hint: room.topic || room.purpose,
      insert: `#${room.name} `,
      stands: [`#${room.name}`, `<#${room.id}>`, `#${room.name}`],
    }));
}

const emojiRows = (query) =>
  findEmoji(query, MOST).map(([name, character]) => ({
    key: name,
    lead: h("span", { class: "emoji-lead" }, character),
    label: `:${name}:`,
    insert: `:${name}: `,
  }));

const TRIGGERS = [
  { label: "Commands", pattern: /^\/([\w-]*)$/, rows: commandRows },
  { label: "People", pattern: /(?:^|[\s(])@([\p{L}\d._-]*)$/u, rows: peopleRows },
  { label: "Channels", pattern: /(?:^|[\s(])#([\p{L}\d_-]*)$/u, rows: channelRows },
  { label: "Emoji", pattern: /(?:^|[\s(]):([a-z0-9_+-]{2,})$/i, rows: emojiRows },
];

export class Completion {
  /** `choose(row, from)` puts row.insert in place of what stands from that position to the caret. */
  constructor(field, channel, choose) {
    this.field = field;
    this.channel = channel;
    this.choose = choose;
    this.list = h("div", { class: "completion", role: "listbox", id: uid("completion"), hidden: true });
    this.rows = [];
    field.setAttribute("aria-controls", this.list.id);
    field.setAttribute("aria-autocomplete", "list");
    field.addEventListener("input", () => this.look());
    field.addEventListener("click", () => this.look());
    field.addEventListener("blur", () => this.hide());
  }

  look() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    for (const { pattern, rows, label } of TRIGGERS) {
      const match = pattern.exec(before);
      if (!match) continue;
      const found = rows(match[1].toLowerCase(), roomOf(this.channel)).slice(0, MOST);
      if (found.length) return this.show(found, label, before.length - match[1].length - 1);
    }
    return this.hide();
  }

  show(rows, label, from) {
    this.rows = rows;
    this.from = from;
    this.list.setAttribute("aria-label", label);
    replace(
      this.list,
      h("div", { class: "completion-title" }, label),
      rows.map((row, at) =>
        h(
          "div",
          {
            class: "completion-row",
            role: "option",
            id: `${this.list.id}-${at}`,
            data: { key: row.key },
            on: {
              mousedown: (event) => event.preventDefault(),
              click: () => this.take(at),
              mousemove: () => this.mark(at),
            },
          },
          row.lead,
          h(
            "span",
            { class: "completion-words" },
            h(
              "span",
              { class: "completion-label" },
              row.label,
              row.badges ?? null,
              row.aside ? h("span", { class: "completion-aside" }, row.aside) : null,
            ),
            row.hint ? h("span", { class: "completion-hint" }, row.hint) : null,
          ),
        ),
      ),
    );
    this.list.hidden = false;
    this.field.setAttribute("aria-expanded", "true");
    this.mark(0);
  }

  mark(at) {
    this.at = (at + this.rows.length) % this.rows.length;
    const options = [...this.list.querySelectorAll("[role=option]")];
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === this.at)));
    options[this.at]?.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", options[this.at]?.id ?? "");
  }

  hide() {
    this.list.hidden = true;
    this.rows = [];
    this.field.removeAttribute("aria-activedescendant");
    this.field.setAttribute("aria-expanded", "false");
  }

  take(at) {
    const row = this.rows[at];
    const { from } = this;
    this.hide();
    this.choose(row, from);
  }

  /** True when the key was for the list. */
  key(event) {
    if (!this.rows.length) return false;
    const exact = this.rows[this.at]?.insert.trim() === this.field.value.slice(this.from, this.field.selectionStart);
    if (event.key === "Enter" && exact) {
      this.hide();
      return false;
    }
    if (event.key === "ArrowDown") this.mark(this.at + 1);
    else if (event.key === "ArrowUp") this.mark(this.at - 1);
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.at);
    else if (event.key === "Escape") this.hide();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
