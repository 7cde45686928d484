"""People from another organisation, as Slack Connect shows them to the app.

Slack's page is docs.slack.dev/apis/slack-connect.
"""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Refused, Workspace
from tests.sandbox.conftest import KATE
from tests.sandbox.socket_app import SocketApp

Json = dict[str, Any]
SHARED = "#northwind-rail"


async def shared_channel(anna: Workspace) -> str:
    """The channel shared with Kate's organisation, once the app has been brought in."""
    state = await anna.state()
    channel = next(channel for channel in state["channels"] if channel["name"] == "northwind-rail")
    await anna.as_(channel["members"][0]).post("invite", channel=SHARED, users=[state["app"]["bot_user_id"]])
    return str(channel["id"])


async def test_an_external_is_told_by_the_team_and_a_stranger_by_sharing_no_channel(
    client: AsyncWebClient, anna: Workspace
) -> None:
    # "There is no single property": is_stranger is true for those who are in no shared channel alone (#external, #members),
    # and there is neither a locale nor, to whoever may not see it, an address.
    kate = (await client.users_info(user=KATE, include_locale=True))["user"]
    assert (kate["is_stranger"], kate["team_id"] == (await client.auth_test())["team_id"]) == (False, False)
    assert "locale" not in kate
    assert "email" not in kate["profile"]
    await anna.as_(KATE).post("leave", channel=SHARED)
    assert (await client.users_info(user=KATE))["user"]["is_stranger"]


async def test_externals_are_not_listed(client: AsyncWebClient) -> None:
    # "Use users.info to retrieve additional information on cross-team user ID not found in users.list" (#support_strategies).
    assert KATE not in [member["id"] for member in (await client.users_list())["members"]]
    channels = (await client.conversations_list())["channels"]
    shared = next(channel["id"] for channel in channels if channel["is_ext_shared"])
    assert KATE in (await client.conversations_members(channel=shared))["members"]


async def test_messages_in_a_shared_channel_say_whose_workspace_they_come_from(
    app: SocketApp, anna: Workspace, client: AsyncWebClient
) -> None:
    # "They seem to exist if the message comes from a channel that is shared": github.com/slack-go/slack/issues/695
    await shared_channel(anna)
    theirs = (await client.users_info(user=KATE))["user"]["team_id"]
    await anna.as_(KATE).say(SHARED, "from Northwind")
    payload = await app.next("message")
    while payload["event"].get("text") != "from Northwind":
        payload = await app.next("message")
    event = payload["event"]
    assert (event["user_team"], event["source_team"], event["team"]) == (theirs, theirs, theirs)
    assert payload["is_ext_shared_channel"]
    own = await anna.say("#sales", "ours")
    assert "user_team" not in own


@pytest.mark.parametrize("what", ["message", "global"])
async def test_externals_have_neither_commands_nor_shortcuts(
    app: SocketApp, anna: Workspace, client: AsyncWebClient, what: str
) -> None:
    # "Slash commands and message actions are not shared" (#slash, #design-considerations).
    kate = anna.as_(KATE)
    state = await kate.state()
    assert (state["commands"], state["shortcuts"]) == ([], {"global": [], "message": []})
    said = await kate.say(SHARED, "a message")
    with pytest.raises(Refused, match="not_allowed"):
        await (kate.shortcut("count_message", said) if what == "message" else kate.shortcut("new_count"))
    assert not [one for one in await anna.deliveries() if one["kind"] == "interactive"]


async def test_of_a_file_from_a_shared_channel_events_say_only_that_it_is_to_be_looked_up(
    app: SocketApp, anna: Workspace, client: AsyncWebClient
) -> None:
    # "file_access": "check_file_info", whoever uploads it; history and files.info tell all (#check_file_info).
    channel = await shared_channel(anna)
    await anna.as_(KATE).upload(SHARED, "plan.txt", b"the plan", text="see this")
    event = (await app.next("file_share"))["event"]
    file = event["files"][0]["id"]
    stub = {"mode": "file_access", "file_access": "check_file_info", "created": 0, "timestamp": 0, "user": ""}
    assert event["files"] == [{"id": file, **stub}]
    newest = (await client.conversations_history(channel=channel, limit=1))["messages"][0]
    assert newest["files"][0]["name"] == "plan.txt"
    found = (await client.files_info(file=file))["file"]
    assert (found["name"], found["file_access"]) == ("plan.txt", "visible")
