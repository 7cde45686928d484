"""views.*: opening, pushing and updating modals, publishing the App Home."""

from typing import Any

from sandbox import modals
from sandbox.model import Json
from sandbox.shapes import view_object
from sandbox.web_api.call import Call, missing
from sandbox.web_api.registry import method
from sandbox.world import SlackError


def given_view(call: Call) -> Any:
    if not call.args.get("view"):
        raise missing("view")
    return call.args["view"]


def trigger(call: Call) -> str:
    """The trigger under either name Slack knows it by."""
    return call.text("trigger_id", call.text("interactivity_pointer", "")) or call.text("trigger_id")


@method("views.open", tier=4)
def open_view(call: Call) -> Json:
    view = modals.open_modal(call.world, call.team, trigger(call), given_view(call))
    return {"view": view_object(call.world, call.team, view)}


@method("views.push", tier=4)
def push_view(call: Call) -> Json:
    view = modals.push_modal(call.world, call.team, trigger(call), given_view(call))
    return {"view": view_object(call.world, call.team, view)}


@method("views.update", tier=4)
def update_view(call: Call) -> Json:
    content = given_view(call)
    view_id, external_id = call.text("view_id", ""), call.text("external_id", "")
    if not view_id and not external_id:
        raise missing("view_id")
    view = modals.find_modal(call.team, view_id=view_id, external_id=external_id)
    modals.update(call.world, call.team, view, content, call.text("hash", "") or None)
    return {"view": view_object(call.world, call.team, view)}


@method("views.publish", tier=4)
def publish_view(call: Call) -> Json:
    content = given_view(call)
    user = call.user("user_id")
    if not call.world.manifest.home_tab:
        raise SlackError("not_enabled")
    view = modals.publish_home(call.world, call.team, user.id, content, call.text("hash", "") or None)
    return {"view": view_object(call.world, call.team, view)}
