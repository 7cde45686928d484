"""assistant.threads.*: the status, title and prompts of an agent's conversation."""

from sandbox import messages
from sandbox.model import Channel, Json
from sandbox.web_api.call import Call, invalid
from sandbox.web_api.registry import method


def thread(call: Call) -> Channel:
    channel = call.joined_channel("channel_id")
    messages.find(channel, call.text("thread_ts"))
    return channel


@method("assistant.threads.setStatus", scope=("assistant:write", "chat:write"), tier=3)
def set_status(call: Call) -> Json:
    channel = thread(call)
    status = str(call.args.get("status") or "")
    call.world.publish("status", call.team, channel=channel, thread_ts=call.text("thread_ts"), status=status)
    return {}


@method("assistant.threads.setTitle", scope="assistant:write", tier=3)
def set_title(call: Call) -> Json:
    channel = thread(call)
    call.world.publish("title", call.team, channel=channel, thread_ts=call.text("thread_ts"), title=call.text("title"))
    return {}


@method("assistant.threads.setSuggestedPrompts", scope="assistant:write", tier=3)
def set_suggested_prompts(call: Call) -> Json:
    channel = call.joined_channel("channel_id")
    prompts = call.objects("prompts")
    if not 1 <= len(prompts) <= 4:
        raise invalid("must be 1 to 4 items: prompts")
    call.world.publish("prompts", call.team, channel=channel, prompts=prompts)
    return {}
