"""What a person does with the app in Slack's client, and what the client makes of the app's answer."""

from sandbox import composer, messages, modals
from sandbox.blockkit import problems
from sandbox.dispatch import Ack, Dispatch
from sandbox.inputs import VALUE_KEYS, refused_inputs
from sandbox.interactions import Payloads, chosen_action, found_element, surface, visible_message
from sandbox.model import Channel, Json, Team, User, View
from sandbox.responses import answer_command, has_content
from sandbox.rooms import open_dm
from sandbox.shapes import message_object, view_object
from sandbox.world import SlackError, World, bot_of, find_channel, is_external

APOLOGY = "We had some trouble connecting. Try again?"


class Desk:
    """Slack's client, minus the pixels. Every method answers what the control API answers."""

    def __init__(self, world: World, dispatch: Dispatch) -> None:
        self._world = world
        self._dispatch = dispatch
        self._payloads = Payloads(world)

    async def slash(self, team: Team, user: User, channel: Channel, command: str, text: str) -> Json:
        known = self._world.manifest.command(command)
        if known is None:
            return self._fail(team, user, f"{command} is not a valid command.", "invalid_command")
        if is_external(team, user):
            return self._fail(team, user, "People from other organisations cannot use commands.", "not_allowed")
        if user.id not in channel.members or channel.is_archived:
            raise SlackError("is_archived" if channel.is_archived else "not_in_channel")
        text = composer.escaped_command_text(team, text) if known.should_escape else text
        payload = self._payloads.command(team, user, channel, command, text.strip())
        ack = await self._dispatch.ask(team, "slash_commands", payload)
        if not ack.ok:
            error = "operation_timeout" if "timeout" in ack.reason else "dispatch_failed"
            return self._fail(team, user, f"{command} failed with the error “{error}”", error)
        return self._command_answered(team, user, channel, ack.payload or {})

    def _command_answered(self, team: Team, user: User, channel: Channel, answer: Json) -> Json:
        if not has_content(answer):
            return {"ok": True}
        try:
            message = answer_command(self._world, team, channel, user, answer)
        except SlackError as refusal:
            return self._fail(team, user, APOLOGY, explained(refusal))
        return {"ok": True, "response": message_object(self._world, team, channel, message)}

    async def shortcut(self, team: Team, user: User, callback_id: str, channel_id: str = "", ts: str = "") -> Json:
        kind = "message" if channel_id else "global"
        if self._world.manifest.shortcut(callback_id, kind) is None:
            raise SlackError("no_such_shortcut")
        if is_external(team, user):
            return self._fail(team, user, "People from other organisations cannot use shortcuts.", "not_allowed")
        if channel_id:
            channel = find_channel(team, channel_id)
            message = visible_message(team, channel, user, ts)
            payload = self._payloads.message_shortcut(team, user, channel, message, callback_id)
        else:
            payload = self._payloads.global_shortcut(team, user, callback_id)
        return self._plain(team, user, await self._dispatch.ask(team, "interactive", payload))

    async def action(self, team: Team, user: User, given: Json) -> Json:
        place = surface(team, user, given["container"])
        block, element = found_element(place, given["block_id"], given["action_id"])
        state, chosen = dict(given.get("state") or {}), given.get("value") or {}
        action = chosen_action(block["block_id"], element, chosen)
        if element["type"] in VALUE_KEYS:
            of_block = {**state.get(block["block_id"], {}), given["action_id"]: {"type": element["type"], **chosen}}
            state[block["block_id"]] = of_block
        if place.view is not None:
            modals.type_into(place.view, state)
        payload = self._payloads.action(team, user, place, action, state)
        return self._plain(team, user, await self._dispatch.ask(team, "interactive", payload))

    async def suggest(self, team: Team, user: User, given: Json) -> Json:
        place = surface(team, user, given["container"])
        block, element = found_element(place, given["block_id"], given["action_id"])
        if "external_select" not in element["type"]:
            raise SlackError("no_such_element")
        payload = self._payloads.suggestion(team, user, place, block["block_id"], element, given.get("query", ""))
        ack = await self._dispatch.ask(team, "interactive", payload)
        answer = ack.payload or {}
        if not ack.ok:
            return {"ok": False, "error": "operation_timeout"}
        offered = {key: answer[key] for key in ("options", "option_groups") if answer.get(key)}
        check = {"type": "static_select", "action_id": "offered", **offered}
        if offered and problems("message", [{"type": "actions", "elements": [check]}]):
            return self._fail(team, user, APOLOGY, "invalid_options")
        return {"ok": True, **(offered or {"options": []})}

    async def submit(self, team: Team, user: User, view_id: str, state: Json) -> Json:
        view = modals.find_modal(team, view_id=view_id)
        stack = team.stacks.get(user.id, [])
        if view.user != user.id or view is not stack[-1]:
            raise SlackError("not_on_top")
        if not view.content.get("submit"):
            raise SlackError("not_submittable")
        modals.type_into(view, state)
        errors = refused_inputs(view.content["blocks"], view.state)
        if errors:
            return {"ok": False, "response_action": "errors", "errors": errors}
        ack = await self._dispatch.ask(team, "interactive", self._payloads.submission(team, user, view))
        if not ack.ok:
            return self._fail(team, user, APOLOGY, "operation_timeout")
        return self._submitted(team, user, view, ack.payload or {})

    def _submitted(self, team: Team, user: User, view: View, answer: Json) -> Json:
        """Carry out the response_action. The view may be gone already, closed or replaced meanwhile."""
        action = answer.get("response_action")
        try:
            match action:
                case "errors":
                    return self._refused(team, user, view, answer.get("errors"))
                case "update":
                    modals.update(self._world, team, view, answer.get("view") or {})
                case "push":
                    modals.push_answer(self._world, team, user.id, answer.get("view") or {})
                case "clear":
                    modals.clear(self._world, team, user.id)
                case None:
                    modals.take_away(self._world, team, view)
                case _:
                    return self._fail(team, user, APOLOGY, f"invalid_response_action: {action}")
        except SlackError as refusal:
            return self._fail(team, user, APOLOGY, explained(refusal))
        return {"ok": True, "response_action": action}

    def _refused(self, team: Team, user: User, view: View, errors: object) -> Json:
        known = {block.get("block_id") for block in view.content["blocks"] if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or errors.keys() - known:
            return self._fail(team, user, APOLOGY, f"errors for unknown blocks: {errors}")
        return {"ok": False, "response_action": "errors", "errors": errors}

    async def close(self, team: Team, user: User, view_id: str, everything: bool) -> Json:
        """Close the view (Cancel), or the whole stack (the x), which reports the root view as cleared."""
        view = modals.find_modal(team, view_id=view_id)
        if view.user != user.id:
            raise SlackError("not_found")
        stack = team.stacks[user.id]
        everything = everything or view.content.get("clear_on_close", False)
        closed = stack[0] if everything else view
        payload = self._payloads.closing(team, user, closed, cleared=everything)
        modals.close(self._world, team, closed)
        if closed.content.get("notify_on_close"):
            await self._dispatch.ask(team, "interactive", payload)
        return {"ok": True}

    def load(self, team: Team, user: User) -> None:
        """Drop what lives in the client alone: open modals, of which the app hears nothing, and ephemeral messages."""
        modals.clear(self._world, team, user.id)
        for channel in team.channels.values():
            for message in [one for one in channel.ephemerals.values() if one.ephemeral_to == user.id]:
                messages.remove_ephemeral(self._world, team, channel, message.ts)

    def open_home(self, team: Team, user: User, tab: str) -> Json:
        """Tell the app that its Home or Messages tab is being looked at."""
        channel = open_dm(self._world, team, [bot_of(team), user])
        event: Json = {"type": "app_home_opened", "user": user.id, "channel": channel.id, "tab": tab}
        view = team.homes.get(user.id)
        if tab == "home" and view is not None:
            event["view"] = view_object(self._world, team, view)
        if "app_home_opened" in self._world.manifest.events:
            event["event_ts"] = f"{self._world.clock.now():.6f}"
            self._dispatch.tell(team, event)
        return {"ok": True}

    def _plain(self, team: Team, user: User, ack: Ack) -> Json:
        return {"ok": True} if ack.ok else self._fail(team, user, APOLOGY, "operation_timeout")

    def _fail(self, team: Team, user: User, text: str, error: str) -> Json:
        self._world.publish("toast", team, user=user.id, level="error", text=text)
        return {"ok": False, "error": error}


def explained(refusal: SlackError) -> str:
    """The error with its places, for whoever writes the app."""
    messages = refusal.extra.get("response_metadata", {}).get("messages", ())
    return " ".join([refusal.error, *messages])
