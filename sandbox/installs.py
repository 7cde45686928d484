"""How the app gets into a workspace and out of it: bot user, token, OAuth codes, revocation."""

import secrets
from dataclasses import dataclass

from sandbox import people
from sandbox.model import Installation, Team
from sandbox.world import SlackError, World, bot_of, new_id


@dataclass(frozen=True, kw_only=True)
class Grant:
    """An OAuth code waiting to be exchanged for a token."""

    team: str
    user: str
    scopes: tuple[str, ...]
    redirect_uri: str


def install(world: World, team: Team, installer: str, scopes: tuple[str, ...]) -> Installation:
    """Install the app, or install it again with other scopes; the token of a living installation stays."""
    known = team.installation
    if known is None:
        known = team.installation = _first_installation(world, team, installer)
    if known.uninstalled or known.revoked:
        known.bot_token = new_bot_token()
        known.uninstalled = known.revoked = False
        people.alter(world, team, bot_of(team), deleted=False)
    known.scopes = list(scopes)
    known.installer = installer
    return known


def _first_installation(world: World, team: Team, installer: str) -> Installation:
    bot_id = new_id("B0")
    name = world.manifest.bot_name
    bot = people.add(world, team, name=name.lower().replace(" ", "_"), real_name=name, tz="America/Los_Angeles")
    bot.is_bot, bot.bot_id, bot.color = True, bot_id, world.manifest.color.removeprefix("#")
    for channel in team.channels.values():
        if bot.id in channel.members:
            channel.members.remove(bot.id)
    return Installation(bot_token=new_bot_token(), bot_user=bot.id, bot_id=bot_id, installer=installer, scopes=[])


def new_bot_token() -> str:
    return f"xoxb-{secrets.randbelow(10**12):012d}-{secrets.randbelow(10**13):013d}-{secrets.token_hex(12)}"


def revoke(world: World, team: Team) -> None:
    """Take the token back; the app hears it and stays installed without rights."""
    bot = bot_of(team)
    if team.installation is not None:
        team.installation.revoked = True
    world.publish("tokens_revoked", team, users=[bot.id])


def uninstall(world: World, team: Team) -> None:
    bot = bot_of(team)
    revoke(world, team)
    world.publish("app_uninstalled", team)
    if team.installation is not None:
        team.installation.uninstalled = True
    people.alter(world, team, bot, deleted=True)


class OAuth:
    """The codes handed out by /oauth/v2/authorize; each is worth one token."""

    def __init__(self) -> None:
        self._grants: dict[str, Grant] = {}

    def grant(self, grant: Grant) -> str:
        code = f"{secrets.randbelow(10**12):012d}.{secrets.token_hex(32)}"
        self._grants[code] = grant
        return code

    def exchange(self, code: str, redirect_uri: str) -> Grant:
        grant = self._grants.pop(code, None)
        if grant is None:
            raise SlackError("invalid_code")
        if redirect_uri and grant.redirect_uri and redirect_uri != grant.redirect_uri:
            raise SlackError("bad_redirect_uri")
        return grant
