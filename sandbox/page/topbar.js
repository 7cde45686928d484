/** The bar across the top: jump to a conversation, the workspace's clock, light and dark. */

import { post } from "./api.js";
import { shortcutItems } from "./composer.js";
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { closePopup, showMenu, showPopup } from "./popup.js";
import { emit, now, on, store, zone } from "./store.js";
import { explain } from "./surface.js";
import { openSwitcher } from "./switcher.js";
import { toggleTheme } from "./theme.js";
import { fromLocalInput, shortDay, span, timeOfDay, toLocalInput } from "./time.js";

const HOUR = 3600;
const DAY = 24 * HOUR;
const bar = document.getElementById("top-bar");
const face = h("span", { class: "clock-face" });
const ahead = h("span", { class: "clock-ahead", hidden: true });

const move = (body) =>
  post("clock", body).catch((problem) => emit("toast", { level: "error", text: explain(problem.code) }));

const MOVES = [
  { label: "+1 hour", run: () => move({ advance: HOUR }) },
  { label: "Tomorrow 9:00", run: () => move({ to: "tomorrow 09:00", as: store.me }) },
  { label: "+1 week", run: () => move({ advance: 7 * DAY }) },
];

on("move-clock", (to) => move({ to, as: store.me }));

function pickMoment(anchor) {
  const field = h("input", {
    type: "datetime-local",
    class: "field",
    value: toLocalInput(now(), zone()),
    "aria-label": "Moment",
  });
  const go = () => {
    const moment = fromLocalInput(field.value, zone());
    closePopup(true);
    if (moment) move({ to: moment });
  };
  showPopup(
    anchor,
    h(
      "div",
      { class: "moment-panel" },
      h("div", { class: "popup-title" }, `Move the clock to (${zone()})`),
      field,
      h("button", { type: "button", class: "button button-primary", on: { click: go } }, "Move the clock"),
    ),
    { label: "Move the clock", align: "end" },
  );
  field.focus();
}

function moreMoves(anchor) {
  const { frozen, offset } = store.clock;
  showMenu(
    anchor,
    [
      { heading: "Workspace clock" },
      ...MOVES,
      "-",
      { label: "+10 minutes", run: () => move({ advance: 600 }) },
      { label: "+1 day", run: () => move({ advance: DAY }) },
      { label: "+30 days", run: () => move({ advance: 30 * DAY }) },
      { label: "Pick a moment…", run: () => pickMoment(anchor) },
      "-",
      { label: frozen ? "Let the clock run" : "Stop the clock", run: () => move({ freeze: !frozen }) },
      Math.abs(offset) > 1 || frozen
        ? { label: "Back to real time", hint: "Messages from the future stay", run: () => move({ reset: true }) }
        : null,
    ],
    { align: "end", label: "Workspace clock" },
  );
}

function tick() {
  const { offset, frozen } = store.clock;
  const moved = Math.abs(offset) >= 45;
  const words = `${shortDay(now(), zone())}, ${timeOfDay(now(), zone())}`;
  if (face.textContent !== words) face.textContent = words;
  ahead.hidden = !moved && !frozen;
  ahead.textContent =
    frozen && !moved ? "stopped" : `${span(offset)} ${offset < 0 ? "behind" : "ahead"}${frozen ? ", stopped" : ""}`;
}

export function mountTopBar() {
  const jump = h(
    "button",
    { type: "button", class: "jump-to", "aria-keyshortcuts": "Control+K Meta+K", on: { click: openSwitcher } },
    icon("search", 16),
    h("span", {}, "Jump to…"),
    h("kbd", {}, "Ctrl K"),
  );
  const bolt = h(
    "button",
    {
      type: "button",
      class: "top-button",
      "aria-label": "Shortcuts of the app",
      title: "Shortcuts of the app",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      data: { shortcuts: "" },
      on: {
        click: () => {
          const items = shortcutItems();
          showMenu(
            bolt,
            items.length ? [{ heading: "Shortcuts" }, ...items] : [{ heading: "The app has no shortcuts" }],
            { label: "Shortcuts of the app" },
          );
        },
      },
    },
    icon("bolt", 18),
  );
  const more = h(
    "button",
    {
      type: "button",
      class: "clock-button clock-more",
      "aria-label": "More clock controls",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      on: { click: () => moreMoves(more) },
    },
    icon("more", 16),
  );
  const clock = h(
    "div",
    { class: "clock", role: "group", "aria-label": "Workspace clock" },
    icon("clock", 16),
    face,
    ahead,
    h(
      "span",
      { class: "clock-moves" },
      MOVES.map(({ label, run }) => h("button", { type: "button", class: "clock-button", on: { click: run } }, label)),
    ),
    more,
  );
  const theme = h(
    "button",
    {
      type: "button",
      class: "top-button",
      "aria-label": "Light or dark",
      title: "Light or dark",
      on: { click: toggleTheme },
    },
    icon("sun", 18),
    icon("moon", 18),
  );
  const drawer = h(
    "button",
    {
      type: "button",
      class: "top-button top-drawer",
      "aria-label": "Show channels",
      on: { click: () => emit("drawer", true) },
    },
    icon("menu"),
  );
  replace(bar, drawer, h("div", { class: "top-jump" }, jump, bolt), h("div", { class: "top-end" }, clock, theme));
  on("clock people", tick);
  setInterval(tick, 1000);
}
