"""People through Slack: who was missed is learned at night, who is away says so, and who wants quiet has it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from domain.core.people import Role
from sandbox.client import Refused
from sandbox.model import User
from tests.running import ANNA, BEN, CARLA, DEEPA, FARAH, LEADS, PATIENCE, TUESDAY_MORNING, Running, words_of

GROUP_OF_SALES = "sales-team"


async def until(running: Running, holds: Callable[[], Awaitable[bool]]) -> None:
    """Return once it holds; the listing of people goes on meanwhile."""
    async with asyncio.timeout(PATIENCE):
        while not await holds():
            running.rain.runner.nudge("reconcile-people")
            await asyncio.sleep(0.01)


async def listed(running: Running) -> None:
    """Return once people have been listed in the night before now."""

    async def is_listed() -> bool:
        [listing] = await running.rain.desks.people.last_listings()
        return not listing.is_due(running.rain.clock.now())

    await until(running, is_listed)


async def next_day(running: Running) -> None:
    """Let it be the next day wherever somebody is, for the bot, too."""
    now = await running.as_(ANNA).move_clock(to="tomorrow 14:00")

    async def has_come() -> bool:
        return running.rain.clock.now().timestamp() >= now - 1

    await until(running, has_come)


async def next_night(running: Running) -> None:
    """It is another day, and people have been listed."""
    await next_day(running)
    await listed(running)


async def roles_of(running: Running, user: str) -> set[Role]:
    """What somebody is to the bot."""
    return set((await running.actor(user)).roles)


def unheard(running: Running, user: str) -> User:
    """Somebody in Slack, to be changed behind the bot's back."""
    return running.sandbox.world.home_team().users[user]


# The nightly listing


async def test_a_new_workspace_knows_everybody_from_the_start(running: Running) -> None:
    await listed(running)
    known = await running.rain.desks.people.introduce(running.team_id, DEEPA)
    assert known is not None
    assert (known.zone, known.locale) == ("Asia/Singapore", "en-GB")


async def test_whatever_no_event_told_is_learned_at_night(running: Running) -> None:
    await listed(running)
    calls = len(await running.as_(ANNA).calls("users.list"))
    unheard(running, BEN).deleted = True
    unheard(running, CARLA).is_restricted = True
    unheard(running, FARAH).tz = "Asia/Tokyo"
    running.rain.runner.nudge("reconcile-people")
    await running.rain.reconciliation.finish()
    assert len(await running.as_(ANNA).calls("users.list")) == calls  # not before the night
    await next_night(running)
    assert await roles_of(running, BEN) == set()
    assert await roles_of(running, CARLA) == set()
    assert (await running.actor(FARAH)).zone == "Asia/Tokyo"


async def test_somebody_slack_does_not_list_any_more_is_gone(running: Running) -> None:
    await listed(running)
    del running.sandbox.world.home_team().users[BEN]
    await next_night(running)
    assert await roles_of(running, BEN) == set()
    assert Role.SALES in await roles_of(running, CARLA)


async def test_a_group_with_a_role_is_followed_at_night_and_one_that_was_disabled_is_empty(running: Running) -> None:
    anna, team = running.as_(ANNA), running.sandbox.world.home_team()
    group = next(group for group in team.user_groups.values() if group.handle == GROUP_OF_SALES)
    await anna.open_home()
    await anna.click(await anna.wait_for_home("Roles"), "Roles")
    modal = await anna.wait_for_modal("One person may have several roles")
    await anna.submit(modal, {"admin": [ANNA], "sales": [], "sales_groups": [group.id]})
    assert Role.SALES in await roles_of(running, BEN)
    group.users = [DEEPA]
    await next_night(running)
    assert Role.SALES not in await roles_of(running, BEN)
    assert Role.SALES in await roles_of(running, DEEPA)
    group.disabled = True
    await next_night(running)
    assert Role.SALES not in await roles_of(running, DEEPA)


async def test_a_listing_waits_as_long_as_slack_asks_and_goes_on(running: Running) -> None:
    await listed(running)
    unheard(running, BEN).deleted = True
    await running.as_(ANNA).faults(rate_429=1, method="users.list")
    calls = len(await running.as_(ANNA).calls("users.list"))
    await next_day(running)

    async def was_refused() -> bool:
        return len(await running.as_(ANNA).calls("users.list")) > calls

    await until(running, was_refused)
    assert (await running.as_(ANNA).calls("users.list"))[-1]["response"]["error"] == "ratelimited"
    await running.as_(ANNA).faults(rate_429=0)
    await listed(running)
    assert await roles_of(running, BEN) == set()


async def test_a_listing_that_was_broken_off_is_begun_again(running: Running) -> None:
    await listed(running)
    unheard(running, BEN).deleted = True
    await running.as_(ANNA).faults(latency_ms=5000, method="users.list")
    await next_day(running)
    await running.stop()
    await running.as_(ANNA).faults(latency_ms=0)
    await running.start()
    await listed(running)
    assert await roles_of(running, BEN) == set()


async def test_a_listing_slack_refuses_is_tried_again(running: Running) -> None:
    await listed(running)
    unheard(running, BEN).deleted = True
    await running.as_(ANNA).faults(error_rate=1, method="users.list")
    await next_day(running)
    running.rain.runner.nudge("reconcile-people")
    await running.rain.reconciliation.finish()
    await running.as_(ANNA).faults(error_rate=0)
    await listed(running)
    assert await roles_of(running, BEN) == set()


# Absences


async def test_somebody_says_when_they_are_away_names_a_deputy_and_takes_it_back(running: Running) -> None:
    ben, carla = running.as_(BEN), running.as_(CARLA)
    await ben.open_home()
    await ben.click(await ben.wait_for_home("I am away"), "I am away")
    modal = await ben.wait_for_modal("Who stands in?")
    days = {"first_on": "2026-03-09", "last_on": "2026-03-12"}
    for wrong, field in (
        ({"last_on": "2026-03-08"}, "last_on"),
        ({"deputy": BEN}, "deputy"),
    ):
        with pytest.raises(Refused) as refused:
            await ben.submit(modal, days | wrong)
        assert set(refused.value.detail["errors"]) == {field}
    await ben.submit(modal, days | {"deputy": CARLA, "note": "In the Alps"})
    home = await ben.wait_for_home("You are away from 9 Mar 2026 to 12 Mar 2026")
    told = await carla.wait_for(f"You stand in for <@{BEN}>, who is away")
    assert "In the Alps" in words_of(told)
    await ben.click(home, "Cancel")
    await ben.wait_for_home(lambda view: "You are away" not in words_of(view))
    after = await carla.wait_for("is not away after all")
    assert after["ts"] == told["ts"]


async def test_the_command_opens_the_same_modal(running: Running) -> None:
    farah = running.as_(FARAH)
    await farah.slash("/rain", "away")
    await farah.submit(await farah.wait_for_modal("I am away"), {"first_on": "2026-03-09", "last_on": "2026-03-09"})
    await farah.wait_for_home("You are away on 9 Mar 2026; reminders wait until you are back.")


async def test_management_enters_it_for_who_fell_ill_and_sees_who_is_away(running: Running) -> None:
    anna = running.as_(ANNA)
    await anna.open_home()
    await anna.click(await anna.wait_for_home("Somebody is away"), "Somebody is away")
    modal = await anna.wait_for_modal("Who is away?")
    ill = {"member": BEN, "first_on": "2026-03-03", "last_on": "2026-03-04", "deputy": CARLA}
    await anna.submit(modal, ill)
    home = await anna.wait_for_home(f"<@{BEN}> until 4")
    assert f"<@{CARLA}> stands in" in words_of(home)
    await running.as_(BEN).open_home()
    assert "Somebody is away" not in words_of(await running.as_(BEN).wait_for_home("You are away"))


async def test_the_deputy_is_reminded_and_reads_why_and_says_done(running: Running) -> None:
    ben, carla = running.as_(BEN), running.as_(CARLA)
    await running.as_(FARAH).slash("/rain-lead", "Acme Ltd, referral, wants a cost review")
    await ben.click(await ben.wait_for("Acme Ltd", channel=LEADS), "Claim")
    await ben.slash("/rain", "away")
    days = {"first_on": "2026-03-04", "last_on": "2026-03-12", "deputy": CARLA}
    await ben.submit(await ben.wait_for_modal("I am away"), days)
    await ben.move_clock(to=(TUESDAY_MORNING + timedelta(days=1, hours=5)).timestamp())  # ten o'clock in New York
    told = await carla.wait_for("first answer by")
    assert f"You get this because <@{BEN}> is away until 12 Mar 2026 and you stand in." in words_of(told)
    await carla.click(told, "Log it")
    await carla.submit(await carla.wait_for_modal("Log a touch"), {"kind": "call", "key_points": "They said yes"})
    assert f"Done by <@{CARLA}>" in words_of(await carla.wait_for("Next follow-up"))
    assert not [m for m in await ben.dm() if "Acme Ltd" in words_of(m)]


# Public holidays


async def test_whose_country_has_parts_is_asked_which(running: Running) -> None:
    ben = running.as_(BEN)
    await ben.open_home()
    await ben.click(await ben.wait_for_home("Monday to Friday"), "My hours")
    modal = await ben.wait_for_modal("Public holidays")
    await ben.submit(modal, {"country": "SA"})
    await ben.wait_for_home("Sunday to Thursday")
    await ben.click(await ben.wait_for_home("My hours"), "My hours")
    await ben.submit(await ben.wait_for_modal("Public holidays"), {"country": "de"})
    await ben.submit(await ben.wait_for_modal("Part of the country"), {"region": "DE-BY"})
    hours = (await running.actor(BEN)).hours
    assert (hours.country, hours.region) == ("DE", "BY")


# Quiet hours


async def quiet(running: Running, user: str, begins: str, ends: str) -> None:
    """Somebody asks for quiet in their Home tab."""
    person = running.as_(user)
    await person.open_home()
    await person.click(await person.wait_for_home("My hours"), "My hours")
    modal = await person.wait_for_modal("Quiet from")
    await person.submit(modal, {"quiet_from": begins, "quiet_until": ends})
    await person.wait_for_home(f"Quiet from {begins} to {ends}.")


async def test_nothing_is_sent_in_quiet_hours_and_everything_in_its_order_afterwards(running: Running) -> None:
    await quiet(running, CARLA, "04:00", "06:00")  # it is five in the morning in New York
    carla, ben = running.as_(CARLA), running.as_(BEN)
    for day in ("2026-03-09", "2026-03-10", "2026-03-11"):
        await ben.slash("/rain", "away")
        modal = await ben.wait_for_modal("I am away")
        await ben.submit(modal, {"first_on": day, "last_on": day, "deputy": CARLA})
    await running.rain.delivery.run()
    await running.rain.delivery.finish()
    assert not [m for m in await carla.dm() if "You stand in" in words_of(m)]
    assert await running.rain.desks.outbox.next_at() == TUESDAY_MORNING + timedelta(hours=1)
    await carla.move_clock(advance=3600)
    await running.delivered()
    told = [words_of(m) for m in await carla.dm() if "You stand in" in words_of(m)]
    assert ["9 Mar" in told[0], "10 Mar" in told[1], "11 Mar" in told[2]] == [True] * 3


async def test_an_answer_is_sent_at_once_however_quiet_it_is(running: Running) -> None:
    await quiet(running, CARLA, "04:00", "06:00")
    ben, carla = running.as_(BEN), running.as_(CARLA)
    await ben.slash("/rain", "away")
    modal = await ben.wait_for_modal("I am away")
    await ben.submit(modal, {"first_on": "2026-03-09", "last_on": "2026-03-09", "deputy": CARLA})
    await carla.say(await carla.dm_channel(), "hello?")
    await carla.wait_for("Hi! I work with commands")
    assert not [m for m in await carla.dm() if "You stand in" in words_of(m)]


async def test_quiet_that_fills_the_working_day_is_refused_under_its_field(running: Running) -> None:
    ben = running.as_(BEN)
    await ben.open_home()
    await ben.click(await ben.wait_for_home("My hours"), "My hours")
    modal = await ben.wait_for_modal("Quiet from")
    with pytest.raises(Refused, match="Then nothing would reach you while you work"):
        await ben.submit(modal, {"quiet_from": "08:00", "quiet_until": "18:00"})
