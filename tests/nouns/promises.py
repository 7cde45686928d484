"""Promises, as the shared tests need them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from domain.core.people import Actor
from domain.core.records import NamedRecord
from domain.core.reminders import ReminderState, Subject
from domain.sales.promises import NewPromise, Promise, PromiseDue, PromiseState
from tests.bot.raw import Person
from tests.fire.passing import A_DAY, MESSAGE, Passed, words
from tests.firm import PLAYBOOK, FirmDesks
from tests.nouns.deals import deal_of
from tests.running import BEN, Running
from tests.usecases.deeds import WORDS, Deeds
from tests.views.facts import AT, Drawings, Facts, OnPages, Sample, within_modal
from views import ids, kit, messages
from views.sales import promises


def promise_of(given: Sample, **more: Any) -> Promise:
    """A promise about the lead's deal, with everything known of it where there is much to say."""
    who, text = given.lead.captured_by, given.lead.said or "x"
    keeper, due_on = (who, AT.date()) if given.touches else (None, None)
    facts: dict[str, Any] = {
        "id": 10**17,
        "of": deal_of(given).named,
        "said": text,
        "due_on": due_on,
        "keeper": keeper,
        "origin": given.lead.origin,
        "noted_by": who,
        "noted_at": AT,
    }
    return Promise(**(facts | more))


def promises_of(given: Sample, of: NamedRecord) -> tuple[Promise, ...]:
    """Many promises about a record, open and not."""
    ended = {"closed_by": given.lead.captured_by, "closed_at": AT}
    late = promise_of(given, of=of, due_on=AT.date() - timedelta(days=1))
    kept = promise_of(given, state=PromiseState.KEPT, **ended)
    settled = promise_of(given, state=PromiseState.SETTLED, how=given.lead.said or "x", **ended)
    count = max(len(given.page.parts["leads"].due), 1)
    still_open = (late, promise_of(given), promise_of(given, origin=None)) * count
    return (*still_open, *(kept, settled) * 3)


def promise_due_of(given: Sample, state: ReminderState = ReminderState.TOLD) -> Subject:
    """A promise whose day has come."""
    reminder = replace(given.subject.reminder, kind=PromiseDue.kind, state=state)
    ended = {"state": PromiseState.KEPT, "closed_by": given.lead.captured_by, "closed_at": AT}
    return Subject(reminder=reminder, record=promise_of(given, **(ended if state is ReminderState.DONE else {})))


ON_PAGES: OnPages = {"deal.promises": lambda s, record: promises_of(s, record) if s.touches else ()}
REMINDERS = {"promises": promise_due_of}
PASSED: dict[Any, Passed] = {
    NewPromise: lambda _ours, theirs: NewPromise(said="x", keeper=theirs.desks.seller.slack_id),
    "how": lambda _ours, _theirs: "they agreed",
}
SAID: dict[str, Passed] = {
    "how": words,
    "PromiseDesk.note.new": lambda ours, _busy: NewPromise(said=words(ours), due_on=A_DAY, origin=MESSAGE),
}
RECORDS = {"promise_id": {"deal"}}
FOR_COLLEAGUES = {"PromiseDesk.keep", "PromiseDesk.settle", "PromiseDesk.show", "PromiseDesk.to_settle"}
SUGGESTING = {ids.NOTE_PROMISE}
SHORTCUTS = {ids.PROMISE_MESSAGE: "Note as a promise"}


async def leave_rows(firm: FirmDesks, by: Actor, deal_id: int, word: str) -> dict[str, int]:
    """Two promises about a deal; the one that is worked on is kept by whoever owns the deal."""
    await firm.promises.note(by, deal_id, NewPromise(said=f"{word} by May", keeper=firm.seller.slack_id))
    step = await firm.promises.note(by, deal_id, NewPromise(said=f"{word}: a draft by then", due_on=A_DAY))
    return {"promises": step.promise.id}


async def type_words(bot: Running, ben: Person, deal_id: int, name: str, text: str) -> list[str]:
    """Note promises of these words, and settle one."""
    about, which, answers = str(deal_id), {"deal": str(deal_id)}, []
    for modal, fields, of_record in (
        (ids.NOTE_PROMISE, which | {"said": text, "keeper": text}, ""),
        (ids.NOTE_PROMISE, which | {"said": text}, ""),
        (ids.NEW_PROMISE, {"said": f"{name} {text[:2900]}", "due_on": "2026-03-20"}, about),
        (ids.NEW_PROMISE, {"said": text, "due_on": text}, about),
    ):
        answers.append(await ben.interacts(ben.submitted(modal, fields, of_record)))
    page = await bot.rain.desks.deals.show(await bot.actor(BEN), deal_id)
    promise = page.parts["promises"][0]
    for how in (text, "agreed"):
        answers.append(await ben.interacts(ben.pressed(ids.PRESS_SETTLE, str(promise.id))))
        answers.append(await ben.interacts(ben.submitted(ids.SETTLE_PROMISE, {"how": how}, str(promise.id))))
    return answers


async def settle_first(firm: FirmDesks, deal_id: int, how: str) -> None:
    """Settle the first promise of a deal, or say it was kept where nothing was agreed."""
    for promise in (await firm.deals.show(firm.seller, deal_id)).parts["promises"][:1]:
        if how:
            await firm.promises.settle(firm.seller, promise.id, how)
        else:
            await firm.promises.keep(firm.seller, promise.id)


DEEDS: Deeds = {
    lambda firm, deal, said: firm.promises.note(
        firm.seller, deal, NewPromise(said=said, due_on=date(2026, 4, 1))
    ): WORDS,
    settle_first: WORDS,
}

DRAWINGS: Drawings = {
    "promises.new_promise_modal": lambda s: ("modal", promises.new_promise_modal(deal_of(s))),
    "promises.note_promise_modal": lambda s: (
        "modal",
        promises.note_promise_modal(deal_of(s), s.lead.said * 2, "x" * 3000),
    ),
    "promises.promise_questions": lambda s: within_modal(promises.promise_questions()),
    "promises.settle_promise_modal": lambda s: ("modal", promises.settle_promise_modal(promise_of(s))),
    "promises.open_promise": lambda s: within_modal(promises.open_promise(promise_of(s), AT.date())),
    "promises.promise_given": lambda s: (
        "message",
        promises.promise_given(
            promise_of(s), messages.write("PromiseGiven", {"promise": promise_of(s), "by": s.lead.captured_by})
        ),
    ),
    "promises.promise_due": lambda s: (
        "message",
        promises.promise_due(
            promise_due_of(s), PLAYBOOK, messages.write("PromiseDue", {"reminder": promise_due_of(s)})
        ),
    ),
    "promises.promise_due kept": lambda s: (
        "message",
        promises.promise_due(promise_due_of(s, ReminderState.DONE), PLAYBOOK, kit.say("A promise")),
    ),
    "promises.promise_due of a lost deal": lambda s: (
        "message",
        promises.promise_due(promise_due_of(s, ReminderState.CANCELLED), PLAYBOOK, kit.say("A promise")),
    ),
}

FACTS: Facts = {
    "PromiseDue": lambda s: {"reminder": promise_due_of(s)},
    "PromiseGiven": lambda s: {"promise": promise_of(s), "by": s.lead.captured_by},
}
