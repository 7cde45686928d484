/** Draws the interactive elements of Block Kit and reports what is pressed and chosen to their surface. */

import { h, link, safeUrl, uid } from "./dom.js";
import { icon } from "./icons.js";
import { fileInput, isMoment, momentInput, richTextInput, textInput } from "./inputs.js";
import { plainText, textObject, words } from "./mrkdwn.js";
import { showMenu } from "./popup.js";
import { isSelect, select } from "./selects.js";
import { store } from "./store.js";

/**
 * Where an element stands: {surface, block, id?, label?, describedby?, inInput, dispatches, clearable}.
 * Outside an input every choice goes to the app; inside one only if it dispatches.
 */
function reporter(element, place) {
  return (value, node) => {
    if (!place.inInput || place.dispatches) place.surface.act(place.block, element, value, node);
  };
}

const spinner = () => h("span", { class: "spinner", "aria-hidden": "true" });

function button(element, place) {
  const look = { primary: " button-primary", danger: " button-danger" }[element.style] ?? "";
  const node = h(
    "button",
    {
      type: "button",
      class: `button block-button${look}`,
      "aria-label": element.accessibility_label,
      data: { actionId: element.action_id, value: element.value },
    },
    spinner(),
    h("span", { class: "button-words" }, textObject(element.text)),
    element.url ? icon("external", 14) : null,
  );
  node.addEventListener("click", async () => {
    if (node.getAttribute("aria-busy")) return;
    const url = safeUrl(element.url);
    if (url) open(url, "_blank", "noopener");
    await place.surface.act(place.block, element, {}, node);
  });
  return node;
}

function overflow(element, place) {
  const node = h(
    "button",
    {
      type: "button",
      class: "icon-button overflow",
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      data: { actionId: element.action_id },
    },
    icon("more"),
  );
  const press = (option) => () => {
    const url = safeUrl(option.url);
    if (url) open(url, "_blank", "noopener");
    place.surface.act(place.block, element, { selected_option: option }, node);
  };
  node.addEventListener("click", () =>
    showMenu(
      node,
      element.options.map((option) => ({
        label: textObject(option.text),
        hint: option.description ? textObject(option.description) : null,
        data: { value: option.value },
        run: press(option),
      })),
      { align: "end", label: "More actions" },
    ),
  );
  return node;
}

/** Radio buttons and checkboxes share all but how many may stand. */
function choices(element, place) {
  const many = element.type === "checkboxes";
  const report = reporter(element, place);
  const standing = () => {
    const value = place.surface.value(place.block, element);
    return many ? (value.selected_options ?? []) : value.selected_option ? [value.selected_option] : [];
  };
  const name = uid("choice");
  const change = (option, node) => {
    const rest = standing().filter(({ value }) => value !== option.value);
    const next = !many
      ? [option]
      : element.options.filter(({ value }) =>
          value === option.value ? node.checked : rest.some((kept) => kept.value === value),
        );
    const value = many ? { selected_options: next } : { selected_option: option };
    place.surface.set(place.block, element, value);
    report(value, node.closest(".choices"));
  };
  const row = (option) => {
    const describes = option.description ? uid("describes") : null;
    const box = h("input", {
      type: many ? "checkbox" : "radio",
      name,
      checked: standing().some(({ value }) => value === option.value),
      data: { value: option.value },
      "aria-describedby": describes,
    });
    box.addEventListener("change", () => change(option, box));
    return h(
      "label",
      { class: "choice" },
      box,
      h(
        "span",
        { class: "choice-words" },
        h("span", { class: "rich" }, textObject(option.text)),
        option.description
          ? h("span", { class: "choice-hint rich", id: describes }, textObject(option.description))
          : null,
      ),
    );
  };
  return h(
    "div",
    {
      class: "choices",
      role: many ? "group" : "radiogroup",
      "aria-labelledby": place.labelId,
      "aria-describedby": place.describedby,
      data: { actionId: element.action_id, type: element.type },
    },
    element.options.map(row),
  );
}

function image(element) {
  const source =
    safeUrl(element.image_url ?? element.slack_file?.url) ??
    (element.slack_file?.id ? `/_control/file/${element.slack_file.id}/picture` : null);
  return h("img", { class: "image-element", src: source, alt: element.alt_text ?? "", loading: "lazy" });
}

function feedback(element, place) {
  const press = (choice, name) => {
    const label = words(choice.text?.text ?? "");
    const node = h(
      "button",
      {
        type: "button",
        class: "icon-button small",
        "aria-label": choice.accessibility_label ?? label,
        title: label,
        data: { actionId: element.action_id, value: choice.value },
      },
      spinner(),
      icon(name, 17),
    );
    node.addEventListener("click", () =>
      place.surface.act(place.block, element, { value: choice.value, text: choice.text }, node),
    );
    return node;
  };
  return h(
    "span",
    { class: "feedback" },
    press(element.positive_button, "thumbs_up"),
    press(element.negative_button, "thumbs_down"),
  );
}

function iconButton(element, place) {
  if (element.visible_to_user_ids && !element.visible_to_user_ids.includes(store.me)) return null;
  const label = element.accessibility_label ?? element.text?.text;
  const node = h(
    "button",
    {
      type: "button",
      class: "icon-button small",
      "aria-label": label,
      title: element.text?.text,
      data: { actionId: element.action_id },
    },
    spinner(),
    icon(element.icon, 17),
  );
  node.addEventListener("click", () => place.surface.act(place.block, element, {}, node));
  return node;
}

function workflowButton(element) {
  return h(
    "span",
    { class: "button" },
    h("span", { class: "button-words" }, textObject(element.text)),
    link(element.workflow?.trigger?.url, icon("external", 14)),
  );
}

/** Draw any element that may stand in an actions block, beside a section, on a card or in an input. */
export function drawElement(element, place) {
  const report = reporter(element, place);
  switch (element.type) {
    case "button":
      return button(element, place);
    case "workflow_button":
      return workflowButton(element);
    case "overflow":
      return overflow(element, place);
    case "checkboxes":
    case "radio_buttons":
      return choices(element, place);
    case "plain_text_input":
    case "email_text_input":
    case "url_text_input":
    case "number_input":
      return textInput(element, place, report);
    case "rich_text_input":
      return richTextInput(element, place, report);
    case "file_input":
      return fileInput(element, place, report);
    case "image":
      return image(element);
    case "feedback_buttons":
      return feedback(element, place);
    case "icon_button":
      return iconButton(element, place);
    case "mrkdwn":
      return h("span", { class: "rich" }, textObject(element));
    case "plain_text":
      return h("span", {}, plainText(element.text, element.emoji !== false));
    default:
      if (isSelect(element)) return select(element, place, report);
      if (isMoment(element)) return momentInput(element, place, report);
      return h("span", { class: "muted" }, `[${element.type}]`);
  }
}
