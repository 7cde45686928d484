/** Draws plans and the tasks in them. */

import { frame } from "./blockframe.js";
import { h, link } from "./dom.js";
import { icon } from "./icons.js";
import { richText } from "./richtext.js";

const TASK = {
  pending: ["clock", "Waiting"],
  in_progress: ["", "In progress"],
  complete: ["success", "Done"],
  error: ["error", "Failed"],
};

export function taskCard(block) {
  const [sign, words] = TASK[block.status] ?? TASK.pending;
  const more = [
    block.details ? richText(block.details) : null,
    block.output ? h("div", { class: "task-output" }, richText(block.output)) : null,
    block.sources?.length
      ? h(
          "ul",
          { class: "task-sources" },
          block.sources.map((source) => h("li", {}, link(source.url, source.text ?? source.url))),
        )
      : null,
  ].filter(Boolean);
  const mark = h(
    "span",
    { class: `task-mark task-${block.status}`, role: "img", "aria-label": words },
    sign ? icon(sign, 18) : h("span", { class: "spinner on" }),
  );
  const head = [mark, h("span", { class: "task-title" }, block.title)];
  if (!more.length) return h("div", { class: "task" }, h("div", { class: "task-head" }, head));
  return h(
    "details",
    { class: "task", open: block.status === "in_progress" },
    h("summary", { class: "task-head" }, head, icon("down", 14)),
    h("div", { class: "task-more" }, more),
  );
}

export function plan(block) {
  const tasks = block.tasks ?? [];
  const done = tasks.filter(({ status }) => status === "complete").length;
  return h(
    "section",
    { class: "plan" },
    h(
      "div",
      { class: "plan-head" },
      h("span", { class: "plan-title" }, block.title),
      tasks.length ? h("span", { class: "muted" }, `${done} of ${tasks.length}`) : null,
    ),
    tasks.length
      ? h("progress", { class: "plan-bar", max: tasks.length, value: done, "aria-label": block.title })
      : null,
    tasks.map((task) => frame(task, taskCard(task))),
  );
}
