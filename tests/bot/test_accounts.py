"""Accounts as people meet them in the workspace: looked up, shown, edited, merged and taken back, always over the real protocol."""

from typing import Any

import pytest

from domain.sales.accounts import Account, AccountEdit, NewAccount, NewContact
from domain.sales.leads import Lead
from sandbox.client import Refused, Workspace
from tests.bot.test_story import ephemeral
from tests.running import ANNA, BEN, CARLA, FARAH, LEADS, Running, buttons_of, words_of
from views import ids

Json = dict[str, Any]

TOM = NewContact(name="Tom Bradley", email="tom@acme.example", phone="+442079460000")


async def made(running: Running, name: str = "Acme Ltd", *people: NewContact) -> Account:
    """An account with its contacts."""
    store = running.rain.desks.accounts.store
    return await store.write(running.team_id, lambda work: work.accounts.add(NewAccount(name=name), people))


async def page_of(running: Running, person: Workspace, code: str) -> Json:
    """The page of an account, opened from what the command answers."""
    await person.slash("/rain-account", code, channel="#sales")
    answer = [m for m in await person.messages("#sales") if m.get("ephemeral")][-1]
    await person.click(answer, "Open")
    return await person.wait_for_modal(lambda view: view["callback_id"] == ids.SHOW_ACCOUNT)


async def lead_of(running: Running, company: str) -> Lead:
    """The first lead of a company."""
    await running.as_(FARAH).slash("/rain-lead", f"{company}, web, they asked")
    page = await running.rain.desks.leads.find(await running.actor(BEN), 1)
    return page.lead


async def test_the_command_lists_ones_own_finds_by_words_and_by_code(running: Running) -> None:
    ben = running.as_(BEN)
    lead = await lead_of(running, "Fjordline Ferries")
    assert "You own no account" in words_of(await ben.slash("/rain-account"))
    await running.rain.desks.leads.claim(await running.actor(BEN), lead.id)
    assert "A-1 · Fjordline Ferries" in words_of(await ben.slash("/rain-account"))
    assert "A-1 · Fjordline Ferries" in words_of(await ben.slash("/rain", "account ferries"))
    assert "A-1 · Fjordline Ferries" in words_of(await ben.slash("/rain-account", "a-1"))
    assert "No account is called anything like “Zenith”" in words_of(await ben.slash("/rain-account", "Zenith"))
    assert "I cannot find A-77" in words_of(await ben.slash("/rain-account", "A-77"))


async def test_an_account_is_shown_to_a_channel_and_its_card_stays_current(running: Running) -> None:
    await made(running)
    ben = running.as_(BEN)
    await ben.slash("/rain-account", "A-1", channel="#sales")
    answer = [m for m in await ben.messages("#sales") if m.get("ephemeral")][-1]
    await ben.click(answer, "Show to everybody here")
    card = await ben.wait_for(lambda m: not m.get("ephemeral") and "A-1 · Acme Ltd" in words_of(m), channel="#sales")
    assert (card["text"], buttons_of(card)) == ("Account A-1: Acme Ltd", ["Open"])
    page = await page_of(running, ben, "A-1")
    await ben.click(page, "Edit")
    await ben.submit(await ben.wait_for_modal("Edit an account"), {"name": "Zenith AG"})
    changed = await ben.wait_for(lambda m: "A-1 · Zenith AG" in words_of(m) and m["ts"] == card["ts"], channel="#sales")
    assert changed["ts"] == card["ts"]


async def test_who_was_slower_sees_both_values_and_keeps_what_they_typed(running: Running) -> None:
    await made(running)
    ben, carla = running.as_(BEN), running.as_(CARLA)
    await ben.click(await page_of(running, ben, "A-1"), "Edit")
    form = await ben.wait_for_modal("Edit an account")
    await carla.click(await page_of(running, carla, "A-1"), "Edit")
    await carla.submit(await carla.wait_for_modal("Edit an account"), {"industry": "Dairy", "name": "Acme Group"})
    with pytest.raises(Refused) as refused:
        await ben.submit(form, {"name": "Acme Holdings", "country": "NO"})
    assert "“Acme Group”" in str(refused.value)
    assert "“Acme Holdings”" in str(refused.value)
    await ben.submit(form, {"name": "Acme Group", "country": "NO"})
    page = await running.rain.desks.accounts.show(await running.actor(BEN), 1)
    assert (page.account.name, page.account.industry, page.account.country) == ("Acme Group", "Dairy", "NO")


async def test_the_card_of_an_account_that_was_merged_shows_the_survivor(running: Running) -> None:
    other, survivor = await made(running, "Fjordlin Ferries"), await made(running, "Fjordline Ferries")
    ben = await running.actor(BEN)
    await running.rain.desks.accounts.share(ben, other.id, LEADS)
    seen = running.as_(BEN)
    card = await seen.wait_for("A-1 · Fjordlin Ferries", channel=LEADS)
    step = await running.rain.desks.accounts.merge(ben, survivor.id, other.id)
    assert (await seen.wait_for("A-2 · Fjordline Ferries", channel=LEADS))["ts"] == card["ts"]
    await running.rain.desks.accounts.edit(ben, survivor.id, AccountEdit(name="Nordic Lines"))
    assert (await seen.wait_for("A-2 · Nordic Lines", channel=LEADS))["ts"] == card["ts"]
    assert step.operation is not None
    await running.rain.desks.operations.undo(ben, step.operation.id)
    assert (await seen.wait_for("A-1 · Fjordlin Ferries", channel=LEADS))["ts"] == card["ts"]


async def test_renaming_an_account_redraws_the_cards_of_its_leads_and_so_does_undoing_it(running: Running) -> None:
    await lead_of(running, "Acme Ltd")
    ben = running.as_(BEN)
    card = await ben.wait_for("Acme Ltd", channel=LEADS)
    page = await page_of(running, ben, "A-1")
    await ben.click(page, "Edit")
    await ben.submit(await ben.wait_for_modal("Edit an account"), {"name": "Zenith AG"})
    renamed = await ben.wait_for("L-1 · Zenith AG", channel=LEADS)
    await ben.click(await ben.wait_for_modal("Edited A-1 Acme Ltd."), "Undo")
    assert "Undone: Edited A-1 Acme Ltd." in words_of(await ben.wait_for_modal("Undone"))
    back = await ben.wait_for("L-1 · Acme Ltd", channel=LEADS)
    assert card["ts"] == renamed["ts"] == back["ts"]


async def test_what_is_wrong_in_a_form_stands_under_its_field(running: Running) -> None:
    await made(running, "Acme Ltd", TOM)
    ben = running.as_(BEN)
    page = await page_of(running, ben, "A-1")
    await ben.click(page, ids.PRESS_EDIT_ACCOUNT)
    form = await ben.wait_for_modal("Edit an account")
    refusal = await refused_of(ben, form, {"country": "Norwya"})
    assert refusal.detail["errors"] == {"country": "There is no country called Norwya; Norway?"}
    refusal = await refused_of(ben, form, {"country": "Norway", "owner": FARAH})
    assert "Farah Aziz may not edit accounts" in refusal.detail["errors"]["owner"]


async def refused_of(person: Workspace, form: Json, entered: Json) -> Refused:
    """How a submission is refused."""
    with pytest.raises(Refused) as refused:
        await person.submit(form, entered)
    return refused.value


async def test_contacts_are_added_edited_and_made_one_from_the_page(running: Running) -> None:
    await made(running, "Acme Ltd", TOM)
    ben = running.as_(BEN)
    page = await page_of(running, ben, "A-1")
    await ben.click(page, "Add a contact")
    await ben.submit(await ben.wait_for_modal("Add a contact"), {"name": "T. Bradley", "phone": "020 7946 0999"})
    page = await ben.wait_for_modal("Added T. Bradley to A-1 Acme Ltd.")
    edits = [
        b["accessory"] for b in page["blocks"] if b.get("accessory", {}).get("action_id") == ids.PRESS_EDIT_CONTACT
    ]
    assert len(edits) == 2
    await ben.click(page, ids.PRESS_EDIT_CONTACT)
    form = await ben.wait_for_modal("Edit a contact")
    await ben.submit(form, {"name": "Tom Bradley", "position": "COO"})
    page = await ben.wait_for_modal("COO")
    await ben.click(page, ids.PRESS_EDIT_CONTACT)
    await ben.click(await ben.wait_for_modal("Edit a contact"), "Merge…")
    merging = await ben.wait_for_modal("Who is the same person?")
    other = next(b for b in merging["blocks"] if b.get("block_id") == "other")["element"]["options"][0]
    await ben.submit(merging, {"other": other["value"]})
    page = await ben.wait_for_modal("Made one of Tom Bradley and T. Bradley")
    assert "also kept with name T. Bradley" in words_of(page)


async def test_two_accounts_become_one_and_two_again(running: Running) -> None:
    lead = await lead_of(running, "Acme Ltd")
    await made(running, "Acme Lt", TOM)
    ben = running.as_(BEN)
    page = await page_of(running, ben, "A-2")
    await ben.click(page, "Merge…")
    choosing = await ben.wait_for_modal("Which other account")
    likely = await ben.suggest(choosing, ids.SUGGEST_ACCOUNTS, "")
    assert [option["text"]["text"] for option in likely] == ["A-1 Acme Ltd"]
    assert await ben.suggest(choosing, ids.SUGGEST_ACCOUNTS, "zenith") == []
    assert [o["value"] for o in await ben.suggest(choosing, ids.SUGGEST_ACCOUNTS, "acme")] == [likely[0]["value"]]
    await ben.submit(choosing, {"other": likely[0]})
    confirming = await ben.wait_for_modal("Moves to A-2")
    assert "1 lead: L-1" in words_of(confirming)
    await ben.click(confirming, "Keep A-1 instead")
    confirming = await ben.wait_for_modal("Moves to A-1")
    assert "1 contact: Tom Bradley" in words_of(confirming)
    await ben.submit(confirming)
    page = await ben.wait_for_modal("Merged A-2 Acme Lt into A-1 Acme Ltd.")
    assert "Tom Bradley" in words_of(page)
    assert "A-1 · Acme Ltd" in words_of(await ben.slash("/rain-account", "A-2"))
    await ben.click(page, "Undo")
    page = await ben.wait_for_modal("Undone: Merged A-2 Acme Lt into A-1 Acme Ltd.")
    assert "Tom Bradley" not in words_of(page)
    assert "A-2 · Acme Lt" in words_of(await ben.slash("/rain-account", "A-2"))
    assert (await running.rain.desks.leads.show(await running.actor(BEN), lead.id)).lead.account.number == 1


async def test_an_account_with_itself_is_refused_under_the_question(running: Running) -> None:
    account = await made(running)
    ben = running.as_(BEN)
    await ben.click(await page_of(running, ben, "A-1"), "Merge…")
    choosing = await ben.wait_for_modal("Which other account")
    itself = {"text": {"type": "plain_text", "text": "A-1 Acme Ltd"}, "value": str(account.id)}
    refusal = await refused_of(ben, choosing, {"other": itself})
    assert "This is the account itself" in refusal.detail["errors"]["other"]


async def test_a_merge_pressed_twice_or_after_somebody_elses_changes_nothing_more(running: Running) -> None:
    one, other = await made(running), await made(running, "Acme Lt")
    ben = running.as_(BEN)
    await ben.click(await page_of(running, ben, "A-1"), "Merge…")
    choosing = await ben.wait_for_modal("Which other account")
    [option] = await ben.suggest(choosing, ids.SUGGEST_ACCOUNTS, "lt acme")
    await ben.submit(choosing, {"other": option})
    confirming = await ben.wait_for_modal("Moves to A-1")
    await running.rain.desks.accounts.merge(await running.actor(CARLA), one.id, other.id)
    await ben.submit(confirming)
    assert "A-2 has been merged into A-1 Acme Ltd meanwhile." in words_of(await ben.wait_for_modal("Not possible"))


async def test_who_may_not_edit_sees_no_button(running: Running) -> None:
    await made(running, "Acme Ltd", TOM)
    farah = running.as_(FARAH)
    await farah.post("join", channel="#sales")
    assert buttons_of(await page_of(running, farah, "A-1")) == []


@pytest.mark.parametrize("action_id", [ids.PRESS_MERGE_ACCOUNT, ids.PRESS_EDIT_ACCOUNT, ids.PRESS_CONFIRM_ACCOUNT])
async def test_a_press_by_who_may_not_is_told_who_may(running: Running, action_id: str) -> None:
    await made(running)
    farah = running.as_(FARAH)
    await farah.post("join", channel="#sales")
    await page_of(running, farah, "A-1")
    press = [d["payload"] for d in await farah.deliveries() if d["payload"].get("actions")][-1]
    action = press["actions"][0] | {"action_ts": "1772532000.000001", "action_id": action_id}
    assert (await running.interact(press | {"actions": [action]})).status == 200
    assert "Ask Anna Keller, Ben Hughes" in await ephemeral(farah, "#sales")


@pytest.mark.parametrize("value", ["999", "x", ""])
async def test_a_button_about_nothing_is_answered(running: Running, value: str) -> None:
    await made(running)
    ben = running.as_(BEN)
    await page_of(running, ben, "A-1")
    press = [d["payload"] for d in await ben.deliveries() if d["payload"].get("actions")][-1]
    for action_id in (
        ids.PRESS_SHOW_ACCOUNT,
        ids.PRESS_SHARE_ACCOUNT,
        ids.PRESS_EDIT_CONTACT,
        ids.PRESS_CONFIRM_ACCOUNT,
    ):
        action = press["actions"][0] | {"action_ts": f"177253.{action_id}", "action_id": action_id, "value": value}
        assert (await running.interact(press | {"actions": [action]})).status == 200
    assert "I cannot find this" in await ephemeral(ben, "#sales")


async def test_an_owner_confirms_with_one_click_and_the_question_says_so(running: Running) -> None:
    lead = await lead_of(running, "Acme Ltd")
    await running.rain.desks.leads.claim(await running.actor(BEN), lead.id)
    await running.rain.desks.leads.disqualify(await running.actor(BEN), lead.id, "no_need")
    ben = running.as_(BEN)
    await ben.move_clock(advance=181 * 86400)
    await running.rain.clock.ask(running.session)  # type: ignore[attr-defined]
    await running.rain.desks.accounts.ask_refresh(running.team_id)
    await ben.move_clock(advance=86400)
    question = await ben.wait_for("Is what we know of *A-1 · Acme Ltd* still right?")
    assert buttons_of(question) == ["Still right", "Edit", "Open account"]
    await ben.click(question, "Edit")
    form = await ben.wait_for_modal("Edit an account")
    await ben.close(form)
    await ben.click(question, "Still right")
    answered = await ben.wait_for("Confirmed by")
    assert answered["ts"] == question["ts"]
    assert f"Confirmed by <@{BEN}>" in words_of(answered)
    assert buttons_of(answered) == []


async def test_the_page_of_a_lead_leads_to_its_account_and_back_in_one_modal(running: Running) -> None:
    lead = await lead_of(running, "Acme Ltd")
    anna = running.as_(ANNA)
    await anna.slash("/rain-lead", "team", channel="#sales")
    answer = [m for m in await anna.messages("#sales") if m.get("ephemeral")][-1]
    await anna.click(answer, "Open")
    page = await anna.wait_for_modal(lambda view: view["callback_id"] == ids.SHOW_LEAD)
    await anna.click(page, "Account A-1")
    account = await anna.wait_for_modal(lambda view: view["callback_id"] == ids.SHOW_ACCOUNT)
    assert account["id"] == page["id"]
    await anna.click(account, ids.PRESS_SHOW)
    again = await anna.wait_for_modal(lambda view: view["callback_id"] == ids.SHOW_LEAD)
    assert (again["id"], again["private_metadata"]) == (page["id"], str(lead.id))
