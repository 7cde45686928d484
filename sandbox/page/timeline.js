/** A list of messages that keeps its place: day lines, the new-message line, grouping, and sticking to the end. */

import { h, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { drawMessage, isSystem } from "./message.js";
import { isPinned, now, store, zone } from "./store.js";
import { dayKey, dayLabel } from "./time.js";

const GROUP_SECONDS = 5 * 60;
const NEAR = 80;

const author = (message) => `${message.user ?? message.bot_id}/${message.username ?? ""}`;

function continues(channel, before, message) {
  return (
    before &&
    author(before) === author(message) &&
    Number(message.ts) - Number(before.ts) < GROUP_SECONDS &&
    !isSystem(message) &&
    !isSystem(before) &&
    Boolean(before.ephemeral) === Boolean(message.ephemeral) &&
    !isPinned(channel, message) &&
    message.subtype !== "thread_broadcast" &&
    !before.reply_count
  );
}

/** What a drawn message depends on besides itself: who looks, from which day, and how its people are called. */
function circumstances(channel, message) {
  return [store.me, zone(), dayKey(now(), zone()), store.peopleVersion, isPinned(channel, message)];
}

const line = (className, label) =>
  h("div", { class: className, role: "separator", "aria-label": label }, h("span", {}, label));

export class Timeline {
  /** `newAfter` is the ts after which messages were unread when the list was opened. */
  constructor({ channel, inThread = false, onOlder, onRead }) {
    this.channel = channel;
    this.inThread = inThread;
    this.newAfter = null;
    this.editing = null;
    this.rows = h("div", { class: "rows" });
    this.top = h("div", { class: "rows-top" });
    this.jump = h(
      "button",
      { type: "button", class: "jump", hidden: true, on: { click: () => this.toEnd() } },
      icon("down", 15),
      h("span", {}, "New messages"),
    );
    this.scroller = h(
      "div",
      { class: "scroller", tabindex: "0", role: "log", "aria-label": inThread ? "Replies" : "Messages" },
      h("div", { class: "scroller-fill" }),
      this.top,
      this.rows,
    );
    this.node = h("div", { class: "timeline" }, this.scroller, this.jump);
    this.stuck = true;
    this.scroller.addEventListener(
      "scroll",
      () => {
        this.stuck = this.distance() < NEAR;
        if (this.stuck) {
          this.jump.hidden = true;
          onRead?.();
        }
        if (this.scroller.scrollTop < NEAR) onOlder?.();
      },
      { passive: true },
    );
    this.scroller.addEventListener("keydown", (event) => this.walk(event));
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(this.rows);
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(this.scroller);
  }

  /** Arrow keys go from message to message; Tab then reaches what is in it. */
  walk(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !(event.target === this.scroller || event.target.matches(".message"))) return;
    const messages = [...this.rows.querySelectorAll(".message")];
    const at = messages.indexOf(document.activeElement);
    const next = at < 0 ? messages.at(-1) : messages[at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  distance() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.stuck = true;
    this.jump.hidden = true;
  }

  *plan(messages) {
    let before = null;
    let lined = false;
    for (const message of messages) {
      const at = Number(message.ts);
      if (!before || dayKey(Number(before.ts), zone()) !== dayKey(at, zone())) {
        const label = dayLabel(at, now(), zone());
        if (!this.inThread)
          yield { key: `day ${dayKey(at, zone())}`, mark: label, build: () => line("day-line", label) };
        before = null;
      }
      if (!lined && this.newAfter && message.ts > this.newAfter && message.user !== store.me) {
        lined = true;
        yield { key: "new", mark: "new", build: () => line("new-line", "New") };
        before = null;
      }
      yield this.row(message, Boolean(continues(this.channel, before, message)));
      if (this.inThread && before === null && message.ts === message.thread_ts && messages.length > 1) {
        const label = `${messages.length - 1} ${messages.length === 2 ? "reply" : "replies"}`;
        yield { key: "replies", mark: label, build: () => line("reply-line", label) };
      } else before = message;
    }
  }

  row(message, grouped) {
    const editing = this.editing === message.ts;
    return {
      key: message.ts,
      mark: JSON.stringify([message, grouped, editing, circumstances(this.channel, message)]),
      build: () => drawMessage(this.channel, message, { grouped, inThread: this.inThread, editing }),
    };
  }

  show(messages, { older = false, arrived = null } = {}) {
    const keep = this.scroller.scrollHeight - this.scroller.scrollTop;
    reconcile(this.rows, [...this.plan(messages)]);
    if (older) this.scroller.scrollTop = this.scroller.scrollHeight - keep;
    else if (this.stuck || arrived?.user === store.me) this.toEnd();
    else if (arrived) this.jump.hidden = false;
  }

  /** Bring a message into view and let it glow for a moment. */
  reveal(ts) {
    const row = this.rows.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    if (!row) return;
    this.stuck = false;
    row.scrollIntoView({ block: "center" });
    row.classList.add("glow");
    row.addEventListener("animationend", () => row.classList.remove("glow"), { once: true });
  }
}
