/** Starts the page: follows the address (#/person/channel/thread), and puts the panes together. */

import { post } from "./api.js";
import { h, replace } from "./dom.js";
import { Home } from "./home.js";
import "./modal.js";
import "./people.js";
import { Conversation } from "./pane.js";
import { mountSidebar } from "./sidebar.js";
import { actAs, appChannel, channel, emit, loadThread, loadTimeline, on, store, user } from "./store.js";
import { openSwitcher } from "./switcher.js";
import "./theme.js";
import { Thread } from "./thread.js";
import "./toasts.js";
import { mountTopBar } from "./topbar.js";

const mainPane = document.getElementById("main-pane");
const threadPane = document.getElementById("thread-pane");
let shown = null;
let thread = null;

const address = ({ as = store.me, channel: room, home, thread: ts }) =>
  `#/${as}/${home ? "home" : room}${ts ? `/${ts}` : ""}`;

function readAddress() {
  const [, as, room, ts] = location.hash.split("/");
  return { as: as || null, home: room === "home", channel: room && room !== "home" ? room : null, thread: ts || null };
}

/** Where a person begins: what the address says if they can see it, else their first channel. */
function startingPlace(wanted) {
  if (wanted.home && store.app?.home_tab) return { home: true };
  if (wanted.channel && channel(wanted.channel)) return wanted;
  const rooms = [...store.channels.values()];
  const first =
    channel(store.guide?.channel) ??
    rooms.find((room) => room.name === "general" && room.is_member) ??
    rooms.find((room) => room.is_member && !room.is_archived && room.kind !== "im") ??
    rooms[0];
  return { channel: first?.id };
}

async function showHome() {
  shown = new Home();
  replace(mainPane, shown.node);
  await post("open_home", { as: store.me, tab: "home" }).catch((problem) =>
    emit("toast", { level: "error", text: `The app's Home could not be opened: ${problem.code}.` }),
  );
}

async function showChannel(id) {
  shown = new Conversation(id);
  replace(mainPane, shown.node);
  if (channel(id).user && channel(id).user === store.app?.bot_user_id)
    post("open_home", { as: store.me, tab: "messages" }).catch(() => {});
  await loadTimeline(id);
  if (matchMedia("(min-width: 700px)").matches && !store.place.thread) shown.composer?.focus();
}

async function showThread(ts) {
  if (!ts && !thread) return;
  thread = ts ? new Thread(store.place.channel, ts) : null;
  threadPane.hidden = !thread;
  document.body.classList.toggle("thread-open", Boolean(thread));
  replace(threadPane, thread?.node);
  if (!thread) return;
  await loadThread(store.place.channel, ts);
  thread?.composer?.focus();
}

async function show(place) {
  const before = store.place;
  const next = {
    as: store.me,
    home: Boolean(place.home),
    channel: place.home ? null : place.channel,
    thread: place.home ? null : (place.thread ?? null),
  };
  const moved = ["as", "home", "channel"].some((part) => before[part] !== next[part]);
  store.place = next;
  emit("place");
  if (moved) await (next.home ? showHome() : showChannel(next.channel));
  if (moved || before.thread !== next.thread) await showThread(next.thread);
}

const LAST = "acting-as";

/** Who one was the last time; on the first visit nobody, and the workspace chooses. */
function remembered() {
  try {
    return localStorage.getItem(LAST) ?? undefined;
  } catch {
    return undefined;
  }
}

function remember() {
  try {
    localStorage.setItem(LAST, store.me);
  } catch {
    // Storage may be off; the address still says who one is.
  }
}

let following = Promise.resolve();

/** A page that is loaded anew has forgotten, as Slack's client has, open modals and what only one person saw. */
async function arrive(as) {
  await post("load", { as }).catch(() => {}); // who is not there any longer has nothing to forget
  await actAs(as);
}

/** Bring the page to what the address says. */
async function follow() {
  const wanted = readAddress();
  if (!store.me) await arrive(wanted.as ?? remembered());
  else if (wanted.as && wanted.as !== store.me) await actAs(wanted.as);
  remember();
  const place = startingPlace(wanted);
  const here = address(place);
  if (location.hash !== here) history.replaceState(null, "", here);
  await show(place);
}

function navigate(place) {
  location.hash = address(place);
}

async function openAppMessages() {
  const direct = appChannel() ?? (await post("open_dm", { as: store.me, users: [store.app.bot_user_id] })).channel;
  navigate({ channel: direct.id ?? direct });
}

on("go", async (target) => {
  if (target.appMessages) await openAppMessages();
  else if (target.channel && !channel(target.channel)) await actAs(store.me).then(() => navigate(target));
  else navigate(target);
});

on("write", (text) => shown instanceof Conversation && shown.composer?.write(text));
on("act-as", ({ id }) => navigate({ as: id, channel: store.place.channel, home: store.place.home }));

on("messages", ({ channel: id, ...how }) => {
  if (shown instanceof Conversation && shown.id === id) shown.draw(how);
  if (thread?.channel === id) thread.draw(how);
});
on("thread", () => thread?.draw());
on("channels people", () => shown instanceof Conversation && channel(shown.id) && shown.drawFrame());
on("home", () => shown instanceof Home && shown.draw());

on("edit", ({ channel: id, ts }) => {
  if (thread?.channel === id) thread.edit(ts && thread.timeline.rows.querySelector(`[data-ts="${ts}"]`) ? ts : null);
  if (shown instanceof Conversation && shown.id === id) shown.edit(ts);
});
on("edit-last", ({ channel: id, thread: root }) => {
  const list = root ? thread : shown;
  const rows = [...list.timeline.rows.querySelectorAll(`[data-user="${store.me}"]:not(.ephemeral)`)];
  if (rows.length) emit("edit", { channel: id, ts: rows.at(-1).dataset.ts });
});
on("reveal", ({ ts }) => shown?.timeline?.reveal(ts));

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openSwitcher();
  }
  if (
    event.key === "Escape" &&
    thread &&
    !event.defaultPrevented &&
    !document.querySelector("dialog[open]") &&
    threadPane.contains(document.activeElement)
  )
    navigate({ channel: store.place.channel });
});
document.querySelector(".skip-link").addEventListener("click", (event) => {
  event.preventDefault(); // the address after # says where one is, so the link may not change it
  mainPane.focus();
});
document.addEventListener("visibilitychange", () => shown?.read?.());
addEventListener("hashchange", () => {
  following = following.then(follow, follow);
});

function unreachable(problem) {
  replace(
    mainPane,
    h(
      "div",
      { class: "beginning empty" },
      h("h2", {}, "The workspace cannot be reached"),
      h("p", {}, `The sandbox did not answer (${problem.code ?? problem}). `),
      h(
        "button",
        { type: "button", class: "button button-primary", on: { click: () => location.reload() } },
        "Try again",
      ),
    ),
  );
}

mountSidebar();
mountTopBar();
following = follow()
  .catch(unreachable)
  .then(() => {
    document.body.dataset.ready = user(store.me) ? "yes" : "no";
  });
