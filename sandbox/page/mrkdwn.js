/** Slack's mrkdwn: parses it into a small tree, and draws the tree as DOM nodes or turns it into rich_text. */

import { h, link } from "./dom.js";
import { emojiFor } from "./emoji.js";
import { channelTag, dateTag, emojiTag, groupTag, personTag, broadcastTag } from "./mentions.js";

const unescape = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

const MARKS = { "*": "bold", _: "italic", "~": "strike" };
const WORD = /[\p{L}\p{N}]/u;
const BARE_URL = /^https?:\/\/[^\s<>|*_~`]+[^\s<>|*_~`.,;:!?)\]'"]/;

/** What stands between < and >: a mention, a date or a link. */
function readTag(inside) {
  const [target, label] = splitOnce(inside, "|");
  if (/^@[UW]/.test(target)) return { type: "user", id: target.slice(1), label };
  if (/^#[CGD]/.test(target)) return { type: "channel", id: target.slice(1), label };
  if (target.startsWith("!subteam^")) return { type: "usergroup", id: target.slice(9), label };
  if (target.startsWith("!date^")) {
    const [, seconds, pattern, url] = target.split("^");
    return {
      type: "date",
      seconds: Number(seconds),
      pattern: unescape(pattern ?? ""),
      url,
      fallback: unescape(label ?? ""),
    };
  }
  if (/^!(here|channel|everyone)$/.test(target)) return { type: "broadcast", range: target.slice(1) };
  if (/^(https?:\/\/|mailto:|tel:|slack:)/i.test(target))
    return { type: "link", url: unescape(target), children: label ? inline(label, false) : null };
  return null;
}

function splitOnce(text, separator) {
  const cut = text.indexOf(separator);
  return cut < 0 ? [text, undefined] : [text.slice(0, cut), text.slice(cut + 1)];
}

/** Where the run opened by the mark at `start` ends, or -1: it hugs its text and stands between words, on one line. */
function closingMark(text, start) {
  const mark = text[start];
  if (WORD.test(text[start - 1] ?? "") || /[\s]/.test(text[start + 1] ?? " ") || text[start + 1] === mark) return -1;
  for (let at = start + 1; at < text.length && text[at] !== "\n"; at += 1) {
    if (text[at] === "<") at = Math.max(at, text.indexOf(">", at));
    else if (text[at] === mark && !/\s/.test(text[at - 1]) && !WORD.test(text[at + 1] ?? "") && text[at + 1] !== mark)
      return at;
  }
  return -1;
}

/** The node that begins at `at` and where it ends, or null when it is only text. */
function nodeAt(text, at, links) {
  const sign = text[at];
  if (sign === "<") {
    const end = text.indexOf(">", at);
    const node = end > at + 1 ? readTag(text.slice(at + 1, end)) : null;
    return node && [node, end + 1];
  }
  if (sign === "`") {
    const end = text.indexOf("`", at + 1);
    return end > at + 1 && !text.slice(at, end).includes("\n")
      ? [{ type: "code", text: unescape(text.slice(at + 1, end)) }, end + 1]
      : null;
  }
  if (sign === ":") {
    const name = /^:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/i.exec(text.slice(at, at + 60))?.[1];
    return name && (emojiFor(name) || !WORD.test(text[at - 1] ?? "")) && !/^\d+$/.test(name.replace("100", ""))
      ? [{ type: "emoji", name }, at + name.length + 2]
      : null;
  }
  if (MARKS[sign]) {
    const end = closingMark(text, at);
    return end > 0 ? [{ type: MARKS[sign], children: inline(text.slice(at + 1, end), links) }, end + 1] : null;
  }
  if (links && sign === "h" && !WORD.test(text[at - 1] ?? "")) {
    const url = BARE_URL.exec(text.slice(at, at + 2000))?.[0];
    return url ? [{ type: "link", url: unescape(url), children: null }, at + url.length] : null;
  }
  return null;
}

function inline(text, links = true) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push({ type: "text", text: unescape(plain) });
    plain = "";
  };
  for (let at = 0; at < text.length;) {
    const found = nodeAt(text, at, links);
    if (found) {
      flush();
      nodes.push(found[0]);
      at = found[1];
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

/** Lines of a text without code fences: quotes become blocks, the rest stays lines. */
function paragraphs(text) {
  const nodes = [];
  let run = [];
  let quoted = false;
  const flush = () => {
    if (!run.length) return;
    const children = inline(run.join("\n"));
    nodes.push(quoted ? { type: "quote", children } : { type: "lines", children });
    run = [];
  };
  for (const line of text.split("\n")) {
    const quote = /^(?:&gt;|>) ?/.exec(line);
    if (Boolean(quote) !== quoted) flush();
    quoted = Boolean(quote);
    run.push(quote ? line.slice(quote[0].length) : line);
  }
  flush();
  return nodes;
}

/** Parse mrkdwn into block nodes (lines, quote, pre) that hold inline nodes. */
export function parse(text) {
  const nodes = [];
  const pieces = String(text ?? "").split(/```/);
  pieces.forEach((piece, index) => {
    const closed = index < pieces.length - 1;
    if (index % 2 && closed) nodes.push({ type: "pre", text: unescape(piece.replace(/^\n|\n$/g, "")) });
    else {
      let rest = index % 2 ? "```" + piece : piece;
      if (nodes.at(-1)?.type === "pre") rest = rest.replace(/^\n/, "");
      if (closed) rest = rest.replace(/\n$/, "");
      if (rest) nodes.push(...paragraphs(rest));
    }
  });
  return nodes;
}

const DRAW = {
  text: (node) => document.createTextNode(node.text),
  code: (node) => h("code", {}, node.text),
  emoji: (node) => emojiTag(node.name),
  bold: (node) => h("b", {}, drawAll(node.children)),
  italic: (node) => h("i", {}, drawAll(node.children)),
  strike: (node) => h("s", {}, drawAll(node.children)),
  user: (node) => personTag(node.id, node.label),
  channel: (node) => channelTag(node.id, node.label),
  usergroup: (node) => groupTag(node.id, node.label),
  broadcast: (node) => broadcastTag(node.range),
  date: (node) => dateTag(node.seconds, node.pattern, node.fallback, node.url),
  link: (node) => link(node.url, node.children ? drawAll(node.children) : node.url.replace(/^mailto:/, "")),
  lines: (node) => h("span", { class: "lines" }, drawAll(node.children)),
  quote: (node) => h("blockquote", {}, drawAll(node.children)),
  pre: (node) => h("pre", {}, node.text),
};

const drawAll = (nodes) => nodes.map((node) => DRAW[node.type](node));

/** Draw mrkdwn. */
export function mrkdwn(text) {
  return drawAll(parse(text));
}

/** Draw a text object of Block Kit: mrkdwn, or plain text in which only emoji mean something. */
export function textObject(object) {
  if (!object) return [];
  if (typeof object === "string") return [object];
  if (object.type === "mrkdwn") return mrkdwn(object.text);
  return plainText(object.text, object.emoji !== false);
}

export function plainText(text, withEmoji = true) {
  if (!withEmoji) return [text];
  return String(text ?? "")
    .split(/(:[a-z0-9_+'-]+(?:::skin-tone-\d)?:)/i)
    .map((piece) => {
      const name = /^:(.+):$/.exec(piece)?.[1];
      return name && emojiFor(name) ? emojiTag(name) : piece;
    });
}

/** The words of a mrkdwn text without its marks, for previews and labels. */
export function words(text) {
  return mrkdwn(text)
    .map((node) => node.textContent ?? "")
    .join(" ");
}

const STYLED = new Set(["bold", "italic", "strike"]);

function richInline(nodes, style = {}) {
  const styled = (element) => (Object.keys(style).length ? { ...element, style } : element);
  return nodes.flatMap((node) => {
    if (STYLED.has(node.type)) return richInline(node.children, { ...style, [node.type]: true });
    if (node.type === "text") return [styled({ type: "text", text: node.text })];
    if (node.type === "code") return [{ type: "text", text: node.text, style: { ...style, code: true } }];
    if (node.type === "emoji") return [{ type: "emoji", name: node.name }];
    if (node.type === "user") return [styled({ type: "user", user_id: node.id })];
    if (node.type === "channel") return [styled({ type: "channel", channel_id: node.id })];
    if (node.type === "usergroup") return [{ type: "usergroup", usergroup_id: node.id }];
    if (node.type === "broadcast") return [{ type: "broadcast", range: node.range }];
    if (node.type === "link")
      return [
        styled({
          type: "link",
          url: node.url,
          ...(node.children ? { text: words(node.children.map((c) => c.text ?? "").join("")) } : {}),
        }),
      ];
    return [];
  });
}

/** The rich_text block a typed text stands for; lines that begin with "- " or "1. " become lists. */
export function toRichText(text) {
  const elements = [];
  const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  for (const node of parse(escaped)) {
    if (node.type === "pre")
      elements.push({ type: "rich_text_preformatted", elements: [{ type: "text", text: node.text }] });
    else if (node.type === "quote") elements.push({ type: "rich_text_quote", elements: richInline(node.children) });
    else elements.push(...richLines(node));
  }
  return { type: "rich_text", elements };
}

function richLines(node) {
  const source =
    node.children.length === 1 && node.children[0].type === "text" ? node.children[0].text.split("\n") : null;
  if (!source) return [{ type: "rich_text_section", elements: richInline(node.children) }];
  const elements = [];
  for (const line of source) {
    const item = /^\s*(?:([-•*])|\d+\.)\s+(.*)$/.exec(line);
    const section = {
      type: "rich_text_section",
      elements: line ? [{ type: "text", text: item ? item[2] : line }] : [],
    };
    const style = item ? (item[1] ? "bullet" : "ordered") : null;
    const last = elements.at(-1);
    if (style && last?.style === style) last.elements.push(section);
    else if (style) elements.push({ type: "rich_text_list", style, elements: [section] });
    else if (last?.type === "rich_text_section") last.elements.push({ type: "text", text: `\n${line}` });
    else elements.push(section);
  }
  return elements;
}
