/** Draws the blocks of Block Kit on any surface. */

import { dataVisualization } from "./charts.js";
import { h, link, safeUrl, uid } from "./dom.js";
import { drawElement } from "./elements.js";
import { fileCard } from "./files.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { mrkdwn, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { dataTable, table } from "./tables.js";

const LONG_TEXT = 700;

/** A long section folds, as in Slack, unless the app set `expand`. */
function foldable(nodes, object, expand) {
  const body = h("div", { class: "rich" }, nodes);
  const length = object.text.length;
  if (expand || length < LONG_TEXT) return body;
  body.classList.add("folded");
  const toggle = h("button", { type: "button", class: "fold-toggle", "aria-expanded": "false", on: { click: () => {
    const folded = body.classList.toggle("folded");
    toggle.textContent = folded ? "See more" : "See less";
    toggle.setAttribute("aria-expanded", String(!folded));
  } } }, "See more");
  return [body, toggle];
}

function section(block, surface) {
  const accessory = block.accessory;
  const words = [
    block.text ? foldable(textObject(block.text), block.text, block.expand || surface.container.type !== "message") : null,
    block.fields ? h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "rich" }, textObject(field)))) : null,
  ];
  if (!accessory) return h("div", { class: "section" }, words);
  const side = accessory.type === "image" ? "accessory accessory-image" : "accessory";
  return h("div", { class: "section with-accessory" }, h("div", { class: "section-words" }, words), h("div", { class: side }, drawElement(accessory, { surface, block })));
}

function picture(url, alt, className) {
  const source = safeUrl(url);
  const image = h("img", { class: className, src: source, alt, loading: "lazy" });
  image.addEventListener("error", () => image.replaceWith(h("span", { class: "image-missing" }, icon("file", 18), alt || "Picture")));
  return image;
}

function imageBlock(block) {
  const url = block.image_url ?? block.slack_file?.url ?? (block.slack_file?.id ? `/_control/file/${block.slack_file.id}/picture` : null);
  return h("figure", { class: "image-block" }, block.title ? h("figcaption", {}, textObject(block.title)) : null, link(url, picture(url, block.alt_text, "image-picture")));
}

function context(block, surface) {
  return h("div", { class: "context" }, block.elements.map((element) => drawElement(element, { surface, block })));
}

function actions(block, surface) {
  return h("div", { class: "actions" }, block.elements.map((element) => drawElement(element, { surface, block })));
}

const GROUPED = new Set(["radio_buttons", "checkboxes"]);

function input(block, surface) {
  const { element } = block;
  const ids = { field: uid("field"), label: uid("label"), hint: uid("hint"), error: uid("error") };
  const place = {
    surface, block, id: ids.field, labelId: ids.label, label: block.label.text, inInput: true,
    dispatches: Boolean(block.dispatch_action), clearable: Boolean(block.optional), describedby: `${ids.error}${block.hint ? ` ${ids.hint}` : ""}`,
  };
  const grouped = GROUPED.has(element.type);
  return h("div", { class: "input-block" },
    h(grouped ? "span" : "label", { class: "input-label", id: ids.label, for: grouped ? null : ids.field }, textObject(block.label), block.optional ? h("span", { class: "optional" }, "optional") : null),
    drawElement(element, place),
    h("p", { class: "field-error", id: ids.error, role: "alert", hidden: true }),
    block.hint ? h("p", { class: "input-hint", id: ids.hint }, textObject(block.hint)) : null);
}

const LEVELS = { 1: "header-1", 2: "header-2", 3: "header-3", 4: "header-4" };

function header(block) {
  return h("h3", { class: `header-block ${LEVELS[block.level] ?? ""}` }, textObject(block.text));
}

function alert(block) {
  const level = block.level ?? "default";
  const sign = { info: "info", warning: "warning", error: "error", success: "success" }[level] ?? "info";
  return h("div", { class: `alert alert-${level}`, role: level === "error" ? "alert" : "note" }, icon(sign, 18), h("div", { class: "rich" }, textObject(block.text)));
}

function card(block, surface) {
  const hero = block.hero_image;
  const face = block.icon ?? block.slack_icon;
  return h("article", { class: "card" },
    hero ? picture(hero.image_url ?? hero.slack_file?.url, hero.alt_text, "card-hero") : null,
    h("div", { class: "card-inside" },
      face || block.title || block.subtitle
        ? h("div", { class: "card-top" }, face?.image_url ? picture(face.image_url, face.alt_text, "card-icon") : face?.name ? icon(face.name, 22) : null,
          h("div", { class: "card-names" }, block.title ? h("div", { class: "card-title" }, textObject(block.title)) : null, block.subtitle ? h("div", { class: "card-subtitle" }, textObject(block.subtitle)) : null))
        : null,
      block.body ? h("div", { class: "card-body rich" }, textObject(block.body)) : null,
      block.subtext ? h("div", { class: "card-subtext rich" }, textObject(block.subtext)) : null,
      block.actions?.length ? h("div", { class: "actions" }, block.actions.map((element) => drawElement(element, { surface, block }))) : null));
}

function carousel(block, surface) {
  const track = h("div", { class: "carousel-track", tabindex: "0", role: "group", "aria-label": "Cards" }, block.elements.map((item) => frame(item, card(item, surface))));
  const slide = (way) => () => track.scrollBy({ left: way * 260, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  const arrows = [];
  const settle = () => {
    const [back, on] = arrows;
    back.hidden = track.scrollLeft < 4;
    on.hidden = track.scrollLeft + track.clientWidth > track.scrollWidth - 4;
  };
  const arrow = (way, name, label) => h("button", { type: "button", class: `icon-button carousel-${way < 0 ? "back" : "on"}`, "aria-label": label, on: { click: slide(way) } }, icon(name));
  arrows.push(arrow(-1, "back", "Previous cards"), arrow(1, "right", "Next cards"));
  track.addEventListener("scroll", settle, { passive: true });
  new ResizeObserver(settle).observe(track);
  return h("div", { class: "carousel" }, track, arrows);
}

function container(block, surface) {
  const title = block.rich_text_title ? richText(block.rich_text_title) : textObject(block.title);
  const head = [
    block.icon?.image_url ? picture(block.icon.image_url, block.icon.alt_text, "card-icon") : null,
    h("span", { class: "container-names" }, h("span", { class: "container-title" }, title), block.subtitle ? h("span", { class: "container-subtitle" }, textObject(block.subtitle)) : null),
  ];
  const inside = h("div", { class: "container-inside" }, drawBlocks(block.child_blocks, surface));
  const look = `container container-${block.width ?? "standard"}${block.has_header_divider ? " divided" : ""}`;
  if (!block.is_collapsible) return h("section", { class: look }, block.title || block.rich_text_title ? h("div", { class: "container-head" }, head) : null, inside);
  return h("details", { class: look, open: !block.default_collapsed }, h("summary", { class: "container-head" }, icon("right", 15), head), inside);
}

const TASK = { pending: ["clock", "Waiting"], in_progress: ["", "In progress"], complete: ["success", "Done"], error: ["error", "Failed"] };

function taskCard(block) {
  const [sign, words] = TASK[block.status] ?? TASK.pending;
  const more = [
    block.details ? richText(block.details) : null,
    block.output ? h("div", { class: "task-output" }, richText(block.output)) : null,
    block.sources?.length ? h("ul", { class: "task-sources" }, block.sources.map((source) => h("li", {}, link(source.url, source.text ?? source.url)))) : null,
  ].filter(Boolean);
  const mark = h("span", { class: `task-mark task-${block.status}`, role: "img", "aria-label": words }, sign ? icon(sign, 18) : h("span", { class: "spinner on" }));
  const head = [mark, h("span", { class: "task-title" }, block.title)];
  if (!more.length) return h("div", { class: "task" }, h("div", { class: "task-head" }, head));
  return h("details", { class: "task", open: block.status === "in_progress" }, h("summary", { class: "task-head" }, head, icon("down", 14)), h("div", { class: "task-more" }, more));
}

function plan(block) {
  const tasks = block.tasks ?? [];
  const done = tasks.filter(({ status }) => status === "complete").length;
  return h("section", { class: "plan" },
    h("div", { class: "plan-head" }, h("span", { class: "plan-title" }, block.title), tasks.length ? h("span", { class: "muted" }, `${done} of ${tasks.length}`) : null),
    tasks.length ? h("progress", { class: "plan-bar", max: tasks.length, value: done, "aria-label": block.title }) : null,
    tasks.map((task) => frame(task, taskCard(task))));
}

function video(block) {
  return h("figure", { class: "video" },
    h("div", { class: "video-from" }, block.provider_icon_url ? picture(block.provider_icon_url, "", "video-provider") : null, [block.author_name, block.provider_name].filter(Boolean).join(" · ")),
    h("figcaption", {}, block.title_url ? link(block.title_url, textObject(block.title)) : textObject(block.title)),
    block.description ? h("div", { class: "muted rich" }, textObject(block.description)) : null,
    link(block.video_url, h("span", { class: "video-frame" }, picture(block.thumbnail_url, block.alt_text, "video-thumb"), h("span", { class: "video-play" }, icon("play", 26)))));
}

const file = (block) => (block.file ? fileCard(block.file) : h("div", { class: "file-card" }, icon("file", 22), h("span", { class: "file-name" }, block.external_id)));

const DRAW = {
  section, header, context, actions, input, alert, card, carousel, container, plan, video, table, file,
  divider: () => h("hr", { class: "divider" }),
  image: imageBlock,
  rich_text: richText,
  markdown: (block) => markdown(block.text),
  context_actions: actions,
  data_table: dataTable,
  data_visualization: dataVisualization,
  task_card: taskCard,
};

/** The frame tests and styles find a block by. */
function frame(block, inside) {
  return h("div", { class: `block block-${block.type}`, data: { blockId: block.block_id ?? "", block: block.type } }, inside);
}

export function drawBlocks(blocks, surface) {
  return (blocks ?? []).map((block) => {
    const draw = DRAW[block.type];
    return frame(block, draw ? draw(block, surface) : h("p", { class: "muted" }, `[${block.type}]`));
  });
}

/** A legacy attachment: a coloured bar beside blocks or text. */
export function drawAttachment(attachment, surface) {
  const bar = { good: "var(--green)", warning: "var(--amber)", danger: "var(--red)" }[attachment.color] ?? (attachment.color ? `#${attachment.color.replace("#", "")}` : "var(--line-strong)");
  return h("div", { class: "attachment", style: { "--bar": CSS.supports("color", bar) ? bar : "var(--line-strong)" } },
    attachment.pretext ? h("div", { class: "rich" }, mrkdwn(attachment.pretext)) : null,
    attachment.author_name ? h("div", { class: "muted" }, attachment.author_name) : null,
    attachment.title ? h("div", { class: "attachment-title" }, attachment.title_link ? link(attachment.title_link, attachment.title) : attachment.title) : null,
    attachment.blocks ? drawBlocks(attachment.blocks, surface) : attachment.text ? h("div", { class: "rich" }, mrkdwn(attachment.text)) : null,
    attachment.fields ? h("div", { class: "fields" }, attachment.fields.map((field) => h("div", { class: "rich" }, h("b", {}, field.title), "\n", mrkdwn(field.value)))) : null,
    attachment.footer ? h("div", { class: "muted" }, attachment.footer) : null);
}
