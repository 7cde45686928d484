/** The app's modals: the top of the stack in one dialog, with errors under fields and everything kept on the way back. */

import { ask } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { closeButton, showDialog } from "./dialogs.js";
import { h, replace, uid } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./mentions.js";
import { plainText } from "./mrkdwn.js";
import { closePopup } from "./popup.js";
import { emit, on, refresh, store, user } from "./store.js";
import { explain, forgetSurface, surfaceFor } from "./surface.js";

const FIELDS = "input:not([type=hidden]):not(.file-native), textarea, select, .select-button";
const text = (object) => plainText(object?.text ?? "", object?.emoji !== false);

class ModalDialog {
  constructor() {
    this.view = null;
    this.titleId = uid("modal");
    this.form = h("form", { class: "modal", novalidate: true, on: { submit: (event) => this.submit(event) } });
    this.dialog = showDialog(this.form, {
      labelledby: this.titleId,
      className: "modal-dialog",
      onClose: () => this.gone(),
    });
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close(false);
    });
  }

  /** Draw the top view, or bring it up to date when it is the one already shown. */
  show(stack) {
    const view = stack.at(-1);
    const same = this.view?.id === view.id;
    if (same && this.view.hash === view.hash && this.depth === stack.length) return;
    const focus = same ? this.focused() : null;
    this.view = view;
    this.depth = stack.length;
    const surface = surfaceFor(`view/${view.id}`, { type: "view", view_id: view.id });
    surface.show(view.blocks, Object.keys(surface.values).length ? surface.values : (view.state?.values ?? {}));
    this.surface = surface;
    const scroll = same ? this.body?.scrollTop : 0;
    this.draw(view, stack.length);
    this.body.scrollTop = scroll ?? 0;
    if (!(focus && this.refocus(focus))) this.focusFirst(same);
  }

  draw(view, depth) {
    this.body = h("div", { class: "modal-body" }, drawBlocks(view.blocks, this.surface));
    this.problem = h("p", { class: "modal-problem", role: "alert", hidden: true });
    this.submitButton = view.submit
      ? h(
          "button",
          {
            type: "submit",
            class: "button button-primary",
            disabled: view.submit_disabled || null,
            data: { submit: "" },
          },
          h("span", { class: "spinner", "aria-hidden": "true" }),
          h("span", { class: "button-words" }, text(view.submit)),
        )
      : null;
    this.dialog.dataset.viewId = view.id;
    this.dialog.dataset.callbackId = view.callback_id ?? "";
    replace(
      this.form,
      h(
        "header",
        { class: "modal-head" },
        depth > 1
          ? h(
              "button",
              {
                type: "button",
                class: "icon-button",
                "aria-label": "Back",
                title: "Back",
                on: { click: () => this.close(false) },
              },
              icon("back"),
            )
          : avatar(user(store.app?.bot_user_id), 28),
        h("h2", { id: this.titleId }, text(view.title)),
        closeButton(() => this.close(true)),
      ),
      this.body,
      this.problem,
      h(
        "footer",
        { class: "modal-foot" },
        h(
          "button",
          { type: "button", class: "button", data: { cancel: "" }, on: { click: () => this.close(false) } },
          view.close ? text(view.close) : view.submit ? "Cancel" : "Close",
        ),
        this.submitButton,
      ),
    );
  }

  focused() {
    const node = document.activeElement;
    const block = node?.closest?.("[data-block-id]");
    if (!block || !this.dialog.contains(node)) return null;
    return {
      block: block.dataset.blockId,
      action: node.dataset.actionId,
      value: node.dataset.value,
      from: node.selectionStart,
      to: node.selectionEnd,
    };
  }

  refocus({ block, action, value, from, to }) {
    const frame = this.body.querySelector(`[data-block-id="${CSS.escape(block)}"]`);
    const node =
      (action && frame?.querySelector(`[data-action-id="${CSS.escape(action)}"]:is(input, textarea, button)`)) ||
      (value && frame?.querySelector(`[data-value="${CSS.escape(value)}"]:is(input, button)`));
    if (!node) return false;
    node.focus({ preventScroll: true });
    if (from != null && node.setSelectionRange && /^(text|url|search|tel|textarea)$/.test(node.type))
      node.setSelectionRange(from, to);
    return true;
  }

  focusFirst(same) {
    if (same && this.dialog.contains(document.activeElement)) return;
    const first =
      this.body.querySelector("[autofocus]") ??
      this.body.querySelector(FIELDS) ??
      this.submitButton ??
      this.form.querySelector("button");
    first?.focus({ preventScroll: true });
  }

  errors(errors) {
    let first = null;
    for (const block of this.body.querySelectorAll("[data-block-id]")) {
      const line = block.querySelector(".field-error");
      if (!line) continue;
      const words = errors[block.dataset.blockId];
      line.textContent = words ?? "";
      line.hidden = !words;
      block.classList.toggle("has-error", Boolean(words));
      for (const field of block.querySelectorAll(FIELDS)) {
        if (words) field.setAttribute("aria-invalid", "true");
        else field.removeAttribute("aria-invalid");
      }
      first ??= words ? block : null;
    }
    first?.scrollIntoView({ block: "nearest" });
    (first?.querySelector(FIELDS) ?? first?.querySelector("button"))?.focus({ preventScroll: true });
  }

  complain(words) {
    this.problem.textContent = words ?? "";
    this.problem.hidden = !words;
  }

  async submit(event) {
    event.preventDefault();
    if (!this.submitButton || this.submitButton.disabled || this.submitButton.getAttribute("aria-busy")) return;
    this.submitButton.setAttribute("aria-busy", "true");
    this.errors({});
    this.complain(null);
    const { submitButton, view } = this;
    try {
      const answer = await ask("submit", { as: store.me, view_id: view.id, state: this.surface.values });
      if (answer.errors) this.errors(answer.errors);
      else if (answer.ok === false)
        this.complain(
          answer.error === "operation_timeout" ? "We had some trouble connecting. Try again?" : explain(answer.error),
        );
      else if (!store.connected) refresh();
    } catch (problem) {
      this.complain(explain(problem.code));
    } finally {
      submitButton.removeAttribute("aria-busy");
    }
  }

  async close(all) {
    const { id } = this.view;
    if (this.closing === id) return; // the view below may show before the answer comes, and be closed in turn
    this.closing = id;
    try {
      const answer = await ask("close", { as: store.me, view_id: id, ...(all ? { all: true } : {}) });
      if (answer.ok === false || !store.connected) await refresh();
    } catch (problem) {
      emit("toast", { level: "error", text: explain(problem.code) });
    } finally {
      if (this.closing === id) this.closing = null;
    }
  }

  gone() {
    if (current === this) current = null;
  }
}

let current = null;
let kept = new Set();

on("stack", () => {
  const ids = new Set(store.stack.map(({ id }) => id));
  for (const id of kept) if (!ids.has(id)) forgetSurface(`view/${id}`);
  kept = ids;
  if (!store.stack.length) {
    current?.dialog.close();
    return;
  }
  if (current?.view?.id !== store.stack.at(-1).id) closePopup();
  current ??= new ModalDialog();
  current.show(store.stack);
});
