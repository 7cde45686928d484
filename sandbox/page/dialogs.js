/** Small dialogs in front of everything: a question before an action, and the frame the other dialogs share. */

import { h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { textObject } from "./mrkdwn.js";
import { closePopup } from "./popup.js";

/** Show a <dialog>; the browser keeps the focus inside and gives it back afterwards. */
export function showDialog(content, { label, labelledby, className = "", onClose } = {}) {
  const dialog = h(
    "dialog",
    { class: `dialog ${className}`, "aria-label": label, "aria-labelledby": labelledby },
    content,
  );
  dialog.addEventListener("close", () => {
    closePopup();
    dialog.remove();
    onClose?.();
  });
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target === dialog && className.includes("light-dismiss")) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Ask with a Slack confirm object; resolves to true when the person agrees. */
export function confirmed({ title, text, confirm, deny, style }) {
  return new Promise((resolve) => {
    let agreed = false;
    const labelledby = uid("confirm");
    const answer = (yes) => () => {
      agreed = yes;
      dialog.close();
    };
    const go = h(
      "button",
      {
        type: "button",
        class: `button ${style === "danger" ? "button-danger" : "button-primary"}`,
        data: { confirm: "yes" },
        on: { click: answer(true) },
      },
      textObject(confirm ?? "Yes"),
    );
    const dialog = showDialog(
      [
        h(
          "header",
          { class: "dialog-head" },
          h("h2", { id: labelledby }, textObject(title ?? "Are you sure?")),
          closeButton(answer(false)),
        ),
        h("div", { class: "dialog-body rich" }, textObject(text)),
        h(
          "footer",
          { class: "dialog-foot" },
          h(
            "button",
            { type: "button", class: "button", data: { confirm: "no" }, on: { click: answer(false) } },
            textObject(deny ?? "Cancel"),
          ),
          go,
        ),
      ],
      { labelledby, className: "confirm", onClose: () => resolve(agreed) },
    );
    go.focus();
  });
}

export function closeButton(onClick, label = "Close") {
  return h(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, on: { click: onClick } },
    icon("close"),
  );
}
