"""Our small vocabulary of Block Kit: the one place where text is escaped and cut to Slack's limits.

Sentences are templates whose `{values}` are escaped as they are put in: `say(_("{company} is new"), company=name)`. What is Slack markup
already (a mention, a date, a sentence made by `say`) is of the type `Mrkdwn` and put in as it is. `plain` makes text without markup.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from itertools import accumulate
from typing import Any

from babel.dates import format_date, format_datetime, get_day_names

from domain.core.language import _, language, listed
from domain.core.people import Person, Role
from views.rights import denied, may_press

Block = dict[str, Any]
View = dict[str, Any]

MOST_TEXT = 3000
MOST_HEADER = 150
MOST_BUTTON = 75
MOST_OPTION = 75
MOST_TITLE = 24
MOST_OPTIONS = 100
MOST_BLOCKS = 100
"""Blocks of a modal."""
MOST_IN_MODAL = 200_000
"""Bytes of a modal's blocks; Slack takes 250 kB with all that is around them."""
MOST_IN_MESSAGE = 12_000
"""Characters in all blocks of a message; Slack refuses more than some 13,200, though it says so nowhere."""
MOST_IN_LINE = 80
"""Characters of a name in a list: enough to know it by, and forty of them fit."""


_DATE_AFTER_WORD = re.compile(r"(?<=[\w,>] )<!date\^\d+\^(?={)")


class Mrkdwn(str):
    """Text that is Slack markup already, with everything a person wrote in it escaped."""

    __slots__ = ()


def escape(text: object) -> Mrkdwn:
    """Text as Slack shows it literally: no mention, link or formatting tag in it takes effect. Markup stays as it is."""
    if isinstance(text, Mrkdwn):
        return text
    return Mrkdwn(str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def say(template: str, **values: object) -> Mrkdwn:
    """The template with its values escaped and put in."""
    return within_sentence(Mrkdwn(template.format(**{name: escape(value) for name, value in values.items()})))


def within_sentence(text: Mrkdwn) -> Mrkdwn:
    """The text with each date that follows a word written as there: *since yesterday*, where Slack would write *since Yesterday*.

    Slack makes the first character of a date a capital; a space of no width takes its place.
    """
    return Mrkdwn(_DATE_AFTER_WORD.sub("\\g<0>\u200b", text))


def cut(text: str, most: int) -> str:
    """At most `most` characters, with an ellipsis where something was left out.

    Markup stays markup, and is never cut through the middle of an escaped character, a mention, a link or a date.
    """
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    tag = kept.rfind("<")
    if isinstance(text, Mrkdwn) and tag >= 0 and ">" not in kept[tag:]:
        kept = kept[:tag]
    entity = kept.rfind("&")
    if entity >= max(len(kept) - 5, 0) and ";" not in kept[entity:]:
        kept = kept[:entity]
    shorter = kept.rstrip() + "…"
    return Mrkdwn(shorter) if isinstance(text, Mrkdwn) else shorter


def quote(text: str, most: int = 600) -> Mrkdwn:
    """Somebody's words, set off as a quotation."""
    return Mrkdwn("\n".join(f">{line}" for line in cut(escape(text), most).splitlines()))


def person(who: Person | str) -> Mrkdwn:
    """A mention, by person or Slack id. It names; it only notifies where the message is new."""
    return Mrkdwn(f"<@{who if isinstance(who, str) else who.slack_id}>")


def channel(slack_id: str) -> Mrkdwn:
    """A channel, by its name and as a link where the reader may see it."""
    return Mrkdwn(f"<#{slack_id}>")


def link(url: str, label: str) -> Mrkdwn:
    """A link with its label."""
    return Mrkdwn(f"<{url.replace('>', '%3E').replace('|', '%7C')}|{escape(label)}>")


def when(moment: datetime) -> Mrkdwn:
    """A moment, shown by Slack in each reader's own zone."""
    fallback = _written(moment.replace(second=0, microsecond=0), "d MMM y HH:mm", language()) + " UTC"
    return Mrkdwn(f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{escape(fallback)}>")


def on_day(moment: datetime) -> Mrkdwn:
    """The day of a moment, in each reader's own zone."""
    fallback = _written(moment.replace(second=0, microsecond=0), "d MMM y", language())
    return Mrkdwn(f"<!date^{int(moment.timestamp())}^{{date_short_pretty}}|{escape(fallback)}>")


def day(on: date) -> str:
    """A day of the calendar, the same for every reader wherever they are."""
    return format_date(on, "d MMM y", locale=language().replace("-", "_"))


def weekdays_words(weekdays: Sequence[int]) -> str:
    """Weekdays as `date.weekday` numbers them, as people say them: `Sunday to Thursday`."""
    names = get_day_names("wide", locale=language().replace("-", "_"))
    first, last = weekdays[0], weekdays[-1]
    if (last - first) % 7 == len(weekdays) - 1:
        return _("{first} to {last}").format(first=names[first], last=names[last])
    return ", ".join(names[number] for number in weekdays)


@lru_cache(maxsize=4_096)
def _written(minute: datetime, pattern: str, locale: str) -> str:
    return format_datetime(minute, pattern, locale=locale.replace("-", "_"))


def mrkdwn(text: str) -> Block:
    """A text object with markup; a plain string is escaped first."""
    return {"type": "mrkdwn", "text": cut(escape(text), MOST_TEXT)}


def plain(text: str, most: int = MOST_TEXT) -> Block:
    """A text object without markup."""
    return {"type": "plain_text", "text": cut(text, most), "emoji": True}


def header(text: str) -> Block:
    """A headline."""
    return {"type": "header", "text": plain(text, MOST_HEADER)}


def section(text: str, accessory: Block | None = None) -> Block:
    """A paragraph, perhaps with a button beside it."""
    shown = accessory if accessory and may_press(accessory.get("action_id", "")) else None
    return {"type": "section", "text": mrkdwn(text)} | ({"accessory": shown} if shown else {})


def fields(pairs: Iterable[tuple[str, str]]) -> Block:
    """Labelled values in two columns; at most ten."""
    texts = [mrkdwn(cut(say("*{label}*\n{value}", label=label, value=value), 2000)) for label, value in pairs]
    return {"type": "section", "fields": texts[:10]}


def context(*texts: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts if text][:10]}


def more(rest: int) -> list[Block]:
    """The line under a list that says how many it leaves out; nothing where it leaves out none."""
    return [context(say(_("and {rest} more"), rest=rest))] if rest > 0 else []


def fitting(lines: Sequence[Block], parts: int = 1, beside: Sequence[Block] = ()) -> list[Block]:
    """As many of the paragraphs, from the first, as one message takes beside other blocks, or one of so many equal parts of it."""
    room = MOST_IN_MESSAGE // parts - sum(len(json.dumps(block, ensure_ascii=False)) for block in beside)
    ends = accumulate(len(line["text"]["text"]) + MOST_BUTTON for line in lines)
    return [line for line, end in zip(lines, ends, strict=True) if end <= room]


def fitting_modal(blocks: Sequence[Block]) -> list[Block]:
    """As many of the blocks, from the first, as a modal takes with a line to spare: by their number and their size as JSON."""
    ends = accumulate(len(json.dumps(block)) for block in blocks)
    fits = [block for block, end in zip(blocks, ends, strict=True) if end <= MOST_IN_MODAL]
    return fits if len(fits) <= MOST_BLOCKS else fits[: MOST_BLOCKS - 1]


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def actions(*elements: Block | None, block_id: str | None = None) -> Block:
    """A row of buttons; None is left out, and so is what its one reader may not press. In place of an empty row stands who may."""
    lacking = {element["action_id"]: denied(element["action_id"]) for element in elements if element}
    shown = [element for element in elements if element and lacking[element["action_id"]] is None]
    if not shown:
        able = {role for permission in lacking.values() if permission for role in permission.roles}
        titles = [role.title for role in Role if role in able]
        return context(say(_("For {roles} to deal with."), roles=listed(titles)))
    block: Block = {"type": "actions", "elements": shown}
    return block | ({"block_id": block_id} if block_id else {})


def button(
    action_id: str, label: str, value: object = "", style: str | None = None, confirm: Block | None = None
) -> Block:
    """A button; `value` is the id of the record it acts on."""
    element: Block = {"type": "button", "action_id": action_id, "text": plain(label, MOST_BUTTON)}
    for name, part in (("value", str(value)), ("style", style), ("confirm", confirm)):
        if part:
            element[name] = part
    return element


def confirm(title: str, text: str, yes: str) -> Block:
    """The question that is asked before a button does what it says."""
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(_("No"), 30),
    }


def option(value: str, label: str, description: str | None = None) -> Block:
    """One choice of a menu."""
    element: Block = {"text": plain(label, MOST_OPTION), "value": value}
    return element | ({"description": plain(description, MOST_OPTION)} if description else {})


def options_of(choices: Mapping[str, str]) -> list[Block]:
    """The choices of a menu, from value to label."""
    return [option(value, label) for value, label in choices.items()][:MOST_OPTIONS]


def menu(
    choices: Mapping[str, str], chosen: str | None = None, placeholder: str | None = None, action_id: str | None = None
) -> Block:
    """A select menu for one choice; `chosen` must be among the choices to be shown as chosen. Very many come in groups."""
    element: Block = {"type": "static_select", **_offered(choices)}
    if action_id:
        element["action_id"] = action_id
    if placeholder:
        element["placeholder"] = plain(placeholder, 150)
    if chosen in choices:
        element["initial_option"] = option(str(chosen), choices[str(chosen)])
    return element


def _offered(choices: Mapping[str, str]) -> Block:
    """The choices of a select menu, in groups named by their first and last letters where one group does not take all."""
    if len(choices) <= MOST_OPTIONS:
        return {"options": options_of(choices)}
    options = [option(value, label) for value, label in choices.items()]
    groups = [options[start : start + MOST_OPTIONS] for start in range(0, len(options), MOST_OPTIONS)]
    return {"option_groups": [{"label": plain(_span(group), MOST_OPTION), "options": group} for group in groups]}


def _span(group: list[Block]) -> str:
    return "{} – {}".format(*(one["text"]["text"][:1] for one in (group[0], group[-1])))


def overflow(action_id: str, choices: Mapping[str, str]) -> Block | None:
    """The three dots with up to five more things to do, from value to label; None where its one reader may do none of them.

    A value is the id of a record and the choice: `7:merge`.
    """
    shown = {value: label for value, label in choices.items() if may_press(f"{action_id}:{value.rpartition(':')[2]}")}
    return {"type": "overflow", "action_id": action_id, "options": options_of(shown)} if shown else None


def search_menu(action_id: str, placeholder: str, chosen: Block | None = None) -> Block:
    """A menu whose choices are asked for as somebody types; it shows some before they do. `chosen` is the option taken at first."""
    element: Block = {
        "type": "external_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, 150),
        "min_query_length": 0,
    }
    return element | ({"initial_option": chosen} if chosen else {})


def person_field(placeholder: str) -> Block:
    """A menu of the workspace's people."""
    return {"type": "users_select", "placeholder": plain(placeholder, 150)}


def radio(choices: Sequence[Block], chosen: str | None = None) -> Block:
    """Radio buttons for up to ten choices."""
    element: Block = {"type": "radio_buttons", "options": list(choices)[:10]}
    initial = next((choice for choice in choices if choice["value"] == chosen), None)
    return element | ({"initial_option": initial} if initial else {})


def text_field(
    initial: str | None = None, *, lines: bool = False, most: int = MOST_TEXT, placeholder: str | None = None
) -> Block:
    """A field to type into."""
    element: Block = {"type": "plain_text_input", "multiline": lines, "max_length": most}
    if initial:
        element["initial_value"] = cut(initial, most)
    if placeholder:
        element["placeholder"] = plain(placeholder, 150)
    return element


def suggesting(action_id: str, placeholder: str) -> Block:
    """A select menu whose choices are asked for as somebody types, and before they have typed anything."""
    return {
        "type": "external_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, 150),
        "min_query_length": 0,
    }


def person_menu(chosen: str | None) -> Block:
    """A menu of the people of the workspace, by Slack id."""
    return {"type": "users_select"} | ({"initial_user": chosen} if chosen else {})


def day_field(initial: date | None = None) -> Block:
    """A date picker."""
    return {"type": "datepicker"} | ({"initial_date": initial.isoformat()} if initial else {})


def moment_field(initial: datetime | None = None) -> Block:
    """A date and time picker, in the zone of whoever picks."""
    return {"type": "datetimepicker"} | ({"initial_date_time": int(initial.timestamp())} if initial else {})


def time_field(initial: time | None = None) -> Block:
    """A time picker."""
    return {"type": "timepicker"} | ({"initial_time": initial.strftime("%H:%M")} if initial else {})


def file_field(*kinds: str) -> Block:
    """Takes one file, of one of these kinds."""
    return {"type": "file_input", "filetypes": list(kinds), "max_files": 1}


def ask(name: str, label: str, element: Block, *, optional: bool = False, hint: str | None = None) -> Block:
    """A question of a form; its block's id is the form's field, so that a refusal lands under it."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2000),
        "element": {"action_id": name} | element,
    }
    if optional:
        block["optional"] = True
    if hint:
        block["hint"] = plain(hint, 2000)
    return block


def modal(callback_id: str, title: str, blocks: list[Block], *, submit: str | None = None, about: object = "") -> View:
    """A modal; `about` is the id of the record it is for, kept by Slack until it is submitted.

    What is more than Slack takes is left out at the end, and said.
    """
    kept = fitting_modal(blocks)
    if len(kept) < len(blocks):
        blocks = [*kept, context(say(_("There is more than fits here.")))]
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, MOST_TITLE),
        "close": plain(_("Cancel") if submit else _("Close"), MOST_TITLE),
        "private_metadata": str(about),
        "blocks": blocks,
    }
    return view | ({"submit": plain(submit, MOST_TITLE)} if submit else {})


def notice(title: str, text: str) -> View:
    """A small modal that says one thing."""
    return modal("notice", title, [section(text)])
