"""The driver: plain values become Slack's shapes, and what is not there is said clearly."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Refused, Workspace, find, state_of, value_of
from tests.sandbox.conftest import ANNA, BEN
from tests.sandbox.socket_app import SocketApp
from tests.sandbox.test_modals import field, modal, plain

Json = dict[str, Any]

GOLD = {"text": plain("Gold"), "value": "g"}
SILVER = {"text": plain("Silver"), "value": "s"}


@pytest.mark.parametrize(
    ("element", "value", "shape"),
    [
        ({"type": "plain_text_input"}, "Acme", {"value": "Acme"}),
        ({"type": "number_input"}, 7, {"value": "7"}),
        ({"type": "plain_text_input"}, None, {"value": None}),
        ({"type": "static_select", "options": [GOLD, SILVER]}, "s", {"selected_option": SILVER}),
        ({"type": "static_select", "option_groups": [{"options": [GOLD]}]}, "Gold", {"selected_option": GOLD}),
        ({"type": "checkboxes", "options": [GOLD, SILVER]}, ["g", "Silver"], {"selected_options": [GOLD, SILVER]}),
        ({"type": "external_select"}, GOLD, {"selected_option": GOLD}),
        ({"type": "users_select"}, ANNA, {"selected_user": ANNA}),
        ({"type": "multi_users_select"}, [ANNA, BEN], {"selected_users": [ANNA, BEN]}),
        ({"type": "datepicker"}, "2026-01-31", {"selected_date": "2026-01-31"}),
        ({"type": "datetimepicker"}, 1_750_000_000, {"selected_date_time": 1_750_000_000}),
        ({"type": "overflow", "options": [GOLD]}, "Gold", {"selected_option": GOLD}),
    ],
)
def test_plain_values_take_slacks_shape(element: Json, value: Any, shape: Json) -> None:
    assert value_of(element, value) == shape


def test_a_field_is_found_by_block_or_action() -> None:
    view = modal("Form", field("name", {"type": "plain_text_input"}))
    expected = {"name": {"typed": {"type": "plain_text_input", "value": "x"}}}
    assert state_of(view, {"name": "x"}) == state_of(view, {"typed": "x"}) == expected


def test_what_is_not_there_is_named_with_what_is() -> None:
    view = modal("Form", field("tier", {"type": "static_select", "options": [GOLD]}))
    with pytest.raises(Refused, match="typed"):
        find(view, "nowhere")
    with pytest.raises(Refused, match=r"bronze.*'g'"):
        state_of(view, {"tier": "bronze"})


async def test_waiting_ends_with_a_complaint(anna: Workspace) -> None:
    with pytest.raises(AssertionError, match="Godot"):
        await anna.wait_for("Godot", channel="#sales", timeout=0.05)


async def test_what_was_chosen_in_a_message_is_told_with_a_later_press(
    app: SocketApp, anna: Workspace, client: AsyncWebClient
) -> None:
    # docs.slack.dev/changelog/2020/09/01/full-state-on-view-submisson-and-block-actions: "all block_actions payloads".
    tier = {"type": "static_select", "action_id": "tier", "options": [GOLD, SILVER]}
    save = {"type": "button", "action_id": "save", "text": plain("Save")}
    blocks = [{"type": "actions", "block_id": "b", "elements": [tier, save]}]
    await client.chat_postMessage(channel="#sales", text="pick", blocks=blocks)
    for person, choice in ((BEN, "Gold"), (ANNA, "Silver")):
        await anna.as_(person).choose(await anna.wait_for("pick", channel="#sales"), "tier", choice)
    for person, choice in ((BEN, "g"), (ANNA, "s")):
        await anna.as_(person).click(await anna.wait_for("pick", channel="#sales"), "Save")
        payload = await app.next("block_actions")
        while payload["actions"][0]["action_id"] != "save":
            payload = await app.next("block_actions")
        assert payload["state"]["values"]["b"]["tier"]["selected_option"]["value"] == choice


async def test_two_people_share_a_session(anna: Workspace, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel=BEN, text="for Ben")
    assert [message["text"] for message in await anna.dm(BEN)] == ["for Ben"]
    assert await anna.dm() == []
    await anna.as_(BEN).say("#sales", "Ben here")
    assert (await anna.wait_for("Ben here", channel="#sales"))["user"] == BEN
