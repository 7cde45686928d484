"""Promises as people see them: the ledger on a deal's page, and the modals that note one and settle one."""

from datetime import date

from domain.core.language import _, plural
from domain.core.people import Actor
from domain.core.reminders import ReminderState, Subject
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.deals import Deal, DealOutcome
from domain.sales.pages import DealPage
from domain.sales.promises import Promise, PromiseDue, PromiseGiven, PromiseState
from views import ids, kit
from views.core.additions import Addition, card_lines, page_buttons
from views.core.page_sections import PageSection, page_sections
from views.core.reasons import why
from views.core.records import open_button
from views.core.reminders import snooze_menu
from views.kit import Block, Mrkdwn, View, say
from views.sales.touches import cut_note, deal_question
from views.shown import because, in_digest, reminds, shows


def new_promise_modal(deal: Deal) -> View:
    """Asks for a promise that was not made in Slack."""
    company = deal.account.name if deal.account else _("no account")
    headline = say("*{code} · {company}*  {title}", code=deal.code, company=company, title=deal.title)
    blocks = [kit.section(headline), *promise_questions()]
    return kit.modal(ids.NEW_PROMISE, _("Add a promise"), blocks, submit=_("Save"), about=deal.id)


def note_promise_modal(deal: Deal | None, said: str, about: str = "") -> View:
    """Asks for which deal a message is a promise; `deal` is the one taken at first. `about` is what the form remembers."""
    blocks = [deal_question(deal), *promise_questions(said), *cut_note(said)]
    return kit.modal(ids.NOTE_PROMISE, _("Note as a promise"), blocks, submit=_("Save"), about=about)


def promise_questions(said: str = "") -> list[Block]:
    """What is asked of every promise."""
    reminded = _("Whoever keeps it is reminded on that day.")
    owner = _("Left open, whoever owns the deal.")
    return [
        kit.ask("said", _("What was promised?"), kit.text_field(said or None, lines=True)),
        kit.ask("due_on", _("By when?"), kit.day_field(), optional=True, hint=reminded),
        kit.ask("keeper", _("Who keeps it?"), kit.person_field(_("Pick somebody")), optional=True, hint=owner),
    ]


def settle_promise_modal(promise: Promise) -> View:
    """Asks what was agreed with the client in place of a promise."""
    company = promise.of.company or _("no account")
    blocks = [
        kit.section(say("*{code} · {company}*", code=promise.code, company=company)),
        kit.section(kit.quote(promise.said)),
        kit.ask("how", _("What did you agree on with the client?"), kit.text_field(lines=True)),
    ]
    return kit.modal(ids.SETTLE_PROMISE, _("Settle a promise"), blocks, submit=_("Settled"), about=promise.id)


def promise_given(promise: Promise, sentence: Mrkdwn) -> list[Block]:
    """Tells somebody that they are to keep a promise."""
    return [
        kit.section(sentence),
        kit.section(kit.quote(promise.said)),
        kit.context(came_from(promise)),
        kit.actions(open_button(promise.of)),
    ]


def promises_on(page: DealPage) -> tuple[Promise, ...]:
    """Those still to be kept, then the latest of those that were kept or settled."""
    promises: tuple[Promise, ...] = page.parts.get("promises", ())
    return promises


def new_promise_button(page: DealPage) -> Block | None:
    """The button that adds a promise, where there may be one."""
    deal = page.deal
    if deal.progress is None or deal.outcome is DealOutcome.LOST:
        return None
    return kit.button(ids.PRESS_NEW_PROMISE, _("Add a promise"), deal.id)


def open_count(page: DealPage) -> Mrkdwn | None:
    """How many promises are still to be kept about a running deal; None where there is none."""
    count = sum(promise.is_open for promise in promises_on(page)) if page.deal.is_running else 0
    return say(plural("{count} promise open", "{count} promises open", count), count=count) if count else None


def promise_entries(page: DealPage, actor: Actor) -> list[list[Block]]:
    """The promises of a deal: those still to be kept with their buttons, then how the others ended."""
    today = actor.hours.local(page.now).date()
    still_open = [open_promise(promise, today) for promise in promises_on(page) if promise.is_open]
    ended = [[kit.section(ended_line(promise))] for promise in promises_on(page) if not promise.is_open]
    if still_open:
        still_open[0] = [kit.section(say(_("*Promises*  {count} open"), count=len(still_open))), *still_open[0]]
    return [*still_open, *ended]


page_sections("deal.promises")(PageSection(30, promise_entries, lambda: _("Promises")))
card_lines("deal.promises")(Addition(50, open_count))
page_buttons("deal.promises")(Addition(20, new_promise_button))


def open_promise(promise: Promise, today: date) -> list[Block]:
    """A promise that is still to be kept, with the buttons that end it."""
    due = None
    if promise.due_on:
        due = say(
            _(":warning: was due {day}") if promise.due_on < today else _("due {day}"), day=kit.day(promise.due_on)
        )
    kept_by = say(_("{person} keeps it"), person=kit.person(promise.kept_by))
    details = [due, kept_by, came_from(promise)]
    return [
        kit.section(kit.quote(promise.said, 400)),
        kit.context(Mrkdwn("  ·  ".join(detail for detail in details if detail))),
        kit.actions(
            kit.button(ids.PRESS_PROMISE_KEPT, _("Kept"), promise.id),
            kit.button(ids.PRESS_SETTLE, _("Settled…"), promise.id),
        ),
    ]


def came_from(promise: Promise) -> Mrkdwn:
    """The message a promise was made in and who wrote it, and who noted it when."""
    noted = say(_("noted by {person}, {day}"), person=kit.person(promise.noted_by), day=kit.on_day(promise.noted_at))
    origin = promise.origin
    if origin is None:
        return noted
    label = _("Original message")
    link = kit.link(origin.permalink, label) if origin.permalink else kit.escape(label)
    if origin.author.startswith(("U", "W")):  # others are bots, whom Slack cannot mention
        link = say(_("{message} by {person}"), message=link, person=kit.person(origin.author))
    return say("{message}  ·  {noted}", message=link, noted=noted)


def ended_line(promise: Promise) -> Mrkdwn:
    """A promise that was kept or settled, and how it ended."""
    said = kit.cut(" ".join(promise.said.split()), 120)
    return say("{mark} {said}\n{how}", mark=MARKS[promise.state], said=said, how=ended_words(promise))


def ended_words(promise: Promise) -> Mrkdwn:
    """How a promise ended, by whom and when, and what was agreed with the client."""
    by = kit.person(promise.closed_by) if promise.closed_by else say(_("somebody"))
    day = kit.on_day(promise.closed_at) if promise.closed_at else Mrkdwn("–")
    words = say(_("_{state}, {person}, {day}_"), state=promise.state.title, person=by, day=day)
    return say("{words}  {how}", words=words, how=kit.cut(" ".join(promise.how.split()), 200)) if promise.how else words


MARKS = {
    PromiseState.OPEN: Mrkdwn(":white_large_square:"),
    PromiseState.KEPT: Mrkdwn(":white_check_mark:"),
    PromiseState.SETTLED: Mrkdwn(":handshake:"),
}
"""What stands beside the word for how a promise stands."""


@reminds(PromiseDue)
def promise_due(subject: Subject[Promise], playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """A promise whose day has come, with the buttons to deal with it; once dealt with, what became of it instead."""
    promise, reminder = subject.record, subject.reminder
    blocks = [kit.section(sentence), kit.section(kit.quote(promise.said))]
    if reminder.state is not ReminderState.TOLD:
        return [*blocks, kit.context(promise_outcome(subject))]
    buttons = kit.actions(
        kit.button(ids.PRESS_DONE, _("Kept"), reminder.id, style="primary"),
        kit.button(ids.PRESS_SETTLE, _("Settled…"), promise.id),
        snooze_menu(reminder),
        open_button(promise.of),
    )
    return [*blocks, kit.context(came_from(promise)), buttons, kit.context(why(subject, playbook))]


def promise_outcome(subject: Subject[Promise]) -> Mrkdwn:
    """What became of the reminder of a promise."""
    promise, reminder = subject.record, subject.reminder
    if reminder.state is ReminderState.WAITING:
        return say(_(":zzz: Comes back {when}."), when=kit.when(reminder.due_at))
    if reminder.state is ReminderState.CANCELLED:
        return say(_("{code} is lost; nobody is reminded of this any more."), code=promise.code)
    return say("{mark} {how}", mark=MARKS[promise.state], how=ended_words(promise))


@because(PromiseDue.kind)
def _why(subject: Subject[Promise], _playbook: SalesPlaybook) -> Mrkdwn:
    promise = subject.record
    if promise.keeper is None:
        return say(_("You get this because you own {code}, and nobody else keeps this promise."), code=promise.code)
    return say(_("You get this because you keep this promise about {code}."), code=promise.code)


@in_digest("promise")
def _line(subject: Subject[Promise], _playbook: SalesPlaybook) -> Block:
    promise = subject.record
    said = kit.cut(" ".join(promise.said.split()), kit.MOST_IN_LINE)
    what = say(
        _("*{code}*  promised: {said}\nwas due {when}"),
        code=promise.code,
        said=said,
        when=kit.when(subject.reminder.due_at),
    )
    return kit.section(what, open_button(promise.of, _("Open")))


shows(PromiseGiven)(lambda facts, _playbook, sentence: promise_given(facts["promise"], sentence))
