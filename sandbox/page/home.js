/** The app's Home tab. */

import { drawBlocks } from "./blocks.js";
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./mentions.js";
import { tabs } from "./pane.js";
import { nameOf, store, user } from "./store.js";
import { surfaceFor } from "./surface.js";

export class Home {
  constructor() {
    this.body = h("div", { class: "home-body" });
    const app = user(store.app.bot_user_id);
    this.node = h(
      "section",
      { class: "conversation home", "aria-label": `${store.app.name} Home`, data: { home: "" } },
      h(
        "div",
        { class: "pane-top" },
        h(
          "header",
          { class: "pane-head" },
          h(
            "div",
            { class: "pane-names" },
            h(
              "div",
              { class: "pane-name" },
              avatar(app, 26),
              h("h1", {}, nameOf(app) || store.app.name),
              h("span", { class: "badge badge-app" }, "App"),
            ),
            h("div", { class: "pane-topic" }, store.app.description),
          ),
        ),
        tabs("home"),
      ),
      h("div", { class: "scroller home-scroller", tabindex: "0" }, this.body),
    );
    this.draw();
  }

  draw() {
    const view = store.home;
    if (!view) {
      replace(
        this.body,
        h(
          "div",
          { class: "beginning empty" },
          h("span", { class: "beginning-sign" }, icon("home", 28)),
          h("h2", {}, "Nothing here yet"),
          h(
            "p",
            {},
            store.app.connected
              ? "The app has not published its Home for you."
              : "The app is not connected. Start it, then come back.",
          ),
        ),
      );
      return;
    }
    if (this.hash === view.hash && this.viewId === view.id) return;
    const surface = surfaceFor(`home/${store.me}`, { type: "home" }).show(view.blocks);
    this.hash = view.hash;
    this.viewId = view.id;
    const keep = this.body.parentElement.scrollTop;
    this.body.dataset.viewId = view.id;
    replace(this.body, drawBlocks(view.blocks, surface));
    this.body.parentElement.scrollTop = keep;
  }
}
