/** What all blocks share: the frame they are found by, and pictures that say so when they are missing. */

import { h, safeUrl } from "./dom.js";
import { icon } from "./icons.js";

/** The frame tests and styles find a block by. */
export function frame(block, inside) {
  return h(
    "div",
    { class: `block block-${block.type}`, data: { blockId: block.block_id ?? "", block: block.type } },
    inside,
  );
}

export function picture(url, alt, className) {
  const source = safeUrl(url);
  const image = h("img", { class: className, src: source, alt, loading: "lazy" });
  image.addEventListener("error", () =>
    image.replaceWith(h("span", { class: "image-missing" }, icon("file", 18), alt || "Picture")),
  );
  return image;
}
