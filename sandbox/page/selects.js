/** The select menus of Block Kit, single and multiple, over options, people, channels and conversations. */

import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./mentions.js";
import { textObject } from "./mrkdwn.js";
import { openPicker } from "./picker.js";
import { channel, channelTitle, nameOf, store, user } from "./store.js";

const plain = (object) => (typeof object === "string" ? object : (object?.text ?? ""));

const fromOption = (option) => ({
  value: option.value,
  label: textObject(option.text),
  words: `${plain(option.text)} ${plain(option.description)}`,
  hint: option.description ? textObject(option.description) : null,
  raw: option,
});

function optionGroups({ options, option_groups: groups }) {
  if (groups) return groups.map((group) => ({ label: plain(group.label), options: group.options.map(fromOption) }));
  return [{ options: (options ?? []).map(fromOption) }];
}

const personOption = (person) => ({
  value: person.id,
  label: nameOf(person),
  words: `${nameOf(person)} ${person.real_name} ${person.name}`,
  hint: person.title || null,
  lead: avatar(person, 22),
  raw: person.id,
});
const roomLead = (room) =>
  room.kind === "im"
    ? avatar(user(room.user), 22)
    : h(
        "span",
        { class: "room-lead" },
        icon(room.kind === "private" ? "lock" : room.kind === "mpim" ? "people" : "hash", 15),
      );
const roomOption = (room) => ({
  value: room.id,
  label: channelTitle(room),
  words: `${channelTitle(room)} ${room.name}`,
  lead: roomLead(room),
  raw: room.id,
});
const known = (value, make, found) => (found ? make(found) : { value, label: value, words: value, raw: value });

const people = () =>
  [...store.users.values()]
    .filter((person) => !person.deleted)
    .map(personOption)
    .sort((a, b) => a.words.localeCompare(b.words));
const rooms = (wanted) =>
  [...store.channels.values()].filter((room) => !room.is_archived && wanted(room)).map(roomOption);

/** Which conversations a filter lets through. */
function passes(filter = {}) {
  const kinds = filter.include ?? ["im", "mpim", "private", "public"];
  return (room) =>
    kinds.includes(room.kind) &&
    !(filter.exclude_external_shared_channels && room.is_ext_shared) &&
    !(filter.exclude_bot_users && room.kind === "im" && user(room.user)?.is_bot);
}

const optionKind = {
  one: "selected_option",
  many: "selected_options",
  toOption: fromOption,
  keep: (raw) => raw,
  id: (raw) => raw.value,
};
const kinds = {
  static_select: { ...optionKind, groups: optionGroups },
  external_select: { ...optionKind, remote: true },
  users_select: {
    one: "selected_user",
    many: "selected_users",
    toOption: (id) => known(id, personOption, user(id)),
    id: (raw) => raw,
    groups: () => [{ options: people() }],
  },
  channels_select: {
    one: "selected_channel",
    many: "selected_channels",
    toOption: (id) => known(id, roomOption, channel(id)),
    id: (raw) => raw,
    groups: () => [{ options: rooms((room) => room.kind === "public") }],
  },
  conversations_select: {
    one: "selected_conversation",
    many: "selected_conversations",
    toOption: (id) => known(id, roomOption, channel(id)),
    id: (raw) => raw,
    groups: (element) => [{ options: rooms(passes(element.filter)) }],
  },
};

const kindOf = (element) => kinds[element.type.replace(/^multi_/, "")];
export const isSelect = (element) => Boolean(kindOf(element));

/** The choice that stands, as a list of raw options or ids. */
function current(kind, value, multi) {
  const standing = value?.[multi ? kind.many : kind.one];
  return multi ? (standing ?? []) : standing ? [standing] : [];
}

const defaulted = (element) => element.default_to_current_conversation && store.place.channel;

function source(kind, element, { surface, block }) {
  if (!kind.remote) return { groups: kind.groups(element) };
  return {
    minLength: element.min_query_length ?? 3,
    fetch: async (query) => optionGroups(await surface.suggest(block, element, query)),
  };
}

/** A select or multi-select. `change(value)` is told what now stands, in Slack's shape. */
export function select(element, place, change) {
  const kind = kindOf(element);
  const multi = element.type.startsWith("multi_");
  const label = place.label ?? plain(element.placeholder) ?? "Select";
  const read = () => current(kind, place.surface.value(place.block, element), multi);
  if (!read().length && defaulted(element))
    place.surface.set(place.block, element, {
      [multi ? kind.many : kind.one]: multi ? [store.place.channel] : store.place.channel,
    });

  const words = h("span", { class: "select-words" });
  const button = h(
    "button",
    {
      type: "button",
      id: place.id,
      class: "select-button",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-label": place.label ? null : label,
      "aria-describedby": place.describedby,
      autofocus: element.focus_on_load || null,
      data: { actionId: element.action_id },
    },
    words,
    icon("down", 15),
  );
  const clear = h(
    "button",
    { type: "button", class: "select-clear", "aria-label": "Clear", hidden: true },
    icon("close", 13),
  );
  const frame = h("div", {
    class: `select${multi ? " select-multi" : ""}`,
    data: { actionId: element.action_id, type: element.type },
  });

  const draw = () => {
    const standing = read();
    const options = standing.map(kind.toOption);
    const hint = textObject(
      element.placeholder ?? { type: "plain_text", text: multi ? "Select…" : "Select an option" },
    );
    words.classList.toggle("placeholder", !options.length || multi);
    replace(
      words,
      options.length && !multi ? [options[0].lead ?? null, h("span", {}, options[0].label)] : h("span", {}, hint),
    );
    clear.hidden = multi || !standing.length || !place.clearable;
    const chips =
      multi && options.length
        ? h(
            "div",
            { class: "chips" },
            options.map((option) => chip(option)),
          )
        : null;
    replace(frame, chips, h("div", { class: "select-line" }, button, clear));
  };
  const store_ = (list) => {
    place.surface.set(place.block, element, multi ? { [kind.many]: list } : { [kind.one]: list[0] ?? null });
    draw();
    change(multi ? { [kind.many]: list } : { [kind.one]: list[0] ?? null }, button);
  };
  const chip = (option) =>
    h(
      "span",
      { class: "chip", data: { value: option.value } },
      option.lead ?? null,
      h("span", {}, option.label),
      h(
        "button",
        {
          type: "button",
          class: "chip-remove",
          "aria-label": `Remove ${option.words.trim()}`,
          on: { click: () => store_(read().filter((raw) => kind.id(raw) !== option.value)) },
        },
        icon("close", 12),
      ),
    );
  const pick = (option) => {
    const standing = read();
    const has = standing.some((raw) => kind.id(raw) === option.value);
    if (!multi) return has || store_([option.raw]);
    if (!has && element.max_selected_items && standing.length >= element.max_selected_items) return undefined;
    return store_(has ? standing.filter((raw) => kind.id(raw) !== option.value) : [...standing, option.raw]);
  };
  button.addEventListener("click", () =>
    openPicker(button, {
      label,
      multi,
      pick,
      chosen: () => new Set(read().map(kind.id)),
      ...source(kind, element, place),
    }),
  );
  clear.addEventListener("click", () => store_([]));
  draw();
  return frame;
}
