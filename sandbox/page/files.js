/** Draws files: pictures as pictures, everything else as a card to download. */

import { h, safeUrl } from "./dom.js";
import { icon } from "./icons.js";

const KIND = [
  [/^image\//, "Image"],
  [/pdf$/, "PDF"],
  [/spreadsheet|excel|csv/, "Spreadsheet"],
  [/presentation|powerpoint/, "Presentation"],
  [/word|document/, "Document"],
  [/zip|compressed/, "Archive"],
  [/^text\//, "Text"],
];

const size = (count) =>
  count > 1e6 ? `${(count / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round((count ?? 0) / 1e3))} kB`;
const kindOf = (file) =>
  KIND.find(([pattern]) => pattern.test(file.mimetype ?? ""))?.[1] ?? (file.filetype ?? "File").toUpperCase();

/** The page and the files share one server, so only the path of the address counts. */
function address(file) {
  const url =
    safeUrl(file.url_page ?? file.url_private_download ?? file.url_private ?? file.permalink) ??
    `/_control/file/${file.id}/${encodeURIComponent(file.name ?? "")}`;
  const { pathname, search } = new URL(url, location.href);
  return pathname + search;
}

export function fileCard(file) {
  const url = address(file);
  const title = file.title || file.name || file.id;
  if (/^image\/(png|jpe?g|gif|webp)$/.test(file.mimetype ?? "")) {
    return h(
      "figure",
      { class: "image-block", data: { file: file.id } },
      h("figcaption", {}, title),
      h(
        "a",
        { href: url, target: "_blank", rel: "noopener" },
        h("img", { class: "image-picture", src: url, alt: title, loading: "lazy" }),
      ),
    );
  }
  return h(
    "a",
    { class: "file-card", href: url, target: "_blank", rel: "noopener", download: file.name, data: { file: file.id } },
    h("span", { class: "file-sign" }, icon("file", 22)),
    h(
      "span",
      { class: "file-words" },
      h("span", { class: "file-name" }, title),
      h("span", { class: "muted" }, `${kindOf(file)} · ${size(file.size)}`),
    ),
  );
}
