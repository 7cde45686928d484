/** Draws what a text refers to: people, channels, groups, dates and emoji. */

import { h, link } from "./dom.js";
import { emojiFor } from "./emoji.js";
import { icon } from "./icons.js";
import { channel, channelTitle, emit, me, nameOf, now, store, user, zone } from "./store.js";
import { fullMoment, slackDate } from "./time.js";

export function emojiTag(name) {
  const character = emojiFor(name);
  if (!character) return h("span", { class: "emoji-unknown" }, `:${name}:`);
  return h("span", { class: "emoji", role: "img", "aria-label": `:${name}:`, title: `:${name}:` }, character);
}

export function personTag(id, label) {
  const person = user(id);
  const mine = id === store.me ? " mention-me" : "";
  return h(
    "button",
    {
      type: "button",
      class: `mention${mine}`,
      data: { user: id },
      on: { click: () => person && emit("profile", { id }) },
    },
    `@${person ? nameOf(person) : label || id}`,
  );
}

export function channelTag(id, label) {
  const room = channel(id);
  if (!room) return h("span", { class: "mention" }, label ? `#${label}` : [icon("lock", 13), "private channel"]);
  return h(
    "button",
    { type: "button", class: "mention", data: { channelLink: id }, on: { click: () => emit("go", { channel: id }) } },
    room.kind === "private" ? icon("lock", 13) : "#",
    channelTitle(room),
  );
}

export function groupTag(id, label) {
  const group = store.userGroups.get(id);
  const mine = group?.users?.includes(store.me) ? " mention-me" : "";
  return h("span", { class: `mention${mine}`, title: group?.name }, group ? `@${group.handle}` : label || "@group");
}

export function broadcastTag(range) {
  return h("span", { class: "mention mention-me" }, `@${range}`);
}

export function dateTag(seconds, pattern, fallback, url) {
  const text = slackDate(seconds, pattern, now(), zone()) ?? fallback;
  const shown = h(
    "time",
    { class: "date", datetime: new Date(seconds * 1000).toISOString(), title: fullMoment(seconds, zone()) },
    text,
  );
  return url ? link(url, shown) : shown;
}

/** A square of initials (or an emoji or picture) on the person's colour. */
export function avatar(person, size = 36) {
  const face = person?.avatar ?? {};
  const picture = person?.image ?? null;
  const inside = picture
    ? h("img", { src: picture, alt: "" })
    : face.emoji
      ? (emojiFor(face.emoji.replace(/:/g, "")) ?? face.emoji)
      : (face.initials ?? initials(nameOf(person)));
  return h(
    "span",
    {
      class: `avatar${face.emoji && !picture ? " avatar-emoji" : ""}`,
      style: { "--size": `${size}px`, "--tint": colour(face.color) },
      "aria-hidden": "true",
    },
    inside,
  );
}

const initials = (name) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word[0] ?? "")
    .join("")
    .toUpperCase();
export const colour = (value) =>
  value ? (value.startsWith("#") || value.includes("(") ? value : `#${value}`) : "#5b6472";

/** Small words beside a name: APP, Guest, External, Deactivated, You. */
export function badges(person) {
  if (!person) return [];
  const words = [];
  if (person.is_bot) words.push("App");
  if (person.is_ultra_restricted || person.is_restricted) words.push("Guest");
  if (person.is_external) words.push("External");
  if (person.deleted) words.push("Deactivated");
  return words.map((word) => h("span", { class: `badge badge-${word.toLowerCase()}` }, word));
}

export const isMe = (id) => id === me()?.id;
