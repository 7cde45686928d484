/** The message box: several lines, completion, commands, formatting, files, and the app's global shortcuts. */

import { ask, post, upload } from "./api.js";
import { Completion } from "./completion.js";
import { h, replace } from "./dom.js";
import { openEmojiPicker } from "./emojipicker.js";
import { icon } from "./icons.js";
import { avatar } from "./mentions.js";
import { showMenu } from "./popup.js";
import { channelTitle, channel as roomOf, emit, store, user } from "./store.js";
import { explain } from "./surface.js";

const drafts = new Map();
const COMMAND = /^\/([\w-]+)(?:\s+([\s\S]*))?$/;
const complain = (problem) => emit("toast", { level: "error", text: explain(problem.code ?? String(problem)) });

/** Run a global shortcut of the app. */
export async function runShortcut(callbackId) {
  const answer = await ask("shortcut", { as: store.me, callback_id: callbackId }).catch((problem) => ({
    ok: false,
    error: problem.code,
  }));
  if (answer.ok === false) complain(answer.error);
}

/** The app's global shortcuts as menu items. */
export function shortcutItems() {
  const face = () => avatar(user(store.app?.bot_user_id), 22);
  return store.shortcuts.global.map((shortcut) => ({
    label: shortcut.name,
    hint: shortcut.description,
    lead: face(),
    data: { shortcut: shortcut.callback_id },
    run: () => runShortcut(shortcut.callback_id),
  }));
}

export class Composer {
  constructor(channel, thread = null) {
    this.channel = channel;
    this.thread = thread;
    this.key = `${store.me}/${channel}/${thread ?? ""}`;
    this.files = [];
    this.sending = Promise.resolve(); // what was sent so far
    this.stands = new Map(); // what is shown for a mention → [what a message says, what a command says]
    this.build();
    this.field.value = drafts.get(this.key) ?? "";
    this.changed();
  }

  build() {
    const room = roomOf(this.channel);
    const title = room?.kind === "im" || room?.kind === "mpim" ? channelTitle(room) : `#${channelTitle(room)}`;
    this.field = h("textarea", {
      class: "composer-field",
      rows: 1,
      placeholder: this.thread ? "Reply…" : `Message ${title}`,
      "aria-label": this.thread ? "Reply in thread" : `Message ${title}`,
      role: "combobox",
      "aria-expanded": "false",
      autocomplete: "off",
      data: { composer: this.thread ? "thread" : "channel" },
    });
    this.completion = new Completion(this.field, this.channel, (row, from) => this.insert(row, from));
    this.usage = h("p", { class: "composer-usage", hidden: true });
    this.tray = h("div", { class: "composer-tray" });
    this.sendButton = h(
      "button",
      { type: "button", class: "send", "aria-label": "Send", title: "Send (Enter)", on: { click: () => this.send() } },
      h("span", { class: "spinner" }),
      icon("send", 18),
    );
    this.picker = h("input", {
      type: "file",
      multiple: true,
      hidden: true,
      "aria-label": "Attach files",
      on: { change: () => this.attach([...this.picker.files]) },
    });
    const tool = (name, label, run, data) =>
      h(
        "button",
        { type: "button", class: "icon-button small", "aria-label": label, title: label, data, on: { click: run } },
        icon(name, 18),
      );
    this.node = h(
      "div",
      { class: "composer" },
      this.completion.list,
      this.usage,
      h(
        "div",
        { class: "composer-box" },
        this.field,
        this.tray,
        h(
          "div",
          { class: "composer-foot" },
          tool("plus", "Attach and shortcuts", (event) => this.menu(event.currentTarget), { composerMenu: "" }),
          tool("smile", "Emoji", (event) => openEmojiPicker(event.currentTarget, (name) => this.type(`:${name}: `))),
          h(
            "button",
            {
              type: "button",
              class: "icon-button small sign",
              "aria-label": "Mention somebody",
              title: "Mention somebody",
              on: { click: () => this.type("@") },
            },
            "@",
          ),
          this.thread
            ? null
            : h(
                "button",
                {
                  type: "button",
                  class: "icon-button small sign",
                  "aria-label": "Commands",
                  title: "Commands",
                  on: { click: () => this.startCommand() },
                },
                "/",
              ),
          h("span", { class: "composer-hint" }, h("kbd", {}, "Shift"), " + ", h("kbd", {}, "Enter"), " for a new line"),
          this.sendButton,
        ),
      ),
      this.picker,
    );
    this.field.addEventListener("input", () => this.changed());
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.field.addEventListener(
      "paste",
      (event) => event.clipboardData.files.length && this.attach([...event.clipboardData.files]),
    );
    this.node.addEventListener("dragover", (event) => event.preventDefault());
    this.node.addEventListener("drop", (event) => {
      event.preventDefault();
      this.attach([...event.dataTransfer.files]);
    });
  }

  changed() {
    drafts.set(this.key, this.field.value);
    this.fit();
    const ready = Boolean(this.field.value.trim() || this.files.some(({ id }) => id));
    this.sendButton.disabled = !ready;
    this.sendButton.classList.toggle("ready", ready);
    const typed = COMMAND.exec(this.field.value);
    const known =
      typed && /^\/[\w-]+\s/.test(this.field.value)
        ? store.commands.find(({ command }) => command === `/${typed[1]}`)
        : null;
    this.usage.hidden = !known;
    if (known)
      replace(
        this.usage,
        h("b", {}, known.command),
        " ",
        h("span", { class: "usage-hint" }, known.usage_hint),
        known.description ? h("span", { class: "muted" }, known.description) : null,
      );
  }

  fit() {
    if (!this.field.isConnected) {
      requestAnimationFrame(() => this.field.isConnected && this.fit());
      return;
    }
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 260)}px`;
  }

  pressed(event) {
    if (this.completion.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === "ArrowUp" && !this.field.value) {
      event.preventDefault();
      emit("edit-last", { channel: this.channel, thread: this.thread });
    }
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  type(text) {
    const { selectionStart: at, value } = this.field;
    const gap = at && !/\s$/.test(value.slice(0, at)) ? " " : "";
    this.field.setRangeText(gap + text, at, this.field.selectionEnd, "end");
    this.focus();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Let this stand in the box, ready to be sent. */
  write(text) {
    this.field.value = "";
    this.type(text);
  }

  startCommand() {
    if (this.field.value.trim() === "") this.field.value = "";
    this.field.setSelectionRange(0, 0);
    this.type("/");
  }

  insert(row, from) {
    if (row.stands) this.stands.set(row.stands[0], row.stands.slice(1));
    this.field.setRangeText(row.insert, from, this.field.selectionStart, "end");
    this.focus();
    this.changed();
  }

  /** The text with each completed mention in Slack's notation, or as a handle for a command. */
  spoken(text, forCommand) {
    const shown = [...this.stands].sort(([a], [b]) => b.length - a.length);
    return shown.reduce((sentence, [label, stands]) => sentence.replaceAll(label, stands[forCommand ? 1 : 0]), text);
  }

  menu(anchor) {
    const shortcuts = shortcutItems();
    showMenu(
      anchor,
      [
        ...(shortcuts.length ? [{ heading: "Shortcuts" }, ...shortcuts, "-"] : []),
        { label: "Attach files", hint: "From this computer", icon: "clip", run: () => this.picker.click() },
        this.thread
          ? null
          : {
              label: "Browse commands",
              hint: "Type / in the message box",
              icon: "bolt",
              run: () => this.startCommand(),
            },
      ],
      { above: true, label: "Attach and shortcuts" },
    );
  }

  async attach(chosen) {
    this.picker.value = "";
    for (const file of chosen) {
      const entry = { name: file.name, id: null };
      this.files.push(entry);
      this.drawTray();
      try {
        entry.id = (await upload({ as: store.me }, file)).id;
      } catch (problem) {
        this.files = this.files.filter((other) => other !== entry);
        complain(problem);
      }
      this.drawTray();
    }
    this.focus();
  }

  drawTray() {
    replace(
      this.tray,
      this.files.map((entry) =>
        h(
          "span",
          { class: "chip" },
          entry.id ? icon("file", 15) : h("span", { class: "spinner on" }),
          h("span", {}, entry.name),
          h(
            "button",
            {
              type: "button",
              class: "chip-remove",
              "aria-label": `Remove ${entry.name}`,
              on: {
                click: () => {
                  this.files = this.files.filter((other) => other !== entry);
                  this.drawTray();
                },
              },
            },
            icon("close", 12),
          ),
        ),
      ),
    );
    this.changed();
  }

  /** Send what stands here, after all that was sent before; the box is free for the next words at once. */
  send() {
    const text = this.field.value.trim();
    const files = this.files.filter(({ id }) => id);
    if (!text && !files.length) return;
    this.field.value = "";
    this.files = this.files.filter(({ id }) => !id);
    this.drawTray();
    this.completion.hide();
    this.sending = this.sending.then(() => this.deliver(text, files));
  }

  async deliver(text, files) {
    const command = files.length ? null : COMMAND.exec(text);
    this.node.setAttribute("aria-busy", "true");
    try {
      if (!command) await this.say(text, files);
      else if (!(await this.command(`/${command[1]}`, command[2] ?? ""))) this.putBack(text, files);
    } catch (problem) {
      complain(problem);
      this.putBack(text, files);
    } finally {
      this.node.removeAttribute("aria-busy");
    }
  }

  /** What could not be sent stands in the box again, before what has been written since. */
  putBack(text, files) {
    this.field.value = [text, this.field.value].filter(Boolean).join("\n");
    this.files = [...files, ...this.files];
    this.drawTray();
  }

  async say(text, files) {
    const thread = this.thread ? { thread_ts: this.thread } : {};
    await post("say", {
      as: store.me,
      channel: this.channel,
      text: this.spoken(text, false),
      ...thread,
      ...(files.length ? { files: files.map(({ id }) => id) } : {}),
    });
  }

  async command(command, text) {
    if (this.thread) {
      emit("toast", { level: "error", text: `${command} cannot be used in a thread.` });
      return false;
    }
    const answer = await ask("slash", { as: store.me, channel: this.channel, command, text: this.spoken(text, true) });
    return answer.ok; // why it is not, the workspace says by itself
  }
}
