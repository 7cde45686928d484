"""Server-sent events: what each watching person sees happen, in the order it happens."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.dispatch import Dispatch
from sandbox.faults import Faults
from sandbox.model import Channel, Json, Message, Team, User, View
from sandbox.pictures import app_picture, channel_picture, message_picture, stack_picture, user_picture
from sandbox.shapes import view_object
from sandbox.world import Change, World, may_see


@dataclass
class Watcher:
    """One open stream."""

    team: Team
    user: User
    queue: asyncio.Queue[Json | None] = field(default_factory=asyncio.Queue)


class Stream:
    """Turns changes of the world into what the page shows, for each watcher's eyes."""

    def __init__(self, world: World, dispatch: Dispatch, faults: Faults) -> None:
        self._world = world
        self._dispatch = dispatch
        self._faults = faults
        self._watchers: list[Watcher] = []
        self._shows: dict[str, Callable[[Change, Watcher], Json | None]] = {
            "message": self._message,
            "message_changed": self._message,
            "message_deleted": self._gone,
            "ephemeral": self._ephemeral,
            "ephemeral_deleted": self._ephemeral_gone,
            "reaction": self._reaction,
            "channel": self._channel,
            "user": self._user,
            "app": self._app,
            "view_opened": self._view,
            "view_pushed": self._view,
            "view_updated": self._view,
            "view_closed": self._view,
            "stack": self._stack,
            "home": self._view,
            "toast": self._toast,
        }

    def watch(self, team: Team, user: User) -> Watcher:
        watcher = Watcher(team, user)
        self._watchers.append(watcher)
        return watcher

    def leave(self, watcher: Watcher) -> None:
        self._watchers.remove(watcher)

    def stop(self) -> None:
        for watcher in self._watchers:
            watcher.queue.put_nowait(None)

    def take(self, change: Change) -> None:
        show = self._shows.get(change.type)
        for watcher in self._watchers:
            if show and watcher.team is change.team and (seen := show(change, watcher)):
                watcher.queue.put_nowait(json.loads(json.dumps(seen)))

    def tell_all(self, seen: Json) -> None:
        """Something that concerns everybody: the clock, the faults, a reload."""
        for watcher in self._watchers:
            watcher.queue.put_nowait(seen)

    def _message(self, change: Change, watcher: Watcher) -> Json | None:
        channel, message = change.details["channel"], change.details["message"]
        if not may_see(change.team, channel, watcher.user):
            return None
        picture = message_picture(self._world, change.team, channel, message)
        return {"type": change.type, "channel": channel.id, "message": picture}

    def _gone(self, change: Change, watcher: Watcher) -> Json | None:
        channel, message = change.details["channel"], change.details["message"]
        return _gone(channel, message) if may_see(change.team, channel, watcher.user) else None

    def _ephemeral(self, change: Change, watcher: Watcher) -> Json | None:
        return self._message(change, watcher) if change.details["message"].ephemeral_to == watcher.user.id else None

    def _ephemeral_gone(self, change: Change, watcher: Watcher) -> Json | None:
        message = change.details["message"]
        return _gone(change.details["channel"], message) if message.ephemeral_to == watcher.user.id else None

    def _reaction(self, change: Change, watcher: Watcher) -> Json | None:
        channel, message = change.details["channel"], change.details["message"]
        if not may_see(change.team, channel, watcher.user):
            return None
        return {"type": "reaction", "channel": channel.id, "ts": message.ts, "reactions": message.reactions}

    def _channel(self, change: Change, watcher: Watcher) -> Json | None:
        channel: Channel = change.details["channel"]
        if change.details["what"] == "read" and change.details["user"] != watcher.user.id:
            return None
        if not may_see(change.team, channel, watcher.user) and change.details["user"] != watcher.user.id:
            return None
        return {"type": "channel", "channel": channel_picture(change.team, channel, watcher.user)}

    def _user(self, change: Change, _watcher: Watcher) -> Json:
        return {"type": "user", "user": user_picture(change.team, change.details["user"], self._world.clock.now())}

    def _app(self, change: Change, _watcher: Watcher) -> Json:
        return {"type": "app", "app": app_picture(self._world, self._dispatch, change.team)}

    def _view(self, change: Change, watcher: Watcher) -> Json | None:
        view: View = change.details["view"]
        if view.user != watcher.user.id:
            return None
        if change.type == "view_closed":
            return {"type": "view_closed", "view_id": view.id}
        return {"type": change.type, "view": view_object(self._world, change.team, view)}

    def _stack(self, change: Change, watcher: Watcher) -> Json | None:
        if change.details["user"] != watcher.user.id:
            return None
        return {"type": "stack", "stack": stack_picture(self._world, change.team, watcher.user)}

    def _toast(self, change: Change, watcher: Watcher) -> Json | None:
        if change.details["user"] != watcher.user.id:
            return None
        return {"type": "toast", "level": change.details["level"], "text": change.details["text"]}


def _gone(channel: Channel, message: Message) -> Json:
    return {"type": "message_deleted", "channel": channel.id, "ts": message.ts}
