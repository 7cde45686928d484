"""Deals, as the shared tests need them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from domain.core.reminders import ReminderState, Subject
from domain.playbook.evidence import Evidence, RecordKind
from domain.playbook.gates import GateClosed
from domain.sales.deals import Deal, DealOutcome, DealStageOver, DealStepDue, Money, Progress, SignatureLate
from domain.sales.documents import Document, DocumentKind, NeedsBrief
from domain.sales.pages import DealList, DealPage
from tests.firm import PLAYBOOK
from tests.nouns import gathered
from tests.views.facts import ADMIN, AT, Drawings, Facts, Sample, within_modal
from views import kit
from views.sales import deal_forms, deal_reminders, deals


def deal_of(given: Sample, **of_progress: Any) -> Deal:
    """The lead's deal."""
    text, who = given.lead.said or given.lead.account.name, given.lead.captured_by
    progress = Progress(
        stage="first_talk",
        since=AT,
        variant="standard",
        client_type="new",
        expected_on=AT.date(),
        next_step=text[:200],
        next_at=AT,
        last_touch_at=AT,
        opened_by=who,
    )
    return Deal(
        id=10**17,
        number=999_999,
        title=text[:150],
        account=given.lead.account,
        owner=given.lead.owner,
        value=Money(amount=Decimal("999999999999.99"), currency="EUR"),
        created_at=AT,
        progress=replace(progress, **of_progress),
    )


def deal_page_of(given: Sample, **of_progress: Any) -> DealPage:
    """The same with as much written and said about it as there can be."""
    deal, text, who = deal_of(given, **of_progress), given.lead.said or given.lead.account.name, given.lead.captured_by
    document = Document(
        id=1,
        kind=DocumentKind.SOLUTION,
        title=text[:200],
        slack_file="F1",
        permalink=given.lead.origin.permalink if given.lead.origin else None,
        sha256="ab" * 32,
        size=1,
        at=AT,
        by=who,
    )
    return DealPage(
        now=AT,
        deal=deal,
        leads=(given.lead,) * min(len(given.touches), 50),
        touches=given.touches,
        brief=NeedsBrief(needs=text[:3000], pains="", goals=text[:3000], version=1, at=AT, by=who),
        documents=(document,) * len(given.touches),
        parts={name.partition(".")[2]: part(given, deal.named) for name, part in gathered("ON_PAGES").items()},
        operation=given.operation,
        is_outdated=bool(given.touches),
    )


def lost_deal_of(given: Sample) -> DealPage:
    """The same, lost."""
    page = deal_page_of(given, lost_for="price", remark=given.lead.said or None, next_step=None, next_at=None)
    return replace(page, deal=replace(page.deal, outcome=DealOutcome.LOST, closed_on=AT.date()))


def old_deal_of(given: Sample) -> DealPage:
    """A deal taken over from another system."""
    page = deal_page_of(given)
    text = given.lead.account.name
    old = replace(page.deal, progress=None, outcome=DealOutcome.WON, stage=text, source=text, account=None, value=None)
    return DealPage(now=AT, deal=old)


def deals_of(given: Sample) -> DealList:
    """Deals of all kinds."""
    each = (deal_of(given), lost_deal_of(given).deal, old_deal_of(given).deal)
    count = len(given.listed.leads)
    return DealList(now=AT, deals=(each * 20)[:count], total=count * 9)


def gate_of(given: Sample) -> GateClosed:
    """A gate at which everything is missing that there is."""
    return GateClosed(deal_of(given).code, PLAYBOOK.stages[0], tuple(Evidence))


def step_of(given: Sample) -> Subject:
    """The next step of a deal, due."""
    reminder = replace(given.subject.reminder, kind=DealStepDue.kind)
    return Subject(reminder=reminder, record=deal_of(given))


def stage_over_of(given: Sample) -> Subject:
    """A deal that stands in its stage for too long."""
    reminder, page = replace(given.subject.reminder, kind=DealStageOver.kind), deal_page_of(given)
    return Subject(reminder=reminder, record=page.deal, page=page)


def signature_late_of(given: Sample) -> Subject:
    """A deal that was to be signed by now."""
    over = stage_over_of(given)
    return replace(over, reminder=replace(over.reminder, kind=SignatureLate.kind))


def ended(subject: Subject) -> Subject:
    """The same once somebody has done what it asks for."""
    closed = replace(
        subject.reminder,
        state=ReminderState.DONE,
        closed_at=AT,
        closed_by=subject.reminder.member,
        outcome="went_on",
    )
    return replace(subject, reminder=closed)


REMINDERS = {"deals": step_of, "stages of deals": stage_over_of, "signatures": signature_late_of}

DRAWINGS: Drawings = {
    "deals.deal_card": lambda s: ("message", deals.deal_card(deal_page_of(s), PLAYBOOK)),
    "deals.deal_card lost": lambda s: ("message", deals.deal_card(lost_deal_of(s), PLAYBOOK)),
    "deals.deal_card taken over": lambda s: ("message", deals.deal_card(old_deal_of(s), PLAYBOOK)),
    "deals.deal_card off its route": lambda s: ("message", deals.deal_card(deal_page_of(s, stage="gone"), PLAYBOOK)),
    "deals.deal_page_view": lambda s: ("modal", deals.deal_page_view(deal_page_of(s), ADMIN, PLAYBOOK)),
    "deals.brief_lines": lambda s: within_modal(deals.brief_lines(deal_page_of(s).brief)),  # type: ignore[arg-type],
    "deals.gate_modal": lambda s: ("modal", deals.gate_modal(gate_of(s), RecordKind.DEAL, 10**17)),
    "deals.deal_list": lambda s: ("message", deals.deal_list("Deals", deals_of(s), PLAYBOOK, shows_owner=True)),
    "deals.deal_list_modal": lambda s: ("modal", deals.deal_list_modal("My deals", deals_of(s), PLAYBOOK)),
    "deals.outdated_modal": lambda s: ("modal", deals.outdated_modal(deals_of(s), PLAYBOOK)),
    "deal_forms.qualify_modal": lambda s: (
        "modal",
        deal_forms.qualify_modal(s.lead, [deal_of(s)] * 3, PLAYBOOK),
    ),
    "deal_forms.deal_questions": lambda s: within_modal(deal_forms.deal_questions("x", PLAYBOOK)),
    "deal_forms.plan_deal_modal": lambda s: (
        "modal",
        deal_forms.plan_deal_modal(deal_of(s), PLAYBOOK, s.settings.hours),
    ),
    "deal_forms.touch_deal_modal": lambda s: ("modal", deal_forms.touch_deal_modal(deal_of(s))),
    "deal_forms.brief_modal": lambda s: ("modal", deal_forms.brief_modal(deal_page_of(s))),
    "deal_forms.attach_modal": lambda s: ("modal", deal_forms.attach_modal(deal_of(s))),
    "deal_forms.move_back_modal": lambda s: (
        "modal",
        deal_forms.move_back_modal(deal_page_of(s, stage="analysis").deal, PLAYBOOK),
    ),
    "deal_forms.variant_modal": lambda s: ("modal", deal_forms.variant_modal(deal_of(s), PLAYBOOK)),
    "deal_forms.lose_modal": lambda s: ("modal", deal_forms.lose_modal(deal_of(s), PLAYBOOK)),
    "deal_forms.hand_over_modal": lambda s: ("modal", deal_forms.hand_over_modal(deal_of(s))),
    "deal_reminders.deal_step": lambda s: (
        "message",
        deal_reminders.deal_step(step_of(s), PLAYBOOK, kit.say("Next step")),
    ),
    "deal_reminders.deal_stage_over": lambda s: (
        "message",
        deal_reminders.deal_stage_over(stage_over_of(s), PLAYBOOK, kit.say("Over")),
    ),
    "deal_reminders.deal_stage_over gone on": lambda s: (
        "message",
        deal_reminders.deal_stage_over(ended(stage_over_of(s)), PLAYBOOK, kit.say("Over")),
    ),
    "deal_reminders.signature_late": lambda s: (
        "message",
        deal_reminders.signature_late(signature_late_of(s), PLAYBOOK, kit.say("Late")),
    ),
    "deal_reminders.signature_late planned anew": lambda s: (
        "message",
        deal_reminders.signature_late(ended(signature_late_of(s)), PLAYBOOK, kit.say("Late")),
    ),
}

FACTS: Facts = {
    "DealOpened": lambda s: {"deal": deal_page_of(s)},
    "DealGiven": lambda s: {"deal": deal_page_of(s), "by": s.lead.captured_by, "note": s.lead.said},
    "DealStepDue": lambda s: {"reminder": step_of(s)},
    "DealStageOver": lambda s: {"reminder": stage_over_of(s)},
    "SignatureLate": lambda s: {"reminder": signature_late_of(s)},
}
