/** The panel beside the conversation that shows one thread. */

import { closeButton } from "./dialogs.js";
import { Composer } from "./composer.js";
import { h } from "./dom.js";
import { channel as roomOf, channelTitle, emit, store, threadKey } from "./store.js";
import { Timeline } from "./timeline.js";

export class Thread {
  constructor(channelId, ts) {
    this.channel = channelId;
    this.ts = ts;
    const room = roomOf(channelId);
    this.timeline = new Timeline({ channel: channelId, inThread: true });
    this.composer = room.is_archived || room.is_member === false ? null : new Composer(channelId, ts);
    this.node = h(
      "section",
      { class: "thread", data: { openThread: ts } },
      h(
        "header",
        { class: "pane-head" },
        h(
          "div",
          { class: "pane-names" },
          h("h2", {}, "Thread"),
          h("div", { class: "pane-topic" }, room.kind === "im" ? channelTitle(room) : `#${channelTitle(room)}`),
        ),
        closeButton(() => emit("go", { channel: channelId }), "Close thread"),
      ),
      this.timeline.node,
      h("div", { class: "pane-foot" }, this.composer?.node),
    );
  }

  draw(how = {}) {
    const messages = store.threads.get(threadKey(this.channel, this.ts));
    if (messages) this.timeline.show([...messages.values()], how);
  }

  edit(ts) {
    this.timeline.editing = ts;
    this.draw();
    if (!ts) this.composer?.focus();
  }
}
