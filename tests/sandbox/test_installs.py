"""OAuth and several workspaces: the app is installed as a browser would, and sees two team ids."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Workspace
from sandbox.server import Sandbox
from tests.sandbox.conftest import ANNA, free_socket
from tests.sandbox.socket_app import SocketApp
from tests.sandbox.test_web_api import refusal


async def test_a_code_is_worth_one_token(
    sandbox: Sandbox, session: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    line = sandbox.start_line
    authorize = line["page"] + "oauth/v2/authorize"
    asked = {"client_id": line["client_id"], "scope": "chat:write,users:read", "state": "s1"}
    asked["redirect_uri"] = "http://127.0.0.1/callback"
    async with session.get(authorize, params=asked) as consent:
        assert "Anna Keller" in await consent.text()
    async with session.get(authorize, params=asked | {"as": ANNA}, allow_redirects=False) as allowed:
        query = aiohttp.client.URL(allowed.headers["Location"]).query
    assert query["state"] == "s1"
    keys = {"client_id": line["client_id"], "client_secret": line["client_secret"], "code": query["code"]}
    assert await refusal(client.oauth_v2_access(**keys | {"client_secret": "wrong"})) == "bad_client_secret"
    access = await client.oauth_v2_access(**keys, redirect_uri=asked["redirect_uri"])
    assert (access["team"]["id"], access["authed_user"]["id"]) == (line["team_id"], ANNA)
    assert access["scope"] == "chat:write,users:read"
    assert await refusal(client.oauth_v2_access(**keys)) == "invalid_code"


async def test_foreign_clients_and_redirects_are_refused(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    authorize = sandbox.start_line["page"] + "oauth/v2/authorize"
    async with session.get(authorize, params={"client_id": "1.2"}) as response:
        assert response.status == 400
    asked = {"client_id": sandbox.start_line["client_id"], "redirect_uri": "https://evil.example"}
    async with session.get(authorize, params=asked) as response:
        assert response.status == 400


async def test_a_second_workspace_has_other_people_and_another_token(
    sandbox: Sandbox, anna: Workspace, client: AsyncWebClient, app: SocketApp
) -> None:
    second = await anna.post("install", team="new")
    assert second["team_id"] != sandbox.start_line["team_id"]
    other = AsyncWebClient(token=second["bot_token"], base_url=client.base_url)
    assert (await other.auth_test())["team_id"] == second["team_id"]
    assert await refusal(other.users_info(user=ANNA)) == "user_not_found"
    them = anna.as_(second["installer"])
    await them.say("#sales", "hello from the other side")
    payload = await app.next("message")
    assert (payload["team_id"], payload["event"]["user"]) == (second["team_id"], second["installer"])
    assert "other side" not in str(await anna.messages("#sales"))


@pytest.fixture
async def bolt_with_oauth(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[str]:
    """A Bolt app with its own install page; answers the page's address."""
    line, listening = sandbox.start_line, free_socket()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    settings = AsyncOAuthSettings(
        client_id=line["client_id"],
        client_secret=line["client_secret"],
        scopes=["chat:write", "commands"],
        redirect_uri=f"{address}/slack/oauth_redirect",
        installation_store=FileInstallationStore(base_dir=str(tmp_path / "installs")),
        state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(tmp_path / "states")),
    )
    settings.authorize_url_generator = AuthorizeUrlGenerator(
        client_id=line["client_id"],
        scopes=settings.scopes,
        redirect_uri=settings.redirect_uri,
        authorization_url=line["page"] + "oauth/v2/authorize",
    )
    slack = AsyncWebClient(base_url=line["api_url"])
    flow = AsyncOAuthFlow(client=slack, settings=settings)
    app = AsyncApp(client=slack, signing_secret=line["signing_secret"], oauth_flow=flow)
    runner = web.AppRunner(app.server(port=0).web_app)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    yield f"{address}/slack/install"
    await runner.cleanup()


async def test_bolts_own_install_page_leads_to_a_token(bolt_with_oauth: str, anna: Workspace, sandbox: Sandbox) -> None:
    installed = await anna.post("install", install_url=bolt_with_oauth)
    assert installed["page"]["status"] == 200
    assert "Thank you" in installed["page"]["text"]
    assert installed["scopes"] == ["chat:write", "commands"]
    (call,) = await anna.calls("oauth.v2.access")
    assert call["response"]["team"]["id"] == sandbox.start_line["team_id"]
