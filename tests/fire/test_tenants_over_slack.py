"""Every listener and every route is given the other workspace's ids, in signed requests of ours: nothing of it is shown or changed.

Listeners are found by reflection, as in `tests/test_wiring.py`. Each is tried with every id the other workspace has, wherever Slack could
carry one: a button's value, a chosen option, a modal's metadata, its fields, a command's words, an event's users.
"""

import contextlib
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping

import aiohttp
import pytest
import pytest_asyncio
from sqlalchemy import update

from bot.web import web_app
from domain.core.people import Role, RoleGrant
from handlers import forms
from storage.schema import metadata, outbox
from tests.bot.raw import A_BUG, Json, Person, by_noun
from tests.fire.neighbours import MARK, Neighbours, move_in, our_rows, strays, their_rows
from tests.firm import FrozenClock
from tests.running import ANNA, BEN, LEADS, Running, arrived, close, larkspur
from tests.scenes import SqliteScenes
from tests.test_wiring import REGISTER, subclasses
from views import ids

pytestmark = pytest.mark.asyncio(loop_scope="module")

GOOD_FIELDS = {
    "company": "Ours Ltd",
    "channel": "web",
    "kind": "call",
    "key_points": "hello",
    "day": "2026-03-20",
    "reason": "spam",
    "country": "GB",
    "starts": "09:00",
    "ends": "17:00",
    "screening_need": "clear",
    "said": "by May",
    "due_on": "2026-03-20",
    "keeper": ANNA,
    "how": "agreed",
}
"""Entries that a form takes; every other field of every form is given one of their ids."""
ENDING = {"app_uninstalled", "tokens_revoked"}
"""Events after which our own workspace is not served any more."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def bot(sqlite_scenes: SqliteScenes, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """One bot for all tests of this file; Anna may do everything in our workspace."""
    database = await sqlite_scenes.copy(larkspur, tmp_path_factory.mktemp("tenants") / "rainmaker.db")
    await database.close()
    async with aiohttp.ClientSession() as session:
        running = await arrived(session, database.url)
        await let_anna_do_everything(running)
        yield running
        await close(running)


async def let_anna_do_everything(bot: Running) -> None:
    """Give Anna every role."""
    grants = tuple(RoleGrant(role=role, grantee=ANNA) for role in Role if role is not Role.COLLEAGUE)
    await bot.rain.desks.people.set_roles(await bot.actor(ANNA), grants, {})


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def theirs(bot: Running) -> Neighbours:
    """The other workspace in the same database; it has nothing to deliver, since its token is of no Slack."""
    theirs = await move_in(bot.rain.database, FrozenClock())
    now = FrozenClock().now()
    said = update(outbox).where(outbox.c.workspace_id == theirs.desks.workspace_id).values(closed_at=now)
    await bot.rain.database.write(lambda connection: connection.execute(said).rowcount)
    return theirs


def their_ids(theirs: Neighbours) -> list[str]:
    """The id of a row of each of their tables, and other things by which a record may be called."""
    numbers = {theirs.id_of(table) for table in metadata.tables if "id" in metadata.tables[table].c}
    return [*map(str, sorted(numbers)), *(f"{number}:hour" for number in sorted(numbers))]


def listened_to(*kinds: str) -> list[str]:
    """What there are listeners for, of these kinds."""
    return sorted(set(REGISTER.ids_of(*kinds)))


def action_of(action_id: str, value: str, theirs: Neighbours) -> Json:
    """An element of no particular kind, with the value wherever an element could carry one."""
    option = {"text": {"type": "plain_text", "text": "x"}, "value": value}
    return {
        "type": "button",
        "action_id": action_id,
        "block_id": value,
        "action_ts": f"1.{value}",
        "value": value,
        "selected_option": option,
        "selected_options": [option],
        "selected_user": theirs.desks.admin.slack_id,
        "selected_users": theirs.slack_ids,
    }


def entered(theirs: Neighbours, value: str) -> Json:
    """An entry for every field of every form: what the form takes, or the value."""
    fields = {name for form in subclasses(forms.Form) for name in form.model_fields} | GOOD_FIELDS.keys()
    option = {"text": {"type": "plain_text", "text": "x"}, "value": value}
    return {
        name: {"type": "plain_text_input", "value": GOOD_FIELDS[name]}
        if name in GOOD_FIELDS
        else {"type": "static_select", "selected_option": option}
        for name in fields
    } | {role.value: {"type": "multi_users_select", "selected_users": [ANNA, *theirs.slack_ids]} for role in Role}


async def tried(
    bot: Running, theirs: Neighbours, subtests: pytest.Subtests, payloads: Mapping[str, Iterable[Json]]
) -> None:
    """Send the interactions of some ids; nothing of the other workspace may be shown to anybody, kept with us, or changed there.

    Each is made when its turn comes: its trigger holds for three seconds.
    """
    anna = Person(bot, ANNA)
    async with nothing_is_theirs(bot, theirs):
        for id_, of_id in payloads.items():
            with subtests.test(id_):
                give_nothing_away(theirs, [await anna.interacts(payload) for payload in of_id])


def give_nothing_away(theirs: Neighbours, shown: list[str]) -> None:
    """What a person is shown says nothing of the other workspace, and is no error of ours."""
    assert [words for words in shown if theirs.said_in(words) or A_BUG in words] == []


@contextlib.asynccontextmanager
async def nothing_is_theirs(bot: Running, theirs: Neighbours) -> AsyncIterator[None]:
    """After what is done within, nothing of theirs has changed, was told to Slack, or is in what we keep."""
    before, calls_before = await their_rows(bot.rain.database), bot.sandbox.surface.count
    yield
    await bot.delivered()
    calls = [call["args"] for call in bot.sandbox.surface.calls_after(calls_before)]
    assert not theirs.said_in(json.dumps(calls, ensure_ascii=False))
    assert not theirs.said_in(await our_rows(bot.rain.database))
    assert await strays(bot.rain.database) == []
    assert await their_rows(bot.rain.database) == before


@by_noun("action_ids", listened_to("action"))
async def test_a_press_finds_nothing_of_another_workspace(
    bot: Running, theirs: Neighbours, action_ids: list[str], subtests: pytest.Subtests
) -> None:
    await tried(bot, theirs, subtests, {action_id: presses(bot, theirs, action_id) for action_id in action_ids})


def presses(bot: Running, theirs: Neighbours, action_id: str) -> Iterator[Json]:
    """The button pressed on a message and in a modal, with each id of theirs."""
    anna = Person(bot, ANNA)
    message = {"type": "message", "message_ts": "1.000001", "channel_id": LEADS, "is_ephemeral": False}
    modal = {"id": "V1", "type": "modal", "callback_id": ids.SHOW_LEAD, "private_metadata": "", "blocks": []}
    for value in their_ids(theirs):
        action = action_of(action_id, value, theirs)
        where = {"container": message, "channel": {"id": LEADS, "name": "leads"}, "message": {}}
        yield anna.frame("block_actions", actions=[action], **where)
        view = modal | {"private_metadata": value}
        there = {"container": {"type": "view", "view_id": "V1"}, "view": view}
        yield anna.frame("block_actions", actions=[action | {"action_ts": f"2.{value}"}], **there)


@by_noun("callback_ids", listened_to("view", "view_submission", "view_closed"))
async def test_a_submission_finds_nothing_of_another_workspace(
    bot: Running, theirs: Neighbours, callback_ids: list[str], subtests: pytest.Subtests
) -> None:
    await tried(
        bot, theirs, subtests, {callback_id: submissions(bot, theirs, callback_id) for callback_id in callback_ids}
    )
    await let_anna_do_everything(bot)
    await bot.rain.desks.people.set_workspace(await bot.actor(ANNA), LEADS, "GB")


def submissions(bot: Running, theirs: Neighbours, callback_id: str) -> Iterator[Json]:
    """The modal submitted about each id of theirs, which also stands in its fields."""
    anna = Person(bot, ANNA)
    for value in their_ids(theirs):
        yield anna.submitted(callback_id, entered(theirs, value), value)


async def test_a_command_finds_nothing_of_another_workspace(
    bot: Running, theirs: Neighbours, subtests: pytest.Subtests
) -> None:
    anna = Person(bot, ANNA)
    number, name = theirs.rows["leads"]["number"], theirs.rows["accounts"]["name"]
    texts = ("", "mine", "team", "lead mine", "lead team", f"L-{number + 900}", f"lead L-{number + 900}")
    async with nothing_is_theirs(bot, theirs):
        for command in listened_to("command"):
            with subtests.test(command):
                give_nothing_away(theirs, [await anna.commands(command, words) for words in texts])
    before = await their_rows(bot.rain.database)
    for command in listened_to("command"):
        with subtests.test(command):
            found = await anna.commands(command, f"{name[len(MARK) + 1 :]}, web, a company of the same name")
            assert not theirs.said_in(found)
    assert await their_rows(bot.rain.database) == before


async def test_a_shortcut_finds_nothing_of_another_workspace(
    bot: Running, theirs: Neighbours, subtests: pytest.Subtests
) -> None:
    anna, message = Person(bot, ANNA), {"ts": "1.1", "text": "hello", "user": theirs.desks.seller.slack_id}
    more: Json = {"channel": {"id": LEADS, "name": "leads"}, "message": message}

    def chosen(callback_id: str) -> Iterator[Json]:
        for kind in ("shortcut", "message_action"):
            yield anna.frame(kind, callback_id=callback_id, **more)

    await tried(bot, theirs, subtests, {callback_id: chosen(callback_id) for callback_id in listened_to("shortcut")})


async def test_a_menu_offers_nothing_of_another_workspace(
    bot: Running, theirs: Neighbours, subtests: pytest.Subtests
) -> None:
    anna = Person(bot, ANNA)

    def asked(action_id: str) -> Iterator[Json]:
        for word in (*their_ids(theirs)[:3], "Holdings", ""):
            yield anna.frame("block_suggestion", action_id=action_id, block_id="b", value=word, container={})

    menus = [*listened_to("options", "block_suggestion"), "any.menu"]
    await tried(bot, theirs, subtests, {action_id: asked(action_id) for action_id in menus})


async def test_an_event_changes_nothing_in_another_workspace(
    bot: Running, theirs: Neighbours, subtests: pytest.Subtests
) -> None:
    someone = theirs.desks.seller.slack_id
    user = {"id": someone, "team_id": bot.team_id, "profile": {"real_name": "Somebody"}}
    of_group: Json = {"subteam_id": "S0GROUP", "added_users": theirs.slack_ids, "removed_users": theirs.slack_ids}
    about: Json = {"channel": LEADS, "ts": "1.1", "text": "hello", "channel_type": "im"}
    async with nothing_is_theirs(bot, theirs):
        for kind in [kind for kind in listened_to("event") if kind not in ENDING]:
            with subtests.test(kind):
                who = user if kind in {"team_join", "user_change"} else someone
                event = {"type": kind, "user": who, "tab": "home"} | of_group | about
                body = {"type": "event_callback", "team_id": bot.team_id, "event_id": f"Ev{kind}", "event": event}
                answer = await bot.post(json.dumps(body).encode(), "application/json")
                give_nothing_away(theirs, [await answer.text()])


async def test_no_kind_of_listener_is_forgotten_here() -> None:
    tried_here = {"action", "view", "view_submission", "view_closed", "command", "shortcut", "options", "event"}
    assert {kind for kind, _wanted, _listener in REGISTER.listeners} <= tried_here, (
        "a new kind of listener: let this file send it the other workspace's ids"
    )


async def test_a_request_of_the_other_workspace_sees_nothing_of_ours(bot: Running, theirs: Neighbours) -> None:
    """The other way round: somebody of theirs, in a request that Slack signed for their workspace."""
    lead = await theirs.desks.leads.find(theirs.desks.seller, 1)
    stranger = Person(bot, theirs.desks.seller.slack_id, team_id=theirs.desks.workspace_id)
    ours = await bot.rain.desks.leads.team(await bot.actor(BEN))
    for record in ours.leads:
        shown = await bot.post(stranger.commanded("/rain-lead", f"L-{record.number}"))
        assert record.account.name not in await shown.text()
    assert MARK in lead.lead.account.name


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_a_page_tells_nothing_of_any_workspace(bot: Running, theirs: Neighbours, path: str) -> None:
    async with bot.session.get(bot.events_url.replace("/slack/events", path)) as answer:
        told = await answer.text()
    assert answer.status == 200
    assert not theirs.said_in(told)
    assert bot.team_id not in told


async def test_no_route_is_forgotten_here(bot: Running) -> None:
    paths = {
        route.resource.canonical for route in web_app(bot.rain, takes_slack=True).router.routes() if route.resource
    }
    assert paths == {"/healthz", "/readyz", "/metrics", "/slack/events"}, "a new route: let this file try it"
