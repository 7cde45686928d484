"""A file imported in Slack, from the modal to the undoing, by the bot beside a sandbox workspace."""

from typing import Any

import pytest

from domain.files.columns import Records
from sandbox.client import Refused
from storage.engine.sqlite import SqliteDatabase
from tests.bot.test_handouts import put_off
from tests.firm import WHOLE
from tests.running import ANNA, BEN, PATIENCE, Running, buttons_of, words_of
from usecases.core.operations import MOST_STEPS
from usecases.files.exports import ExportDesk

Json = dict[str, Any]

ACCOUNTS = "id,name,sector\n" + "".join(f"{n},Company {n},retail\n" for n in range(60)) + "x,,wine\n"


async def offered(running: Running, content: str | bytes = ACCOUNTS, **more: Any) -> Json:
    """The message that says what would become of Anna's file."""
    anna = running.as_(ANNA)
    file = await anna.upload("", "clients.csv", content.encode() if isinstance(content, str) else content)
    await anna.slash("/rain", "import")
    modal = await anna.wait_for_modal("Look at it")
    values = {"kind": "accounts", "file": [file], "key": "id", "columns": "sector=industry"} | more
    await anna.submit(modal, {name: value for name, value in values.items() if value})
    await card(running, "")
    await running.delivered()  # or else it is redrawn under our hands
    return await card(running, "")


async def card(running: Running, saying: str) -> Json:
    """The import's message in Anna's direct messages, once it says something."""
    return await running.as_(ANNA).wait_for(
        lambda m: "clients.csv" in m["text"] and saying in words_of(m) and "I am looking" not in words_of(m),
        timeout=PATIENCE,
    )


async def exported(running: Running) -> bytes:
    """All accounts, as a file."""
    actor = await running.actor(ANNA)
    return (await ExportDesk(running.rain.desks.people.store, WHOLE).export(actor, Records.ACCOUNTS))[0]


async def test_a_file_is_looked_at_imported_and_taken_back(running: Running) -> None:
    before = await exported(running)
    offer = await offered(running)
    assert "60 new, 1 rejected" in words_of(offer)
    assert "Row 62 (name): The name is blank." in words_of(offer)
    assert await exported(running) == before
    await running.as_(ANNA).click(offer, "Import 60 rows")
    done = await card(running, "Done")
    assert "60 new, 1 rejected" in words_of(done)
    assert done["ts"] == offer["ts"]
    assert (await exported(running)).count(b"Company") == 60
    await running.as_(ANNA).click(done, "Undo")
    undone = await card(running, "Undone by")
    assert buttons_of(undone) == []
    assert await exported(running) == before


async def test_the_preview_lists_what_the_terminal_finds_worth_a_look(running: Running) -> None:
    content = "id,name,sector,country,phone\n1,Ромашка,technolgy,Atlantis,12\n2,Total,,,\n".encode("cp1251")
    words = words_of(await offered(running, content, values="sector:technolgy=technology"))
    for said in (
        "The file is not UTF-8; it looks like Windows-1251.",
        "Row 2 (country “Atlantis”): is no country we know",
        "Row 2 (phone “12”): This phone number has too few or too many digits. It was left out.",
        "Row 3 (“2 Total”): looks like the total of other rows",
    ):
        assert said in words
    assert "technolgy" not in words
    assert "--" not in words


async def test_a_word_nobody_knows_is_asked_about_in_words_of_slack(running: Running) -> None:
    content = "id,title,stage,amount\n1,Audit,Limbo,\n2,Review,Won,85.000\n"
    more = {"kind": "deals", "columns": None, "currency": "EUR"}
    words = words_of(await offered(running, content, **more))
    assert "What comes of Limbo is not plain: write won, lost or open." in words
    assert "85.000 may be two numbers. Type 85000 or 85.00." in words
    assert "--" not in words
    more |= {"decimal": "comma", "values": "outcome:Limbo=won"}
    await offered(running, content, **more)
    await card(running, "2 new")


async def test_refused_rows_come_back_as_a_file(running: Running) -> None:
    anna = running.as_(ANNA)
    await anna.click(await offered(running), "Import 60 rows")
    await card(running, "Done")
    handed_back = await anna.wait_for(lambda m: any(f["name"] == "refused-clients.csv" for f in m.get("files") or []))
    assert "These rows were rejected" in handed_back["text"]


@pytest.mark.parametrize("fault", ["lost_response_rate", "lost_call_rate"])
async def test_refused_rows_come_back_once_though_slack_does_not_answer(running: Running, fault: str) -> None:
    anna, share = running.as_(ANNA), "files.completeUploadExternal"
    offer = await offered(running)
    await anna.faults(**{fault: 1}, method=share)
    await anna.click(offer, "Import 60 rows")
    await put_off(running)
    await anna.faults(**{fault: 0}, method=None)
    await anna.move_clock(advance=60)
    await card(running, "Done")
    handed_back = [f["name"] for m in await anna.dm() for f in m.get("files") or []]
    assert handed_back == ["refused-clients.csv"]


async def test_what_was_offered_can_be_left(running: Running) -> None:
    offer = await offered(running)
    await running.as_(ANNA).click(offer, "Cancel")
    cancelled = await card(running, "Cancelled")
    assert buttons_of(cancelled) == []
    with pytest.raises(Refused):
        await running.as_(ANNA).click(offer, "Import 60 rows")
    assert b"Company" not in await exported(running)


async def test_an_offer_that_nobody_answers_expires(running: Running) -> None:
    await offered(running)
    await running.as_(ANNA).move_clock(to="2026-03-06 09:00")  # from Tuesday on, three working days
    expired = await card(running, "Nobody answered for 3 working days")
    assert buttons_of(expired) == []
    assert b"Company" not in await exported(running)


async def test_an_offer_outlives_the_bot(running: Running) -> None:
    offer = await offered(running)
    await running.restart()
    await running.delivered()
    await running.as_(ANNA).click(offer, "Import 60 rows")
    await card(running, "Done")
    assert (await exported(running)).count(b"Company") == 60


async def test_an_import_whose_process_died_is_gone_on_with_where_it_stood(running: Running) -> None:
    offer = await offered(running)
    await running.stop()
    begun = "UPDATE imports SET state = 'under_way', done = 20, tally = '{}', refused = '[]'"
    dead = (
        "UPDATE tasks SET closed_at = NULL, due_at = NULL, lease_until = '2026-03-03 09:59:00' WHERE subject = 'import'"
    )
    database = SqliteDatabase(running.database_url)
    for statement in (begun, dead):
        await database.write(lambda connection, statement=statement: connection.exec_driver_sql(statement))
    await database.close()
    await running.start()
    await card(running, "Done")
    assert (await exported(running)).count(b"Company") == 40
    assert offer["ts"] == (await card(running, "40 new")).get("ts")


@pytest.mark.parametrize(
    ("content", "more", "why"),
    [
        ("firm\nAcme\n", {"key": None, "columns": None}, "No column is name"),
        ("name\n" + "Acme\n" * 2001, {"key": None, "columns": None}, "2001 rows; in Slack I take 2000"),
        ("PK\x03\x04", {"key": None, "columns": None}, "not a CSV file"),
        (ACCOUNTS, {"key": "number"}, "There is no column number"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_in_words(
    running: Running, content: str, more: Json, why: str
) -> None:
    refusal = await offered(running, content, **more)
    assert why in words_of(refusal)
    assert buttons_of(refusal) == []


async def test_a_file_with_nothing_new_offers_nothing(running: Running) -> None:
    content = "id,name,sector\n1,Acme,retail\n"
    await running.as_(ANNA).click(await offered(running, content), "Import 1 row")
    await card(running, "Done")
    await offered(running, content)
    again = await card(running, "1 already there")
    assert buttons_of(again) == []


async def test_a_file_too_large_is_refused_under_its_field(running: Running) -> None:
    with pytest.raises(Refused) as refused:
        await offered(running, "name\n" + "x" * 1_000_001)
    assert set(refused.value.detail["errors"]) == {"file"}


async def test_only_who_may_import_is_asked_for_a_file(running: Running) -> None:
    answer = await running.as_(BEN).slash("/rain", "import")
    assert "Only management or admin may import records" in words_of(answer)


async def test_a_long_undoing_goes_on_by_itself_and_says_when_it_is_done(running: Running) -> None:
    content = "id,name,sector\n" + "".join(f"{n},Firm {n},retail\n" for n in range(MOST_STEPS + 20))
    before = await exported(running)
    await running.as_(ANNA).click(await offered(running, content), f"Import {MOST_STEPS + 20} rows")
    await running.as_(ANNA).click(await card(running, "Done"), "Undo")
    await running.as_(ANNA).wait_for("has been taken back", timeout=PATIENCE)
    assert "Undone by" in words_of(await card(running, "Undone by"))
    assert await exported(running) == before
