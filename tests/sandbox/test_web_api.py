"""The Web API: tokens, scopes, arguments in every encoding, pages, and Slack's words for what it refuses."""

import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import people
from sandbox.client import Workspace
from sandbox.server import Sandbox
from sandbox.web_api import METHODS, perform
from sandbox.web_api.call import Call
from tests.sandbox.conftest import ANNA, BEN, DEEPA, JONAS, Start

BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}


async def refusal(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def raw(session: aiohttp.ClientSession, sandbox: Sandbox, method: str, **request: Any) -> dict[str, Any]:
    async with session.post(f"{sandbox.start_line['api_url']}{method}", **request) as response:
        answer: dict[str, Any] = await response.json()
        return answer


async def test_tokens_are_asked_for_and_told_apart(sandbox: Sandbox, client: AsyncWebClient) -> None:
    assert await refusal(AsyncWebClient(base_url=client.base_url).auth_test()) == "not_authed"
    assert await refusal(client.auth_test(token="xoxb-wrong")) == "invalid_auth"
    assert await refusal(client.auth_test(token=sandbox.start_line["app_token"])) == "not_allowed_token_type"
    assert (await client.auth_test())["user_id"] == sandbox.start_line["bot_user_id"]
    assert await refusal(client.apps_connections_open(app_token=client.token or "")) == "not_allowed_token_type"


async def test_a_revoked_token_and_an_uninstalled_app_are_told_apart(client: AsyncWebClient, anna: Workspace) -> None:
    await anna.post("revoke")
    assert await refusal(client.auth_test()) == "token_revoked"
    await anna.post("uninstall")
    assert await refusal(client.auth_test()) == "account_inactive"


async def test_unknown_methods_are_named(client: AsyncWebClient) -> None:
    assert await refusal(client.api_call("chat.whisper")) == "unknown_method"


@pytest.mark.parametrize("encoding", ["query", "form", "json"])
async def test_arguments_come_by_query_form_or_json(
    sandbox: Sandbox, session: aiohttp.ClientSession, encoding: str
) -> None:
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    flat = {"channel": "sales", "text": "hello", "blocks": json.dumps(blocks), "team_id": sandbox.start_line["team_id"]}
    headers = {"Authorization": f"Bearer {sandbox.start_line['bot_token']}"}
    request: dict[str, Any] = {
        "query": {"params": flat, "headers": headers},
        "form": {"data": flat | {"token": sandbox.start_line["bot_token"]}},
        "json": {"json": flat | {"blocks": blocks}, "headers": headers},
    }[encoding]
    answer = await raw(session, sandbox, "chat.postMessage", **request)
    assert answer["message"]["blocks"][0]["elements"][0]["action_id"] == "go"


async def test_a_missing_scope_names_what_is_needed_and_provided(start: Start, manifest: dict[str, Any]) -> None:
    manifest["oauth_config"]["scopes"]["bot"] = ["users:read"]
    line = (await start(manifest=manifest)).start_line
    client = AsyncWebClient(token=line["bot_token"], base_url=line["api_url"])
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="#sales", text="hello")
    assert caught.value.response.data == {
        "ok": False,
        "error": "missing_scope",
        "needed": "chat:write",
        "provided": "users:read",
    }
    ben = (await client.users_info(user=BEN))["user"]
    assert "email" not in ben["profile"]


async def test_people_are_shown_as_the_scopes_allow(client: AsyncWebClient) -> None:
    ben = (await client.users_info(user=BEN))["user"]
    assert ben["profile"]["email"] == "ben.hughes@larkspur-vane.example"
    assert "locale" not in ben
    assert (await client.users_info(user=BEN, include_locale=True))["user"]["locale"] == "en-GB"
    assert (await client.users_info(user=JONAS))["user"]["deleted"]
    assert (await client.users_lookupByEmail(email="BEN.hughes@larkspur-vane.example"))["user"]["id"] == BEN
    assert await refusal(client.users_info(user="U000")) == "user_not_found"


@pytest.mark.parametrize(
    ("channel", "arguments", "error"),
    [
        ("C000", {"text": "x"}, "channel_not_found"),
        ("#partners", {"text": "x"}, "channel_not_found"),
        ("#random", {"text": "x"}, "not_in_channel"),
        ("#office-move", {"text": "x"}, "is_archived"),
        ("#sales", {}, "no_text"),
        ("#sales", {"text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
        ("#sales", {"text": "x", "metadata": {"event_type": "only"}}, "invalid_metadata_format"),
        ("#sales", {"text": "x", "username": "Somebody"}, "missing_scope"),
        ("#sales", {"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
    ],
)
async def test_posting_is_refused_in_slacks_words(
    client: AsyncWebClient, channel: str, arguments: dict[str, Any], error: str
) -> None:
    call = client.api_call("chat.postMessage", json={"channel": channel, **arguments})
    assert await refusal(call) == error


async def test_invalid_blocks_are_pointed_at(client: AsyncWebClient) -> None:
    wrong = [{"type": "divider"}, {"type": "actions", "elements": [BUTTON | {"disabled": True}]}]
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="#sales", text="x", blocks=wrong)
    (message,) = caught.value.response["response_metadata"]["messages"]
    assert "invalid additional property: disabled" in message
    assert "[json-pointer:/blocks/1/elements/0" in message


async def test_long_text_is_cut_when_posted_and_refused_when_updated(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="#sales", text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    update = client.chat_update(channel=posted["channel"], ts=posted["ts"], text="x" * 4_001)
    assert await refusal(update) == "msg_too_long"


async def test_an_update_without_blocks_drops_them(client: AsyncWebClient) -> None:
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    posted = await client.chat_postMessage(channel="#sales", text="one", blocks=blocks)
    updated = await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="two")
    assert "blocks" not in updated["message"]
    assert updated["message"]["edited"]["user"] == posted["message"]["user"]


async def test_other_peoples_messages_cannot_be_changed(client: AsyncWebClient, anna: Workspace) -> None:
    said = await anna.say("#sales", "mine")
    channel = (await client.conversations_list())["channels"][1]["id"]
    assert await refusal(client.chat_update(channel=channel, ts=said["ts"], text="x")) == "cant_update_message"
    assert await refusal(client.chat_delete(channel=channel, ts=said["ts"])) == "cant_delete_message"
    assert await refusal(client.chat_update(channel=channel, ts="1.000000", text="x")) == "message_not_found"


async def test_a_message_to_a_person_opens_the_conversation(client: AsyncWebClient, anna: Workspace) -> None:
    posted = await client.chat_postMessage(channel=ANNA, text="hello Anna")
    assert posted["channel"].startswith("D")
    opened = await client.conversations_open(users=ANNA)
    assert opened["channel"]["id"] == posted["channel"]
    assert [message["text"] for message in await anna.dm()] == ["hello Anna"]
    assert await refusal(client.conversations_open(users=[ANNA, "U000"])) == "user_not_found"
    assert await refusal(client.conversations_open(users=JONAS)) == "user_disabled"


async def test_an_ephemeral_message_reaches_members_only(client: AsyncWebClient, anna: Workspace) -> None:
    assert await refusal(client.chat_postEphemeral(channel="#sales", user=DEEPA, text="x")) == "user_not_in_channel"
    await client.chat_postEphemeral(channel="#sales", user=ANNA, text="only you")
    assert (await anna.messages("#sales"))[-1]["ephemeral"]
    assert "only you" not in str(await anna.as_(BEN).messages("#sales"))
    assert "only you" not in str((await client.conversations_history(channel="sales")).data)


async def test_history_comes_in_pages_newest_first(client: AsyncWebClient, anna: Workspace) -> None:
    for number in range(5):
        await anna.say("#leads", f"lead {number}")
    channel = next(c["id"] for c in (await client.conversations_list())["channels"] if c["name"] == "leads")
    first = await client.conversations_history(channel=channel, limit=3)
    assert [message["text"] for message in first["messages"]] == ["lead 4", "lead 3", "lead 2"]
    assert first["has_more"]
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel=channel, limit=3, cursor=cursor)
    assert [message["text"] for message in second["messages"]] == ["lead 1", "lead 0"]
    oldest = first["messages"][1]["ts"]
    later = await client.conversations_history(channel=channel, oldest=oldest)
    assert [message["text"] for message in later["messages"]] == ["lead 4"]
    both = await client.conversations_history(channel=channel, oldest=oldest, inclusive=True)
    assert len(both["messages"]) == 2
    assert await refusal(client.conversations_history(channel=channel, cursor="nonsense")) == "invalid_cursor"


async def test_lists_come_in_pages(client: AsyncWebClient) -> None:
    found: list[str] = []
    async for page in await client.users_list(limit=4):
        found += [member["id"] for member in page["members"]]
    assert len(found) == len(set(found)) == 11
    members = await client.conversations_members(channel="general", limit=2)
    assert len(members["members"]) == 2
    assert members["response_metadata"]["next_cursor"]


async def test_metadata_is_shown_in_history_only_when_asked_for(client: AsyncWebClient) -> None:
    metadata = {"event_type": "counted", "event_payload": {"key": "k1"}}
    posted = await client.chat_postMessage(channel="#sales", text="counted", metadata=metadata)
    plain = await client.conversations_history(channel=posted["channel"], limit=1)
    assert "metadata" not in plain["messages"][0]
    full = await client.conversations_history(channel=posted["channel"], limit=1, include_all_metadata=True)
    assert full["messages"][0]["metadata"] == metadata


async def test_threads_keep_their_replies_out_of_the_channel(client: AsyncWebClient, anna: Workspace) -> None:
    parent = await anna.say("#sales", "parent")
    reply = await client.chat_postMessage(channel="#sales", text="reply", thread_ts=parent["ts"])
    shown = await client.chat_postMessage(channel="#sales", text="loud", thread_ts=parent["ts"], reply_broadcast=True)
    history = (await client.conversations_history(channel=reply["channel"]))["messages"]
    assert [message["text"] for message in history[:2]] == ["loud", "parent"]
    assert history[1]["reply_count"] == 2
    thread = await client.conversations_replies(channel=reply["channel"], ts=parent["ts"])
    assert [message["ts"] for message in thread["messages"]] == [parent["ts"], reply["ts"], shown["ts"]]


async def test_channels_are_made_with_slacks_rules_for_names(client: AsyncWebClient) -> None:
    made = (await client.conversations_create(name="deal-acme"))["channel"]
    assert made["is_member"]
    for name, error in [
        ("deal-acme", "name_taken"),
        ("Deal", "invalid_name_specials"),
        ("a" * 81, "invalid_name_maxlength"),
        ("", "invalid_name_required"),
    ]:
        assert await refusal(client.conversations_create(name=name)) == error
    await client.conversations_invite(channel=made["id"], users=[ANNA, BEN])
    assert await refusal(client.conversations_invite(channel=made["id"], users=ANNA)) == "already_in_channel"
    await client.conversations_setTopic(channel=made["id"], topic="Acme")
    await client.conversations_rename(channel=made["id"], name="won-acme")
    await client.conversations_archive(channel=made["id"])
    info = (await client.conversations_info(channel=made["id"], include_num_members=True))["channel"]
    facts = (info["name"], info["topic"]["value"], info["is_archived"], info["num_members"])
    assert facts == ("won-acme", "Acme", True, 2)
    assert await refusal(client.chat_postMessage(channel=made["id"], text="x")) == "is_archived"


async def test_a_bot_that_archives_a_channel_leaves_it_and_cannot_take_that_back(
    client: AsyncWebClient, anna: Workspace
) -> None:
    made = (await client.conversations_create(name="deal-acme"))["channel"]["id"]
    await client.conversations_invite(channel=made, users=ANNA)
    assert await refusal(client.conversations_unarchive(channel=made)) == "not_archived"
    await client.conversations_archive(channel=made)
    assert await refusal(client.conversations_archive(channel=made)) == "already_archived"
    assert await refusal(client.conversations_unarchive(channel=made)) == "not_in_channel"
    assert await refusal(client.conversations_join(channel=made)) == "is_archived"
    await anna.post("archive", channel=made, archived=False)
    assert await refusal(client.conversations_setTopic(channel=made, topic="x")) == "not_in_channel"
    await client.conversations_join(channel=made)
    await client.conversations_setTopic(channel=made, topic="Back again")


async def test_a_bot_archives_only_channels_it_is_in(client: AsyncWebClient, anna: Workspace) -> None:
    made = (await client.conversations_create(name="deal-acme"))["channel"]["id"]
    await client.conversations_invite(channel=made, users=ANNA)
    await client.conversations_leave(channel=made)
    assert await refusal(client.conversations_archive(channel=made)) == "not_in_channel"


async def test_reactions_pins_and_bookmarks(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="#sales", text="x")
    where = {"channel": posted["channel"], "timestamp": posted["ts"]}
    await client.reactions_add(name="tada", **where)
    assert await refusal(client.reactions_add(name="tada", **where)) == "already_reacted"
    await client.reactions_remove(name="tada", **where)
    assert await refusal(client.reactions_remove(name="tada", **where)) == "no_reaction"
    await client.pins_add(**where)
    assert await refusal(client.pins_add(**where)) == "already_pinned"
    assert len((await client.pins_list(channel=posted["channel"]))["items"]) == 1
    added = await client.bookmarks_add(
        channel_id=posted["channel"], title="Plan", type="link", link="https://x.example"
    )
    listed = await client.bookmarks_list(channel_id=posted["channel"])
    assert [bookmark["id"] for bookmark in listed["bookmarks"]] == [added["bookmark"]["id"]]


async def test_user_groups(client: AsyncWebClient, anna: Workspace) -> None:
    listed = await client.usergroups_list(include_users=True)
    sales = next(group for group in listed["usergroups"] if group["handle"] == "sales-team")
    assert BEN in sales["users"]
    await client.usergroups_users_update(usergroup=sales["id"], users=[ANNA])
    assert (await client.usergroups_users_list(usergroup=sales["id"]))["users"] == [ANNA]
    assert await refusal(client.usergroups_users_list(usergroup="S000")) == "no_such_subteam"


async def test_files_are_uploaded_in_three_steps_and_fetched_with_the_token(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession, anna: Workspace
) -> None:
    channel = (await client.chat_postMessage(channel="#sales", text="x"))["channel"]
    sent = await client.files_upload_v2(
        channel=channel, content="a,b\n1,2\n", filename="t.csv", initial_comment="table"
    )
    shared = await anna.wait_for("table", channel="#sales")
    assert shared["files"][0]["id"] == sent["file"]["id"]
    info = (await client.files_info(file=sent["file"]["id"]))["file"]
    async with session.get(info["url_private"]) as without_token:
        assert "Sign in" in await without_token.text()
    headers = {"Authorization": f"Bearer {client.token}"}
    async with session.get(info["url_private"], headers=headers) as response:
        assert await response.read() == b"a,b\n1,2\n"
    await client.files_delete(file=sent["file"]["id"])
    assert await refusal(client.files_info(file=sent["file"]["id"])) == "file_not_found"


async def test_a_file_can_be_sent_as_a_form_like_the_javascript_sdk_does(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession, anna: Workspace
) -> None:
    ticket = await client.files_getUploadURLExternal(filename="t.csv", length=4)
    form = aiohttp.FormData()
    form.add_field("file", b"a,b\n", filename="t.csv")
    async with session.post(ticket["upload_url"], data=form) as response:
        assert response.status == 200
    done = await client.files_completeUploadExternal(
        files=[{"id": ticket["file_id"]}], channel_id=await anna.dm_channel()
    )
    assert (done["files"][0]["size"], done["files"][0]["title"]) == (4, "t.csv")


JUNK = [0, -1, 1.5, True, "x", [1], ["x"], [None], {"a": 1}, [{"id": [1]}], [{"blocks": 3}], [{"type": 1}]]
STRUCTURED = [
    *("attachments", "blocks", "channels", "count", "cursor", "files", "latest", "length", "limit", "metadata", "name"),
    *(
        "oldest",
        "page",
        "post_at",
        "prompts",
        "text",
        "thread_ts",
        "timestamp",
        "ts",
        "types",
        "unfurls",
        "users",
        "view",
    ),
]


async def test_any_argument_gets_an_answer(sandbox: Sandbox, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="#sales", text="x")
    sandbox.world.home_team().installation.scopes += ["assistant:write", "links:write", "users.profile:read"]
    ts, channel = posted["ts"], posted["channel"]
    good = {"channel": channel, "channel_id": channel, "ts": ts, "timestamp": ts, "user": ANNA, "name": "tada"}
    for method in METHODS.keys() - {"auth.revoke", "apps.uninstall"}:
        for name in STRUCTURED:
            for junk in JUNK:
                call = Call(
                    world=sandbox.world,
                    blobs=sandbox.blobs,
                    oauth=sandbox.oauth,
                    new_socket_url=sandbox.sockets.new_url,
                    token=client.token,
                    args={**good, name: junk},
                )
                answer = perform(method, call)
                assert answer["ok"] or answer["error"], (method, name, junk)


async def test_blocks_are_validated_on_demand(client: AsyncWebClient) -> None:
    assert await refusal(client.api_call("blocks.validate", json={"blocks": [{"type": "header"}]})) == "invalid_blocks"
    assert (await client.api_call("blocks.validate", json={"blocks": [{"type": "divider"}]}))["ok"]


async def test_a_deactivated_person_is_told_to_have_gone(sandbox: Sandbox, client: AsyncWebClient) -> None:
    team = sandbox.world.home_team()
    people.alter(sandbox.world, team, team.users[BEN], deleted=True)
    assert (await client.users_info(user=BEN))["user"]["deleted"]
    assert await refusal(client.users_lookupByEmail(email="ben.hughes@larkspur-vane.example")) == "users_not_found"
