"""The fictional firm a workspace starts with: reads a firm file into a new team."""

import hashlib
import json
from pathlib import Path
from typing import Any

from sandbox import installs, people
from sandbox.messages import next_ts
from sandbox.model import Channel, Json, Message, Team, UserGroup
from sandbox.world import SlackError, World, is_external

BUILT_IN = Path(__file__).parent / "firm.json"


def read_firm(path: Path | None = None) -> Json:
    firm: Json = json.loads((path or BUILT_IN).read_text(encoding="utf-8"))
    return firm


def stable_id(prefix: str, *names: str) -> str:
    """The same id for the same name in every run, so that one can write it down."""
    return prefix + hashlib.sha256("/".join(names).encode()).hexdigest()[:9].upper()


def found_team(world: World, firm: Json) -> Team:
    """Make the firm's workspace and install the app in it, for its first administrator."""
    about = firm.get("team", {})
    domain = about.get("domain", "sandbox")
    team = Team(id=about.get("id") or stable_id("T0", domain), name=about.get("name", "Sandbox"), domain=domain)
    if team.id in world.teams:
        raise SlackError("team_exists")
    world.teams[team.id] = team
    for person in firm.get("users", ()):
        _add_person(world, team, person)
    if not team.users:
        raise SlackError("no_users")
    for group in firm.get("user_groups", ()):
        _add_group(world, team, group)
    for channel in firm.get("channels", ()):
        _add_channel(world, team, channel)
    installer = next((user for user in team.users.values() if user.is_admin), next(iter(team.users.values())))
    bot = installs.install(world, team, installer.id, world.manifest.scopes).bot_user
    for channel in firm.get("channels", ()):
        if channel.get("app"):
            _channel_named(team, channel["name"]).members.append(bot)
    for message in firm.get("messages", ()):
        _add_message(world, team, message)
    return team


def _add_person(world: World, team: Team, person: Json) -> None:
    details: dict[str, Any] = {"id": stable_id("U0", team.domain, person["name"]), **person}
    details.setdefault("email", f"{person['name']}@{team.domain}.example")
    if details.pop("is_external", False):
        details.setdefault("team_id", stable_id("T0", "connect", team.domain))
    people.add(world, team, **details)


def person_named(team: Team, name: str) -> str:
    """A user's id by id or name."""
    if name in team.users:
        return name
    for user in team.users.values():
        if user.name == name:
            return user.id
    raise SlackError("user_not_found", detail=name)


def _add_group(world: World, team: Team, group: Json) -> None:
    members = [person_named(team, name) for name in group.get("users", ())]
    group_id = group.get("id") or stable_id("S0", team.domain, group["handle"])
    now = world.clock.now()
    team.user_groups[group_id] = UserGroup(
        id=group_id, handle=group["handle"], name=group["name"], users=members, created=now, updated=now
    )


def _add_channel(world: World, team: Team, given: Json) -> None:
    fields = {key: value for key, value in given.items() if key not in ("app", "members", "kind", "id")}
    members = [person_named(team, name) for name in given.get("members", ())]
    if fields.get("is_general"):
        everybody = [u.id for u in team.users.values() if not (u.is_restricted or u.deleted or is_external(team, u))]
        members = list(dict.fromkeys([*everybody, *members]))
    channel = Channel(
        id=given.get("id") or stable_id("C0", team.domain, given["name"]),
        kind=given.get("kind", "public"),
        creator=members[0] if members else next(iter(team.users)),
        created=world.clock.now(),
        members=members,
        **fields,
    )
    team.channels[channel.id] = channel


def _channel_named(team: Team, name: str) -> Channel:
    return next(channel for channel in team.channels.values() if channel.name == name)


def _add_message(world: World, team: Team, given: Json) -> None:
    """Put a message where it belongs without telling the app, which was not there yet."""
    channel = _channel_named(team, given["channel"])
    message = Message(ts=next_ts(world, channel), user=person_named(team, given["user"]), text=given["text"])
    channel.messages[message.ts] = message
    for member in channel.members:
        channel.last_read[member] = message.ts
