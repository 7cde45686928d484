/** Draws the markdown block: headings, emphasis, lists, tasks, quotes, code, tables, links and rules. */

import { h, link } from "./dom.js";
import { emojiFor } from "./emoji.js";
import { emojiTag } from "./mentions.js";

/** The first of these that matches earliest wins. */
const INLINE = [
  [/\\([\\`*_{}[\]()#+\-.!~|>])/, (m) => m[1]],
  [/(`+)([\s\S]+?)\1/, (m) => h("code", {}, m[2].trim())],
  [/!\[([^\]]*)\]\(([^)\s]+)\)/, (m) => link(m[2], m[1] || m[2])],
  [/\[([^\]]+)\]\(([^)\s]+)(?:\s+"[^"]*")?\)/, (m) => link(m[2], inline(m[1]))],
  [/<(https?:\/\/[^>\s]+)>/, (m) => link(m[1], m[1])],
  [/\*\*(?=\S)([\s\S]*?\S)\*\*|__(?=\S)([\s\S]*?\S)__/, (m) => h("b", {}, inline(m[1] ?? m[2]))],
  [
    /\*(?=[^\s*])([^*]*[^\s*])\*|(?<![\p{L}\p{N}])_(?=[^\s_])([^_]*[^\s_])_(?![\p{L}\p{N}])/u,
    (m) => h("i", {}, inline(m[1] ?? m[2])),
  ],
  [/~~(?=\S)([\s\S]*?\S)~~/, (m) => h("s", {}, inline(m[1]))],
  [/:([a-z0-9_+'-]+):/i, (m) => (emojiFor(m[1]) ? emojiTag(m[1]) : m[0])],
  [/https?:\/\/[^\s<>)]+[^\s<>).,;:!?]/, (m) => link(m[0], m[0])],
];

function inline(text) {
  const nodes = [];
  let rest = text;
  while (rest) {
    let best = null;
    for (const [pattern, draw] of INLINE) {
      const match = pattern.exec(rest);
      if (match && (!best || match.index < best.match.index)) best = { match, draw };
    }
    if (!best) break;
    nodes.push(rest.slice(0, best.match.index), best.draw(best.match));
    rest = rest.slice(best.match.index + best.match[0].length);
  }
  return [...nodes, rest];
}

const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;

/** Lines of one list, nested by their indentation → list element. */
function list(lines) {
  const first = ITEM.exec(lines[0]);
  const ordered = /\d/.test(first[2]);
  const node = h(ordered ? "ol" : "ul", { class: "rich-list", start: ordered ? parseInt(first[2], 10) : null });
  let nested = [];
  const closeNested = () => {
    if (nested.length) (node.lastElementChild ?? node).append(list(nested));
    nested = [];
  };
  for (const line of lines) {
    const item = ITEM.exec(line);
    if (item && item[1].length > first[1].length + 1) nested.push(line);
    else if (item) {
      closeNested();
      const task = /^\[([ xX])\]\s+(.*)$/.exec(item[3]);
      node.append(
        h(
          "li",
          { class: task ? "task" : null },
          task
            ? h("input", { type: "checkbox", disabled: true, checked: task[1] !== " ", "aria-label": task[2] })
            : null,
          inline(task ? task[2] : item[3]),
        ),
      );
    } else if (nested.length) nested.push(line);
    else node.lastElementChild?.append(" ", ...inline(line.trim()));
  }
  closeNested();
  return node;
}

const cells = (line) =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());

function table(lines) {
  const [head, rule, ...body] = lines.map(cells);
  const align = rule.map((cell) => (/^:-+:$/.test(cell) ? "center" : /-:$/.test(cell) ? "right" : null));
  const row = (tag, values) =>
    h(
      "tr",
      {},
      values.map((value, at) => h(tag, { style: align[at] ? { "text-align": align[at] } : null }, inline(value))),
    );
  return h(
    "div",
    { class: "table-scroll" },
    h(
      "table",
      { class: "table" },
      h("thead", {}, row("th", head)),
      h(
        "tbody",
        {},
        body.map((values) => row("td", values)),
      ),
    ),
  );
}

/** [does a block of this kind begin here?, how many lines it takes, how it is drawn] */
const KINDS = [
  {
    begins: (lines, at) => /^\s*(```|~~~)/.test(lines[at]),
    length(lines, at) {
      const fence = lines[at].trim().slice(0, 3);
      const end = lines.findIndex((line, index) => index > at && line.trim().startsWith(fence));
      return (end < 0 ? lines.length : end + 1) - at;
    },
    draw: (lines) =>
      h(
        "pre",
        {},
        lines.slice(1, /^\s*(```|~~~)\s*$/.test(lines.at(-1)) && lines.length > 1 ? -1 : undefined).join("\n"),
      ),
  },
  {
    begins: (lines, at) => /^#{1,6}\s/.test(lines[at]),
    length: () => 1,
    draw([line]) {
      const [, signs, words] = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
      return h(
        "div",
        { class: `md-heading md-h${Math.min(signs.length, 4)}`, role: "heading", "aria-level": signs.length + 2 },
        inline(words),
      );
    },
  },
  { begins: (lines, at) => /^\s*([-*_])(\s*\1){2,}\s*$/.test(lines[at]), length: () => 1, draw: () => h("hr", {}) },
  {
    begins: (lines, at) =>
      lines[at].includes("|") &&
      /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[at + 1] ?? "") &&
      (lines[at + 1] ?? "").includes("-"),
    length: (lines, at) => run(lines, at, (line) => line.includes("|")),
    draw: table,
  },
  {
    begins: (lines, at) => /^>/.test(lines[at]),
    length: (lines, at) => run(lines, at, (line) => /^>/.test(line)),
    draw: (lines) => h("blockquote", {}, draw(lines.map((line) => line.replace(/^> ?/, "")))),
  },
  {
    begins: (lines, at) => ITEM.test(lines[at]),
    length: (lines, at) => run(lines, at, (line) => ITEM.test(line) || /^\s{2,}\S/.test(line)),
    draw: list,
  },
];

function run(lines, at, belongs) {
  let end = at;
  while (end < lines.length && belongs(lines[end])) end += 1;
  return Math.max(1, end - at);
}

function draw(lines) {
  const nodes = [];
  let paragraph = [];
  const flush = () => {
    if (paragraph.length) nodes.push(h("p", { class: "lines" }, inline(paragraph.join("\n"))));
    paragraph = [];
  };
  for (let at = 0; at < lines.length;) {
    const kind = KINDS.find(({ begins }) => begins(lines, at));
    if (kind) {
      flush();
      const length = kind.length(lines, at);
      nodes.push(kind.draw(lines.slice(at, at + length)));
      at += length;
    } else {
      if (lines[at].trim()) paragraph.push(lines[at]);
      else flush();
      at += 1;
    }
  }
  flush();
  return nodes;
}

export function markdown(text) {
  return h("div", { class: "rich markdown" }, draw(String(text ?? "").split("\n")));
}
