/** Draws the blocks of Block Kit on any surface. */

import { frame, picture } from "./blockframe.js";
import { card, carousel } from "./cards.js";
import { dataVisualization } from "./charts.js";
import { h, link, uid } from "./dom.js";
import { drawElement } from "./elements.js";
import { fileCard } from "./files.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { mrkdwn, textObject } from "./mrkdwn.js";
import { plan, taskCard } from "./plans.js";
import { richText } from "./richtext.js";
import { dataTable, table } from "./tables.js";

const LONG_TEXT = 700;

/** A long section folds, as in Slack, unless the app set `expand`. */
function foldable(nodes, object, expand) {
  const body = h("div", { class: "rich" }, nodes);
  const length = object.text.length;
  if (expand || length < LONG_TEXT) return body;
  body.classList.add("folded");
  const toggle = h(
    "button",
    {
      type: "button",
      class: "fold-toggle",
      "aria-expanded": "false",
      on: {
        click: () => {
          const folded = body.classList.toggle("folded");
          toggle.textContent = folded ? "See more" : "See less";
          toggle.setAttribute("aria-expanded", String(!folded));
        },
      },
    },
    "See more",
  );
  return [body, toggle];
}

function section(block, surface) {
  const accessory = block.accessory;
  const words = [
    block.text
      ? foldable(textObject(block.text), block.text, block.expand || surface.container.type !== "message")
      : null,
    block.fields
      ? h(
          "div",
          { class: "fields" },
          block.fields.map((field) => h("div", { class: "rich" }, textObject(field))),
        )
      : null,
  ];
  if (!accessory) return h("div", { class: "section" }, words);
  const side = accessory.type === "image" ? "accessory accessory-image" : "accessory";
  return h(
    "div",
    { class: "section with-accessory" },
    h("div", { class: "section-words" }, words),
    h("div", { class: side }, drawElement(accessory, { surface, block })),
  );
}

function imageBlock(block) {
  const url =
    block.image_url ??
    block.slack_file?.url ??
    (block.slack_file?.id ? `/_control/file/${block.slack_file.id}/picture` : null);
  return h(
    "figure",
    { class: "image-block" },
    block.title ? h("figcaption", {}, textObject(block.title)) : null,
    link(url, picture(url, block.alt_text, "image-picture")),
  );
}

function context(block, surface) {
  return h(
    "div",
    { class: "context" },
    block.elements.map((element) => drawElement(element, { surface, block })),
  );
}

function actions(block, surface) {
  return h(
    "div",
    { class: "actions" },
    block.elements.map((element) => drawElement(element, { surface, block })),
  );
}

const GROUPED = new Set(["radio_buttons", "checkboxes"]);

function input(block, surface) {
  const { element } = block;
  const ids = { field: uid("field"), label: uid("label"), hint: uid("hint"), error: uid("error") };
  const place = {
    surface,
    block,
    id: ids.field,
    labelId: ids.label,
    label: block.label.text,
    inInput: true,
    dispatches: Boolean(block.dispatch_action),
    clearable: Boolean(block.optional),
    describedby: `${ids.error}${block.hint ? ` ${ids.hint}` : ""}`,
  };
  const grouped = GROUPED.has(element.type);
  return h(
    "div",
    { class: "input-block" },
    h(
      grouped ? "span" : "label",
      { class: "input-label", id: ids.label, for: grouped ? null : ids.field },
      textObject(block.label),
      block.optional ? h("span", { class: "optional" }, "optional") : null,
    ),
    drawElement(element, place),
    h("p", { class: "field-error", id: ids.error, role: "alert", hidden: true }),
    block.hint ? h("p", { class: "input-hint", id: ids.hint }, textObject(block.hint)) : null,
  );
}

const LEVELS = { 1: "header-1", 2: "header-2", 3: "header-3", 4: "header-4" };

function header(block) {
  return h("h3", { class: `header-block ${LEVELS[block.level] ?? ""}` }, textObject(block.text));
}

function alert(block) {
  const level = block.level ?? "default";
  const sign = { info: "info", warning: "warning", error: "error", success: "success" }[level] ?? "info";
  return h(
    "div",
    { class: `alert alert-${level}`, role: level === "error" ? "alert" : "note" },
    icon(sign, 18),
    h("div", { class: "rich" }, textObject(block.text)),
  );
}

function container(block, surface) {
  const title = block.rich_text_title ? richText(block.rich_text_title) : textObject(block.title);
  const head = [
    block.icon?.image_url ? picture(block.icon.image_url, block.icon.alt_text, "card-icon") : null,
    h(
      "span",
      { class: "container-names" },
      h("span", { class: "container-title" }, title),
      block.subtitle ? h("span", { class: "container-subtitle" }, textObject(block.subtitle)) : null,
    ),
  ];
  const inside = h("div", { class: "container-inside" }, drawBlocks(block.child_blocks, surface));
  const look = `container container-${block.width ?? "standard"}${block.has_header_divider ? " divided" : ""}`;
  if (!block.is_collapsible)
    return h(
      "section",
      { class: look },
      block.title || block.rich_text_title ? h("div", { class: "container-head" }, head) : null,
      inside,
    );
  return h(
    "details",
    { class: look, open: !block.default_collapsed },
    h("summary", { class: "container-head" }, icon("right", 15), head),
    inside,
  );
}

function video(block) {
  return h(
    "figure",
    { class: "video" },
    h(
      "div",
      { class: "video-from" },
      block.provider_icon_url ? picture(block.provider_icon_url, "", "video-provider") : null,
      [block.author_name, block.provider_name].filter(Boolean).join(" · "),
    ),
    h("figcaption", {}, block.title_url ? link(block.title_url, textObject(block.title)) : textObject(block.title)),
    block.description ? h("div", { class: "muted rich" }, textObject(block.description)) : null,
    link(
      block.video_url,
      h(
        "span",
        { class: "video-frame" },
        picture(block.thumbnail_url, block.alt_text, "video-thumb"),
        h("span", { class: "video-play" }, icon("play", 26)),
      ),
    ),
  );
}

const file = (block) =>
  block.file
    ? fileCard(block.file)
    : h("div", { class: "file-card" }, icon("file", 22), h("span", { class: "file-name" }, block.external_id));

const DRAW = {
  section,
  header,
  context,
  actions,
  input,
  alert,
  card,
  carousel,
  container,
  plan,
  video,
  table,
  file,
  divider: () => h("hr", { class: "divider" }),
  image: imageBlock,
  rich_text: richText,
  markdown: (block) => markdown(block.text),
  context_actions: actions,
  data_table: dataTable,
  data_visualization: dataVisualization,
  task_card: taskCard,
};

export function drawBlocks(blocks, surface) {
  return (blocks ?? []).map((block) => {
    const draw = DRAW[block.type];
    return frame(block, draw ? draw(block, surface) : h("p", { class: "muted" }, `[${block.type}]`));
  });
}

/** A legacy attachment: a coloured bar beside blocks or text. */
export function drawAttachment(attachment, surface) {
  const bar =
    { good: "var(--green)", warning: "var(--amber)", danger: "var(--red)" }[attachment.color] ??
    (attachment.color ? `#${attachment.color.replace("#", "")}` : "var(--line-strong)");
  return h(
    "div",
    { class: "attachment", style: { "--bar": CSS.supports("color", bar) ? bar : "var(--line-strong)" } },
    attachment.pretext ? h("div", { class: "rich" }, mrkdwn(attachment.pretext)) : null,
    attachment.author_name ? h("div", { class: "muted" }, attachment.author_name) : null,
    attachment.title
      ? h(
          "div",
          { class: "attachment-title" },
          attachment.title_link ? link(attachment.title_link, attachment.title) : attachment.title,
        )
      : null,
    attachment.blocks
      ? drawBlocks(attachment.blocks, surface)
      : attachment.text
        ? h("div", { class: "rich" }, mrkdwn(attachment.text))
        : null,
    attachment.fields
      ? h(
          "div",
          { class: "fields" },
          attachment.fields.map((field) =>
            h("div", { class: "rich" }, h("b", {}, field.title), "\n", mrkdwn(field.value)),
          ),
        )
      : null,
    attachment.footer ? h("div", { class: "muted" }, attachment.footer) : null,
  );
}
