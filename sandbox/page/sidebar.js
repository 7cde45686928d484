/** The sidebar: the workspace, who one acts as, the app, channels and direct messages. */

import { h, reconcile, replace } from "./dom.js";
import { icon } from "./icons.js";
import { avatar, isMe } from "./mentions.js";
import { actAsButton, newMessageMenu } from "./people.js";
import { roomSign } from "./pane.js";
import { appChannel, channelTitle, emit, on, store, user } from "./store.js";

const sidebar = document.getElementById("sidebar");
const veil = document.getElementById("drawer-veil");
const parts = { head: h("div", { class: "side-head" }), list: h("div", { class: "side-list" }) };
let archivedOpen = false;

const byName = (a, b) => channelTitle(a).localeCompare(channelTitle(b));
const newest = (a, b) => Number(b.latest_ts ?? 0) - Number(a.latest_ts ?? 0) || byName(a, b);

function entry({ key, label, lead, current, count = 0, bold = false, dim = false, data, run, title }) {
  const mark = JSON.stringify([label, current, count, bold, dim, title, store.me, data?.avatarMark]);
  return {
    key,
    mark,
    build: () =>
      h(
        "button",
        {
          type: "button",
          class: `side-row${current ? " current" : ""}${bold ? " unread" : ""}${dim ? " dim" : ""}`,
          "aria-current": current ? "page" : null,
          title,
          data,
          on: { click: run },
        },
        h("span", { class: "side-lead" }, lead()),
        h("span", { class: "side-label" }, label),
        count ? h("span", { class: "count", "aria-label": `${count} unread` }, String(count)) : null,
      ),
  };
}

function roomEntry(room) {
  const direct = room.kind === "im" || room.kind === "mpim";
  const peer = room.kind === "im" ? user(room.user) : null;
  return entry({
    key: room.id,
    label: channelTitle(room) + (peer && isMe(peer.id) ? " (you)" : ""),
    title: room.topic || null,
    lead: () => (peer ? avatar(peer, 20) : roomSign(room, 16)),
    current: store.place.channel === room.id && !store.place.home,
    count: direct ? room.unread : room.mentions,
    bold: (room.unread ?? 0) > 0,
    dim: room.is_archived || room.is_member === false || Boolean(peer?.deleted),
    data: { channel: room.id, name: room.name },
    run: () => emit("go", { channel: room.id }),
  });
}

function heading(key, label, tool) {
  return { key, mark: label, build: () => h("div", { class: "side-heading" }, h("h2", {}, label), tool?.() ?? null) };
}

function appEntry() {
  const { app } = store;
  const direct = appChannel();
  const app_user = user(app.bot_user_id);
  return entry({
    key: "app",
    label: app.name,
    lead: () =>
      h(
        "span",
        { class: "app-lead" },
        avatar(app_user ?? { name: app.name, is_bot: true, avatar: { color: app.color } }, 20),
        h("span", { class: `presence${app.connected ? " on" : ""}` }),
      ),
    current: store.place.home || (direct && store.place.channel === direct.id),
    count: direct?.unread ?? 0,
    bold: (direct?.unread ?? 0) > 0,
    title: app.connected ? `${app.name} is connected` : `${app.name} is not connected`,
    data: { app: app.app_id, avatarMark: String(app.connected) },
    run: () => emit("go", direct?.unread || !app.home_tab ? { appMessages: true } : { home: true }),
  });
}

function rows() {
  const rooms = [...store.channels.values()];
  const named = rooms.filter(({ kind }) => kind === "public" || kind === "private").sort(byName);
  const live = named.filter((room) => !room.is_archived);
  const archived = named.filter((room) => room.is_archived);
  const direct = rooms
    .filter((room) => (room.kind === "im" && room.user !== store.app?.bot_user_id) || room.kind === "mpim")
    .sort(newest);
  const add = () =>
    h(
      "button",
      {
        type: "button",
        class: "icon-button small",
        "aria-label": "New message",
        "aria-expanded": "false",
        on: { click: (event) => newMessageMenu(event.currentTarget) },
      },
      icon("plus", 16),
    );
  const fold = {
    key: "fold",
    mark: `${archived.length}${archivedOpen}`,
    build: () =>
      h(
        "button",
        {
          type: "button",
          class: "side-fold",
          "aria-expanded": String(archivedOpen),
          on: {
            click: () => {
              archivedOpen = !archivedOpen;
              drawList();
            },
          },
        },
        icon(archivedOpen ? "down" : "right", 13),
        `Archived (${archived.length})`,
      ),
  };
  return [
    ...(store.app ? [heading("h-app", "App"), appEntry()] : []),
    heading("h-channels", "Channels"),
    ...live.map(roomEntry),
    ...(archived.length
      ? [
          fold,
          ...(archivedOpen || archived.some(({ id }) => id === store.place.channel) ? archived.map(roomEntry) : []),
        ]
      : []),
    heading("h-direct", "Direct messages", add),
    ...direct.map(roomEntry),
  ];
}

function drawList() {
  reconcile(parts.list, rows());
}

function draw() {
  const name = store.team.name;
  document.title = `${name}${[...store.channels.values()].some((room) => room.unread) ? " •" : ""}`;
  replace(
    parts.head,
    h(
      "div",
      { class: "team" },
      h("span", { class: "team-sign", "aria-hidden": "true" }, name.slice(0, 1)),
      h(
        "span",
        { class: "team-words" },
        h("span", { class: "team-name" }, name),
        h("span", { class: "team-state" }, store.connected ? "Sandbox workspace" : "Reconnecting…"),
      ),
      h(
        "button",
        {
          type: "button",
          class: "icon-button drawer-close",
          "aria-label": "Hide channels",
          on: { click: () => emit("drawer", false) },
        },
        icon("close"),
      ),
    ),
    actAsButton(),
  );
  drawList();
}

function drawer(open) {
  document.body.classList.toggle("drawer-open", open);
  veil.hidden = !open;
  if (open) sidebar.querySelector(".act-as")?.focus({ preventScroll: true });
}

export function mountSidebar() {
  replace(sidebar, parts.head, parts.list);
  on("people channels connection", draw);
  on("place", () => {
    drawList();
    drawer(false);
  });
  on("drawer", drawer);
  veil.addEventListener("click", () => drawer(false));
  document.addEventListener(
    "keydown",
    (event) => event.key === "Escape" && document.body.classList.contains("drawer-open") && drawer(false),
  );
}
