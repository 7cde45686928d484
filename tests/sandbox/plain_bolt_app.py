"""A small Bolt app as its documentation teaches to write one; it knows nothing of the sandbox but the API's address."""

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

FRUITS = ["apple", "banana", "cherry", "damson", "elderberry"]


def count_modal(words: str = "") -> dict:
    return {
        "type": "modal",
        "callback_id": "count_view",
        "title": {"type": "plain_text", "text": "Count"},
        "submit": {"type": "plain_text", "text": "Count"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "notify_on_close": True,
        "private_metadata": words,
        "blocks": [
            {
                "type": "input",
                "block_id": "words",
                "label": {"type": "plain_text", "text": "Words"},
                "element": {"type": "plain_text_input", "action_id": "typed", "initial_value": words or "one two"},
            },
            {
                "type": "input",
                "block_id": "fruit",
                "optional": True,
                "label": {"type": "plain_text", "text": "Fruit"},
                "element": {"type": "external_select", "action_id": "fruit", "min_query_length": 1},
            },
            {
                "type": "actions",
                "block_id": "more",
                "elements": [
                    {"type": "button", "action_id": "shout", "text": {"type": "plain_text", "text": "Shout"}},
                ],
            },
        ],
    }


def make_app(api_url: str, token: str, signing_secret: str) -> AsyncApp:
    app = AsyncApp(client=AsyncWebClient(token=token, base_url=api_url), signing_secret=signing_secret)

    @app.event("app_home_opened")
    async def show_home(client, event):
        blocks = [
            {"type": "header", "text": {"type": "plain_text", "text": "Tally's home"}},
            {
                "type": "actions",
                "elements": [{"type": "button", "action_id": "wave", "text": {"type": "plain_text", "text": "Wave"}}],
            },
        ]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.action("wave")
    async def wave(ack, body, client):
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text=":wave: from Home")

    @app.shortcut("new_count")
    async def open_form(ack, shortcut, client):
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=count_modal())

    @app.shortcut("count_message")
    async def count_message(ack, shortcut, respond):
        await ack()
        await respond(f"{len(shortcut['message']['text'].split())} words in that message")

    @app.action("shout")
    async def shout(ack, body, client):
        await ack()
        view = count_modal()
        view["title"]["text"] = "COUNT"
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    @app.options("fruit")
    async def offer_fruit(ack, payload):
        found = [fruit for fruit in FRUITS if payload["value"] in fruit]
        await ack(options=[{"text": {"type": "plain_text", "text": fruit}, "value": fruit} for fruit in found])

    @app.view("count_view")
    async def submit_count(ack, body, view, client):
        values = view["state"]["values"]
        words = values["words"]["typed"]["value"].split()
        if "zero" in words:
            await ack(response_action="errors", errors={"words": "Zero cannot be counted."})
            return
        await ack()
        fruit = (values["fruit"]["fruit"]["selected_option"] or {}).get("value", "no fruit")
        await client.chat_postMessage(channel=body["user"]["id"], text=f"{len(words)} words and {fruit}")

    @app.view_closed("count_view")
    async def close_count(ack, body, client):
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text="Nothing counted")

    @app.command("/count")
    async def count(ack, command, respond):
        await ack(f"Counting {command['text']}")
        await respond(text=f"{len(command['text'].split())} words", response_type="in_channel")

    @app.command("/ask")
    async def ask(ack, command, client):
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=count_modal(command["text"]))

    @app.message("knock knock")
    async def answer(message, say):
        button = {"type": "button", "action_id": "open_door", "text": {"type": "plain_text", "text": "Open"}}
        section = {"type": "section", "text": {"type": "mrkdwn", "text": "Who's there?"}, "accessory": button}
        await say(text="Who's there?", blocks=[section], thread_ts=message["ts"])

    @app.action("open_door")
    async def open_door(ack, body, respond):
        await ack()
        await respond(text=f"The door is open, <@{body['user']['id']}>", replace_original=True)

    @app.event("app_mention")
    async def mentioned(event, client):
        await client.reactions_add(channel=event["channel"], timestamp=event["ts"], name="eyes")

    return app
