"""The Events API: what happens in the workspace is told to the app when its manifest asks for it."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Workspace
from tests.sandbox.conftest import BEN, DEEPA
from tests.sandbox.socket_app import SocketApp

Json = dict[str, Any]


async def event(app: SocketApp, kind: str) -> Json:
    found: Json = (await app.next(kind))["event"]
    return found


async def channel_id(anna: Workspace, name: str) -> str:
    return next(str(channel["id"]) for channel in (await anna.state())["channels"] if channel["name"] == name)


async def test_an_event_is_wrapped_as_slack_does(app: SocketApp, anna: Workspace) -> None:
    said = await anna.say("#sales", "Acme & <Sons>")
    payload = await app.next("message")
    assert payload["event_id"].startswith("Ev")
    assert payload["authorizations"][0]["user_id"] == (await anna.state())["app"]["bot_user_id"]
    assert payload["event"] | {"event_ts": "", "client_msg_id": ""} == {
        "type": "message",
        "channel": await channel_id(anna, "sales"),
        "channel_type": "channel",
        "user": anna.user,
        "team": payload["team_id"],
        "text": "Acme &amp; &lt;Sons&gt;",
        "ts": said["ts"],
        "event_ts": "",
        "client_msg_id": "",
    }


async def test_edits_and_deletions_show_what_was_before(app: SocketApp, anna: Workspace) -> None:
    said = await anna.say("#sales", "frist")
    await anna.edit("#sales", said["ts"], "first")
    changed = await event(app, "message_changed")
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("frist", "first")
    await anna.delete("#sales", said["ts"])
    deleted = await event(app, "message_deleted")
    assert (deleted["deleted_ts"], deleted["previous_message"]["text"]) == (said["ts"], "first")


async def test_a_deleted_message_with_replies_leaves_a_tombstone(
    app: SocketApp, anna: Workspace, client: AsyncWebClient
) -> None:
    # github.com/42wim/matterbridge/issues/600 and github.com/hackclub/toriel/pull/238 show it;
    # github.com/slack-edge/slack-edge/pull/10 shows how it goes with its last reply.
    said = await anna.say("#sales", "question")
    reply = await anna.say("#sales", "answer", thread_ts=said["ts"])
    await anna.delete("#sales", said["ts"])
    changed = await event(app, "message_changed")
    stone = changed["message"]
    facts = (changed["hidden"], changed["previous_message"]["text"], stone["ts"], stone["reply_count"])
    assert facts == (True, "question", said["ts"], 1)
    assert (stone["subtype"], stone["user"], stone["text"], stone["hidden"]) == (
        "tombstone",
        "USLACKBOT",
        "This message was deleted.",
        True,
    )
    thread = await client.conversations_replies(channel=changed["channel"], ts=said["ts"])
    assert [message["ts"] for message in thread["messages"]] == [said["ts"], reply["ts"]]
    await anna.delete("#sales", reply["ts"])
    assert (await event(app, "message_deleted"))["deleted_ts"] == reply["ts"]
    gone = await event(app, "message_deleted")
    assert (gone["deleted_ts"], gone["previous_message"]["subtype"]) == (said["ts"], "tombstone")


async def test_a_mention_comes_besides_the_message(app: SocketApp, anna: Workspace) -> None:
    said = await anna.say("#sales", "@tally please")
    assert (await event(app, "app_mention"))["ts"] == said["ts"]


async def test_a_direct_message_is_told_as_such(app: SocketApp, anna: Workspace) -> None:
    await anna.say(await anna.dm_channel(), "psst")
    assert (await event(app, "message"))["channel_type"] == "im"


async def test_the_app_hears_only_of_channels_it_is_in(app: SocketApp, anna: Workspace) -> None:
    await anna.say("#random", "unheard")
    await anna.say("#partners", "unheard")
    await anna.say("#sales", "heard")
    assert (await event(app, "message"))["text"] == "heard"
    assert len(await anna.deliveries()) == 1


async def test_the_app_hears_its_own_messages_with_its_bot_id(app: SocketApp, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="#sales", text="me")
    own = await event(app, "message")
    assert own["bot_id"] == (await client.auth_test())["bot_id"]


async def test_reactions(app: SocketApp, anna: Workspace) -> None:
    said = await anna.say("#sales", "x")
    await anna.react("#sales", said["ts"], "tada")
    added = await event(app, "reaction_added")
    assert (added["reaction"], added["item"]["ts"], added["item_user"]) == ("tada", said["ts"], anna.user)
    await anna.react("#sales", said["ts"], "tada", remove=True)
    assert (await event(app, "reaction_removed"))["user"] == anna.user


async def test_channels_come_and_go(app: SocketApp, anna: Workspace) -> None:
    made = (await anna.post("channel", name="deal-7"))["channel"]["id"]
    assert (await event(app, "channel_created"))["channel"]["name"] == "deal-7"
    bot = (await anna.state())["app"]["bot_user_id"]
    await anna.post("invite", channel=made, users=[bot])
    joined = await event(app, "member_joined_channel")
    assert (joined["user"], joined["inviter"], joined["channel"]) == (bot, anna.user, made)
    await anna.post("rename", channel=made, name="deal-8")
    assert (await event(app, "channel_rename"))["channel"]["name"] == "deal-8"
    await anna.post("archive", channel=made, archived=True)
    assert (await event(app, "channel_archive"))["channel"] == made
    await anna.post("archive", channel=made, archived=False)
    assert (await event(app, "channel_unarchive"))["channel"] == made


async def test_people_and_groups_change(app: SocketApp, anna: Workspace) -> None:
    await anna.post("user", user={"name": "nora", "real_name": "Nora Berg", "tz": "Europe/Oslo"})
    assert (await event(app, "team_join"))["user"]["tz"] == "Europe/Oslo"
    await anna.post("user", user={"id": BEN, "deleted": True})
    assert (await event(app, "user_change"))["user"]["deleted"]
    group = (await anna.state())["user_groups"][0]
    await anna.post("group", id=group["id"], users=[DEEPA])
    changed = await event(app, "subteam_members_changed")
    assert changed["added_users"] == [DEEPA]
    assert set(changed["removed_users"]) == set(group["users"])


async def test_the_app_hears_that_it_was_removed_and_then_nothing(app: SocketApp, anna: Workspace) -> None:
    await anna.post("uninstall")
    assert (await event(app, "tokens_revoked"))["tokens"]["bot"]
    assert (await app.next("app_uninstalled"))["event"]["type"] == "app_uninstalled"
    before = len(await anna.deliveries())
    await anna.say("#sales", "unheard")
    assert len(await anna.deliveries()) == before


@pytest.mark.parametrize("subscribed", [True, False])
async def test_only_what_the_manifest_asks_for_is_told(
    start: Any, manifest: Json, session: Any, subscribed: bool
) -> None:
    manifest["settings"]["event_subscriptions"]["bot_events"] = ["message.channels"] if subscribed else []
    sandbox = await start(manifest=manifest)
    async with Workspace.connect(sandbox.start_line["control"], as_user=sandbox.start_line["installer"]) as anna:
        await anna.say("#sales", "x")
        assert len(await anna.deliveries()) == int(subscribed)
