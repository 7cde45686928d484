"""The test driver: a person in the workspace, over the control API and nothing else."""

# ruff: noqa: ASYNC109 (tests read "timeout" as the word for it; inside it is asyncio.timeout)

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp

from sandbox.inputs import VALUE_KEYS, all_elements, offered_options

Json = dict[str, Any]
Predicate = Callable[[Json], bool]
Place = tuple[str, str, str]  # a person, a channel and the ts of a message in it


class Refused(Exception):
    """The workspace, or the app, said no: `error` in Slack's words, `detail` the whole answer."""

    def __init__(self, error: str, detail: Json) -> None:
        super().__init__(f"{error}: {detail}")
        self.error = error
        self.detail = detail


class Workspace:
    """Acts and looks as one person; `as_` gives the same workspace to another."""

    def __init__(
        self, session: aiohttp.ClientSession, control_url: str, user: str, chosen: dict[Place, Json] | None = None
    ) -> None:
        self._session = session
        self._url = control_url.rstrip("/")
        self.user = user
        self._chosen = {} if chosen is None else chosen  # in messages, as each person's client remembers it

    @classmethod
    @contextlib.asynccontextmanager
    async def connect(
        cls, control_url: str, *, as_user: str, session: aiohttp.ClientSession | None = None
    ) -> AsyncIterator[Workspace]:
        if session is not None:
            yield cls(session, control_url, as_user)
            return
        async with aiohttp.ClientSession() as own:
            yield cls(own, control_url, as_user)

    def as_(self, user: str) -> Workspace:
        return Workspace(self._session, self._url, user, self._chosen)

    # Talking

    async def say(self, channel: str, text: str, **more: Any) -> Json:
        """Post as this person; answers the message. `thread_ts` and `files` as in the control API."""
        answer = await self.post("say", channel=channel, text=text, **more)
        return {**answer["message"], "channel": channel}

    async def edit(self, channel: str, ts: str, text: str) -> None:
        await self.post("edit", channel=channel, ts=ts, text=text)

    async def delete(self, channel: str, ts: str) -> None:
        await self.post("delete", channel=channel, ts=ts)

    async def react(self, channel: str, ts: str, name: str, *, remove: bool = False) -> None:
        await self.post("react", channel=channel, ts=ts, name=name, remove=remove)

    async def upload(self, channel: str, name: str, content: bytes, **more: str) -> Json:
        form = aiohttp.FormData({"as": self.user, "channel": channel, **more})
        form.add_field("file", content, filename=name)
        async with self._session.post(f"{self._url}/upload", data=form) as response:
            file: Json = checked(await response.json())["file"]
        return file

    # The app's surfaces

    async def slash(self, command: str, text: str = "", *, channel: str = "#general") -> Json | None:
        """Give a command; answers the message it was acknowledged with, if any."""
        answer = await self.post("slash", channel=channel, command=command, text=text)
        return answer.get("response")

    async def shortcut(self, callback_id: str, message: Json | None = None) -> None:
        """A global shortcut, or one on a message as `messages` and `wait_for` give it."""
        where = {"channel": message["channel"], "ts": message["ts"]} if message else {}
        await self.post("shortcut", callback_id=callback_id, **where)

    async def open_home(self, tab: str = "home") -> None:
        await self.post("open_home", tab=tab)

    async def modal(self) -> Json | None:
        """The view on top of this person's stack."""
        stack = (await self.state())["stack"]
        return stack[-1] if stack else None

    async def home(self) -> Json | None:
        home: Json | None = (await self.state())["home"]
        return home

    async def click(self, surface: Json, button: str) -> None:
        """Press a button, by its action_id or its words, on a message, modal or Home."""
        await self._act(surface, button)

    async def choose(self, surface: Json, element: str, value: Any) -> None:
        """Choose in a select, picker or the like outside of a submission; `value` as in `submit`."""
        await self._act(surface, element, value)

    async def _act(self, surface: Json, element: str, value: Any = None) -> None:
        block, found = find(surface, element)
        ids = {"block_id": block["block_id"], "action_id": found["action_id"]}
        chosen = {} if value is None else value_of(found, value)
        place = container(surface)
        state = self._state_in(place)
        if found["type"] in VALUE_KEYS:
            state.setdefault(block["block_id"], {})[found["action_id"]] = {"type": found["type"], **chosen}
        await self.post("action", container=place, value=chosen, state=state, **ids)

    def _state_in(self, place: Json) -> Json:
        """What this person has chosen in a message; views keep it themselves."""
        if place["type"] != "message":
            return {}
        return self._chosen.setdefault((self.user, place["channel"], place["ts"]), {})

    async def suggest(self, surface: Json, element: str, query: str) -> list[Json]:
        """What an external select offers for the typed `query`."""
        block, found = find(surface, element)
        ids = {"block_id": block["block_id"], "action_id": found["action_id"]}
        answer = await self.post("suggest", container=container(surface), query=query, **ids)
        groups = answer.get("option_groups") or [{"options": answer.get("options", [])}]
        return [option for group in groups for option in group["options"]]

    async def submit(self, view: Json, values: Json | None = None) -> Json:
        """Fill in and submit a modal: {block_id: value} with plain values, e.g. an option's value or a user's id.

        Answers {"response_action": …}; errors under fields raise Refused("errors", …) with them in `detail`.
        """
        return await self.post("submit", view_id=view["id"], state=state_of(view, values or {}))

    async def close(self, view: Json, *, all: bool = False) -> None:
        await self.post("close", view_id=view["id"], all=all)

    # Looking

    async def state(self) -> Json:
        return await self.get("state")

    async def messages(self, channel: str, thread: str | None = None) -> list[Json]:
        """Oldest first, each with its `channel`, so that it can be clicked on."""
        query = {"thread_ts": thread} if thread else {}
        found: list[Json] = (await self.get("messages", channel=channel, limit="1000", **query))["messages"]
        return [{**message, "channel": channel} for message in found]

    async def dm(self, user: str | None = None) -> list[Json]:
        """The conversation of this person (or another) with the app."""
        if user is not None and user != self.user:
            return await self.as_(user).dm()
        return await self.messages(await self.dm_channel())

    async def dm_channel(self) -> str:
        bot = (await self.state())["app"]["bot_user_id"]
        channel: str = (await self.post("open_dm", users=[bot]))["channel"]["id"]
        return channel

    async def wait_for(
        self, wanted: str | Predicate, *, channel: str | None = None, thread: str | None = None, timeout: float = 5
    ) -> Json:
        """The newest message with the text, or meeting the predicate; in the app's DM unless a channel is given."""
        channel = channel or await self.dm_channel()

        async def look() -> Json | None:
            found = [message for message in await self.messages(channel, thread) if meets(message, wanted)]
            return found[-1] if found else None

        return await self._until(look, timeout, f"no message like {wanted!r} in {channel}")

    async def wait_for_modal(self, wanted: str | Predicate = "", *, timeout: float = 5) -> Json:
        """The view on top, once it has the text or meets the predicate."""

        async def look() -> Json | None:
            view = await self.modal()
            return view if view and meets(view, wanted) else None

        return await self._until(look, timeout, f"no modal like {wanted!r}")

    async def wait_for_home(self, wanted: str | Predicate = "", *, timeout: float = 5) -> Json:
        async def look() -> Json | None:
            view = await self.home()
            return view if view and meets(view, wanted) else None

        return await self._until(look, timeout, f"no Home like {wanted!r}")

    async def wait_until_connected(self, timeout: float = 10) -> None:
        """Return once the app has a socket, or has echoed the challenge of its request URL."""

        async def look() -> Json | None:
            app: Json = (await self.state())["app"]
            return app if app["connected"] else None

        await self._until(look, timeout, "the app does not connect")

    async def _until(self, look: Callable[[], Any], timeout: float, complaint: str) -> Json:
        """Look now and after everything that this person sees happen, until something is found."""
        try:
            async with asyncio.timeout(timeout):
                async with self._session.get(f"{self._url}/stream", params={"as": self.user}) as stream:
                    found: Json | None = await look()
                    while found is None:
                        await stream.content.readuntil(b"\n\n")
                        found = await look()
                    return found
        except TimeoutError:
            raise AssertionError(complaint) from None

    # Beyond people's reach

    async def faults(self, **switches: Any) -> Json:
        answer: Json = (await self.post("faults", **switches))["faults"]
        return answer

    async def move_clock(self, **how: Any) -> float:
        """advance=seconds, to=epoch or "tomorrow 09:00", freeze=True, reset=True; answers the new now."""
        now: float = (await self.post("clock", **how))["now"]
        return now

    async def calls(self, method: str | None = None) -> list[Json]:
        found: list[Json] = (await self.get("calls", method=method or ""))["calls"]
        return found

    async def deliveries(self) -> list[Json]:
        found: list[Json] = (await self.get("deliveries"))["deliveries"]
        return found

    async def redeliver(self, n: int) -> Json:
        return await self.post("redeliver", n=n)

    async def post(self, what: str, **body: Any) -> Json:
        """Any control call; raises Refused when it is refused."""
        async with self._session.post(f"{self._url}/{what}", json={"as": self.user, **body}) as response:
            return checked(await response.json())

    async def get(self, what: str, **query: str) -> Json:
        async with self._session.get(f"{self._url}/{what}", params={"as": self.user, **query}) as response:
            return checked(await response.json())


def checked(answer: Json) -> Json:
    if not answer.get("ok"):
        raise Refused(answer.get("error") or answer.get("response_action") or "refused", answer)
    return answer


def container(surface: Json) -> Json:
    """Where the surface is, as the control API wants it: messages carry a ts, views a type."""
    if "ts" in surface:
        return {"type": "message", "channel": surface["channel"], "ts": surface["ts"]}
    return {"type": "home"} if surface["type"] == "home" else {"type": "view", "view_id": surface["id"]}


def find(surface: Json, element: str) -> tuple[Json, Json]:
    """The block and element with this action_id, block_id or words on it."""
    blocks = [*surface.get("blocks", ()), *(b for a in surface.get("attachments", ()) for b in a.get("blocks", ()))]
    for block, found in all_elements(blocks):
        words = found.get("text", {}).get("text") if isinstance(found.get("text"), dict) else None
        if element in (found["action_id"], block["block_id"], words):
            return block, found
    raise Refused("no_such_element", {"wanted": element, "there": [f["action_id"] for _, f in all_elements(blocks)]})


def state_of(view: Json, values: Json) -> Json:
    """Slack's state.values for {block_id: plain value}; what is not given keeps its value."""
    state: Json = {}
    for block_id, value in values.items():
        block, element = find(view, block_id)
        of_element = {"type": element["type"], **value_of(element, value)}
        state[block["block_id"]] = {element["action_id"]: of_element}
    return state


def value_of(element: Json, value: Any) -> Json:
    """A plain value in the shape Slack gives it for this element; dicts are taken for Slack's shape already."""
    if element["type"] == "overflow":
        return {"selected_option": option_of(element, value)}
    key = VALUE_KEYS[element["type"]][0]
    if value is None:
        return {key: None}
    if key == "selected_option":
        return {key: option_of(element, value)}
    if key == "selected_options":
        return {key: [option_of(element, one) for one in value]}
    if isinstance(value, (list, dict)):
        return {key: value}
    return {key: int(value) if key == "selected_date_time" else str(value)}


def option_of(element: Json, value: Any) -> Json:
    """The option with this value or these words; for external selects the option itself is given."""
    if isinstance(value, dict):
        return value
    for option in offered_options(element):
        if value in (option["value"], option["text"]["text"]):
            return option
    offered = [option["value"] for option in offered_options(element)]
    raise Refused("no_such_option", {"wanted": value, "there": offered})


def meets(thing: Json, wanted: str | Predicate) -> bool:
    """Whether a message or view contains the words, anywhere in it, or meets the predicate."""
    return wanted in json.dumps(thing, ensure_ascii=False) if isinstance(wanted, str) else wanted(thing)
