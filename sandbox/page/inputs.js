/** The elements one types into: text, number, e-mail, link, rich text, dates, times and files. */

import { upload } from "./api.js";
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { toRichText } from "./mrkdwn.js";
import { richWords } from "./richtext.js";
import { explain } from "./surface.js";
import { store, zone } from "./store.js";
import { fromLocalInput, toLocalInput } from "./time.js";

const placeholder = (element) => element.placeholder?.text ?? null;

const common = (element, place) => ({
  id: place.id,
  "aria-label": place.label ? null : (placeholder(element) ?? element.action_id),
  "aria-describedby": place.describedby,
  data: { actionId: element.action_id, type: element.type },
  autofocus: element.focus_on_load || null,
});

/** How many letters are left, shown when the end comes near or a minimum is not reached. */
function counter(element, field) {
  const { max_length: most, min_length: least } = element;
  if (!most && !least) return null;
  const shown = h("span", { class: "counter", "aria-live": "polite" });
  const count = () => {
    const { length } = field.value;
    shown.classList.toggle("over", Boolean(most && length > most));
    if (most) shown.textContent = `${length} / ${most}`;
    else shown.textContent = length && length < least ? `${least - length} more` : "";
  };
  field.addEventListener("input", count);
  count();
  return shown;
}

function grow(field) {
  const fit = () => {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, 320)}px`;
  };
  field.addEventListener("input", fit);
  requestAnimationFrame(fit);
}

/** Tell the app at Enter or at each letter, as dispatch_action_config asks. */
function dispatchTyped(element, field, value, change) {
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  let timer = 0;
  if (when.includes("on_character_entered")) {
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => change(value(), field), 300);
    });
  }
  if (when.includes("on_enter_pressed")) {
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || (element.multiline && event.shiftKey) || event.isComposing) return;
      event.preventDefault();
      change(value(), field);
    });
  }
}

const INPUT_TYPE = { email_text_input: "email", url_text_input: "url", number_input: "text", plain_text_input: "text" };

export function textInput(element, place, change) {
  const tag = element.multiline ? "textarea" : "input";
  const field = h(tag, {
    ...common(element, place),
    class: "field",
    placeholder: placeholder(element),
    value: place.surface.value(place.block, element)?.value ?? "",
    type: tag === "input" ? INPUT_TYPE[element.type] : null,
    rows: element.multiline ? 4 : null,
    autocomplete: "off",
    inputmode: element.type === "number_input" ? (element.is_decimal_allowed ? "decimal" : "numeric") : null,
  });
  const value = () => ({ value: field.value === "" ? null : field.value });
  field.addEventListener("input", () => place.surface.set(place.block, element, value()));
  if (place.dispatches) dispatchTyped(element, field, value, change);
  if (element.multiline) grow(field);
  return h("div", { class: "field-frame" }, field, counter(element, field));
}

const FORMATS = [
  ["B", "*", "Bold"],
  ["I", "_", "Italic"],
  ["S", "~", "Strikethrough"],
  ["<>", "`", "Code"],
];

function wrapSelection(field, mark) {
  const { selectionStart: from, selectionEnd: to, value } = field;
  field.setRangeText(mark + value.slice(from, to) + mark, from, to, "select");
  field.setSelectionRange(from + mark.length, to + mark.length);
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function richTextInput(element, place, change) {
  const standing = place.surface.value(place.block, element)?.rich_text_value;
  const field = h("textarea", {
    ...common(element, place),
    class: "field",
    rows: element.min_lines ?? 4,
    placeholder: placeholder(element),
    value: standing ? richWords(standing) : "",
  });
  const value = () => ({ rich_text_value: field.value.trim() ? toRichText(field.value) : null });
  field.addEventListener("input", () => place.surface.set(place.block, element, value()));
  if (place.dispatches) dispatchTyped({ ...element, multiline: true }, field, value, change);
  grow(field);
  const tools = FORMATS.map(([sign, mark, name]) =>
    h(
      "button",
      {
        type: "button",
        class: `format format-${name.toLowerCase()}`,
        "aria-label": name,
        title: name,
        on: { click: () => wrapSelection(field, mark) },
      },
      sign,
    ),
  );
  return h("div", { class: "rich-field" }, h("div", { class: "rich-tools" }, tools), field);
}

const MOMENTS = {
  datepicker: { type: "date", key: "selected_date", read: (value) => value ?? "", write: (text) => text || null },
  timepicker: { type: "time", key: "selected_time", read: (value) => value ?? "", write: (text) => text || null },
  datetimepicker: {
    type: "datetime-local",
    key: "selected_date_time",
    read: (value) => (value ? toLocalInput(value, zone()) : ""),
    write: (text) => fromLocalInput(text, zone()),
  },
};

export const isMoment = (element) => element.type in MOMENTS;

export function momentInput(element, place, change) {
  const { type, key, read, write } = MOMENTS[element.type];
  const field = h("input", {
    ...common(element, place),
    type,
    class: "field field-moment",
    value: read(place.surface.value(place.block, element)?.[key]),
  });
  const keep = () => ({ [key]: write(field.value), ...(element.timezone ? { timezone: element.timezone } : {}) });
  field.addEventListener("input", () => place.surface.set(place.block, element, keep()));
  field.addEventListener("change", () => change(keep(), field));
  return h(
    "div",
    { class: "field-frame field-frame-moment" },
    field,
    element.timezone ? h("span", { class: "field-note" }, element.timezone) : null,
  );
}

const bytes = (size) => (size > 1e6 ? `${(size / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(size / 1e3))} kB`);

export function fileInput(element, place, change) {
  const most = element.max_files ?? 10;
  const list = h("ul", { class: "file-rows" });
  const problem = h("p", { class: "field-error", role: "alert", hidden: true });
  const pickField = h("input", {
    ...common(element, place),
    type: "file",
    class: "file-native",
    multiple: most > 1,
    accept: element.filetypes?.map((type) => `.${type}`).join(","),
  });
  const files = () => place.surface.value(place.block, element)?.files ?? [];
  const keep = (next) => {
    place.surface.set(place.block, element, { files: next });
    draw();
    change({ files: next }, pickField);
  };
  const draw = () =>
    replace(
      list,
      files().map((file) =>
        h(
          "li",
          { class: "file-row" },
          icon("file", 18),
          h("span", { class: "file-row-name" }, file.name),
          h("span", { class: "muted" }, bytes(file.size ?? 0)),
          h(
            "button",
            {
              type: "button",
              class: "icon-button small",
              "aria-label": `Remove ${file.name}`,
              on: { click: () => keep(files().filter(({ id }) => id !== file.id)) },
            },
            icon("close", 14),
          ),
        ),
      ),
    );
  pickField.addEventListener("change", async () => {
    problem.hidden = true;
    try {
      for (const file of [...pickField.files].slice(0, most - files().length))
        keep([...files(), await upload({ as: store.me }, file)]);
    } catch (refusal) {
      problem.textContent = explain(refusal.code);
      problem.hidden = false;
    }
    pickField.value = "";
  });
  draw();
  return h(
    "div",
    { class: "file-input" },
    list,
    h(
      "label",
      { class: "file-drop" },
      pickField,
      icon("clip", 18),
      h("span", {}, most > 1 ? "Add files" : "Add a file"),
    ),
    problem,
  );
}
