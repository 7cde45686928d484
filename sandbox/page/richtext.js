/** Draws rich_text blocks: sections, nested lists, quotes, code, and all that can stand inside them. */

import { h, link } from "./dom.js";
import { broadcastTag, channelTag, dateTag, emojiTag, groupTag, personTag } from "./mentions.js";

const STYLES = [
  ["code", "code"],
  ["bold", "b"],
  ["italic", "i"],
  ["strike", "s"],
  ["underline", "u"],
  ["highlight", "mark"],
  ["client_highlight", "mark"],
];

function styled(node, style = {}) {
  return STYLES.reduce((inner, [name, tag]) => (style[name] ? h(tag, {}, inner) : inner), node);
}

const INLINE = {
  text: (part) => part.text,
  link: (part) => link(part.url, part.text ?? part.url),
  emoji: (part) => emojiTag(part.name),
  user: (part) => personTag(part.user_id),
  channel: (part) => channelTag(part.channel_id),
  usergroup: (part) => groupTag(part.usergroup_id),
  team: (part) => h("span", { class: "mention" }, part.team_id),
  broadcast: (part) => broadcastTag(part.range),
  date: (part) => dateTag(part.timestamp, part.format, part.fallback ?? "", part.url),
  color: (part) =>
    h(
      "span",
      { class: "swatch-word" },
      h("span", {
        class: "swatch",
        style: { background: CSS.supports("color", part.value) ? part.value : "transparent" },
      }),
      part.value,
    ),
};

const inlineParts = (parts) =>
  (parts ?? []).map((part) => styled(INLINE[part.type]?.(part) ?? part.text ?? "", part.style));

function list(element) {
  const ordered = element.style === "ordered";
  const items = element.elements.map((item) => h("li", {}, inlineParts(item.elements)));
  return h(
    ordered ? "ol" : "ul",
    {
      class: `rich-list level-${(element.indent ?? 0) % 3}${element.border ? " bordered" : ""}`,
      style: { "--indent": element.indent ?? 0 },
      start: ordered && element.offset ? element.offset + 1 : null,
    },
    items,
  );
}

const BLOCK = {
  rich_text_section: (element) => h("div", { class: "lines" }, inlineParts(element.elements)),
  rich_text_list: list,
  rich_text_quote: (element) =>
    h("blockquote", { class: element.border ? "bordered" : null }, inlineParts(element.elements)),
  rich_text_preformatted: (element) =>
    h(
      "pre",
      {},
      (element.elements ?? []).map((part) => part.text ?? part.url ?? ""),
    ),
};

export function richText(block) {
  return h(
    "div",
    { class: "rich" },
    (block.elements ?? []).map((element) => BLOCK[element.type]?.(element)),
  );
}

/** The plain words of a rich_text block, for editing and sorting. */
export function richWords(block) {
  const inside = (element) =>
    element.elements
      ? element.elements.map(inside).join("")
      : (element.text ?? (element.name ? `:${element.name}:` : (element.url ?? "")));
  return (block?.elements ?? [])
    .map((element) =>
      element.type === "rich_text_list"
        ? element.elements
            .map((item, at) => `${element.style === "ordered" ? `${at + 1}.` : "-"} ${inside(item)}`)
            .join("\n")
        : inside(element),
    )
    .join("\n");
}
