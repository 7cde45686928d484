"""Control calls that only look: state, messages, the clock, what the app called and was sent."""

from sandbox.control.routes import Asked, get
from sandbox.guide import beginner, guide_picture
from sandbox.model import Json, Message
from sandbox.pictures import message_picture, state_picture
from sandbox.world import find_user


@get("state")
def state(asked: Asked) -> Json:
    box = asked.sandbox
    first = None if asked.body.get("as") else beginner(box.guide, asked.team)
    user = find_user(asked.team, first) if first else asked.user
    shown = state_picture(box.world, box.dispatch, box.faults, asked.team, user)
    return shown | {"guide": guide_picture(box.guide, asked.team)}


@get("messages")
def read_messages(asked: Asked) -> Json:
    """The newest `limit` messages before `before`, oldest first, as the acting person sees them."""
    channel, thread = asked.channel, asked.text("thread_ts", "")
    before, limit = asked.text("before", ""), int(asked.text("limit", "100"))
    own = [message for message in channel.ephemerals.values() if message.ephemeral_to == asked.user.id]
    seen = [message for message in [*channel.messages.values(), *own] if belongs(message, thread)]
    found = sorted((m for m in seen if not before or m.ts < before), key=lambda message: message.ts)
    shown = [message_picture(asked.world, asked.team, channel, message) for message in found[-limit:]]
    return {"messages": shown, "has_more": len(found) > limit}


def belongs(message: Message, thread: str) -> bool:
    """Whether a message is shown in the thread, or, without one, in the channel itself."""
    if thread:
        return thread in (message.ts, message.thread_ts)
    return not message.thread_ts or message.subtype == "thread_broadcast"


@get("clock")
async def clock(asked: Asked) -> Json:
    """The time; with `after` and `wait` only once the clock has moved."""
    hand = asked.world.clock
    if "after" in asked.body:
        await hand.moved(int(asked.text("after")), min(float(asked.text("wait", "30")), 60))
    return dict(hand.face())


@get("calls")
def calls(asked: Asked) -> Json:
    method, after = asked.text("method", ""), int(asked.text("after", "0"))
    log = asked.sandbox.surface.calls
    return {"calls": [call for call in log if call["n"] > after and method in ("", call["method"])]}


@get("deliveries")
def deliveries(asked: Asked) -> Json:
    after = int(asked.text("after", "0"))
    return {"deliveries": [delivery.shown() for delivery in asked.sandbox.dispatch.log if delivery.n > after]}
