"""Every length and count the validator knows, met exactly and overstepped by one."""

import pytest

from sandbox.blockkit import problems
from tests.sandbox.blockkit_examples import (
    FEEDBACK,
    INPUT_BLOCK,
    MARKDOWN,
    TRASH,
    actions,
    bars,
    button,
    card,
    cell,
    container,
    data_table,
    image,
    mrkdwn,
    pie,
    plain,
    plan,
    rich_text,
    section,
    table,
    task,
    video,
)


def asking(kind, **more):
    return INPUT_BLOCK | {"element": {"type": kind, **more}}


def choosing(kind, **option):
    return asking(kind, options=[{"text": plain(), "value": "a", **option}])


def confirming(**more):
    words = {name: plain() for name in ("title", "text", "confirm", "deny")}
    return actions(button(confirm=words | more))


def context_actions(*elements):
    return {"type": "context_actions", "elements": list(elements)}


def feedback(**more):
    return context_actions(FEEDBACK | {"negative_button": FEEDBACK["negative_button"] | more})


def workflow_button(**more):
    workflow = {"trigger": {"url": "https://slack.com/shortcuts/Ft1/x"}}
    return actions({"type": "workflow_button", "text": plain(), "workflow": workflow, "action_id": "go", **more})


def provider(**more):
    return {"type": "auth_provider", "value": "crm", "name": plain("CRM"), "is_connected": True, **more}


def alert(text):
    return {"type": "alert", "text": text}


def address(length):
    return "https://e.com/".ljust(length, "x")


def options(count):
    return [{"text": plain(), "value": f"o{n}"} for n in range(count)]


# Each row: what, the limit, and a block that holds a text of the given length.
LENGTHS = [
    ("block_id", 255, lambda n: section(block_id="x" * n)),
    ("rich text's block_id", 255, lambda n: rich_text() | {"block_id": "x" * n}),
    ("table's block_id", 255, lambda n: table(block_id="x" * n)),
    ("action_id", 255, lambda n: actions(button(action_id="x" * n))),
    ("section text", 3000, lambda n: section("x" * n)),
    ("section field", 2000, lambda n: section(fields=[plain("x" * n)])),
    ("header", 150, lambda n: {"type": "header", "text": plain("x" * n)}),
    ("context text", 3000, lambda n: {"type": "context", "elements": [mrkdwn("x" * n)]}),
    ("image title", 2000, lambda n: image(title=plain("x" * n))),
    ("image alt_text", 2000, lambda n: image(alt_text="x" * n)),
    ("image url", 3000, lambda n: image(image_url=address(n))),
    ("accessory alt_text", 2000, lambda n: section(accessory=image(alt_text="x" * n))),
    ("input label", 2000, lambda n: INPUT_BLOCK | {"label": plain("x" * n)}),
    ("input hint", 2000, lambda n: INPUT_BLOCK | {"hint": plain("x" * n)}),
    ("initial text", 3000, lambda n: asking("plain_text_input", initial_value="x" * n)),
    ("placeholder", 150, lambda n: asking("users_select", placeholder=plain("x" * n))),
    ("button text", 75, lambda n: actions(button(text=plain("x" * n)))),
    ("button value", 2000, lambda n: actions(button(value="x" * n))),
    ("button url", 3000, lambda n: actions(button(url=address(n)))),
    ("button label", 75, lambda n: actions(button(accessibility_label="x" * n))),
    ("agent prompt", 4000, lambda n: actions(button(agent_prompt="x" * n))),
    ("workflow button text", 75, lambda n: workflow_button(text=plain("x" * n))),
    ("feedback text", 75, lambda n: feedback(text=plain("x" * n))),
    ("feedback value", 2000, lambda n: feedback(value="x" * n)),
    ("icon text", 75, lambda n: context_actions(TRASH | {"text": plain("x" * n)})),
    ("icon value", 2000, lambda n: context_actions(TRASH | {"value": "x" * n})),
    ("confirm title", 100, lambda n: confirming(title=plain("x" * n))),
    ("confirm text", 300, lambda n: confirming(text=mrkdwn("x" * n))),
    ("confirm yes", 30, lambda n: confirming(confirm=plain("x" * n))),
    ("confirm no", 30, lambda n: confirming(deny=plain("x" * n))),
    ("option text", 75, lambda n: choosing("static_select", text=plain("x" * n))),
    ("option value", 150, lambda n: choosing("static_select", value="x" * n)),
    ("option description", 75, lambda n: choosing("static_select", description=plain("x" * n))),
    ("radio text", 75, lambda n: choosing("radio_buttons", text=mrkdwn("x" * n))),
    ("radio description", 75, lambda n: choosing("checkboxes", description=mrkdwn("x" * n))),
    (
        "overflow url",
        3000,
        lambda n: section(accessory={"type": "overflow", "options": [options(1)[0] | {"url": address(n)}]}),
    ),
    ("markdown", 12_000, lambda n: MARKDOWN | {"text": "x" * n}),
    ("video title", 200, lambda n: video(title=plain("x" * n))),
    ("video alt_text", 2000, lambda n: video(alt_text="x" * n)),
    ("video url", 3000, lambda n: video(video_url=address(n))),
    ("video title_url", 2000, lambda n: video(title_url=address(n))),
    ("video description", 200, lambda n: video(description=plain("x" * n))),
    ("video provider", 50, lambda n: video(provider_name="x" * n)),
    ("video provider's icon", 2000, lambda n: video(provider_icon_url=address(n))),
    ("video author", 50, lambda n: video(author_name="x" * n)),
    ("table cells", 10_000, lambda n: table(1, 1, "x" * n)),
    ("data table cells", 20_000, lambda n: data_table() | {"rows": [[cell("x")], [cell("x" * (n - 1))]]}),
    ("chart title", 50, lambda n: pie(1) | {"title": "x" * n}),
    ("chart x label", 50, lambda n: bars("Won", x_label="x" * n)),
    ("chart y label", 50, lambda n: bars("Won", y_label="x" * n)),
    ("series name", 20, lambda n: bars("x" * n)),
    ("card title", 150, lambda n: card(title=mrkdwn("x" * n))),
    ("card subtitle", 150, lambda n: card(subtitle=mrkdwn("x" * n))),
    ("card body", 200, lambda n: card(body=mrkdwn("x" * n))),
    ("card subtext", 200, lambda n: card(subtext=mrkdwn("x" * n))),
    ("container title", 150, lambda n: container(section(), title=plain("x" * n))),
    ("container subtitle", 150, lambda n: container(section(), subtitle=mrkdwn("x" * n))),
    ("alert", 200, lambda n: alert(mrkdwn("x" * n))),
    ("provider value", 150, lambda n: provider(value="x" * n)),
    ("provider name", 75, lambda n: provider(name=plain("x" * n))),
    ("provider description", 150, lambda n: provider(description=plain("x" * n))),
    ("provider identity", 75, lambda n: provider(connected_identity=plain("x" * n))),
    ("provider context", 75, lambda n: provider(connected_context=plain("x" * n))),
]

# Each row: what, the limit, and a block with so many of it.
COUNTS = [
    ("fields", 10, lambda n: section(fields=[plain()] * n)),
    ("actions", 25, lambda n: actions(*[button()] * n)),
    ("context elements", 10, lambda n: {"type": "context", "elements": [plain()] * n}),
    ("context actions", 5, lambda n: context_actions(*[TRASH] * n)),
    ("users who see an icon", 10, lambda n: context_actions(TRASH | {"visible_to_user_ids": ["U1"] * n})),
    ("header level", 4, lambda n: {"type": "header", "text": plain(), "level": n}),
    ("options", 100, lambda n: asking("static_select", options=options(n))),
    (
        "option groups",
        100,
        lambda n: asking("static_select", option_groups=[{"label": plain(), "options": options(1)}] * n),
    ),
    (
        "options in a group",
        100,
        lambda n: asking("static_select", option_groups=[{"label": plain(), "options": options(n)}]),
    ),
    ("initial options from outside", 100, lambda n: asking("multi_external_select", initial_options=options(n))),
    ("radio buttons", 10, lambda n: asking("radio_buttons", options=options(n))),
    ("overflow options", 5, lambda n: section(accessory={"type": "overflow", "options": options(n)})),
    ("max_length", 3000, lambda n: asking("plain_text_input", max_length=n)),
    ("min_length", 3000, lambda n: asking("plain_text_input", min_length=n)),
    ("max_lines", 100, lambda n: asking("rich_text_input", max_lines=n)),
    ("min_lines", 100, lambda n: asking("rich_text_input", min_lines=n)),
    ("files", 10, lambda n: asking("file_input", max_files=n)),
    ("seconds since 1970", 9_999_999_999, lambda n: asking("datetimepicker", initial_date_time=n)),
    ("skin tone", 6, lambda n: rich_text({"type": "emoji", "name": "wave", "skin_tone": n})),
    ("table rows", 100, lambda n: table(n, 1)),
    ("table columns", 20, lambda n: table(1, n)),
    ("table column settings", 20, lambda n: table(1, 1, column_settings=[None] * n)),
    ("data table rows", 201, lambda n: data_table(n, 1)),
    ("data table page", 100, lambda n: data_table(page_size=n)),
    ("data table's header column", 19, lambda n: data_table(row_header_column_index=n)),
    ("segments", 12, lambda n: pie(*[1] * n)),
    ("series", 12, lambda n: bars(*[f"s{i}" for i in range(n)])),
    ("card buttons", 3, lambda n: card(actions=[button()] * n)),
    ("cards", 10, lambda n: {"type": "carousel", "elements": [card()] * n}),
    ("child blocks", 10, lambda n: container(*[section()] * n)),
    ("tasks", 50, lambda n: plan(*[task(f"t{i}") for i in range(n)])),
]


def found(block):
    """The problems on the surface of a message where that can hold the block, otherwise in a modal."""
    in_modals_alone = {"alert", "file_input", "rich_text_input"}
    kinds = {block["type"], block.get("element", {}).get("type")}
    return problems("modal" if kinds & in_modals_alone else "message", [block])


@pytest.mark.parametrize(("most", "block"), [pytest.param(*case, id=name) for name, *case in [*LENGTHS, *COUNTS]])
def test_a_limit_may_be_met_but_not_overstepped(most, block):
    assert found(block(most)) == []
    assert len(found(block(most + 1))) == 1


@pytest.mark.parametrize("count", [1, 20])
def test_a_chart_has_up_to_twenty_categories_with_a_point_each(count):
    labels = [f"Q{n}" for n in range(count)]
    assert found(bars("Won", categories=labels, labels=labels)) == []


def test_a_chart_of_21_categories_is_refused_for_the_axis_and_for_the_points():
    labels = [f"Q{n}" for n in range(21)]
    assert found(bars("Won", categories=labels, labels=labels)) == [
        "no more than 20 items allowed [json-pointer:/blocks/0/chart/series/0/data]",
        "no more than 20 items allowed [json-pointer:/blocks/0/chart/axis_config/categories]",
    ]


def test_a_moment_of_nine_digits_is_refused():
    assert found(asking("datetimepicker", initial_date_time=1_000_000_000)) == []
    assert len(found(asking("datetimepicker", initial_date_time=999_999_999))) == 1
