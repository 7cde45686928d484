/** A surface with blocks (message, modal or Home): remembers what was typed and chosen, and tells the app. */

import { ask, Refusal } from "./api.js";
import { h } from "./dom.js";
import { confirmed } from "./dialogs.js";
import { store } from "./store.js";

/** What an input holds before anybody touched it, in the shape of Slack's view state; null for what holds nothing. */
function initialValue(element) {
  const { type } = element;
  const given = (key, initial) => ({ type, [key]: element[initial] ?? null });
  switch (type) {
    case "plain_text_input":
    case "email_text_input":
    case "url_text_input":
    case "number_input":
      return given("value", "initial_value");
    case "rich_text_input":
      return given("rich_text_value", "initial_value");
    case "datepicker":
      return given("selected_date", "initial_date");
    case "timepicker":
      return { ...given("selected_time", "initial_time"), ...(element.timezone ? { timezone: element.timezone } : {}) };
    case "datetimepicker":
      return given("selected_date_time", "initial_date_time");
    case "static_select":
    case "external_select":
    case "radio_buttons":
      return given("selected_option", "initial_option");
    case "users_select":
      return given("selected_user", "initial_user");
    case "channels_select":
      return given("selected_channel", "initial_channel");
    case "conversations_select":
      return given("selected_conversation", "initial_conversation");
    case "multi_static_select":
    case "multi_external_select":
    case "checkboxes":
      return { type, selected_options: element.initial_options ?? [] };
    case "multi_users_select":
      return { type, selected_users: element.initial_users ?? [] };
    case "multi_channels_select":
      return { type, selected_channels: element.initial_channels ?? [] };
    case "multi_conversations_select":
      return { type, selected_conversations: element.initial_conversations ?? [] };
    case "file_input":
      return { type, files: [] };
    default:
      return null;
  }
}

/** Every element that sits in these blocks, as [block, element]. */
function* elementsOf(blocks) {
  for (const block of blocks ?? []) {
    if (block.type === "section" && block.accessory) yield [block, block.accessory];
    if (block.type === "input") yield [block, block.element];
    if (block.type === "actions" || block.type === "context_actions")
      for (const element of block.elements) yield [block, element];
    if (block.type === "card") for (const element of block.actions ?? []) yield [block, element];
    if (block.type === "carousel") yield* elementsOf(block.elements);
    if (block.type === "container") yield* elementsOf(block.child_blocks);
  }
}

class Surface {
  /** `container` is what the control API calls it: {type: "message", channel, ts}, {type: "view", view_id} or {type: "home"}. */
  constructor(container) {
    this.container = container;
    this.values = {};
    this.blocks = [];
  }

  /** Take new blocks; what was entered stays where block_id, action_id and type stay. */
  show(blocks, known = null) {
    const before = known ?? this.values;
    this.values = {};
    this.blocks = blocks ?? [];
    for (const [block, element] of elementsOf(this.blocks)) {
      const initial = initialValue(element);
      if (!initial) continue;
      const kept = before[block.block_id]?.[element.action_id];
      (this.values[block.block_id] ??= {})[element.action_id] = kept?.type === element.type ? kept : initial;
    }
    return this;
  }

  value(block, element) {
    return this.values[block.block_id]?.[element.action_id] ?? initialValue(element);
  }

  set(block, element, value) {
    (this.values[block.block_id] ??= {})[element.action_id] = { type: element.type, ...value };
  }

  /** A choice was made outside an input, or inside one that dispatches: keep it and tell the app. */
  async act(block, element, value, node) {
    if (element.confirm && !(await confirmed(element.confirm))) return false;
    node.setAttribute("aria-busy", "true");
    clearProblem(node);
    try {
      const answer = await ask("action", {
        as: store.me,
        container: this.container,
        block_id: block.block_id,
        action_id: element.action_id,
        value,
        state: this.values,
      });
      if (answer.ok === false) throw new Refusal(answer.error, answer);
    } catch (problem) {
      showProblem(node, problem.code ?? String(problem));
    } finally {
      node.removeAttribute("aria-busy");
    }
    return true;
  }

  async suggest(block, element, query) {
    const answer = await ask("suggest", {
      as: store.me,
      container: this.container,
      block_id: block.block_id,
      action_id: element.action_id,
      query,
    });
    if (answer.ok === false) throw new Refusal(answer.error, answer);
    return answer;
  }
}

const PROBLEMS = {
  operation_timeout: "The app did not answer in time.",
  app_not_connected: "The app is not connected.",
  dispatch_failed: "The app could not be reached.",
  unreachable: "The workspace could not be reached.",
  no_such_element: "This button is no longer there.",
};

/** The sentence for an error word. */
export const explain = (code) => PROBLEMS[code] ?? `That did not work: ${code}.`;

const blockOf = (node) => node.closest("[data-block-id]") ?? node.parentElement;

function clearProblem(node) {
  blockOf(node)?.querySelector(":scope > .action-problem")?.remove();
}

function showProblem(node, code) {
  clearProblem(node);
  blockOf(node)?.append(h("p", { class: "action-problem", role: "alert" }, explain(code)));
}

const surfaces = new Map();

/** The one surface of a message or view, so that what was entered outlives a redraw. */
export function surfaceFor(key, container) {
  if (!surfaces.has(key)) surfaces.set(key, new Surface(container));
  return surfaces.get(key);
}

export const forgetSurface = (key) => surfaces.delete(key);
