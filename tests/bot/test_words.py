"""Words people try: help, lists and codes in every command, slips, and what they write to the bot as to a person."""

from sandbox.client import Workspace
from tests.bot.test_story import captured, ephemeral
from tests.nouns import gathered
from tests.running import ANNA, BEN, FARAH, LEADS, SALES, Running, buttons_of, words_of
from views import ids

CARD = "Hi! I work with commands."


async def test_help_list_and_mine_answer_in_every_command_and_keep_nothing(running: Running) -> None:
    anna = running.as_(ANNA)
    for command in ids.noun_commands():
        for word in ("help", "?", "list", "mine"):
            answer = words_of(await anna.slash(command.name, word))
            assert "cannot" not in answer, (command.name, word, answer)
            assert "Start with" not in answer, (command.name, word, answer)
    assert "No open leads here" in words_of(await anna.slash("/rain-lead", "team"))


async def test_help_is_one_card_from_the_command_home_and_a_direct_message(running: Running) -> None:
    ben = running.as_(BEN)
    typed = await ben.slash("/rain", "help")
    assert CARD in words_of(typed)
    lines = typed["blocks"][0]["text"]["text"].splitlines()
    assert 5 <= len(lines) <= 8
    assert buttons_of(typed) == ["Capture a lead", "My leads", "My deals", "I am away"]
    await ben.open_home()
    await ben.click(await ben.wait_for_home("Help"), "Help")
    assert (await ben.wait_for_modal(CARD))["blocks"][0]["text"] == typed["blocks"][0]["text"]
    await ben.say(await ben.dm_channel(), "help")
    assert (await ben.wait_for(CARD))["blocks"][0]["text"] == typed["blocks"][0]["text"]


async def test_who_may_not_log_a_touch_is_not_shown_how(running: Running) -> None:
    assert "/rain touch" in words_of(await running.as_(BEN).slash("/rain", "help"))
    assert "/rain touch" not in words_of(await running.as_(FARAH).slash("/rain", "help"))


async def test_a_slip_after_rain_is_asked_about_and_nothing_typed_is_lost(running: Running) -> None:
    answer = words_of(await running.as_(BEN).slash("/rain", "laed Acme & Sons, referral, hello"))
    assert "Did you mean `/rain lead Acme &amp; Sons, referral, hello`?" in answer
    assert "No open leads" in words_of(await running.as_(BEN).slash("/rain", "lead list"))


async def in_dm(person: Workspace, words: str, expected: str) -> str:
    """What the bot answers to words in direct messages."""
    await person.say(await person.dm_channel(), words)
    return words_of(await person.wait_for(expected))


async def test_a_name_or_a_code_in_a_direct_message_finds_the_record(running: Running) -> None:
    await captured(running)
    ben = running.as_(BEN)
    by_name = await in_dm(ben, "acme?", "Found for “acme”")
    assert "A-1 · Acme Ltd" in by_name
    assert "L-1 · Acme Ltd" in by_name
    assert "L-1 · Acme Ltd" in await in_dm(ben, "l1", "Found for “L-1”")
    assert "Found for “L-9, A-1”" in await in_dm(ben, "what about L-9 or A-1?", "Found for “L-9, A-1”")


async def test_the_first_hello_is_answered_with_the_card_and_the_next_with_a_line(running: Running) -> None:
    ben = running.as_(BEN)
    await in_dm(ben, "hello!", CARD)
    again = await in_dm(ben, "good morning", "I found nothing called “good morning”.")
    assert CARD not in again
    assert len([m for m in await ben.dm() if CARD in words_of(m)]) == 1
    await in_dm(ben, "?", CARD)


async def test_a_mention_is_answered_privately_where_it_was_made(running: Running) -> None:
    await captured(running)
    ben = running.as_(BEN)
    bot = (await running.rain.desks.people.workspace(running.team_id)).bot_user_id
    await ben.say("#sales", f"<@{bot}>")
    await ben.wait_for(CARD, channel=SALES)
    root = await ben.say("#sales", f"<@{bot}> Acme?")
    await ben.wait_for("L-1 · Acme Ltd", channel=SALES)
    assert "Acme Ltd" in await ephemeral(ben, SALES)
    assert not [m for m in await running.as_(FARAH).messages(SALES) if CARD in words_of(m)]
    await ben.say("#sales", f"<@{bot}> A-1", thread_ts=root["ts"])
    told = await ben.wait_for("Found for “A-1”", channel=SALES, thread=root["ts"])
    assert told["thread_ts"] == root["ts"]
    assert await ben.dm() == []


async def test_words_of_a_command_never_become_companies(running: Running) -> None:
    ben = running.as_(BEN)
    for line in ("help, referral, x", "Mine, web, hello", "?, hello", "pipeline"):
        assert "is one of my words" in words_of(await ben.slash("/rain-lead", line)), line
    assert "No open leads here" in words_of(await ben.slash("/rain-lead", "team"))


async def test_a_misspelt_source_is_asked_and_saves_nothing_yet(running: Running) -> None:
    ben = running.as_(BEN)
    assert await ben.slash("/rain-lead", "Acme Ltd, referal, wants a cost review", channel="#sales") is None
    modal = await ben.wait_for_modal("I don't know the source “referal”")
    assert "No open leads here" in words_of(await ben.slash("/rain-lead", "team"))
    await ben.submit(modal, {})
    assert "L-1 · Acme Ltd" in words_of(await ben.slash("/rain-lead", "team"))


async def test_mail_and_phone_in_the_line_are_the_leads_contact(running: Running) -> None:
    ben = running.as_(BEN)
    await ben.slash("/rain-lead", "Acme Ltd，web，call Jo: jo@acme.example, 020 7946 0123")
    card = words_of(await ben.slash("/rain", "L-1"))
    assert "jo@acme.example" in card
    assert "+44 20 7946 0123" in card
    assert "call Jo: jo@acme.example, 020 7946 0123" in card


async def test_the_receipt_shows_the_source_and_what_may_be_done_and_undoes_the_capture(running: Running) -> None:
    ben, farah = running.as_(BEN), running.as_(FARAH)
    await ben.slash("/rain-lead", "Acme Ltd, referral, wants a cost review", channel="#sales")
    receipt = (await ben.messages(SALES))[-1]
    assert "Source: Partner referral" in words_of(receipt)
    assert buttons_of(receipt) == ["Claim", "Screen", "Open", "Undo"]
    assert buttons_of(await farah.slash("/rain-lead", "Zenith, web, hello")) == ["Open", "Undo"]
    await running.delivered()
    await ben.click(receipt, "Undo")
    await ben.wait_for("L-1 Acme Ltd was entered by mistake", channel=LEADS)
    assert "Undone: L-1 Acme Ltd was not captured." in await ephemeral(ben, SALES)
    assert "Undo" not in buttons_of((await ben.messages(SALES))[-1])


async def test_a_mention_in_captured_words_reads_as_a_name(running: Running) -> None:
    ben = running.as_(BEN)
    message = await ben.say("#sales", f"<@{FARAH}> met Acme")
    for shortcut in (ids.CAPTURE_LEAD_FROM_MESSAGE, ids.TOUCH_MESSAGE, *gathered("SHORTCUTS")):
        await ben.shortcut(shortcut, message)
        modal = await ben.wait_for_modal("@Farah Aziz met Acme")
        await ben.close(modal)
    await ben.slash("/rain-lead", f"Acme, web, <@{FARAH}> met them")
    assert "@Farah Aziz met them" in words_of(await ben.slash("/rain-lead", "L-1"))


async def test_a_known_company_is_added_to_its_open_lead_and_typed_words_stay(running: Running) -> None:
    await captured(running)
    ben = running.as_(BEN)
    await ben.slash("/rain-lead", "ACME, web, and a market study", channel="#sales")
    doubt = await ben.wait_for_modal("Add to L-1 Acme Ltd")
    assert "New company: ACME" in words_of(doubt)
    await ben.click(doubt, "More")
    doubt = await ben.wait_for_modal("History with us")
    assert "New company: ACME" in words_of(doubt)
    assert "and a market study" in words_of(doubt)
    await ben.submit(doubt, {})
    assert "Added to L-1." in await ephemeral(ben, SALES)
    assert "and a market study" in words_of(await ben.slash("/rain-lead", "L-1"))


async def test_a_next_date_on_a_saturday_says_when_the_reminder_comes(running: Running) -> None:
    card, ben = await captured(running), running.as_(BEN)
    await ben.click(card, "Next date")
    await ben.submit(await ben.wait_for_modal("get back to them"), {"day": "2026-03-07"})
    await ben.wait_for_modal("is not a working day, so the reminder comes on")
