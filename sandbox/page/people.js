/** Switching who one acts as, people's profiles, and starting a direct message. */

import { post } from "./api.js";
import { closeButton, showDialog } from "./dialogs.js";
import { h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { avatar, badges } from "./mentions.js";
import { arrowKeys, closePopup, showPopup } from "./popup.js";
import { emit, nameOf, now, on, store, user } from "./store.js";
import { timeOfDay } from "./time.js";

const city = (tz) => (tz || "UTC").split("/").at(-1).replace(/_/g, " ");
const humans = () =>
  [...store.users.values()]
    .filter((person) => !person.is_bot)
    .sort((a, b) => Number(a.deleted) - Number(b.deleted) || nameOf(a).localeCompare(nameOf(b)));

function personRow(person, run, selected) {
  return h(
    "button",
    {
      type: "button",
      role: "menuitemradio",
      "aria-checked": String(Boolean(selected)),
      class: `person-row${selected ? " selected" : ""}`,
      disabled: run ? null : true,
      data: { actAs: person.id },
      on: { click: run },
    },
    avatar(person, 34),
    h(
      "span",
      { class: "person-words" },
      h("span", { class: "person-name" }, nameOf(person), " ", badges(person)),
      h("span", { class: "muted" }, person.title || person.name),
    ),
    h(
      "span",
      { class: "person-time" },
      h("b", {}, timeOfDay(now(), person.tz || "UTC")),
      h("span", { class: "muted" }, city(person.tz)),
    ),
    selected ? icon("check", 16) : null,
  );
}

function actAsMenu(anchor) {
  const rows = humans().map((person) =>
    personRow(
      person,
      person.deleted
        ? null
        : () => {
            closePopup();
            emit("act-as", { id: person.id });
          },
      person.id === store.me,
    ),
  );
  const panel = showPopup(anchor, [h("div", { class: "popup-title" }, "Act as"), rows], {
    label: "Act as",
    role: "menu",
    className: "people-panel",
  });
  if (!panel) return;
  arrowKeys(panel, ".person-row:not(:disabled)");
  (panel.querySelector(".selected") ?? panel.querySelector(".person-row")).focus({ preventScroll: true });
}

/** The button at the top of the sidebar that says who one is. */
export function actAsButton() {
  const person = user(store.me);
  return h(
    "button",
    {
      type: "button",
      class: "act-as",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": `Acting as ${nameOf(person)}. Switch person`,
      data: { actAsButton: store.me },
      on: { click: (event) => actAsMenu(event.currentTarget) },
    },
    avatar(person, 34),
    h(
      "span",
      { class: "act-as-words" },
      h("span", { class: "act-as-label" }, "Acting as"),
      h("span", { class: "act-as-name" }, nameOf(person)),
      h("span", { class: "act-as-zone" }, `${city(person?.tz)}${person?.title ? ` · ${person.title}` : ""}`),
    ),
    icon("down", 16),
  );
}

export async function writeTo(id) {
  const answer = await post("open_dm", { as: store.me, users: [id] });
  emit("go", { channel: answer.channel?.id ?? answer.channel });
}

export function newMessageMenu(anchor) {
  const rows = humans()
    .filter(({ id, deleted }) => id !== store.me && !deleted)
    .map((person) =>
      personRow(person, () => {
        closePopup();
        writeTo(person.id);
      }),
    );
  const panel = showPopup(anchor, [h("div", { class: "popup-title" }, "New message to"), rows], {
    label: "New message to",
    role: "menu",
    className: "people-panel",
  });
  if (!panel) return;
  arrowKeys(panel, ".person-row");
  panel.querySelector(".person-row")?.focus({ preventScroll: true });
}

on("profile", ({ id }) => {
  const person = user(id);
  closePopup();
  const labelledby = uid("profile");
  const fact = (label, value) => (value ? h("div", { class: "fact" }, h("dt", {}, label), h("dd", {}, value)) : null);
  const button = (label, run, look = "") =>
    h(
      "button",
      {
        type: "button",
        class: `button ${look}`,
        on: {
          click: () => {
            dialog.close();
            run();
          },
        },
      },
      label,
    );
  const dialog = showDialog(
    h(
      "div",
      { class: "profile" },
      closeButton(() => dialog.close()),
      avatar(person, 84),
      h("h2", { id: labelledby }, nameOf(person), " ", badges(person)),
      person.title ? h("p", { class: "muted" }, person.title) : null,
      h(
        "dl",
        { class: "facts" },
        fact("Full name", person.real_name),
        fact("Handle", `@${person.name}`),
        person.is_bot ? null : fact("Local time", `${timeOfDay(now(), person.tz || "UTC")} · ${person.tz}`),
        fact("Member id", person.id),
      ),
      h(
        "div",
        { class: "profile-tools" },
        id === store.me
          ? null
          : button(
              "Message",
              () => (person.id === store.app?.bot_user_id ? emit("go", { appMessages: true }) : writeTo(id)),
              "button-primary",
            ),
        id === store.me || person.is_bot || person.deleted
          ? null
          : button(`Act as ${nameOf(person).split(" ")[0]}`, () => emit("act-as", { id })),
      ),
    ),
    { labelledby, className: "light-dismiss profile-dialog" },
  );
});
