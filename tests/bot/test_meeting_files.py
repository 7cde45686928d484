"""Calendar files of meetings: one for each press, and none of a meeting that is gone."""

from domain.core.tasks import NewTask
from tests.bot.test_handouts import files, outlived
from tests.bot.test_meetings import planned
from tests.running import ANNA, BEN, Running, words_of
from usecases.sales.meetings import CALENDAR_FILE


async def test_the_same_press_sent_twice_brings_one_file(running: Running) -> None:
    await planned(running)
    await outlived(running)
    before = await files(running)
    ben = await running.actor(BEN)
    for _time in range(2):
        await running.rain.desks.meetings.ask_file(ben.within("test", "press-1"), 1)
        await outlived(running)
    assert len(await files(running)) == len(before) + 1


async def test_a_file_of_what_is_gone_is_let_be(running: Running) -> None:
    ben = await running.actor(BEN)
    of_no_meeting = {"subject": "member", "subject_id": ben.member_id, "member_id": ben.member_id}
    gone = NewTask(kind=CALENDAR_FILE, **of_no_meeting)
    await running.rain.desks.tasks.store.write(running.team_id, lambda work: work.tasks.put(gone))
    await outlived(running)
    await running.delivered()
    assert await files(running) == []
    assert not [m for m in await running.as_(ANNA).dm() if "could not be done" in words_of(m)]
