/** Draws cards, and carousels of cards. */

import { frame, picture } from "./blockframe.js";
import { h } from "./dom.js";
import { drawElement } from "./elements.js";
import { icon } from "./icons.js";
import { textObject } from "./mrkdwn.js";

export function card(block, surface) {
  const hero = block.hero_image;
  const face = block.icon ?? block.slack_icon;
  return h(
    "article",
    { class: "card" },
    hero ? picture(hero.image_url ?? hero.slack_file?.url, hero.alt_text, "card-hero") : null,
    h(
      "div",
      { class: "card-inside" },
      face || block.title || block.subtitle
        ? h(
            "div",
            { class: "card-top" },
            face?.image_url
              ? picture(face.image_url, face.alt_text, "card-icon")
              : face?.name
                ? icon(face.name, 22)
                : null,
            h(
              "div",
              { class: "card-names" },
              block.title ? h("div", { class: "card-title" }, textObject(block.title)) : null,
              block.subtitle ? h("div", { class: "card-subtitle" }, textObject(block.subtitle)) : null,
            ),
          )
        : null,
      block.body ? h("div", { class: "card-body rich" }, textObject(block.body)) : null,
      block.subtext ? h("div", { class: "card-subtext rich" }, textObject(block.subtext)) : null,
      block.actions?.length
        ? h(
            "div",
            { class: "actions" },
            block.actions.map((element) => drawElement(element, { surface, block })),
          )
        : null,
    ),
  );
}

export function carousel(block, surface) {
  const track = h(
    "div",
    { class: "carousel-track", tabindex: "0", role: "group", "aria-label": "Cards" },
    block.elements.map((item) => frame(item, card(item, surface))),
  );
  const slide = (way) => () =>
    track.scrollBy({
      left: way * 260,
      behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
    });
  const arrows = [];
  const settle = () => {
    const [back, on] = arrows;
    back.hidden = track.scrollLeft < 4;
    on.hidden = track.scrollLeft + track.clientWidth > track.scrollWidth - 4;
  };
  const arrow = (way, name, label) =>
    h(
      "button",
      {
        type: "button",
        class: `icon-button carousel-${way < 0 ? "back" : "on"}`,
        "aria-label": label,
        on: { click: slide(way) },
      },
      icon(name),
    );
  arrows.push(arrow(-1, "back", "Previous cards"), arrow(1, "right", "Next cards"));
  track.addEventListener("scroll", settle, { passive: true });
  new ResizeObserver(settle).observe(track);
  return h("div", { class: "carousel" }, track, arrows);
}
