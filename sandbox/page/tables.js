/** Draws table blocks, and data_table blocks with sorting and pages. */

import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { plainText } from "./mrkdwn.js";
import { richText, richWords } from "./richtext.js";

function cellContent(cell) {
  if (!cell) return "";
  if (cell.type === "rich_text") return richText(cell);
  if (cell.type === "raw_number") return cell.text ?? String(cell.value ?? cell.number ?? "");
  return plainText(cell.text ?? "");
}

const isNumber = (cell) => cell?.type === "raw_number";

function align(setting, cell) {
  const side = setting?.align ?? (isNumber(cell) ? "right" : null);
  return {
    ...(side ? { "text-align": side } : {}),
    ...(setting && setting.is_wrapped === false ? { "white-space": "nowrap" } : {}),
  };
}

export function table(block) {
  const settings = block.column_settings ?? [];
  const [head, ...body] = block.rows;
  const row = (tag, cells) =>
    h(
      "tr",
      {},
      cells.map((cell, at) =>
        h(tag, { style: align(settings[at], cell), scope: tag === "th" ? "col" : null }, cellContent(cell)),
      ),
    );
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" },
    h(
      "table",
      { class: "table" },
      h("thead", {}, row("th", head)),
      h(
        "tbody",
        {},
        body.map((cells) => row("td", cells)),
      ),
    ),
  );
}

function sortKey(cell) {
  if (isNumber(cell)) return Number(cell.value ?? cell.number ?? cell.text);
  return (cell?.type === "rich_text" ? richWords(cell) : String(cell?.text ?? "")).toLowerCase();
}

function compare(a, b) {
  const [left, right] = [sortKey(a), sortKey(b)];
  return typeof left === "number" && typeof right === "number"
    ? left - right
    : String(left).localeCompare(String(right), "en", { numeric: true });
}

export function dataTable(block) {
  const [head, ...body] = block.rows;
  const size = block.page_size ?? 5;
  const view = { page: 0, column: null, down: false };
  const pages = Math.max(1, Math.ceil(body.length / size));
  const frame = h("div", { class: "data-table" });

  const sortBy = (column) => {
    view.down = view.column === column && !view.down;
    view.column = column;
    view.page = 0;
    draw();
  };
  const sorted = () => {
    if (view.column === null) return body;
    const rows = [...body].sort((a, b) => compare(a[view.column], b[view.column]));
    return view.down ? rows.reverse() : rows;
  };
  const turn = (step) => {
    view.page = Math.max(0, Math.min(pages - 1, view.page + step));
    draw();
  };
  const heading = (cell, at) =>
    h(
      "th",
      {
        scope: "col",
        style: align(null, body[0]?.[at]),
        "aria-sort": view.column === at ? (view.down ? "descending" : "ascending") : null,
      },
      h(
        "button",
        { type: "button", class: "sort-button", on: { click: () => sortBy(at) } },
        cellContent(cell),
        view.column === at ? icon("down", 12) : null,
      ),
    );
  const record = (cells) =>
    h(
      "tr",
      {},
      cells.map((cell, at) =>
        at === (block.row_header_column_index ?? 0)
          ? h("th", { scope: "row", style: align(null, cell) }, cellContent(cell))
          : h("td", { style: align(null, cell) }, cellContent(cell)),
      ),
    );
  const pager = () =>
    h(
      "div",
      { class: "pager" },
      h("span", {}, `${view.page * size + 1}–${Math.min(body.length, (view.page + 1) * size)} of ${body.length}`),
      h(
        "button",
        {
          type: "button",
          class: "icon-button small",
          "aria-label": "Previous page",
          disabled: view.page === 0,
          on: { click: () => turn(-1) },
        },
        icon("back", 16),
      ),
      h(
        "button",
        {
          type: "button",
          class: "icon-button small",
          "aria-label": "Next page",
          disabled: view.page === pages - 1,
          on: { click: () => turn(1) },
        },
        icon("right", 16),
      ),
    );
  function draw() {
    const from = view.page * size;
    frame.classList.toggle("sorted-down", view.down);
    replace(
      frame,
      h(
        "div",
        { class: "table-scroll", tabindex: "0", role: "region", "aria-label": block.caption },
        h(
          "table",
          { class: "table" },
          h("caption", {}, block.caption),
          h("thead", {}, h("tr", {}, head.map(heading))),
          h(
            "tbody",
            {},
            sorted()
              .slice(from, from + size)
              .map(record),
          ),
        ),
      ),
      pages > 1 ? pager() : null,
    );
  }
  draw();
  return frame;
}
