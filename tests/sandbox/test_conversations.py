"""Conversations: what is refused between people, and which way history is paged."""

from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Workspace
from tests.sandbox.conftest import ANNA, BEN, CARLA
from tests.sandbox.test_web_api import refusal

REFUSED = "method_not_supported_for_channel_type"


async def test_conversations_between_people_cannot_be_left_archived_or_joined_by_others(client: AsyncWebClient) -> None:
    # docs.slack.dev/reference/methods/conversations.leave, .archive, .invite, .kick, .rename and .unarchive list the error.
    for users in ([ANNA], [ANNA, BEN]):
        channel = (await client.conversations_open(users=users))["channel"]["id"]
        for call in (
            client.conversations_leave(channel=channel),
            client.conversations_archive(channel=channel),
            client.conversations_unarchive(channel=channel),
            client.conversations_invite(channel=channel, users=CARLA),
            client.conversations_kick(channel=channel, user=ANNA),
            client.conversations_rename(channel=channel, name="renamed"),
        ):
            assert await refusal(call) == REFUSED
        assert set((await client.conversations_members(channel=channel))["members"]) > set(users)


async def test_history_after_a_moment_begins_with_what_is_closest_to_it(
    client: AsyncWebClient, anna: Workspace
) -> None:
    # "If oldest is provided but not latest then the messages returned are those closest to oldest, allowing you to page
    # forward through history": channels.history in github.com/slackhq/slack-api-docs, and its issue 4.
    said = [await anna.say("#leads", str(number)) for number in range(5)]
    channel = next(c["id"] for c in (await client.conversations_list())["channels"] if c["name"] == "leads")
    pages = []
    async for page in await client.conversations_history(channel=channel, oldest=said[0]["ts"], limit=2):
        pages.append([message["text"] for message in page["messages"]])
    assert pages == [["2", "1"], ["4", "3"]]
    both = await client.conversations_history(channel=channel, oldest=said[0]["ts"], latest=said[4]["ts"], limit=2)
    assert [message["text"] for message in both["messages"]] == ["3", "2"]
