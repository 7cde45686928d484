"""What happens to views: a person's stack of up to three modals, the App Home, and the triggers that open them."""

import secrets
from typing import Literal

from sandbox.blocks import check, taken_blocks
from sandbox.inputs import merged_state
from sandbox.model import Json, Team, View
from sandbox.world import SlackError, World, all_views, new_id

ViewType = Literal["modal", "home"]
MAX_STACK = 3


def new_hash(world: World) -> str:
    return f"{int(world.clock.now())}.{secrets.token_hex(4)}"


def checked_view(team: Team, content: Json, kind: ViewType, replacing: View | None = None) -> Json:
    """The view as Slack keeps it; raises where Slack refuses it."""
    if not isinstance(content, dict) or content.get("type") != kind:
        raise SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] view must be a {kind}"]})
    check(kind, content, "invalid_arguments")
    external_id = content.get("external_id")
    if external_id and any(v.content.get("external_id") == external_id for v in all_views(team) if v is not replacing):
        raise SlackError("duplicate_external_id")
    return content | {"blocks": taken_blocks(content["blocks"])}


def spend_trigger(world: World, team: Team, trigger_id: str, *, within_modal: bool = False) -> str:
    """Use a trigger up and return whose it is."""
    trigger = world.triggers.get(trigger_id)
    if trigger is None or trigger.team != team.id:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if world.clock.now() > trigger.expires:
        raise SlackError("expired_trigger_id")
    if within_modal and trigger.view_id is None:
        raise SlackError("invalid_trigger_id")
    trigger.used = True
    return trigger.user


def open_modal(world: World, team: Team, trigger_id: str, content: Json) -> View:
    """Open on top of the modal the trigger came from; a trigger from elsewhere starts a new stack."""
    trigger = world.triggers.get(trigger_id)
    kept = checked_view(team, content, "modal")
    user = spend_trigger(world, team, trigger_id)
    if trigger is None or trigger.view_id is None:
        team.stacks[user] = []
    return _put_on_top(world, team, user, kept)


def push_modal(world: World, team: Team, trigger_id: str, content: Json) -> View:
    kept = checked_view(team, content, "modal")
    return _put_on_top(world, team, spend_trigger(world, team, trigger_id, within_modal=True), kept)


def push_answer(world: World, team: Team, user: str, content: Json) -> View:
    """Push the view of a view_submission's answer."""
    return _put_on_top(world, team, user, checked_view(team, content, "modal"))


def _put_on_top(world: World, team: Team, user: str, content: Json) -> View:
    stack = team.stacks.setdefault(user, [])
    if len(stack) >= MAX_STACK:
        raise SlackError("push_limit_reached")
    view_id = new_id("V0")
    view = View(
        id=view_id,
        type="modal",
        user=user,
        content=content,
        hash=new_hash(world),
        state=merged_state(content["blocks"], {}),
        root_view_id=stack[0].id if stack else view_id,
        previous_view_id=stack[-1].id if stack else None,
    )
    stack.append(view)
    world.publish("view_pushed" if len(stack) > 1 else "view_opened", team, view=view)
    world.publish("stack", team, user=user)
    return view


def find_modal(team: Team, *, view_id: str = "", external_id: str = "") -> View:
    for stack in team.stacks.values():
        for view in stack:
            if view.id == view_id or (external_id and view.content.get("external_id") == external_id):
                return view
    raise SlackError("not_found")


def update(world: World, team: Team, view: View, content: Json, expected_hash: str | None = None) -> None:
    """Replace the content; typed input stays where block_id and action_id stay."""
    if expected_hash and expected_hash != view.hash:
        raise SlackError("hash_conflict")
    view.content = checked_view(team, content, view.type, replacing=view)
    view.state = merged_state(view.content["blocks"], view.state)
    view.hash = new_hash(world)
    world.publish("view_updated", team, view=view)
    world.publish("stack", team, user=view.user)


def publish_home(world: World, team: Team, user: str, content: Json, expected_hash: str | None = None) -> View:
    known = team.homes.get(user)
    if expected_hash and known and expected_hash != known.hash:
        raise SlackError("hash_conflict")
    kept = checked_view(team, content, "home", replacing=known)
    view_id = known.id if known else new_id("V0")
    view = View(
        id=view_id,
        type="home",
        user=user,
        content=kept,
        hash=new_hash(world),
        state=merged_state(kept["blocks"], known.state if known else {}),
        root_view_id=view_id,
    )
    team.homes[user] = view
    world.publish("home", team, view=view)
    return view


def type_into(view: View, given: Json) -> None:
    """Keep what the person has filled in so far, also in other elements of the same block."""
    filled = {block_id: {**view.state.get(block_id, {}), **of_block} for block_id, of_block in given.items()}
    view.state = merged_state(view.content["blocks"], {**view.state, **filled})


def take_away(world: World, team: Team, view: View) -> None:
    """Close this view alone, as an empty answer to its submission does: a view the app opened meanwhile stays."""
    stack = team.stacks.get(view.user, [])
    if view in stack:
        stack.remove(view)
        world.publish("view_closed", team, view=view)
        world.publish("stack", team, user=view.user)


def close(world: World, team: Team, view: View) -> None:
    """Take the view, and whatever lies on top of it, off the stack."""
    stack = team.stacks.get(view.user, [])
    if view in stack:
        gone = stack[stack.index(view) :]
        del stack[stack.index(view) :]
        for closed in reversed(gone):
            world.publish("view_closed", team, view=closed)
        world.publish("stack", team, user=view.user)


def clear(world: World, team: Team, user: str) -> None:
    if stack := team.stacks.get(user):
        close(world, team, stack[0])
