/** The "more" menu of a message: the app's message shortcuts, pinning, and what only its author may do. */

import { ask, post } from "./api.js";
import { confirmed } from "./dialogs.js";
import { avatar } from "./mentions.js";
import { mrkdwn } from "./mrkdwn.js";
import { showMenu } from "./popup.js";
import { emit, isPinned, store, user } from "./store.js";
import { explain } from "./surface.js";

const complain = (problem) => emit("toast", { level: "error", text: explain(problem.code ?? problem) });

async function runShortcut(shortcut, channel, message) {
  const answer = await ask("shortcut", { as: store.me, callback_id: shortcut.callback_id, channel, ts: message.ts });
  if (answer.ok === false) complain(answer.error);
}

async function remove(channel, message) {
  const sure = await confirmed({
    title: "Delete message",
    text: { type: "plain_text", text: "This message will be gone for everyone." },
    confirm: "Delete",
    style: "danger",
  });
  if (sure) await post("delete", { as: store.me, channel, ts: message.ts });
}

export function messageMenu(anchor, channel, message) {
  const mine = message.user === store.me && !message.ephemeral;
  const pinned = isPinned(channel, message);
  const face = () => avatar(user(store.app?.bot_user_id), 20);
  const shortcuts = message.ephemeral
    ? []
    : store.shortcuts.message.map((shortcut) => ({
        label: shortcut.name,
        hint: shortcut.description,
        lead: face(),
        data: { shortcut: shortcut.callback_id },
        run: () => runShortcut(shortcut, channel, message).catch(complain),
      }));
  const copy = () => {
    const words = mrkdwn(message.text)
      .map((node) => node.textContent)
      .join("\n");
    navigator.clipboard?.writeText(words).then(() => emit("toast", { level: "info", text: "Copied" }), complain);
  };
  showMenu(
    anchor,
    [
      ...(shortcuts.length ? [{ heading: store.app?.name ?? "App" }, ...shortcuts, "-"] : []),
      message.ephemeral
        ? null
        : {
            label: pinned ? "Unpin from channel" : "Pin to channel",
            icon: "pin",
            run: () => post("pin", { as: store.me, channel, ts: message.ts, remove: Boolean(pinned) }).catch(complain),
          },
      { label: "Copy text", icon: "copy", run: copy },
      mine ? { label: "Edit message", icon: "edit", run: () => emit("edit", { channel, ts: message.ts }) } : null,
      mine
        ? { label: "Delete message…", icon: "trash", danger: true, run: () => remove(channel, message).catch(complain) }
        : null,
    ],
    { align: "end", label: "Message actions" },
  );
}
