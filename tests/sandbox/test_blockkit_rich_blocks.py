"""The validator on rich text, tables, charts, cards, containers and plans."""

import pytest

from sandbox.blockkit import problems
from tests.sandbox.blockkit_examples import (
    bars,
    button,
    card,
    cell,
    chart,
    container,
    data_table,
    image,
    mrkdwn,
    pie,
    plain,
    plan,
    rich_list,
    rich_text,
    section,
    table,
    task,
)

ACCEPTED = [
    ("an empty rich text section", [rich_text()]),
    (
        "every inline element",
        [
            rich_text(
                {"type": "text", "text": "Hi ", "style": {"bold": True, "underline": True}},
                {"type": "link", "url": "https://example.com", "text": "here", "unsafe": False},
                {"type": "emoji", "name": "wave", "skin_tone": 2, "unicode": "1f44b"},
                {"type": "user", "user_id": "U1", "style": {"highlight": True}},
                {"type": "usergroup", "usergroup_id": "S1"},
                {"type": "channel", "channel_id": "C1"},
                {"type": "team", "team_id": "T1"},
                {"type": "broadcast", "range": "here"},
                {"type": "color", "value": "#F405B3"},
                {
                    "type": "date",
                    "timestamp": 1720710212,
                    "format": "{date_num}",
                    "fallback": "July",
                    "url": "https://x.io",
                },
            )
        ],
    ),
    ("an indented list", [rich_list(indent=8, offset=3, border=1)]),
    (
        "a quote and a preformatted part",
        [
            {
                "type": "rich_text",
                "elements": [
                    {"type": "rich_text_quote", "elements": [{"type": "text", "text": "so"}], "border": 0},
                    {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}]},
                ],
            }
        ],
    ),
    ("a table of 100 rows", [table(rows=100, columns=20, text="x")]),
    ("a table with a skipped column", [table(column_settings=[None, {"align": "right", "is_wrapped": True}])]),
    (
        "a table of every kind of cell",
        [table() | {"rows": [[cell(), rich_text(), {"type": "raw_number", "value": 1.5, "text": "1½"}]]}],
    ),
    ("a table of uneven rows", [table() | {"rows": [[cell()], [cell(), cell()]]}]),
    ("a data table of 200 rows", [data_table(rows=201, columns=1, page_size=100, row_header_column_index=0)]),
    ("a long data table", [data_table(rows=10, columns=20, text="x" * 100)]),
    ("a pie", [pie(1, 0.5)]),
    ("bars with axis labels", [bars("Won", "Lost", x_label="Quarter", y_label="Deals")]),
    ("points in another order than the categories", [bars("Won", labels=("Q2", "Q1"))]),
    ("two charts", [pie(1), pie(2)]),
    ("a full card", [card(icon=image(), subtitle=plain(), body=mrkdwn(), subtext=plain(), actions=[button()] * 3)]),
    ("a card with a Slack icon", [card(slack_icon={"type": "icon", "name": "rocket"})]),
    (
        "a carousel whose cards share an action_id",
        [{"type": "carousel", "elements": [card(actions=[button(action_id="go")])] * 10}],
    ),
    (
        "a container",
        [container(section(), {"type": "divider"}, is_collapsible=True, default_collapsed=True, width="full")],
    ),
    (
        "a container with a rich title",
        [{"type": "container", "rich_text_title": rich_text(), "child_blocks": [section()]}],
    ),
    ("a plan with a pending task", [plan(task(status="pending"), task("t2", output=rich_text()))]),
    ("a task with sources", [task(sources=[{"type": "url", "url": "https://example.com", "text": "Source"}])]),
    ("an auth provider", [{"type": "auth_provider", "value": "crm", "name": plain("CRM"), "is_connected": False}]),
]

REFUSED = [
    (
        "rich text without elements",
        [{"type": "rich_text", "elements": []}],
        "/0/elements",
        "no less than 1 items allowed",
    ),
    (
        "inline text directly in rich text",
        [{"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}],
        "/0/elements/0/type",
        "unsupported type: text",
    ),
    (
        "an empty inline text",
        [rich_text({"type": "text", "text": ""})],
        "/0/elements/0/elements/0/text",
        "must be more than 0 characters",
    ),
    (
        "an unknown style",
        [rich_text({"type": "text", "text": "x", "style": {"blink": True}})],
        "/0/elements/0/elements/0/style",
        "invalid additional property: blink",
    ),
    (
        "a style that is a word",
        [rich_text({"type": "text", "text": "x", "style": "bold"})],
        "/0/elements/0/elements/0/style",
        "must provide an object",
    ),
    (
        "a link without url",
        [rich_text({"type": "link", "text": "x"})],
        "/0/elements/0/elements/0",
        "missing required field: url",
    ),
    (
        "an unknown broadcast",
        [rich_text({"type": "broadcast", "range": "all"})],
        "/0/elements/0/elements/0/range",
        "must be a valid enum value",
    ),
    (
        "a date in words",
        [rich_text({"type": "date", "timestamp": "today", "format": "{date}"})],
        "/0/elements/0/elements/0/timestamp",
        "must provide an integer",
    ),
    (
        "a list inside a section",
        [rich_text(rich_list()["elements"][0])],
        "/0/elements/0/elements/0/type",
        "unsupported type: rich_text_list",
    ),
    (
        "text directly in a list",
        [rich_list(elements=[{"type": "text", "text": "x"}])],
        "/0/elements/0/elements/0/type",
        "unsupported type: text",
    ),
    ("an unknown list style", [rich_list(style="dash")], "/0/elements/0/style", "must be a valid enum value"),
    ("a list indented too far", [rich_list(indent=9)], "/0/elements/0/indent", "must be less than 9"),
    ("a table without rows", [table(rows=0)], "/0/rows", "no less than 1 items allowed"),
    ("101 rows", [table(rows=101, columns=1)], "/0/rows", "no more than 100 items allowed"),
    ("21 columns", [table(rows=1, columns=21)], "/0/rows/0", "no more than 20 items allowed"),
    (
        "10,001 characters in a table",
        [table(rows=1, columns=2, text="x" * 5001)],
        "",
        "`table` cells must be less than 10001 characters",
    ),
    ("two tables", [table(), table()], "", "only one `table` allowed"),
    ("two tables, one in a container", [table(), container(table())], "", "only one `table` allowed"),
    ("an empty cell", [table(1, 1, "")], "/0/rows/0/0/text", "must be more than 0 characters"),
    ("a cell of mrkdwn", [{"type": "table", "rows": [[mrkdwn()]]}], "/0/rows/0/0/type", "unsupported type: mrkdwn"),
    (
        "an unknown alignment",
        [table(column_settings=[{"align": "middle"}])],
        "/0/column_settings/0/align",
        "must be a valid enum value",
    ),
    ("a data table without caption", [table() | {"type": "data_table"}], "/0", "missing required field: caption"),
    ("a data table of a header alone", [data_table(rows=1)], "/0/rows", "no less than 2 items allowed"),
    ("a data table of 201 rows", [data_table(rows=202, columns=1)], "/0/rows", "no more than 201 items allowed"),
    (
        "a data table of uneven rows",
        [data_table() | {"rows": [[cell()], [cell(), cell()]]}],
        "/0/rows/1",
        "must have 1 items",
    ),
    (
        "a rich header cell",
        [data_table() | {"rows": [[rich_text()], [cell()]]}],
        "/0/rows/0/0/type",
        "unsupported type: rich_text",
    ),
    ("a page of 101", [data_table(page_size=101)], "/0/page_size", "must be less than 101"),
    (
        "20,001 characters in data tables",
        [data_table(text="x" * 5000), data_table(text="y")],
        "",
        "`data_table` cells must be less than 20001",
    ),
    ("three charts", [pie(1), pie(2), pie(3)], "", "no more than 2 `data_visualization`"),
    ("a long chart title", [pie(1) | {"title": "x" * 51}], "/0/title", "must be less than 51 characters"),
    ("an unknown chart", [chart({"type": "radar"})], "/0/chart/type", "unsupported type: radar"),
    ("a pie of nothing", [pie()], "/0/chart/segments", "no less than 1 items allowed"),
    ("a pie of 13", [pie(*[1] * 13)], "/0/chart/segments", "no more than 12 items allowed"),
    ("an empty segment", [pie(0)], "/0/chart/segments/0/value", "must be greater than 0"),
    ("an endless segment", [pie(float("inf"))], "/0/chart/segments/0/value", "must provide a finite number"),
    ("a segment in words", [pie("ten")], "/0/chart/segments/0/value", "must provide a number"),
    ("a series twice", [bars("Won", "Won")], "/0/chart/series/1", "must be unique: Won"),
    (
        "a category twice",
        [bars("Won", categories=("Q1", "Q1"), labels=("Q1", "Q1"))],
        "/0/chart/axis_config/categories/1",
        "must be unique: Q1",
    ),
    (
        "a category without point",
        [bars("Won", labels=("Q1",))],
        "/0/chart/series/0/data",
        "exactly one point per category",
    ),
    ("a long series name", [bars("x" * 21)], "/0/chart/series/0/name", "must be less than 21 characters"),
    (
        "a long axis label",
        [bars("Won", x_label="x" * 51)],
        "/0/chart/axis_config/x_label",
        "must be less than 51 characters",
    ),
    ("a card of a subtitle alone", [{"type": "card", "subtitle": plain()}], "/0", "must define either"),
    ("a card with a bare title", [card(title="Acme")], "/0/title", "must provide an object"),
    ("a card's long body", [card(body=plain("x" * 201))], "/0/body/text", "must be less than 201 characters"),
    ("a card with 4 buttons", [card(actions=[button()] * 4)], "/0/actions", "no more than 3 items allowed"),
    (
        "a card with two icons",
        [card(icon=image(), slack_icon={"type": "icon", "name": "pin"})],
        "/0",
        "cannot define `icon` and `slack_icon` together",
    ),
    (
        "an unknown Slack icon",
        [card(slack_icon={"type": "icon", "name": "unicorn"})],
        "/0/slack_icon/name",
        "must be a valid enum value",
    ),
    (
        "a card's action_id twice",
        [card(actions=[button(action_id="go")] * 2)],
        "/0/actions/1/action_id",
        "already exists",
    ),
    ("an empty carousel", [{"type": "carousel", "elements": []}], "/0/elements", "no less than 1 items allowed"),
    ("11 cards", [{"type": "carousel", "elements": [card()] * 11}], "/0/elements", "no more than 10 items allowed"),
    (
        "a section in a carousel",
        [{"type": "carousel", "elements": [section()]}],
        "/0/elements/0/type",
        "unsupported type: section",
    ),
    (
        "a container without title",
        [{"type": "container", "child_blocks": [section()]}],
        "/0",
        "must define either `title` or `rich_text_title`",
    ),
    ("11 blocks in a container", [container(*[section()] * 11)], "/0/child_blocks", "no more than 10 items allowed"),
    (
        "a container in a container",
        [container(container(section()))],
        "/0/child_blocks/0/type",
        "unsupported type: container",
    ),
    (
        "a collapsed container that cannot open",
        [container(section(), default_collapsed=True)],
        "/0/default_collapsed",
        "must be false unless `is_collapsible` is true",
    ),
    (
        "a divided container that collapses",
        [container(section(), is_collapsible=True, has_header_divider=True)],
        "/0/has_header_divider",
        "must be false unless `is_collapsible` is false",
    ),
    ("a pending task outside a plan", [task(status="pending")], "/0/status", "must be a valid enum value"),
    (
        "a task without status",
        [{"type": "task_card", "task_id": "t", "title": "x"}],
        "/0",
        "missing required field: status",
    ),
    ("a plan with a title object", [plan() | {"title": plain()}], "/0/title", "must provide a string"),
    ("a plan with a task twice", [plan(task("a"), task("a"))], "/0/tasks/1", "must be unique: a"),
    (
        "an auth provider with a button",
        [{"type": "auth_provider", "value": "crm", "name": plain(), "is_connected": True, "accessory": button()}],
        "/0/accessory/type",
        "unsupported type: button",
    ),
]


@pytest.mark.parametrize("blocks", [pytest.param(blocks, id=name) for name, blocks in ACCEPTED])
def test_what_slack_accepts_in_a_message_is_accepted(blocks):
    assert problems("message", blocks) == []


@pytest.mark.parametrize(("blocks", "pointer", "sentence"), [pytest.param(*case, id=name) for name, *case in REFUSED])
def test_what_slack_refuses_in_a_message_is_named_once_with_its_place(blocks, pointer, sentence):
    found = problems("message", blocks)

    assert len(found) == 1, found
    assert sentence in found[0]
    assert found[0].endswith(f"[json-pointer:/blocks{pointer}]")
