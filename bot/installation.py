"""Installing Rainmaker in a workspace: with a token of one's own, or from Slack's "Allow" page (OAuth)."""

from datetime import UTC, datetime
from typing import Any

import structlog
from itsdangerous import BadSignature, URLSafeTimedSerializer
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.manifest import SCOPES
from bot.settings import Settings
from bot.starting import StartRefused
from domain.core.people import Profile
from domain.core.workspaces import Workspace
from handlers.core.people import profile_of
from usecases.core.people import PeopleDesk
from usecases.process.manual import ProcessDesk

STATE_SECONDS = 600
"""How long somebody may take on Slack's "Allow" page."""

log = structlog.get_logger()


async def install_own_token(
    settings: Settings, client: AsyncWebClient, people: PeopleDesk, *, greets: bool = True
) -> str:
    """Keep the workspace that SLACK_BOT_TOKEN belongs to; returns its id.

    The first admin is RAINMAKER_FIRST_ADMIN, or else the workspace's primary owner. Raises SlackApiError when Slack refuses
    the token, and StartRefused when nobody has that id.
    """
    told = await client.auth_test()
    assert settings.slack_bot_token is not None
    admin = await _first_admin(settings.rainmaker_first_admin, client, told["team_id"])
    await people.install(
        Workspace(
            workspace_id=told["team_id"],
            name=told["team"],
            bot_token=settings.slack_bot_token.get_secret_value(),
            bot_user_id=told["user_id"],
            bot_id=told.get("bot_id") or "",
            enterprise_id=told.get("enterprise_id"),
            installed_by=admin.slack_id if admin else None,
            installed_at=datetime.now(UTC),
            country=settings.rainmaker_country,
        ),
        admin,
        greets=greets,
    )
    return str(told["team_id"])


async def _first_admin(wanted: str | None, client: AsyncWebClient, workspace_id: str) -> Profile | None:
    if wanted:
        try:
            found = await client.users_info(user=wanted, include_locale=True)
        except SlackApiError as refused:
            if refused.response.get("error") not in {"user_not_found", "user_not_visible"}:
                raise
            raise StartRefused(
                "Slack knows nobody by RAINMAKER_FIRST_ADMIN: copy the member ID from their profile in Slack."
            ) from refused
        return profile_of(found["user"], workspace_id)
    cursor = None
    while True:
        page = await client.users_list(limit=200, cursor=cursor)
        for user in page["members"]:
            if user.get("is_primary_owner"):
                return profile_of(user, workspace_id)
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            log.warning("nobody is admin yet; set RAINMAKER_FIRST_ADMIN to a Slack user id and start again")
            return None


class SignedStates(AsyncOAuthStateStore):
    """States of installations under way, signed instead of stored; Bolt also ties each to the browser by a cookie."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="rainmaker install")

    async def async_issue(self, *_args: Any, **_kwargs: Any) -> str:
        """A new state."""
        return self._signer.dumps("install")

    async def async_consume(self, state: str) -> bool:
        """Whether a state is one of ours and not too old."""
        try:
            self._signer.loads(state, max_age=STATE_SECONDS)
        except BadSignature:
            return False
        return True


class Installations(AsyncInstallationStore):
    """Keeps installations as workspaces, each with the playbook that is in force there from then on."""

    def __init__(self, people: PeopleDesk, process: ProcessDesk, client: AsyncWebClient, country: str) -> None:
        self.people, self.process, self.client, self.country = people, process, client, country

    async def async_save(self, installation: Installation) -> None:
        """Keep one; on the first, the installer becomes admin."""
        assert installation.team_id
        assert installation.bot_token
        await self.people.install(
            Workspace(
                workspace_id=installation.team_id,
                name=installation.team_name or installation.team_id,
                bot_token=installation.bot_token,
                bot_user_id=installation.bot_user_id or "",
                bot_id=installation.bot_id or "",
                enterprise_id=installation.enterprise_id,
                installed_by=installation.user_id,
                installed_at=datetime.now(UTC),
                country=self.country,
            ),
            await self._installer(installation),
        )
        await self.process.keep(installation.team_id)

    async def async_save_bot(self, bot: Bot) -> None:
        """Bolt saves whole installations; a bot alone adds nothing to one."""

    async def _installer(self, installation: Installation) -> Profile:
        assert installation.team_id
        try:
            found = await self.client.users_info(
                token=installation.bot_token, user=installation.user_id, include_locale=True
            )
        except SlackApiError as refused:
            log.warning("the installer cannot be looked up", error=refused.response.get("error"))
            return Profile(slack_id=installation.user_id, name=installation.user_id)
        return profile_of(found["user"], installation.team_id)


def oauth_flow(
    settings: Settings, client: AsyncWebClient, people: PeopleDesk, process: ProcessDesk
) -> AsyncOAuthFlow | None:
    """Installation from Slack's "Allow" page, where client id and secret are set."""
    if not settings.is_installable:
        return None
    assert settings.slack_client_secret is not None
    secret = settings.slack_client_secret.get_secret_value()
    return AsyncOAuthFlow(
        client=client,
        settings=AsyncOAuthSettings(
            client_id=settings.slack_client_id,
            client_secret=secret,
            scopes=list(SCOPES),
            installation_store=Installations(people, process, client, settings.rainmaker_country),
            state_store=SignedStates(secret),
            authorization_url=str(settings.slack_api_url).removesuffix("api/") + "oauth/v2/authorize",
            install_page_rendering_enabled=False,
        ),
    )
