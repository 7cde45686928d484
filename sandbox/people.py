"""What happens to people and user groups: they join, change, leave."""

import zoneinfo
from dataclasses import fields
from typing import Any

from sandbox.model import Team, User, UserGroup
from sandbox.world import SlackError, World, is_external, new_id

CHANGEABLE = {f.name for f in fields(User)} - {"id", "is_bot", "bot_id", "updated"}


def add(world: World, team: Team, **details: Any) -> User:
    """A new member, who finds #general joined already unless a guest or an external."""
    real_name = details.pop("real_name", None) or details.get("name", "Somebody New")
    details.setdefault("name", real_name.lower().replace(" ", "."))
    user = User(
        id=details.pop("id", None) or new_id("U0"),
        team_id=details.pop("team_id", None) or team.id,
        real_name=real_name,
        updated=world.clock.now(),
        **_known(details),
    )
    user.display_name = user.display_name or real_name.partition(" ")[0]
    team.users[user.id] = user
    for channel in team.channels.values():
        if channel.is_general and not (user.is_restricted or user.deleted or is_external(team, user)):
            channel.members.append(user.id)
    world.publish("user", team, user=user, what="joined")
    return user


def alter(world: World, team: Team, user: User, **details: Any) -> None:
    for name, value in _known(details).items():
        setattr(user, name, value)
    user.updated = world.clock.now()
    world.publish("user", team, user=user, what="changed")


def _known(details: dict[str, Any]) -> dict[str, Any]:
    unknown = details.keys() - CHANGEABLE
    if unknown:
        raise SlackError("unknown_field", detail=", ".join(sorted(unknown)))
    try:
        zoneinfo.ZoneInfo(details.get("tz", "UTC"))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        raise SlackError("unknown_timezone", detail=details["tz"]) from None
    return details


def save_group(world: World, team: Team, group: UserGroup) -> None:
    known = team.user_groups.get(group.id)
    if any(other.handle == group.handle and other.id != group.id for other in team.user_groups.values()):
        raise SlackError("name_already_exists")
    before = list(known.users) if known else []
    group.updated = world.clock.now()
    team.user_groups[group.id] = group
    world.publish("group", team, group=group, before=before, created=known is None)


def find_group(team: Team, group_id: str) -> UserGroup:
    if group_id not in team.user_groups:
        raise SlackError("no_such_subteam")
    return team.user_groups[group_id]
