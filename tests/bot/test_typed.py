"""What people type: whatever stands in any field arrives at Slack as text, or is refused in words."""

import json
import re
from typing import Any

import pytest

from domain.sales.deals import DealPlan
from domain.sales.leads import Lead, NewLead
from tests.bot.raw import A_BUG, Person, marked_up
from tests.nouns import each, gathered
from tests.running import ANNA, BEN, SALES, Running
from views import ids

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXTS = {
    "broadcast": "<!channel> <!here> <!everyone|x>",
    "mention": "<@U0EVIL00> <#C0EVIL00|evil> <!subteam^S0EVIL|@all>",
    "link": "<https://evil.example|click> <mailto:a@evil.example|me> https://evil.example",
    "date": "<!date^1392734382^{date}|x>",
    "half": "< > & <! <!channel &lt;!channel&gt; <",
    "entities": "&lt;!channel&gt; &amp;lt;!channel&amp;gt;",
    "markup": "*bold* _it_ ~no~ `code` ```block``` > quote\n> quote\n:tada:",
    "format": "{company} {0} {} %s %(x)s {{ 7*7 }} {% raw %}",
    "null": "a\x00b\x00",
    "controls": "".join(map(chr, range(1, 32))),
    "right to left": "\u202eevil\u202c \u2066x\u2069 \u200f\u200b\ufeff",
    "surrogate": "a\ud800b",
    "combining": "a" + "\u0301" * 2000,
    "emoji": "👩‍👩‍👧‍👦" * 400,
    "very long": "x" * 3001,
    "long": "é" * 3000,
    "huge": "<!channel>"
    * 1_500,  # five times what Slack lets people type, and in every field it still fits through the door
    "spaces": " \t\n ",
    "lines": "\n" * 2_999,
    "ampersands": "&" * 3000,
    "angles": "<" * 2999,
    "sql": "'); DROP TABLE leads; --",
}
FROM_MESSAGES = {
    ids.CAPTURE_LEAD_FROM_MESSAGE: "Capture a lead",
    ids.TOUCH_MESSAGE: "Log a touch",
    **gathered("SHORTCUTS"),
}
"""Shortcuts that take what a message says, each with the title of its modal."""
UNESCAPED = re.compile(r"<(?!@U0[A-Z0-9]{9}>|!date\^\d+\^\{|https?://127\.0\.0\.1)")
"""Markup that is none of ours: mentions of members, dates, and permalinks into the workspace."""


def assert_harmless(bot: Running, after: int, *answers: str) -> None:
    """Nothing typed has reached Slack as markup, and Slack has refused nothing."""
    calls = [call for call in bot.sandbox.surface.calls_after(after) if call["method"].startswith(("chat.", "views."))]
    for call in calls:
        assert call["response"].get("ok"), (call["method"], call["response"], str(call["args"])[:2000])
    for thing in [*(call["args"] for call in calls), *(json.loads(answer) for answer in answers)]:
        for text in marked_up(thing):
            found = UNESCAPED.search(text)
            assert not found or "U0EVIL" not in text, text
            assert not found, text[max(0, found.start() - 40) : found.end() + 40]
    assert A_BUG not in "".join(answers)


@pytest.mark.parametrize("name", TEXTS)
async def test_one_line_of_anything_is_captured_or_refused_in_words(bot: Running, name: str) -> None:
    before, ben = bot.sandbox.surface.count, Person(bot, BEN)
    for line in (TEXTS[name], f"Line of {name}, web, {TEXTS[name]}", f"Co {name} {TEXTS[name]}, web, hello"):
        answer = await ben.commands("/rain-lead", line)
        assert "Traceback" not in answer
        assert_harmless(bot, before, answer)
    await bot.delivered()
    assert_harmless(bot, before)


@pytest.mark.parametrize("name", TEXTS)
async def test_anything_in_every_field_of_the_capture_modal(bot: Running, name: str) -> None:
    before, ben, text = bot.sandbox.surface.count, Person(bot, BEN), TEXTS[name]
    fields: dict[str, Any] = dict.fromkeys(
        ("company", "said", "contact_name", "industry", "history", "email", "phone"), text
    )
    answers = [await ben.interacts(ben.submitted(ids.NEW_LEAD, fields | {"channel": text}))]
    del fields["email"], fields["phone"]
    for company in (text, f"{name} {text[:150]}"):
        good = fields | {"company": company, "channel": "web", "account": "new"}
        answers.append(await ben.interacts(ben.submitted(ids.NEW_LEAD, good)))
    doubtful = fields | {"company": f"{name} {text[:150]}", "channel": "web"}
    answers.append(await ben.interacts(ben.submitted(ids.NEW_LEAD, doubtful)))
    await bot.delivered()
    assert_harmless(bot, before, *answers)
    assert all("response_action" in answer for answer in answers)


@pytest.mark.parametrize("name", TEXTS)
async def test_anything_in_the_fields_of_a_lead_there_is(bot: Running, name: str) -> None:
    before, ben, text = bot.sandbox.surface.count, Person(bot, BEN), TEXTS[name]
    made = await bot.rain.desks.leads.capture(
        await bot.actor(BEN), NewLead(company=f"Fields of {name}", source="web", is_new_company=True)
    )
    assert isinstance(made, Lead)
    about, answers = str(made.id), []
    for modal, fields in (
        (ids.LOG_TOUCH, {"kind": "call", "key_points": text}),
        (ids.LOG_TOUCH, {"kind": text, "key_points": text, "day": text}),
        (ids.PLAN_LEAD, {"day": text}),
        (ids.SCREEN_LEAD, {"screening_need": text, f"screening_{text[:50]}": "clear"}),
        (ids.EDIT_LEAD, {"company": f"Fields of {name}", "channel": "web", "said": text, "contact_name": text}),
        (ids.EDIT_LEAD, {"company": text, "channel": text, "email": text, "phone": text}),
        (ids.MERGE_LEAD, {"lead": text}),
        (ids.ASSIGN_LEAD, {"owner": text, "note": text}),
        (ids.DISQUALIFY_LEAD, {"reason": text, "remark": text}),
        (ids.DISQUALIFY_LEAD, {"reason": "spam", "remark": text}),
    ):
        answers.append(await ben.interacts(ben.submitted(modal, fields, about)))
    answers.append(await ben.interacts(ben.pressed(ids.PRESS_SHOW, about)))
    await bot.delivered()
    assert_harmless(bot, before, *answers)
    assert "Disqualified by" in answers[-1]


@pytest.mark.parametrize("name", TEXTS)
async def test_anything_said_of_a_deal(bot: Running, name: str) -> None:
    before, ben, text, seller = bot.sandbox.surface.count, Person(bot, BEN), TEXTS[name], await bot.actor(BEN)
    made = await bot.rain.desks.leads.capture(
        seller, NewLead(company=f"Deal of {name}", source="web", is_new_company=True, answers={"need": "clear"})
    )
    assert isinstance(made, Lead)
    await bot.rain.desks.leads.claim(seller, made.id)
    deal = (await bot.rain.desks.deals.qualify(seller, made.id, DealPlan(title=f"Deal of {name}"))).deal
    about, which = str(deal.id), {"deal": str(deal.id)}
    answers = [await ben.commands("/rain-touch", f"{deal.code} {kind}{text}") for kind in ("", "call, ")]
    for modal, fields in (
        (ids.TOUCH_SOME_DEAL, {"deal": text, "kind": "call", "key_points": text}),
        (ids.TOUCH_SOME_DEAL, which | {"kind": "mail", "key_points": text}),
    ):
        answers.append(await ben.interacts(ben.submitted(modal, fields, "")))
    for type_words in each("type_words"):
        answers += await type_words(bot, ben, deal.id, name, text)
    answers.append(await ben.interacts(ben.pressed(ids.PRESS_SHOW_DEAL, about)))
    await bot.delivered()
    assert_harmless(bot, before, *answers)
    assert f"Deal of {name}" in answers[-1]


@pytest.mark.usefixtures("settings_back")
@pytest.mark.parametrize("name", TEXTS)
async def test_anything_in_the_settings(bot: Running, name: str) -> None:
    before, anna, text = bot.sandbox.surface.count, Person(bot, ANNA), TEXTS[name]
    channel = {"type": "conversations_select", "selected_conversation": text[:100]}
    answers = [
        await anna.interacts(anna.submitted(ids.SET_WORKSPACE, {"country": text})),
        await anna.interacts(anna.submitted(ids.SET_WORKSPACE, {"country": "GB", "leads_channel": channel})),
        await anna.interacts(anna.submitted(ids.SET_HOURS, {"starts": text, "ends": text})),
        await anna.interacts(anna.submitted(ids.SET_ROLES, {"admin": [ANNA, text[:100]], "sales": [BEN]})),
    ]
    assert_harmless(bot, before, *answers)


@pytest.mark.parametrize("name", TEXTS)
async def test_a_message_of_anything_opens_a_modal_with_it(bot: Running, name: str) -> None:
    before, ben = bot.sandbox.surface.count, bot.as_(BEN)
    message = await ben.say("#sales", TEXTS[name].encode("utf-8", "replace").decode())
    person = Person(bot, BEN)
    for shortcut, title in FROM_MESSAGES.items():
        payload = person.frame(
            "message_action",
            callback_id=shortcut,
            channel={"id": SALES, "name": "sales"},
            message={"type": "message", "user": BEN, "ts": message["ts"], "text": TEXTS[name]},
            message_ts=message["ts"],
        )
        shown = await person.interacts(payload)
        assert title in shown
        assert_harmless(bot, before, shown)


@pytest.mark.parametrize("name", TEXTS)
async def test_a_member_may_be_called_anything(bot: Running, lead: Lead, name: str) -> None:
    before = bot.sandbox.surface.count
    user = {
        "id": "U0ODDNAME01",
        "team_id": bot.team_id,
        "name": "odd",
        "real_name": TEXTS[name],
        "tz": TEXTS[name][:60],
    }
    event = {"type": "user_change", "user": user}
    body = {"type": "event_callback", "team_id": bot.team_id, "event_id": f"Evodd{name}", "event": event}
    assert (await bot.post(json.dumps(body).encode(), "application/json")).status == 200
    person = Person(bot, "U0ODDNAME01")
    answer = await person.interacts(person.pressed(ids.PRESS_CLAIM, str(lead.id)))
    assert_harmless(bot, before, answer)
