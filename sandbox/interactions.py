"""The payloads Slack sends when a person commands, presses, chooses, submits or closes something of the app."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox import modals
from sandbox.inputs import VALUE_KEYS, all_elements, find_element, merged_state, unknown_choices
from sandbox.model import Channel, Json, Message, Team, User, View
from sandbox.shapes import message_object, view_object
from sandbox.world import SlackError, World, find_channel, may_see

NAMES = {"im": "directmessage", "mpim": "mpdm", "private": "privategroup"}


@dataclass(frozen=True, kw_only=True)
class Surface:
    """Where an element stands: a message, a modal, or the Home tab."""

    blocks: list[Json]
    channel: Channel | None = None
    message: Message | None = None
    view: View | None = None


def surface(team: Team, user: User, container: Json) -> Surface:
    """The surface a container names, if this person can see it."""
    kind = container.get("type")
    if kind == "message":
        channel = find_channel(team, container["channel"])
        message = visible_message(team, channel, user, container["ts"])
        return Surface(blocks=list(message_blocks(message)), channel=channel, message=message)
    view = team.homes.get(user.id) if kind == "home" else modals.find_modal(team, view_id=container.get("view_id", ""))
    if view is None or view.user != user.id:
        raise SlackError("not_found")
    return Surface(blocks=view.content["blocks"], view=view)


def visible_message(team: Team, channel: Channel, user: User, ts: str) -> Message:
    if not may_see(team, channel, user):
        raise SlackError("channel_not_found")
    ephemeral = channel.ephemerals.get(ts)
    if ephemeral is not None and ephemeral.ephemeral_to == user.id:
        return ephemeral
    if ts not in channel.messages:
        raise SlackError("message_not_found")
    return channel.messages[ts]


def message_blocks(message: Message) -> Iterator[Json]:
    yield from message.blocks or ()
    for attachment in message.attachments or ():
        yield from attachment.get("blocks", ())


def found_element(place: Surface, block_id: str, action_id: str) -> tuple[Json, Json]:
    found = find_element(place.blocks, block_id, action_id)
    if found is None:
        raise SlackError("no_such_element")
    return found


class Payloads:
    """Makes payloads; each gets its own trigger, and those about messages a response_url."""

    def __init__(self, world: World) -> None:
        self._world = world

    def command(self, team: Team, user: User, channel: Channel, command: str, text: str) -> Json:
        world = self._world
        return {
            "token": world.credentials.verification_token,
            "team_id": team.id,
            "team_domain": team.domain,
            "channel_id": channel.id,
            "channel_name": NAMES.get(channel.kind, channel.name),
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": text,
            "api_app_id": world.credentials.app_id,
            "is_enterprise_install": "false",
            "response_url": world.new_response_url(team, channel, user),
            "trigger_id": world.new_trigger(team, user.id),
        }

    def global_shortcut(self, team: Team, user: User, callback_id: str) -> Json:
        trigger = {"trigger_id": self._world.new_trigger(team, user.id)}
        return self._frame("shortcut", team, user) | {"callback_id": callback_id, "action_ts": self._now()} | trigger

    def message_shortcut(self, team: Team, user: User, channel: Channel, message: Message, callback_id: str) -> Json:
        world = self._world
        url = world.new_response_url(team, channel, user, thread_ts=message.thread_ts)
        return self._frame("message_action", team, user) | {
            "callback_id": callback_id,
            "action_ts": self._now(),
            "trigger_id": world.new_trigger(team, user.id),
            "response_url": url,
            "message_ts": message.ts,
            "channel": {"id": channel.id, "name": NAMES.get(channel.kind, channel.name)},
            "message": message_object(world, team, channel, message),
        }

    def action(self, team: Team, user: User, place: Surface, action: Json, state: Json) -> Json:
        """block_actions: `action` is what was pressed or chosen, `state` what all inputs of the surface hold."""
        action = action | {"action_ts": self._now()}
        payload = self._frame("block_actions", team, user) | self._where(team, user, place) | {"actions": [action]}
        payload["trigger_id"] = self._world.new_trigger(team, user.id, _modal_id(place))
        if place.view is None:
            payload["state"] = {"values": merged_state(place.blocks, state)}
        return payload

    def suggestion(self, team: Team, user: User, place: Surface, block_id: str, element: Json, query: str) -> Json:
        asked: Json = {"action_id": element["action_id"], "block_id": block_id, "value": query}
        payload = self._frame("block_suggestion", team, user) | self._where(team, user, place) | asked
        payload.pop("response_url", None)
        return without_state(payload)

    def submission(self, team: Team, user: User, view: View) -> Json:
        return self._frame("view_submission", team, user) | {
            "trigger_id": self._world.new_trigger(team, user.id, view.id),
            "view": view_object(self._world, team, view),
            "response_urls": list(self._response_urls(team, user, view)),
        }

    def closing(self, team: Team, user: User, view: View, *, cleared: bool) -> Json:
        shown: Json = {"view": view_object(self._world, team, view), "is_cleared": cleared}
        return without_state(self._frame("view_closed", team, user) | shown)

    def _frame(self, kind: str, team: Team, user: User) -> Json:
        world = self._world
        return {
            "type": kind,
            "team": {"id": team.id, "domain": team.domain},
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
            "api_app_id": world.credentials.app_id,
            "token": world.credentials.verification_token,
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _where(self, team: Team, user: User, place: Surface) -> Json:
        if place.view is not None:
            container: Json = {"type": "view", "view_id": place.view.id}
            return {"container": container, "view": view_object(self._world, team, place.view)}
        if place.channel is None or place.message is None:
            raise SlackError("not_found")
        return self._where_message(team, user, place.channel, place.message)

    def _where_message(self, team: Team, user: User, channel: Channel, message: Message) -> Json:
        ephemeral = message.ephemeral_to is not None
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": ephemeral,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        url = self._world.new_response_url(
            team, channel, user, message_ts=message.ts, ephemeral=ephemeral, thread_ts=message.thread_ts
        )
        where: Json = {
            "container": container,
            "channel": {"id": channel.id, "name": NAMES.get(channel.kind, channel.name)},
            "response_url": url,
        }
        shown = {} if ephemeral else {"message": message_object(self._world, team, channel, message)}
        return where | shown

    def _response_urls(self, team: Team, user: User, view: View) -> Iterator[Json]:
        for block, element in all_elements(view.content["blocks"]):
            if element.get("response_url_enabled") and block["type"] == "input":
                key = VALUE_KEYS[element["type"]][0]
                chosen = view.state[block["block_id"]][element["action_id"]][key]
                if chosen in team.channels:
                    yield {
                        "block_id": block["block_id"],
                        "action_id": element["action_id"],
                        "channel_id": chosen,
                        "response_url": self._world.new_response_url(team, team.channels[chosen], user),
                    }

    def _now(self) -> str:
        return f"{self._world.clock.now():.6f}"


def without_state(payload: Json) -> Json:
    """The payload as Slack sends it where nothing was submitted or acted on: what is filled in stays in the client."""
    if "view" in payload:
        payload["view"] = payload["view"] | {"state": {"values": {}}}
    return payload


def _modal_id(place: Surface) -> str | None:
    return place.view.id if place.view is not None and place.view.type == "modal" else None


def chosen_action(block_id: str, element: Json, chosen: Json) -> Json:
    """An action as block_actions lists it, but for its time."""
    action: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block_id}
    return action | chosen_fields(element, chosen)


def chosen_fields(element: Json, chosen: Json) -> Json:
    """What an action carries besides its ids: a button's own text and value, or what was chosen."""
    if element["type"] in ("button", "workflow_button"):
        return {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    if unknown_choices(element, chosen):
        raise SlackError("no_such_option")
    allowed: dict[str, Any] = {key: value for key, value in chosen.items() if key != "type"}
    if "placeholder" in element:
        allowed["placeholder"] = element["placeholder"]
    return allowed
