"""Requests that Slack would sign and nobody should make: ids of nothing, of too much, of other workspaces, and the wrong people."""

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from domain.sales.leads import Lead
from tests.bot.raw import A_BUG, BUTTONS, COMMANDS, MODALS, SHORTCUTS, Json, Person, by_noun
from tests.firm import FirmDesks
from tests.running import ANNA, BEN, FARAH, INES, KATE, LEADS, SECRET, Running, arrived, close, larkspur
from tests.scenes import EITHER
from views import ids

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.usefixtures("lead"),  # before there is so much that its message would have to wait for
]

NOTHING = '["", []]'
"""What a person is shown when nothing is."""


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=EITHER)
async def bot(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """One bot for all tests of this file: whatever it has been through, it goes on."""
    scenes = request.getfixturevalue(f"{request.param}_scenes")
    if request.param == "sqlite":
        database = await scenes.copy(larkspur, tmp_path_factory.mktemp("hostile") / "rainmaker.db")
    else:
        database = await scenes.open(larkspur)
    await database.close()
    async with aiohttp.ClientSession() as session:
        running = await arrived(session, database.url)
        yield running
        await close(running)


async def settings_back(bot: Running, modal: str) -> None:
    """Let roles and workspace be as before, after a modal that may have changed them."""
    if modal in ADMINS_MODALS:
        await bot.furnish()


# Ids: of nothing, of too much, of somebody else

ODD_IDS = [
    "",
    "0",
    "-1",
    "abc",
    "1.5",
    "1e3",
    " 1",
    "１２",
    "9" * 18,
    "9" * 40,
    "9" * 5000,
    "1;drop",
    "\x00",
    None,
    "🔥",
]
NEED_NO_ID = {
    ids.PRESS_CAPTURE,
    ids.PRESS_HELP,
    ids.PRESS_MY_DEALS,
    ids.PRESS_PIPELINE,
    ids.PRESS_OUTDATED,
    ids.PRESS_MY_LEADS,
    ids.PRESS_TEAM_LEADS,
    ids.PRESS_HOURS,
    ids.PRESS_AWAY,
    ids.PRESS_OTHER_AWAY,
    ids.PRESS_IMPORT,
    ids.PRESS_ROLES,
    ids.PRESS_WORKSPACE,
    ids.PRESS_EXCEPTIONS,
    ids.PRESS_CHART,
}
CHOICES = {ids.PRESS_SNOOZE: "hour", ids.PRESS_MORE: "edit"}
"""Buttons that are menus, each with something it offers."""


@by_noun("buttons", BUTTONS)
async def test_a_button_with_an_id_of_nothing_says_so(
    bot: Running, buttons: list[str], subtests: pytest.Subtests
) -> None:
    anna = Person(bot, ANNA)
    for button in buttons:
        with subtests.test(button):
            for value in ODD_IDS:
                shown = await anna.interacts(anna.pressed(button, value))
                assert A_BUG not in shown, value
                assert button in NEED_NO_ID or "cannot find" in shown, value


@by_noun("modals", MODALS)
async def test_a_modal_about_nothing_says_so(bot: Running, modals: list[str], subtests: pytest.Subtests) -> None:
    anna = Person(bot, ANNA)
    for modal in modals:
        with subtests.test(modal):
            for about in [*(odd or "" for odd in ODD_IDS), "{", "[]", "null", '{"captured_in":7}', "x" * 3000]:
                shown = await anna.interacts(
                    anna.submitted(modal, {"company": "", "day": "2026-03-20", "reason": "spam"}, about)
                )
                assert A_BUG not in shown, about
                assert "response_action" in shown, about
        await settings_back(bot, modal)


@by_noun("buttons", BUTTONS)
async def test_a_button_of_another_workspace_finds_nothing(
    bot: Running, others: FirmDesks, buttons: list[str], subtests: pytest.Subtests
) -> None:
    theirs = await others.captured("Their Secret Ltd")
    anna = Person(bot, ANNA)
    for button in buttons:
        with subtests.test(button):
            value = f"{theirs.id}:{CHOICES[button]}" if button in CHOICES else str(theirs.id)
            shown = await anna.interacts(anna.pressed(button, value))
            assert "Their Secret" not in shown
            assert button in NEED_NO_ID or "cannot find" in shown


@by_noun("modals", MODALS)
async def test_a_modal_of_another_workspace_changes_nothing_there(
    bot: Running, others: FirmDesks, modals: list[str], subtests: pytest.Subtests
) -> None:
    theirs = await others.captured("Their Secret Ltd")
    anna = Person(bot, ANNA)
    fields = {
        "day": "2026-03-20",
        "reason": "spam",
        "key_points": "hi",
        "kind": "call",
        "account": str(theirs.account.id),
    }
    fields |= {"company": "Their Secret", "channel": "web", "screening_need": "clear", "admin": [ANNA], "country": "GB"}
    for modal in modals:
        with subtests.test(modal):
            shown = await anna.interacts(anna.submitted(modal, fields, str(theirs.id)))
            assert "Their Secret Ltd" not in shown
            assert A_BUG not in shown
            assert (await others.leads.show(others.seller, theirs.id)).lead == theirs
        await settings_back(bot, modal)


async def test_a_lead_of_another_workspace_is_not_found_by_its_code(
    bot: Running, others: FirmDesks, lead: Lead
) -> None:
    for _lead in range(3):
        theirs = await others.captured("Their Secret Ltd")
    shown = await Person(bot, BEN).commands("/rain-lead", f"L-{theirs.number + 40}")
    assert "Their Secret" not in shown


async def test_a_workspace_that_never_installed_the_bot_gets_no_answer_of_substance(bot: Running, lead: Lead) -> None:
    stranger = Person(bot, BEN, team_id="T0NOWHERE")
    shown = await stranger.interacts(stranger.pressed(ids.PRESS_SHOW, str(lead.id)))
    assert SECRET not in shown


# The unknown


@pytest.mark.parametrize("action_id", ["", "lead.gone", "x" * 255, "lead.claim ", "LEAD.CLAIM", "é", "\x00", "a\nb"])
async def test_an_unknown_button_says_so(bot: Running, action_id: str) -> None:
    ben = Person(bot, BEN)
    assert "cannot find" in await ben.interacts(ben.pressed(action_id, "1"))


@pytest.mark.parametrize("callback_id", ["lead.gone", "x" * 255, "é"])
async def test_an_unknown_modal_or_shortcut_says_so(bot: Running, callback_id: str) -> None:
    ben = Person(bot, BEN)
    assert "cannot find" in await ben.interacts(ben.submitted(callback_id, {}))
    assert "cannot find" in await ben.interacts(ben.frame("shortcut", callback_id=callback_id))


async def test_an_unknown_command_says_so(bot: Running) -> None:
    assert "cannot find" in await Person(bot, BEN).commands("/rain-gone", "x")


async def test_a_link_button_and_a_closed_modal_are_simply_answered(bot: Running) -> None:
    ben = Person(bot, BEN)
    assert await ben.interacts(ben.pressed(f"{ids.LINK_ONLY}.anything", "1")) == NOTHING
    assert await ben.interacts(ben.frame("view_closed", view={"id": "V1", "callback_id": "lead.new"})) == NOTHING


async def test_a_menu_nobody_knows_offers_nothing(bot: Running) -> None:
    ben = Person(bot, BEN)
    asked = ben.frame("block_suggestion", action_id="who", block_id="b", value="x", container={"type": "view"})
    assert json.loads(await ben.interacts(asked))[0] == {"options": []}


# The wrong person

OUTSIDERS = [INES, KATE, "U0NOBODY99"]


@pytest.mark.parametrize("who", OUTSIDERS, ids=["guest", "external", "nobody"])
async def test_who_is_no_colleague_reads_nothing_and_is_told_something(bot: Running, lead: Lead, who: str) -> None:
    person = Person(bot, who)
    shown = [await person.interacts(person.pressed(button, str(lead.id))) for button in BUTTONS]
    shown += [await person.interacts(person.submitted(modal, {"company": "X"}, str(lead.id))) for modal in MODALS]
    for command in COMMANDS:
        shown += [await person.commands(command, text) for text in ("", "mine", "team", "L-1", "lead L-1", "Acme, web")]
    for answer in shown:
        assert SECRET not in answer
        assert "top secret" not in answer
        assert A_BUG not in answer
        assert len(answer) > len(NOTHING)


@pytest.mark.parametrize("who", OUTSIDERS, ids=["guest", "external", "nobody"])
async def test_the_home_tab_of_who_is_no_colleague_is_answered(bot: Running, lead: Lead, who: str) -> None:
    event = {"type": "app_home_opened", "user": who, "tab": "home", "channel": "D1"}
    body = {"type": "event_callback", "team_id": bot.team_id, "event_id": f"Ev{who}", "event": event}
    before = bot.sandbox.surface.count
    assert (await bot.post(json.dumps(body).encode(), "application/json")).status == 200
    assert SECRET not in json.dumps([call["args"] for call in bot.sandbox.surface.calls_after(before)])


SELLERS_ONLY = [ids.PRESS_CLAIM]
SELLERS_MODALS = [ids.SCREEN_LEAD, ids.LOG_TOUCH, ids.PLAN_LEAD, ids.DISQUALIFY_LEAD, ids.EDIT_LEAD]
SELLERS_MODALS += [ids.MERGE_LEAD, ids.CONFIRM_LEAD_MERGE]
MANAGEMENTS_ONLY = [ids.PRESS_EXCEPTIONS, ids.PRESS_OTHER_AWAY]
MANAGEMENTS_MODALS = [ids.ASSIGN_LEAD, ids.ADD_ABSENCE_OF_OTHER]
ADMINS_ONLY = [ids.PRESS_ROLES, ids.PRESS_WORKSPACE]
ADMINS_MODALS = [ids.SET_ROLES, ids.SET_WORKSPACE]
GOOD_FIELDS = {
    "kind": "call",
    "key_points": "hi",
    "day": "2026-03-20",
    "reason": "spam",
    "country": "GB",
    "admin": [FARAH],
    "member": BEN,
    "first_on": "2026-03-20",
    "last_on": "2026-03-20",
    "company": SECRET,
    "channel": "web",
    "lead": "1",
    "owner": BEN,
    "screening_need": "clear",
}


@pytest.mark.parametrize("button", [*SELLERS_ONLY, *MANAGEMENTS_ONLY, *ADMINS_ONLY])
async def test_a_colleague_without_the_role_is_told_who_has_it(bot: Running, lead: Lead, button: str) -> None:
    farah = Person(bot, FARAH)
    shown = await farah.interacts(farah.pressed(button, str(lead.id)))
    assert "Only " in shown
    assert "Ask Anna Keller" in shown


@pytest.mark.parametrize("modal", [*SELLERS_MODALS, *MANAGEMENTS_MODALS, *ADMINS_MODALS])
async def test_a_modal_of_who_may_not_changes_nothing(bot: Running, lead: Lead, modal: str) -> None:
    before = await bot.rain.desks.leads.show(await bot.actor(BEN), lead.id)
    farah = Person(bot, FARAH)
    shown = await farah.interacts(farah.submitted(modal, GOOD_FIELDS, str(lead.id)))
    assert "Only " in shown
    assert await bot.rain.desks.leads.show(await bot.actor(BEN), lead.id) == before


# The malformed

WRONG_ELEMENTS = ({}, {"type": "plain_text_input"}, {"value": 7}, {"selected_option": {}}, {"selected_users": [7]})


@pytest.mark.parametrize(("callback_id", "kind"), SHORTCUTS)
async def test_a_shortcut_without_what_it_is_about_is_answered(bot: Running, callback_id: str, kind: str) -> None:
    ben = Person(bot, BEN)
    type_ = "message_action" if kind == "message" else "shortcut"
    await ben.interacts(ben.frame(type_, callback_id=callback_id))


@pytest.mark.parametrize("channel", ["C0PRIVATE", LEADS], ids=["not ours", "message gone"])
async def test_a_message_slack_gives_no_link_to_is_captured_from_all_the_same(bot: Running, channel: str) -> None:
    ben = Person(bot, BEN)
    about = {"channel": {"id": channel, "name": "x"}, "message": {"ts": "1.1", "user": FARAH, "text": "Acme wants us"}}
    shown = await ben.interacts(ben.frame("message_action", callback_id=ids.CAPTURE_LEAD_FROM_MESSAGE, **about))
    assert "Acme wants us" in shown
    assert A_BUG not in shown


@by_noun("modals", MODALS)
async def test_elements_of_the_wrong_kind_are_never_a_server_error(
    bot: Running, modals: list[str], subtests: pytest.Subtests
) -> None:
    anna = Person(bot, ANNA)
    for modal in modals:
        with subtests.test(modal):
            for element in WRONG_ELEMENTS:
                fields = dict.fromkeys(
                    ("company", "day", "kind", "reason", "starts", "country", "sales", "account"), element
                )
                await anna.interacts(anna.submitted(modal, fields, "1"))
            broken: Json = anna.submitted(modal, {})
            for values in ([], None, {"company": []}, {"company": {"company": 7}}, {"company": None}):
                broken["view"]["state"] = {"values": values}
                await anna.interacts(broken | {"trigger_id": anna.frame("x")["trigger_id"]})
        await settings_back(bot, modal)


# What PostgreSQL does not keep


@pytest.mark.both
@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "x" * 3000, "'); DROP TABLE leads; --"], ids=repr)
async def test_characters_a_database_refuses_never_reach_it(bot: Running, text: str) -> None:
    ben = Person(bot, BEN)
    assert A_BUG not in await ben.commands("/rain-lead", f"{text[:150]} Co, web, {text}")
    fields = dict.fromkeys(("company", "said", "contact_name", "industry", "history"), text[:200])
    captured = await ben.interacts(ben.submitted(ids.NEW_LEAD, fields | {"channel": "web", "account": "new"}))
    assert "Captured *L-" in captured
    made = (await bot.rain.desks.leads.team(await bot.actor(BEN))).leads[-1]
    touched = await ben.interacts(ben.submitted(ids.LOG_TOUCH, {"kind": "call", "key_points": text}, str(made.id)))
    assert '"clear"' in touched


@pytest.mark.both
async def test_after_all_that_the_bot_still_serves(bot: Running, lead: Lead) -> None:
    assert SECRET in await Person(bot, BEN).commands("/rain-lead", lead.code)
    assert await bot.rain.readiness() == {"database": True, "migrations": True, "scheduler": True, "clock": True}
