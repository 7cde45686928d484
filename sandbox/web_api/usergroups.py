"""usergroups.*: groups of people one can mention together."""

from dataclasses import replace
from typing import Any

from sandbox import people
from sandbox.model import Json, UserGroup
from sandbox.shapes import user_group_object
from sandbox.web_api.call import Call
from sandbox.web_api.registry import method
from sandbox.world import SlackError, find_user, new_id


@method("usergroups.list", scope="usergroups:read", tier=2)
def list_groups(call: Call) -> Json:
    shown = [group for group in call.team.user_groups.values() if call.flag("include_disabled") or not group.disabled]
    with_users = call.flag("include_users")
    return {"usergroups": [user_group_object(call.team, group, users=with_users) for group in shown]}


@method("usergroups.users.list", scope="usergroups:read", tier=2)
def list_members(call: Call) -> Json:
    group = people.find_group(call.team, call.text("usergroup"))
    if group.disabled and not call.flag("include_disabled"):
        raise SlackError("no_such_subteam")
    return {"users": group.users}


@method("usergroups.create", scope="usergroups:write", tier=2)
def create(call: Call) -> Json:
    name = call.text("name")
    group = UserGroup(
        id=new_id("S0"),
        name=name,
        handle=call.text("handle", name.lower().replace(" ", "-")),
        description=call.text("description", ""),
        created=call.world.clock.now(),
    )
    return saved(call, group)


@method("usergroups.update", scope="usergroups:write", tier=2)
def update(call: Call) -> Json:
    group = people.find_group(call.team, call.text("usergroup"))
    given: dict[str, Any] = {key: call.text(key) for key in ("name", "handle", "description") if call.args.get(key)}
    return saved(call, replace(group, **given))


@method("usergroups.users.update", scope="usergroups:write", tier=2)
def update_members(call: Call) -> Json:
    group = people.find_group(call.team, call.text("usergroup"))
    members = [find_user(call.team, user).id for user in call.names("users")]
    if not members:
        raise SlackError("no_users_provided")
    return saved(call, replace(group, users=members))


@method("usergroups.disable", scope="usergroups:write", tier=2)
def disable(call: Call) -> Json:
    return saved(call, replace(people.find_group(call.team, call.text("usergroup")), disabled=True))


@method("usergroups.enable", scope="usergroups:write", tier=2)
def enable(call: Call) -> Json:
    return saved(call, replace(people.find_group(call.team, call.text("usergroup")), disabled=False))


def saved(call: Call, group: UserGroup) -> Json:
    people.save_group(call.world, call.team, group)
    return {"usergroup": user_group_object(call.team, group)}
