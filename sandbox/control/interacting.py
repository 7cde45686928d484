"""Control calls for what people do with the app: commands, shortcuts, presses, modals, Home."""

from sandbox.control.routes import Asked, post
from sandbox.model import Json
from sandbox.world import SlackError


@post("slash")
async def slash(asked: Asked) -> Json:
    if asked.body.get("thread_ts"):
        raise SlackError("not_allowed_in_threads")
    desk, text = asked.sandbox.desk, asked.text("text", "")
    return await desk.slash(asked.team, asked.user, asked.channel, asked.text("command"), text)


@post("shortcut")
async def shortcut(asked: Asked) -> Json:
    channel, ts = asked.text("channel", ""), asked.text("ts", "")
    return await asked.sandbox.desk.shortcut(asked.team, asked.user, asked.text("callback_id"), channel, ts)


@post("action")
async def action(asked: Asked) -> Json:
    return await asked.sandbox.desk.action(asked.team, asked.user, asked.body)


@post("suggest")
async def suggest(asked: Asked) -> Json:
    return await asked.sandbox.desk.suggest(asked.team, asked.user, asked.body)


@post("submit")
async def submit(asked: Asked) -> Json:
    state = asked.body.get("state") or {}
    return await asked.sandbox.desk.submit(asked.team, asked.user, asked.text("view_id"), state)


@post("close")
async def close(asked: Asked) -> Json:
    everything = bool(asked.body.get("all"))
    return await asked.sandbox.desk.close(asked.team, asked.user, asked.text("view_id"), everything)


@post("load")
def load(asked: Asked) -> Json:
    """The person's client starts afresh."""
    asked.sandbox.desk.load(asked.team, asked.user)
    return {}


@post("open_home")
def open_home(asked: Asked) -> Json:
    return asked.sandbox.desk.open_home(asked.team, asked.user, asked.text("tab", "home"))
