/** The main pane with a conversation: header, tabs of the app, messages and the message box. */

import { post } from "./api.js";
import { Composer } from "./composer.js";
import { h, replace } from "./dom.js";
import { guide } from "./guide.js";
import { icon } from "./icons.js";
import { avatar, badges } from "./mentions.js";
import { mrkdwn } from "./mrkdwn.js";
import { showPopup } from "./popup.js";
import {
  channel as roomOf,
  channelTitle,
  emit,
  loadOlder,
  messageAt,
  nameOf,
  store,
  user,
  zone,
  now,
} from "./store.js";
import { Timeline } from "./timeline.js";
import { shortDay, timeOfDay } from "./time.js";

export const roomSign = (room, size = 18) =>
  icon(
    room.is_archived ? "archive" : room.kind === "private" ? "lock" : room.kind === "mpim" ? "people" : "hash",
    size,
  );

function members(anchor, room) {
  const people = room.members
    .map((id) => user(id))
    .filter(Boolean)
    .sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  showPopup(
    anchor,
    [
      h("div", { class: "popup-title" }, `${people.length} ${people.length === 1 ? "member" : "members"}`),
      people.map((person) =>
        h(
          "button",
          { type: "button", class: "person-row", on: { click: () => emit("profile", { id: person.id }) } },
          avatar(person, 32),
          h(
            "span",
            { class: "person-words" },
            h("span", {}, nameOf(person), " ", badges(person)),
            h("span", { class: "muted" }, person.title || person.tz_label || person.tz),
          ),
        ),
      ),
    ],
    { align: "end", label: "Members", className: "people-panel" },
  );
}

function pins(anchor, room) {
  const found = (room.pins ?? []).map((ts) => [ts, messageAt(room.id, ts)]);
  const row = ([ts, message]) =>
    h(
      "button",
      { type: "button", class: "pin-row", on: { click: () => emit("reveal", { ts }) } },
      h(
        "span",
        { class: "muted" },
        `${nameOf(user(message?.user) ?? user(store.app?.bot_user_id))} · ${shortDay(Number(ts), zone())}, ${timeOfDay(Number(ts), zone())}`,
      ),
      h(
        "span",
        { class: "pin-text" },
        message
          ? mrkdwn(message.text || "A message without text")
              .map((node) => node.textContent)
              .join(" ")
          : "An older message",
      ),
    );
  showPopup(
    anchor,
    [
      h("div", { class: "popup-title" }, "Pinned messages"),
      found.length ? found.map(row) : h("p", { class: "picker-note" }, "Nothing is pinned here."),
    ],
    { align: "end", label: "Pinned messages", className: "people-panel" },
  );
}

export function tabs(current) {
  const tab = (name, label, target) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        class: "tab",
        "aria-selected": String(current === name),
        data: { tab: name },
        on: { click: () => emit("go", target) },
      },
      label,
    );
  return h(
    "div",
    { class: "tabs", role: "tablist", "aria-label": store.app.name },
    store.app.home_tab ? tab("home", "Home", { home: true }) : null,
    store.app.messages_tab !== false ? tab("messages", "Messages", { appMessages: true }) : null,
  );
}

export function header(room) {
  const peer = room.kind === "im" ? user(room.user) : null;
  const others = room.members ?? [];
  const faces = others.slice(0, 3).map((id) => avatar(user(id), 22));
  const title = peer
    ? h(
        "button",
        { type: "button", class: "pane-name", on: { click: () => emit("profile", { id: peer.id }) } },
        avatar(peer, 26),
        h("h1", {}, nameOf(peer)),
        badges(peer),
      )
    : h("div", { class: "pane-name" }, roomSign(room, 19), h("h1", {}, channelTitle(room)));
  const note = peer
    ? `${peer.title ? `${peer.title} · ` : ""}${timeOfDay(now(), peer.tz || "UTC")} local time`
    : room.topic || room.purpose;
  return h(
    "header",
    { class: "pane-head" },
    h(
      "div",
      { class: "pane-names" },
      title,
      h(
        "div",
        { class: "pane-topic", title: peer ? null : note },
        peer && peer.is_bot ? store.app.description : room.topic ? mrkdwn(note) : note,
      ),
    ),
    h(
      "div",
      { class: "pane-tools" },
      room.is_ext_shared ? h("span", { class: "badge badge-external" }, "External") : null,
      (room.pins ?? []).length
        ? h(
            "button",
            {
              type: "button",
              class: "pill",
              "aria-label": `${room.pins.length} pinned`,
              "aria-expanded": "false",
              on: { click: (event) => pins(event.currentTarget, room) },
            },
            icon("pin", 15),
            String(room.pins.length),
          )
        : null,
      room.kind === "im"
        ? null
        : h(
            "button",
            {
              type: "button",
              class: "pill members",
              "aria-label": `${others.length} members`,
              "aria-expanded": "false",
              on: { click: (event) => members(event.currentTarget, room) },
            },
            h("span", { class: "faces" }, faces),
            String(others.length),
          ),
    ),
  );
}

function beginning(room) {
  if (room.kind === "im") {
    const peer = user(room.user);
    return h(
      "div",
      { class: "beginning" },
      avatar(peer, 56),
      h("h2", {}, nameOf(peer)),
      h(
        "p",
        {},
        peer?.is_bot
          ? store.app.description || "Messages with the app."
          : `This is the beginning of your conversation with ${nameOf(peer)}.`,
      ),
    );
  }
  return h(
    "div",
    { class: "beginning" },
    h("span", { class: "beginning-sign" }, roomSign(room, 28)),
    h("h2", {}, channelTitle(room)),
    h("p", {}, room.purpose || "This is the very beginning of the channel."),
  );
}

export class Conversation {
  constructor(channelId) {
    this.id = channelId;
    const room = roomOf(channelId);
    this.timeline = new Timeline({
      channel: channelId,
      onOlder: () => loadOlder(channelId),
      onRead: () => this.read(),
    });
    this.timeline.newAfter = room.unread ? room.last_read || "0" : null;
    this.head = h("div", { class: "pane-top" });
    this.foot = h("div", { class: "pane-foot" });
    this.composer = null;
    this.node = h(
      "section",
      { class: "conversation", "aria-label": channelTitle(room), data: { openChannel: channelId } },
      this.head,
      guide(channelId),
      this.timeline.node,
      this.foot,
    );
    this.drawFrame();
  }

  drawFrame() {
    const room = roomOf(this.id);
    const isApp = room.kind === "im" && room.user === store.app?.bot_user_id;
    replace(this.head, header(room), isApp ? tabs("messages") : null);
    const state = room.is_archived ? "archived" : room.is_member === false ? "outside" : "member";
    if (state === this.state) return;
    this.state = state;
    if (state === "archived")
      replace(
        this.foot,
        h(
          "div",
          { class: "foot-bar" },
          icon("archive", 18),
          "This channel is archived. It can be read, but nobody can write here.",
        ),
      );
    else if (state === "outside") {
      replace(
        this.foot,
        h(
          "div",
          { class: "foot-bar" },
          h("b", {}, `#${room.name}`),
          "You are looking at a channel you have not joined.",
          h(
            "button",
            {
              type: "button",
              class: "button button-primary small",
              on: { click: () => post("join", { as: store.me, channel: this.id }) },
            },
            "Join channel",
          ),
        ),
      );
    } else {
      this.composer = new Composer(this.id);
      replace(this.foot, this.composer.node);
    }
  }

  draw(how = {}) {
    const kept = store.timelines.get(this.id);
    if (!kept) return;
    replace(
      this.timeline.top,
      kept.hasMore
        ? h("div", { class: "loading-older" }, h("span", { class: "spinner on" }))
        : beginning(roomOf(this.id)),
    );
    this.timeline.show([...kept.messages.values()], how);
    this.read();
  }

  /** Tell the workspace how far this person has read, once the end is in view. */
  read() {
    const room = roomOf(this.id);
    const last = [...(store.timelines.get(this.id)?.messages.values() ?? [])]
      .filter((message) => !message.ephemeral)
      .at(-1);
    if (!last || !room || room.is_member === false || document.hidden || !this.timeline.stuck) return;
    if (!room.unread && !room.mentions && (room.last_read || "0") >= last.ts) return;
    if (this.readUpTo === last.ts) return;
    this.readUpTo = last.ts;
    post("read", { as: store.me, channel: this.id, ts: last.ts }).catch(() => {
      this.readUpTo = null;
    });
  }

  edit(ts) {
    this.timeline.editing = ts;
    this.draw();
    if (!ts) this.composer?.focus();
  }
}
