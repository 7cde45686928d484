/** What the page knows: the workspace as the acting person sees it, kept up to date by the stream. */

import { follow, get } from "./api.js";

const listeners = new Map();

/** Run `listener` at each event of these names ("people", "channels", "messages", "stack", "home", "clock", "place", …). */
export function on(names, listener) {
  for (const name of names.split(" ")) listeners.set(name, [...(listeners.get(name) ?? []), listener]);
}

export function emit(name, detail) {
  for (const listener of listeners.get(name) ?? []) listener(detail);
}

export const store = {
  me: null,
  team: { id: "", name: "Workspace", domain: "" },
  users: new Map(),
  peopleVersion: 0, // counts the changes of people, so that messages show their new names
  channels: new Map(),
  app: null,
  commands: [],
  shortcuts: { global: [], message: [] },
  userGroups: new Map(),
  stack: [],
  home: null,
  guide: null,
  clock: { now: Date.now() / 1000, offset: 0, frozen: false, heard: performance.now() },
  place: { as: null, channel: null, home: false, thread: null },
  timelines: new Map(), // channel → {messages: Map(ts → message), hasMore}
  threads: new Map(), // channel/ts → Map(ts → message)
  connected: true,
};

export const user = (id) => store.users.get(id);
export const me = () => store.users.get(store.me);
export const zone = () => me()?.tz || "UTC";
export const channel = (id) => store.channels.get(id);
export const appChannel = () =>
  [...store.channels.values()].find((c) => c.kind === "im" && c.user === store.app?.bot_user_id);

/** The workspace's clock, ticking on from the last word about it. */
export function now() {
  const { now: then, frozen, heard } = store.clock;
  return frozen ? then : then + (performance.now() - heard) / 1000;
}

export function nameOf(person) {
  if (!person) return "Somebody";
  return person.display_name || person.real_name || person.name;
}

export function channelTitle(room) {
  if (!room) return "";
  if (room.kind === "im") return nameOf(user(room.user ?? room.members?.find((id) => id !== store.me)));
  if (room.kind === "mpim")
    return (
      (room.members ?? [])
        .filter((id) => id !== store.me)
        .map((id) => nameOf(user(id)))
        .join(", ") || room.name
    );
  return room.name;
}

const byTs = (messages) => new Map(messages.map((message) => [message.ts, message]));
export const threadKey = (channelId, ts) => `${channelId}/${ts}`;
const isReply = (message) => Boolean(message.thread_ts && message.thread_ts !== message.ts);
export const isPinned = (channelId, message) => Boolean(store.channels.get(channelId)?.pins?.includes(message.ts));
const inTimeline = (message) => !isReply(message) || message.subtype === "thread_broadcast";

function takeClock(clock) {
  store.clock = { frozen: false, ...clock, heard: performance.now() };
}

function takeState(state) {
  store.me = state.me;
  store.team = state.team;
  store.users = new Map(state.users.map((person) => [person.id, person]));
  store.channels = new Map(state.channels.map((room) => [room.id, room]));
  store.app = state.app;
  store.commands = state.commands ?? [];
  store.shortcuts = { global: [], message: [], ...state.shortcuts };
  store.userGroups = new Map((state.user_groups ?? []).map((group) => [group.id, group]));
  store.stack = state.stack ?? [];
  store.home = state.home ?? null;
  store.guide = state.guide ?? null;
  takeClock(state.clock);
}

let stopFollowing = () => {};

const meanwhile = new Set(); // for each fetch under way, the events that came since it was asked for

/** Take a fetched answer, and once more what came while it was under way: the answer may be older than that. */
async function fetchAndCatchUp(fetching, takeAnswer) {
  const events = [];
  meanwhile.add(events);
  try {
    takeAnswer(await fetching);
  } finally {
    meanwhile.delete(events);
  }
  for (const event of events) if (!ONCE_ONLY.has(event.type)) take(event);
}

/** The workspace as that person sees it, or as somebody it chooses when they are not (any longer) in it. */
async function fetchState(userId) {
  try {
    return await get("state", { as: userId });
  } catch (problem) {
    if (!userId || problem.code === "unreachable") throw problem;
    return get("state");
  }
}

/** Become somebody: fetch the workspace as they see it and follow their events. */
export async function actAs(userId) {
  stopFollowing();
  store.timelines.clear();
  store.threads.clear();
  takeState(await fetchState(userId));
  stopFollowing = follow(store.me, take, (word) => {
    store.connected = word !== "lost";
    emit("connection");
    if (store.connected) refresh();
  });
  emit("people");
  emit("channels");
  emit("stack");
  emit("home");
  emit("clock");
}

/** Fetch everything again: what happened before the stream was open, or while it had a gap. */
export async function refresh() {
  await fetchAndCatchUp(get("state", { as: store.me }), takeState);
  const shown = store.place;
  for (const id of store.timelines.keys()) if (id !== shown.channel) store.timelines.delete(id);
  for (const key of store.threads.keys())
    if (key !== threadKey(shown.channel, shown.thread)) store.threads.delete(key);
  for (const name of ["people", "channels", "stack", "home", "clock"]) emit(name);
  if (shown.channel) await loadTimeline(shown.channel);
  if (shown.channel && shown.thread) await loadThread(shown.channel, shown.thread);
}

export async function loadTimeline(channelId) {
  const fetching = get("messages", { as: store.me, channel: channelId, limit: 80 });
  await fetchAndCatchUp(fetching, (answer) =>
    store.timelines.set(channelId, {
      messages: byTs(answer.messages.filter(inTimeline)),
      hasMore: Boolean(answer.has_more),
    }),
  );
  emit("messages", { channel: channelId, loaded: true });
}

export async function loadOlder(channelId) {
  const timeline = store.timelines.get(channelId);
  if (!timeline?.hasMore || timeline.loading) return;
  timeline.loading = true;
  const before = [...timeline.messages.keys()][0];
  const fetching = get("messages", { as: store.me, channel: channelId, limit: 80, before });
  await fetchAndCatchUp(fetching, (answer) => {
    timeline.messages = new Map([...byTs(answer.messages.filter(inTimeline)), ...timeline.messages]);
    timeline.hasMore = Boolean(answer.has_more);
  });
  timeline.loading = false;
  emit("messages", { channel: channelId, older: true });
}

export async function loadThread(channelId, ts) {
  const fetching = get("messages", { as: store.me, channel: channelId, thread_ts: ts, limit: 200 });
  await fetchAndCatchUp(fetching, (answer) => store.threads.set(threadKey(channelId, ts), byTs(answer.messages)));
  emit("thread", { channel: channelId, ts });
}

function sorted(messages) {
  return new Map([...messages].sort(([a], [b]) => Number(a) - Number(b)));
}

function keep(channelId, message) {
  const timeline = store.timelines.get(channelId);
  if (timeline && inTimeline(message)) timeline.messages = sorted(timeline.messages.set(message.ts, message));
  const root = message.thread_ts ?? message.ts;
  const thread = store.threads.get(threadKey(channelId, root));
  if (thread) store.threads.set(threadKey(channelId, root), sorted(thread.set(message.ts, message)));
}

function drop(channelId, ts) {
  store.timelines.get(channelId)?.messages.delete(ts);
  for (const [key, thread] of store.threads) if (key.startsWith(`${channelId}/`)) thread.delete(ts);
}

/** The message with that ts, from wherever the page has it. */
export function messageAt(channelId, ts) {
  const found = store.timelines.get(channelId)?.messages.get(ts);
  if (found) return found;
  for (const [key, thread] of store.threads)
    if (key.startsWith(`${channelId}/`) && thread.has(ts)) return thread.get(ts);
  return null;
}

/** Does this text call me, by name, group or everybody? */
function callsMe(text = "") {
  const groups = [...store.userGroups.values()]
    .filter((group) => group.users?.includes(store.me))
    .map(({ id }) => `<!subteam^${id}`);
  return [`<@${store.me}`, "<!here", "<!channel", "<!everyone", ...groups].some((call) => text.includes(call));
}

/** A new message makes its channel unread for everybody but its author; one that has been counted changes nothing. */
function count(room, message) {
  if (message.ts <= (room.latest_ts ?? "")) return;
  const counts = message.user !== store.me && !isReply(message) && !message.subtype && room.is_member !== false;
  const calls = counts && (room.kind === "im" || callsMe(message.text));
  store.channels.set(room.id, {
    ...room,
    latest_ts: message.ts,
    unread: room.unread + Number(counts),
    mentions: room.mentions + Number(calls),
  });
  emit("channels");
}

/** The message a reply hangs on learns of it: the stream tells of the reply alone. */
function countReply(channelId, message, step) {
  const root = isReply(message) ? messageAt(channelId, message.thread_ts) : null;
  const isCounted = step > 0 && message.ts <= (root?.latest_reply ?? "");
  if (!root || isCounted) return;
  const author = message.user ?? message.bot_id;
  keep(channelId, {
    ...root,
    thread_ts: root.ts,
    reply_count: Math.max(0, (root.reply_count ?? 0) + step),
    reply_users: step > 0 && author ? [...new Set([...(root.reply_users ?? []), author])] : root.reply_users,
    latest_reply: step > 0 ? message.ts : root.latest_reply,
  });
}

function newMessage(event) {
  const room = store.channels.get(event.channel);
  if (!room) {
    refresh();
    return;
  }
  countReply(event.channel, event.message, 1);
  keep(event.channel, event.message);
  count(room, event.message);
  emit("messages", { channel: event.channel, arrived: event.message });
}

/** A change of a message from before what has been fetched is left for when it is fetched. */
function isLoaded(channelId, message) {
  const timeline = store.timelines.get(channelId);
  return !timeline?.hasMore || message.ts >= [...timeline.messages.keys()][0] || messageAt(channelId, message.ts);
}

function showMessage(event) {
  if (isLoaded(event.channel, event.message)) keep(event.channel, event.message);
  emit("messages", { channel: event.channel, arrived: event.type === "ephemeral" ? event.message : null });
}

/** What each event of the stream changes. */
const TAKE = {
  message: newMessage,
  message_changed: showMessage,
  ephemeral: showMessage,
  message_deleted(event) {
    const gone = messageAt(event.channel, event.ts);
    if (gone) countReply(event.channel, gone, -1);
    drop(event.channel, event.ts);
    emit("messages", { channel: event.channel });
  },
  reaction(event) {
    const message = messageAt(event.channel, event.ts);
    if (message) keep(event.channel, { ...message, reactions: event.reactions });
    emit("messages", { channel: event.channel });
  },
  channel(event) {
    store.channels.set(event.channel.id, event.channel);
    emit("channels");
    emit("messages", { channel: event.channel.id });
  },
  user(event) {
    store.users.set(event.user.id, event.user);
    store.peopleVersion += 1;
    emit("people");
    emit("messages", { channel: store.place.channel });
  },
  app(event) {
    store.app = { ...store.app, ...(event.app ?? { connected: event.connected }) };
    emit("people");
  },
  stack(event) {
    store.stack = event.stack;
    emit("stack");
  },
  view_updated(event) {
    if (event.view.type === "home") return;
    store.stack = store.stack.map((view) => (view.id === event.view.id ? event.view : view));
    emit("stack");
  },
  home(event) {
    store.home = event.view;
    emit("home");
  },
  clock(event) {
    const { type, ...clock } = event;
    takeClock(clock);
    emit("clock");
    emit("messages", { channel: store.place.channel });
  },
  toast: (event) => emit("toast", event),
  reload: () => refresh(),
};

/** What must not be shown twice. */
const ONCE_ONLY = new Set(["toast", "reload"]);

function take(event) {
  for (const events of meanwhile) events.push(event);
  TAKE[event.type]?.(event);
}
