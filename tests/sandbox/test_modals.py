"""Modals and Home: triggers, the stack of three, hashes, what a submission may answer, what the client checks itself."""

from functools import partial
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Refused, Workspace
from sandbox.modals import open_modal
from sandbox.server import Sandbox
from tests.sandbox.conftest import ANNA, BEN
from tests.sandbox.socket_app import SILENCE, SocketApp
from tests.sandbox.test_web_api import refusal

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def field(block_id: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(block_id),
        "element": {"action_id": "typed", **element},
        **more,
    }


def modal(title: str = "Form", *blocks: Json, **more: Any) -> Json:
    shown = list(blocks) or [field("name", {"type": "plain_text_input"})]
    return {"type": "modal", "title": plain(title), "submit": plain("Save"), "blocks": shown, **more}


def constant(answer: Json | None, envelope: Json) -> Json | None:
    return answer


async def trigger(app: SocketApp, anna: Workspace) -> str:
    await anna.shortcut("new_count")
    return str((await app.next("shortcut"))["trigger_id"])


async def opened(app: SocketApp, anna: Workspace, client: AsyncWebClient, view: Json | None = None) -> Json:
    answer = await client.views_open(trigger_id=await trigger(app, anna), view=view or modal())
    shown: Json = answer["view"]
    return shown


async def test_a_trigger_is_good_once(app: SocketApp, anna: Workspace, client: AsyncWebClient) -> None:
    trigger_id = await trigger(app, anna)
    await client.views_open(trigger_id=trigger_id, view=modal())
    assert await refusal(client.views_open(trigger_id=trigger_id, view=modal())) == "exchanged_trigger_id"
    assert await refusal(client.views_open(trigger_id="1.2.3", view=modal())) == "invalid_trigger_id"


async def test_a_trigger_is_good_for_three_seconds(app: SocketApp, anna: Workspace, client: AsyncWebClient) -> None:
    trigger_id = await trigger(app, anna)
    await anna.move_clock(advance=4)
    assert await refusal(client.views_open(trigger_id=trigger_id, view=modal())) == "expired_trigger_id"


async def test_an_invalid_view_does_not_use_the_trigger_up(
    app: SocketApp, anna: Workspace, client: AsyncWebClient
) -> None:
    trigger_id = await trigger(app, anna)
    assert await refusal(client.views_open(trigger_id=trigger_id, view=modal("T" * 25))) == "invalid_arguments"
    assert (await client.views_open(trigger_id=trigger_id, view=modal()))["ok"]


async def test_a_stack_holds_three(app: SocketApp, anna: Workspace, client: AsyncWebClient) -> None:
    button = {"type": "button", "action_id": "deeper", "text": plain("Deeper")}
    view = modal("Stack", {"type": "actions", "block_id": "deeper", "elements": [button]})
    assert await refusal(client.views_push(trigger_id=await trigger(app, anna), view=view)) == "invalid_trigger_id"
    await opened(app, anna, client, view)
    for depth in (2, 3, 4):
        await anna.click(await anna.wait_for_modal(), "deeper")
        push = client.views_push(trigger_id=(await app.next("block_actions"))["trigger_id"], view=view)
        if depth == 4:
            assert await refusal(push) == "push_limit_reached"
        else:
            pushed = (await push)["view"]
    assert pushed["previous_view_id"] != pushed["root_view_id"]
    await anna.close(await anna.wait_for_modal(), all=True)
    assert (await anna.state())["stack"] == []


async def test_a_stale_hash_is_refused(app: SocketApp, anna: Workspace, client: AsyncWebClient) -> None:
    view = await opened(app, anna, client)
    await client.views_update(view_id=view["id"], hash=view["hash"], view=modal("New"))
    again = client.views_update(view_id=view["id"], hash=view["hash"], view=modal("Newer"))
    assert await refusal(again) == "hash_conflict"
    await anna.close(view)
    assert await refusal(client.views_update(view_id=view["id"], view=modal())) == "not_found"


async def test_an_external_id_is_unique_and_finds_the_view(
    app: SocketApp, anna: Workspace, client: AsyncWebClient
) -> None:
    await opened(app, anna, client, modal(external_id="lead-1"))
    again = client.views_open(trigger_id=await trigger(app, anna), view=modal(external_id="lead-1"))
    assert await refusal(again) == "duplicate_external_id"
    await client.views_update(external_id="lead-1", view=modal("Found", external_id="lead-1"))
    assert (await anna.wait_for_modal("Found"))["external_id"] == "lead-1"


async def test_a_view_that_is_too_large_is_refused(app: SocketApp, anna: Workspace, client: AsyncWebClient) -> None:
    text = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2_900}}
    heavy = modal("Heavy", *({**text, "block_id": f"b{n}"} for n in range(95)))
    assert await refusal(client.views_open(trigger_id=await trigger(app, anna), view=heavy)) == "view_too_large"


@pytest.mark.parametrize(
    ("element", "value", "complaint"),
    [
        ({"type": "plain_text_input"}, None, "required"),
        ({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3"),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "at most 3"),
        ({"type": "email_text_input"}, "nobody", "email"),
        ({"type": "url_text_input"}, "nowhere", "URL"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "number"),
        ({"type": "number_input", "is_decimal_allowed": True, "min_value": "2"}, "1.5", "at least 2"),
        ({"type": "multi_users_select", "max_selected_items": 1}, [ANNA, BEN], "at most 1"),
    ],
)
async def test_the_client_checks_fields_before_the_app_hears(
    app: SocketApp, anna: Workspace, client: AsyncWebClient, element: Json, value: Any, complaint: str
) -> None:
    view = await opened(app, anna, client, modal("Form", field("answer", element)))
    before = len(await anna.deliveries())
    with pytest.raises(Refused) as caught:
        await anna.submit(view, {"answer": value})
    assert complaint in caught.value.detail["errors"]["answer"]
    assert len(await anna.deliveries()) == before


async def test_a_submission_carries_state_and_metadata(app: SocketApp, anna: Workspace, client: AsyncWebClient) -> None:
    choice = {"type": "static_select", "options": [{"text": plain("Gold"), "value": "g"}]}
    form = modal(
        "Form",
        field("name", {"type": "plain_text_input"}),
        field("when", {"type": "datepicker", "initial_date": "2026-01-31"}),
        field("tier", choice, optional=True),
        field("team", {"type": "multi_users_select"}, optional=True),
        private_metadata="deal 7",
    )
    view = await opened(app, anna, client, form)
    assert (await anna.submit(view, {"name": "Acme", "tier": "Gold"}))["response_action"] is None
    sent = await app.next("view_submission")
    values = {block: next(iter(actions.values())) for block, actions in sent["view"]["state"]["values"].items()}
    assert values["name"] == {"type": "plain_text_input", "value": "Acme"}
    assert values["when"]["selected_date"] == "2026-01-31"
    assert values["tier"]["selected_option"]["value"] == "g"
    assert values["team"]["selected_users"] == []
    assert sent["view"]["private_metadata"] == "deal 7"
    assert sent["user"]["id"] == ANNA


@pytest.mark.parametrize(
    ("answer", "titles"),
    [
        (None, ["Root"]),
        ({"response_action": "clear"}, []),
        ({"response_action": "update", "view": modal("After")}, ["Root", "After"]),
        ({"response_action": "push", "view": modal("Third")}, ["Root", "Second", "Third"]),
    ],
)
async def test_what_a_submission_may_answer(
    app: SocketApp, anna: Workspace, client: AsyncWebClient, answer: Json | None, titles: list[str]
) -> None:
    await opened(app, anna, client, modal("Root"))
    app.answer = lambda envelope: {"response_action": "push", "view": modal("Second")}
    await anna.submit(await anna.wait_for_modal("Root"), {"name": "x"})
    app.answer = lambda envelope: answer
    await anna.submit(await anna.wait_for_modal("Second"), {"name": "x"})
    assert [view["title"]["text"] for view in (await anna.state())["stack"]] == titles


async def test_a_view_opened_while_a_submission_is_answered_stays(
    app: SocketApp, anna: Workspace, client: AsyncWebClient, sandbox: Sandbox
) -> None:
    view = await opened(app, anna, client, modal("First"))

    def open_another(envelope: Json) -> None:
        team = sandbox.world.home_team()
        open_modal(sandbox.world, team, envelope["payload"]["trigger_id"], modal("Second"))

    app.answer = open_another
    await anna.submit(view, {"name": "x"})
    assert [shown["title"]["text"] for shown in (await anna.state())["stack"]] == ["Second"]


async def test_a_wrong_answer_leaves_the_modal_open_and_tells_the_person(
    app: SocketApp, anna: Workspace, client: AsyncWebClient
) -> None:
    view = await opened(app, anna, client)
    for errors in ({"nowhere": "x"}, ["nowhere"], None):
        app.answer = partial(constant, {"response_action": "errors", "errors": errors})
        with pytest.raises(Refused, match="unknown blocks"):
            await anna.submit(view, {"name": "x"})
    app.answer = lambda envelope: {"response_action": "update", "view": modal("T" * 25)}
    with pytest.raises(Refused, match="invalid_arguments"):
        await anna.submit(view, {"name": "x"})
    await anna.faults(ack_seconds=0.05)
    app.answer = lambda envelope: SILENCE
    with pytest.raises(Refused, match="operation_timeout"):
        await anna.submit(view, {"name": "x"})
    assert await anna.modal() is not None


@pytest.mark.parametrize(
    ("answer", "offered"),
    [
        ({"options": [{"text": plain("Gold"), "value": "g"}]}, ["g"]),
        ({"option_groups": [{"label": plain("All"), "options": [{"text": plain("Gold"), "value": "g"}]}]}, ["g"]),
        ({"options": []}, []),
        (None, []),
        ({"options": [{"text": "Gold", "value": "g"}]}, "invalid_options"),
        ({"options": "Gold"}, "invalid_options"),
        ({"options": [{"text": plain("Gold"), "value": str(n)} for n in range(101)]}, "invalid_options"),
    ],
)
async def test_options_are_loaded_and_checked(
    app: SocketApp, anna: Workspace, client: AsyncWebClient, answer: Json | None, offered: list[str] | str
) -> None:
    view = await opened(app, anna, client, modal("Pick", field("tier", {"type": "external_select"})))
    app.answer = partial(constant, answer)
    if isinstance(offered, str):
        with pytest.raises(Refused, match=offered):
            await anna.suggest(view, "tier", "gol")
    else:
        assert [option["value"] for option in await anna.suggest(view, "tier", "gol")] == offered
    assert (await app.next("block_suggestion"))["value"] == "gol"


async def test_options_are_loaded_without_what_is_filled_in(
    app: SocketApp, anna: Workspace, client: AsyncWebClient
) -> None:
    # github.com/slackapi/bolt-js/issues/1146 and github.com/slackapi/java-slack-sdk/issues/1292; the full state comes with
    # block_actions and view_submission: docs.slack.dev/changelog/2020/09/01/full-state-on-view-submisson-and-block-actions
    gold = {"text": plain("Gold"), "value": "g"}
    tier = field("tier", {"type": "static_select", "options": [gold]}, dispatch_action=True)
    view = await opened(app, anna, client, modal("Pick", tier, field("who", {"type": "external_select"})))
    await anna.choose(view, "tier", "Gold")
    told = (await app.next("block_actions"))["view"]["state"]["values"]
    assert told["tier"]["typed"]["selected_option"]["value"] == "g"
    await anna.suggest(view, "who", "ann")
    assert (await app.next("block_suggestion"))["view"]["state"] == {"values": {}}


async def test_an_invalid_answer_to_a_command_is_explained(app: SocketApp, anna: Workspace) -> None:
    app.answer = partial(constant, {"blocks": [{"type": "header"}]})
    with pytest.raises(Refused, match=r"invalid_blocks .*json-pointer:/blocks/0"):
        await anna.slash("/count", "x")


async def test_a_chosen_conversation_gives_a_response_url(
    app: SocketApp, anna: Workspace, client: AsyncWebClient
) -> None:
    select = {"type": "conversations_select", "response_url_enabled": True}
    view = await opened(app, anna, client, modal("Where", field("where", select)))
    sales = next(channel["id"] for channel in (await anna.state())["channels"] if channel["name"] == "sales")
    await anna.submit(view, {"where": sales})
    (url,) = (await app.next("view_submission"))["response_urls"]
    assert (url["block_id"], url["channel_id"]) == ("where", sales)


async def test_closing_is_told_only_when_asked_for(app: SocketApp, anna: Workspace, client: AsyncWebClient) -> None:
    await anna.close(await opened(app, anna, client))
    assert not [one for one in await anna.deliveries() if one["payload"].get("type") == "view_closed"]
    await anna.close(await opened(app, anna, client, modal(notify_on_close=True)), all=True)
    assert (await app.next("view_closed"))["is_cleared"]


async def test_closing_says_nothing_of_what_was_filled_in(
    app: SocketApp, anna: Workspace, client: AsyncWebClient
) -> None:
    # The payload is documented without: docs.slack.dev/reference/interaction-payloads/view-interactions-payload#view_closed;
    # tests/slack_bolt/request/test_request.py of github.com/slackapi/bolt-python keeps a real one, with empty values.
    when = {"type": "datepicker", "initial_date": "2026-01-31"}
    await anna.close(await opened(app, anna, client, modal("Form", field("when", when), notify_on_close=True)))
    assert (await app.next("view_closed"))["view"]["state"] == {"values": {}}


async def test_two_choices_in_one_block_are_both_kept(app: SocketApp, anna: Workspace, client: AsyncWebClient) -> None:
    # docs.slack.dev/changelog/2020/09/01/full-state-on-view-submisson-and-block-actions: all stateful elements.
    gold = [{"text": plain("Gold"), "value": "g"}]
    elements = [{"type": "static_select", "action_id": name, "options": gold} for name in ("first", "second")]
    view = await opened(app, anna, client, modal("Two", {"type": "actions", "block_id": "two", "elements": elements}))
    for name in ("first", "second"):
        await anna.choose(view, name, "Gold")
        values = (await app.next("block_actions"))["view"]["state"]["values"]["two"]
    assert [values[name]["selected_option"]["value"] for name in ("first", "second")] == ["g", "g"]


async def test_a_reload_closes_modals_and_the_app_hears_nothing_of_it(
    app: SocketApp, anna: Workspace, client: AsyncWebClient
) -> None:
    # Views are shown "within a user's current session" alone, and view_closed tells of a person who closes one:
    # docs.slack.dev/surfaces/modals#handling_closing
    view = await opened(app, anna, client, modal(notify_on_close=True))
    await anna.post("load")
    assert await anna.modal() is None
    assert await refusal(client.views_update(view_id=view["id"], view=modal())) == "not_found"
    assert not [one for one in await anna.deliveries() if one["payload"].get("type") == "view_closed"]


async def test_home_is_published_per_person_and_told_on_opening(
    app: SocketApp, anna: Workspace, client: AsyncWebClient
) -> None:
    home = {"type": "home", "blocks": [{"type": "header", "text": plain("Hello")}]}
    await anna.open_home()
    assert "view" not in (await app.next("app_home_opened"))["event"]
    published = (await client.views_publish(user_id=ANNA, view=home))["view"]
    await anna.open_home()
    event = (await app.next("app_home_opened"))["event"]
    assert (event["tab"], event["view"]["hash"]) == ("home", published["hash"])
    assert await anna.as_(BEN).home() is None
    await client.views_publish(user_id=ANNA, view=home, hash=published["hash"])
    assert await refusal(client.views_publish(user_id=ANNA, view=home, hash=published["hash"])) == "hash_conflict"
    assert await refusal(client.views_publish(user_id=ANNA, view=modal())) == "invalid_arguments"


async def test_only_what_is_there_can_be_pressed(app: SocketApp, anna: Workspace, client: AsyncWebClient) -> None:
    view = await opened(app, anna, client)
    place = {"container": {"type": "view", "view_id": view["id"]}, "block_id": "name"}
    with pytest.raises(Refused, match="no_such_element"):
        await anna.post("action", action_id="gone", **place)
    with pytest.raises(Refused, match="not_found"):
        await anna.as_(BEN).post("action", action_id="typed", **place)


async def test_a_press_on_what_is_redrawn_at_that_moment_counts(
    app: SocketApp, anna: Workspace, client: AsyncWebClient
) -> None:
    def buttons(*labels: str) -> list[Json]:
        elements = [{"type": "button", "action_id": label.split()[0], "text": plain(label)} for label in labels]
        return [{"type": "actions", "elements": elements}]

    said = await client.chat_postMessage(channel="sales", text="x", blocks=buttons("claim", "screen"))
    place = {"container": {"type": "message", "channel": said["channel"], "ts": said["ts"]}}
    before = said["message"]["blocks"][0]["block_id"]
    redrawn = await client.chat_update(channel=said["channel"], ts=said["ts"], text="x", blocks=buttons("screen again"))
    await anna.post("action", block_id=before, action_id="screen", **place)
    [pressed] = (await app.next("block_actions"))["actions"]
    assert pressed["block_id"] == redrawn["message"]["blocks"][0]["block_id"]
    assert pressed["text"]["text"] == "screen again"
    with pytest.raises(Refused, match="no_such_element"):
        await anna.post("action", block_id=before, action_id="claim", **place)
    await client.chat_update(
        channel=said["channel"], ts=said["ts"], text="x", blocks=[*buttons("screen"), *buttons("screen")]
    )
    with pytest.raises(Refused, match="no_such_element"):
        await anna.post("action", block_id=before, action_id="screen", **place)


async def test_a_frozen_clock_keeps_a_trigger_alive(
    app: SocketApp, anna: Workspace, client: AsyncWebClient, sandbox: Sandbox
) -> None:
    await anna.move_clock(freeze=True)
    before = sandbox.world.clock.now()
    await opened(app, anna, client)
    assert sandbox.world.clock.now() == before
