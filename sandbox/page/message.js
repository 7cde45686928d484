/** Draws one message: who, when, what, its reactions, its thread, and the tools that appear over it. */

import { post } from "./api.js";
import { drawAttachment, drawBlocks } from "./blocks.js";
import { h } from "./dom.js";
import { editor } from "./editor.js";
import { openEmojiPicker } from "./emojipicker.js";
import { fileCard } from "./files.js";
import { icon } from "./icons.js";
import { avatar, badges, emojiTag } from "./mentions.js";
import { messageMenu } from "./messagemenu.js";
import { mrkdwn } from "./mrkdwn.js";
import { emit, isPinned, nameOf, now, store, user, zone } from "./store.js";
import { surfaceFor } from "./surface.js";
import { ago, fullMoment, timeOfDay } from "./time.js";

const SYSTEM =
  /^(channel|group|bot)_(join|leave|topic|purpose|name|archive|unarchive|add|remove|convert_to_private)$|^pinned_item$|^tombstone$/;
const STRANGERS = { USLACKBOT: "Slackbot" };
export const isSystem = (message) => SYSTEM.test(message.subtype ?? "");

/** Who speaks: a person, or the app under the name and picture of this message. */
function authorOf(message) {
  const person = user(message.user) ?? (message.bot_id ? user(store.app?.bot_user_id) : null);
  const { username, icons } = message;
  if (!username && !icons)
    return person ?? { id: message.user ?? message.bot_id, name: STRANGERS[message.user] ?? "Somebody", avatar: {} };
  const emoji = icons?.emoji;
  return {
    ...person,
    is_bot: true,
    display_name: username || nameOf(person),
    real_name: username,
    image: icons?.image_48 ?? icons?.image_url,
    avatar: {
      ...person?.avatar,
      ...(emoji ? { emoji } : username ? { initials: username.slice(0, 1).toUpperCase() } : {}),
    },
  };
}

const sayIt = (work) =>
  work.catch((problem) => emit("toast", { level: "error", text: `That did not work: ${problem.code ?? problem}.` }));

const react = (channel, message, name) => {
  const mine = message.reactions?.find((reaction) => reaction.name === name)?.users.includes(store.me);
  return sayIt(post("react", { as: store.me, channel, ts: message.ts, name, remove: Boolean(mine) }));
};

function reactions(channel, message) {
  if (!message.reactions?.length) return null;
  const row = message.reactions.map(({ name, users, count }) => {
    const mine = users.includes(store.me);
    const who = users.map((id) => (id === store.me ? "You" : nameOf(user(id)))).join(", ");
    return h(
      "button",
      {
        type: "button",
        class: `reaction${mine ? " mine" : ""}`,
        "aria-pressed": String(mine),
        "aria-label": `${name}, ${count ?? users.length}: ${who}`,
        title: `${who} reacted with :${name}:`,
        data: { reaction: name },
        on: { click: () => react(channel, message, name) },
      },
      emojiTag(name),
      h("span", {}, String(count ?? users.length)),
    );
  });
  const add = h(
    "button",
    {
      type: "button",
      class: "reaction reaction-add",
      "aria-label": "Add a reaction",
      on: { click: (event) => openEmojiPicker(event.currentTarget, (name) => react(channel, message, name)) },
    },
    icon("smile", 15),
  );
  return h("div", { class: "reactions" }, row, add);
}

function threadSummary(channel, message) {
  if (!message.reply_count) return null;
  const faces = (message.reply_users ?? [])
    .slice(0, 4)
    .map((id) => avatar(user(id) ?? user(store.app?.bot_user_id), 22));
  return h(
    "button",
    {
      type: "button",
      class: "thread-summary",
      data: { thread: message.ts },
      on: { click: () => emit("go", { channel, thread: message.ts }) },
    },
    h("span", { class: "faces" }, faces),
    h("b", {}, `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`),
    message.latest_reply
      ? h("span", { class: "muted" }, `Last reply ${ago(Number(message.latest_reply), now())}`)
      : null,
    icon("right", 14),
  );
}

function content(channel, message) {
  const surface = surfaceFor(`${channel}/${message.ts}`, { type: "message", channel, ts: message.ts });
  const blocks = [
    ...(message.blocks ?? []),
    ...(message.attachments ?? []).flatMap((attachment) => attachment.blocks ?? []),
  ];
  surface.show(blocks);
  const edited = message.edited
    ? h("span", { class: "edited", title: fullMoment(Number(message.edited.ts), zone()) }, "(edited)")
    : null;
  const words = message.blocks?.length
    ? drawBlocks(message.blocks, surface)
    : message.text
      ? h("div", { class: "rich" }, mrkdwn(message.text), edited ? [" ", edited] : null)
      : null;
  return [
    words,
    message.blocks?.length ? edited : null,
    (message.attachments ?? []).map((attachment) => drawAttachment(attachment, surface)),
    (message.files ?? []).map(fileCard),
  ];
}

function toolbar(channel, message, inThread) {
  const tool = (name, label, run) =>
    h(
      "button",
      { type: "button", class: "tool", "aria-label": label, title: label, on: { click: run } },
      icon(name, 18),
    );
  const quick = ["white_check_mark", "eyes"].map((name) =>
    h(
      "button",
      {
        type: "button",
        class: "tool tool-quick",
        "aria-label": `React with ${name}`,
        title: `:${name}:`,
        on: { click: () => react(channel, message, name) },
      },
      emojiTag(name),
    ),
  );
  return h(
    "div",
    { class: "toolbar", role: "toolbar", "aria-label": "Message actions" },
    message.ephemeral
      ? null
      : [
          quick,
          tool("smile", "React", (event) =>
            openEmojiPicker(event.currentTarget, (name) => react(channel, message, name)),
          ),
          inThread
            ? null
            : tool("thread", "Reply in thread", () => emit("go", { channel, thread: message.thread_ts ?? message.ts })),
        ],
    tool("more", "More actions", (event) => messageMenu(event.currentTarget, channel, message)),
  );
}

function head(message, author) {
  const seconds = Number(message.ts);
  return h(
    "div",
    { class: "message-head" },
    h(
      "button",
      { type: "button", class: "author", on: { click: () => user(author.id) && emit("profile", { id: author.id }) } },
      nameOf(author),
    ),
    badges(author),
    h(
      "time",
      { class: "message-time", datetime: new Date(seconds * 1000).toISOString(), title: fullMoment(seconds, zone()) },
      timeOfDay(seconds, zone()),
    ),
  );
}

function note(message, channel) {
  if (message.ephemeral) return h("div", { class: "message-note" }, icon("eye", 13), "Only visible to you");
  if (isPinned(channel, message)) return h("div", { class: "message-note note-pin" }, icon("pin", 13), "Pinned");
  if (message.subtype === "thread_broadcast")
    return h("div", { class: "message-note" }, icon("thread", 13), "Replied to a thread");
  return null;
}

function dismiss(channel, message) {
  if (!message.ephemeral) return null;
  return h(
    "button",
    {
      type: "button",
      class: "dismiss",
      on: { click: () => sayIt(post("delete", { as: store.me, channel, ts: message.ts })) },
    },
    "Dismiss message",
  );
}

/** One row of a timeline. `grouped` leaves out the name when the same author goes on. */
export function drawMessage(channel, message, { grouped = false, inThread = false, editing = false } = {}) {
  const author = authorOf(message);
  const seconds = Number(message.ts);
  const system = isSystem(message);
  const look = [
    "message",
    grouped ? "grouped" : "",
    message.ephemeral ? "ephemeral" : "",
    system ? "system" : "",
    isPinned(channel, message) ? "pinned" : "",
  ]
    .filter(Boolean)
    .join(" ");
  const gutter = grouped
    ? h("time", { class: "gutter-time" }, timeOfDay(seconds, zone()))
    : avatar(author, system ? 24 : 36);
  const body = editing
    ? editor(channel, message)
    : [
        h("div", { class: "message-content" }, content(channel, message)),
        dismiss(channel, message),
        reactions(channel, message),
        inThread ? null : threadSummary(channel, message),
      ];
  return h(
    "article",
    {
      class: look,
      tabindex: "-1",
      data: { ts: message.ts, user: message.user ?? message.bot_id ?? "" },
      "aria-label": `${nameOf(author)}, ${timeOfDay(seconds, zone())}`,
    },
    h("div", { class: "gutter" }, gutter),
    h("div", { class: "message-body" }, note(message, channel), grouped ? null : head(message, author), body),
    system || editing ? null : toolbar(channel, message, inThread),
  );
}
