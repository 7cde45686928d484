"""What goes wrong on purpose, and Slack's rate limits: off by default, switched on by the control API."""

import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Refused, Workspace
from sandbox.faults import BURST
from sandbox.server import Sandbox


async def test_nothing_goes_wrong_by_default(client: AsyncWebClient) -> None:
    for number in range(3 * BURST):
        assert (await client.chat_postMessage(channel="#sales", text=str(number)))["ok"]


async def test_a_channel_takes_a_small_burst_and_then_asks_for_patience(
    client: AsyncWebClient, anna: Workspace
) -> None:
    await anna.faults(rate_limits=True)
    for number in range(BURST):
        posted = await client.chat_postMessage(channel="#sales", text=str(number))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=posted["channel"], text="too fast")
    assert caught.value.response.status_code == 429
    assert int(caught.value.response.headers["Retry-After"]) >= 1
    assert (await client.chat_postMessage(channel="#leads", text="elsewhere"))["ok"]


async def test_methods_have_tiers(client: AsyncWebClient, anna: Workspace) -> None:
    await anna.faults(rate_limits=True)
    for _ in range(20):
        await client.users_list()
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.users_list()
    assert (await client.users_info(user=anna.user))["ok"]


async def test_tiers_can_be_widened_while_channels_stay_as_they_are(client: AsyncWebClient, anna: Workspace) -> None:
    await anna.faults(rate_limits=True, tier_factor=2)
    for _ in range(40):
        await client.users_list()
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.users_list()
    for number in range(BURST):
        await client.chat_postMessage(channel="#sales", text=str(number))
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.chat_postMessage(channel="#sales", text="too fast")


async def test_a_method_can_be_refused_as_the_workspaces_settings_would(
    client: AsyncWebClient, anna: Workspace
) -> None:
    await anna.faults(refusals={"conversations.create": "restricted_action"})
    with pytest.raises(SlackApiError, match="restricted_action"):
        await client.conversations_create(name="deal-acme")
    await anna.faults(refusals={})
    assert (await client.conversations_create(name="deal-acme"))["ok"]


@pytest.mark.parametrize(("fault", "arrived"), [("lost_response_rate", 1), ("lost_call_rate", 0)])
async def test_a_lost_answer_was_carried_out_and_a_lost_call_was_not(
    sandbox: Sandbox, session: aiohttp.ClientSession, anna: Workspace, fault: str, arrived: int
) -> None:
    await anna.faults(**{fault: 1}, method="chat.postMessage")
    client = AsyncWebClient(
        token=sandbox.start_line["bot_token"],
        base_url=sandbox.start_line["api_url"],
        session=session,
        retry_handlers=[],
    )
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="#sales", text="once")
    texts = [message["text"] for message in await anna.messages("#sales")]
    assert texts.count("once") == arrived
    assert (await client.auth_test())["ok"]


async def test_servers_fail_and_refuse_at_random_but_the_same_with_a_seed(
    client: AsyncWebClient, anna: Workspace
) -> None:
    async def outcomes() -> list[str]:
        await anna.faults(seed=7, error_rate=0.3, rate_429=0.3)
        found = []
        for _ in range(12):
            try:
                await client.auth_test()
                found.append("ok")
            except SlackApiError as error:
                found.append(str(error.response["error"]))
        return found

    first = await outcomes()
    assert {"ok", "internal_error", "ratelimited"} == set(first)
    assert await outcomes() == first


async def test_answers_can_be_slow(client: AsyncWebClient, anna: Workspace) -> None:
    await anna.faults(latency_ms=60, method="auth.test")
    started = time.perf_counter()
    await client.auth_test()
    assert time.perf_counter() - started >= 0.06


async def test_unknown_switches_are_refused(anna: Workspace) -> None:
    with pytest.raises(Refused, match="gremlins"):
        await anna.faults(gremlins=True)
