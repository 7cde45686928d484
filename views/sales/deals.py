"""Deals as people see them: the live card, the page, the gate that is shut, and lists."""

from dataclasses import replace
from datetime import datetime

from babel.numbers import format_currency

from domain.core.language import _, language, plural
from domain.core.operations import may_undo
from domain.core.people import Actor
from domain.playbook.evidence import Evidence, RecordKind
from domain.playbook.gates import GateClosed
from domain.playbook.sales_rules import SalesPlaybook
from domain.playbook.stages import Stage
from domain.sales.channels import DealChannelOpened
from domain.sales.deal_route import stage_of, variant_of
from domain.sales.deals import (
    PLAN_STEP,
    SEE_DEALS,
    STEER_DEAL,
    WORK_ON_DEAL,
    Deal,
    DealGiven,
    DealOpened,
    DealOutcome,
    Money,
)
from domain.sales.documents import QUESTIONS, Document, NeedsBrief
from domain.sales.leads import Lead
from domain.sales.pages import DealList, DealPage
from views import ids, kit
from views.core.additions import Addition, added, added_choices, card_lines, page_buttons
from views.core.operations import operation_line
from views.core.page_sections import PageSection, page_sections, sections_of
from views.core.records import Opening, opens
from views.kit import Block, Mrkdwn, View, say
from views.rights import may_press, needs
from views.sales.leads import touch_lines
from views.shown import makes, shows

needs(ids.PRESS_SHOW_DEAL, ids.PRESS_MY_DEALS, ids.PRESS_DEAL_CHART, ids.PRESS_OUTDATED, ids.PRESS_MORE_OF_DEAL)(
    SEE_DEALS
)
needs(ids.PRESS_TOUCH_DEAL, ids.PRESS_BRIEF, ids.PRESS_ATTACH)(WORK_ON_DEAL)
needs(ids.PRESS_PLAN_DEAL)(PLAN_STEP)
needs(ids.PRESS_MOVE_DEAL, ids.PRESS_HAND_OVER, ids.PRESS_FOLLOW)(STEER_DEAL)
needs(*(f"{ids.PRESS_MORE_OF_DEAL}:{choice}" for choice in ("back", "variant", "hand_over", "lose")))(STEER_DEAL)

MORE_OPEN, MORE_BACK, MORE_VARIANT, MORE_HAND_OVER, MORE_LOSE = "open", "back", "variant", "hand_over", "lose"
"""The rarer things to do with a deal."""
MOST_SHOWN = 5
"""Touches and documents that a page shows."""


def deal_card(page: DealPage, playbook: SalesPlaybook, *, is_page: bool = False) -> list[Block]:
    """The live card of a deal: where it stands, what its gate still asks for, and what can be done now."""
    deal, progress, playbook = page.deal, page.deal.progress, page.sales or playbook
    page = replace(page, sales=playbook)
    blocks = [kit.section(headline(deal, playbook), more_menu(deal, is_page=is_page) if deal.is_running else None)]
    if progress is None:
        return [*blocks, kit.context(taken_over(deal))]
    stage = stage_of(deal, playbook)
    if stage is None:
        return [*blocks, kit.section(say(_(":warning: Its process skips the stage it is in.")))]
    blocks.append(
        kit.fields(
            [
                (_("Owner"), kit.person(deal.owner) if deal.owner else _("nobody")),
                (_("Stage"), stage_words(stage, progress.since)),
                (_("Worth"), worth(deal, stage)),
                (_("Signature expected"), kit.day(progress.expected_on) if progress.expected_on else _("Not set")),
                (_("Next step"), step_words(deal)),
                (_("Last touch"), kit.on_day(page.touches[0].at) if page.touches else _("none yet")),
            ]
        )
    )
    if not deal.is_running:
        return [*blocks, kit.context(ending(deal, playbook), *added(card_lines, "deal", page))]
    blocks.append(kit.section(gate_words(stage, page, playbook)))
    blocks.append(kit.context(*added(card_lines, "deal", page)))
    return [*blocks, deal_buttons(page, stage, playbook)]


def headline(deal: Deal, playbook: SalesPlaybook) -> Mrkdwn:
    """Code, company, title and how it stands, in two lines."""
    company = deal.account.name if deal.account else _("no account")
    outcome = {DealOutcome.WON: _("won"), DealOutcome.LOST: _("lost")}.get(deal.outcome)
    state = outcome or (_(variant_of(deal, playbook).title) if deal.progress else _("imported"))
    return say(
        _("*{code} · {company}*  {state}\n{title}"), code=deal.code, company=company, state=state, title=deal.title
    )


def stage_words(stage: Stage, since: datetime) -> Mrkdwn:
    """The stage and since when."""
    return say(_("{stage}\nsince {day}"), stage=_(stage.title), day=kit.on_day(since))


def money_words(value: Money) -> str:
    """An exact amount with its currency, as the reader's language writes it."""
    return format_currency(value.amount, value.currency, locale=language().replace("-", "_"))


def worth(deal: Deal, stage: Stage) -> Mrkdwn:
    """The amount, and how likely it is at this stage."""
    amount = money_words(deal.value) if deal.value else _("Not set")
    if stage.probability is None or not deal.is_running:
        return say("{amount}", amount=amount)
    return say(_("{amount}\n{percent} % likely"), amount=amount, percent=stage.probability)


def step_words(deal: Deal) -> Mrkdwn:
    """What is done next and when, or that nobody has said."""
    progress = deal.progress
    if progress is None or not deal.is_running:
        return say("–")
    if progress.next_step is None or progress.next_at is None:
        return say(_(":warning: No next step yet"))
    return say(_("{step}\n{day}"), step=kit.cut(progress.next_step, 120), day=kit.on_day(progress.next_at))


def gate_words(stage: Stage, page: DealPage, playbook: SalesPlaybook) -> Mrkdwn:
    """What is needed to leave the stage, with a mark at what is there."""
    if not stage.gate:
        return say(_("Nothing is needed to leave this stage."))
    marks = {True: Mrkdwn(":white_check_mark:"), False: Mrkdwn(":white_large_square:")}
    lines = [say("{mark} {what}", mark=marks[one in page.met], what=one.title) for one in stage.gate]
    following = [_(title_of(stage_id, playbook)) for stage_id in stage.next]
    title = say(_("*Needed for {stage}*"), stage=", ".join(following) or _("the end"))
    return Mrkdwn("\n".join([title, *lines]))


def title_of(stage_id: str, playbook: SalesPlaybook) -> str:
    """A stage's title; one that the playbook no longer has is called by its id."""
    return next((stage.title for stage in playbook.stages if stage.id == stage_id), stage_id)


def _from_leads(page: DealPage) -> Mrkdwn | None:
    codes = ", ".join(lead.code for lead in page.leads)
    return say(_("From {leads}"), leads=codes) if codes and page.deal.is_running else None


def _brief_on_card(page: DealPage) -> Mrkdwn | None:
    return brief_line(page.brief) if page.deal.is_running else None


def _document_count(page: DealPage) -> Mrkdwn | None:
    count = len(page.documents)
    is_said = count and page.deal.is_running
    return say(plural("{count} document", "{count} documents", count), count=count) if is_said else None


def _kind_of_client(page: DealPage) -> Mrkdwn | None:
    kind = page.deal.progress.client_type if page.deal.progress and page.deal.is_running else None
    return say("{kind}", kind=_(page.sales.client_types.get(kind, ""))) if kind and page.sales else None


card_lines("deal.leads")(Addition(10, _from_leads))
card_lines("deal.brief")(Addition(30, _brief_on_card))
card_lines("deal.documents")(Addition(40, _document_count))
card_lines("deal.client_type")(Addition(60, _kind_of_client))


def brief_line(brief: NeedsBrief | None) -> Mrkdwn:
    """Which version of the needs brief counts, and what it leaves open."""
    if brief is None:
        return say(_("No needs brief yet"))
    if not brief.unanswered:
        return say(_("Needs brief {version}, complete"), version=brief.version)
    asked = questions()
    opened = ", ".join(asked[name].casefold() for name in brief.unanswered)
    return say(_("Needs brief {version}, unanswered: {open}"), version=brief.version, open=opened)


def questions() -> dict[str, str]:
    """The questions of the needs brief, by name."""
    labels = (_("Basic needs"), _("Pain points"), _("Expected goals"))
    return dict(zip(QUESTIONS, labels, strict=True))


def taken_over(deal: Deal) -> Mrkdwn:
    """What another system said of a deal: kept as history, not reached by evidence."""
    sentence = _("Imported from {source} as it was there: {stage}, {outcome}. It did not go through our process.")
    stage = deal.stage or _("no stage")
    return say(sentence, source=deal.source or _("another system"), stage=stage, outcome=deal.outcome.title)


def ending(deal: Deal, playbook: SalesPlaybook) -> Mrkdwn:
    """Why a deal is over."""
    assert deal.progress is not None
    reason = _(playbook.lost_reasons.get(deal.progress.lost_for or "", deal.progress.lost_for or "–"))
    day = kit.day(deal.closed_on) if deal.closed_on else "–"
    sentence = say(_("Lost on {day}: {reason}."), day=day, reason=reason)
    return say("{said} {remark}", said=sentence, remark=deal.progress.remark) if deal.progress.remark else sentence


def deal_buttons(page: DealPage, stage: Stage, playbook: SalesPlaybook) -> Block:
    """What can be done with a running deal, the likeliest first."""
    deal = page.deal
    buttons = (
        onward_button(page, stage, playbook),
        kit.button(ids.PRESS_TOUCH_DEAL, _("Log a touch"), deal.id),
        kit.button(ids.PRESS_BRIEF, _("Needs brief"), deal.id),
        kit.button(ids.PRESS_ATTACH, _("Attach a file"), deal.id),
        kit.button(ids.PRESS_PLAN_DEAL, _("Plan"), deal.id),
    )
    return kit.actions(*(one for one in buttons if one and may_press(one["action_id"], stage.role)))


def onward_button(page: DealPage, stage: Stage, playbook: SalesPlaybook) -> Block | None:
    """The button that moves a deal to the stage that follows, if one does; it stands out once the gate is open."""
    following = next(iter(stage.next), None)
    if following is None:
        return None
    label = _("On to {stage}").format(stage=_(title_of(following, playbook)))
    style = None if stage.missing(page.met) else "primary"
    return kit.button(ids.PRESS_MOVE_DEAL, label, f"{page.deal.id}:{following}", style=style)


def more_menu(deal: Deal, *, is_page: bool) -> Block | None:
    """What is done rarely with a running deal; Slack takes five choices, so the rarest stands on the page alone."""
    choices = {
        MORE_BACK: _("Move back…"),
        MORE_HAND_OVER: _("Hand over…"),
        MORE_LOSE: _("Lost…"),
        **added_choices("deal"),
    }
    choices = {MORE_VARIANT: _("Process…"), **choices} if is_page else {MORE_OPEN: _("Open"), **choices}
    return kit.overflow(ids.PRESS_MORE_OF_DEAL, {f"{deal.id}:{value}": label for value, label in choices.items()})


def deal_page_view(page: DealPage, actor: Actor, playbook: SalesPlaybook) -> View:
    """Everything about one deal, in a modal; what the reader may undo stands on top."""
    blocks = deal_card(page, playbook, is_page=True)
    if page.operation and may_undo(page.operation, actor, page.now):
        blocks = [operation_line(page.operation, actor, page.now), kit.divider(), *blocks]
    if page.is_outdated:
        words = say(_("This deal follows an older playbook."))
        blocks.append(kit.section(words, kit.button(ids.PRESS_FOLLOW, _("Follow today's"), page.deal.id)))
    if buttons := added(page_buttons, "deal", page):
        blocks.append(kit.actions(*buttons))
    blocks += sections_of("deal", page.deal.id, page, actor)
    return kit.modal(ids.SHOW_DEAL, page.deal.code, blocks, about=page.deal.id)


def _account_button(page: DealPage) -> Block | None:
    account = page.deal.account
    label = _("Account {code}").format(code=account.code) if account else ""
    return kit.button(ids.PRESS_SHOW_ACCOUNT, label, account.id) if account else None


def _chart_button(page: DealPage) -> Block | None:
    is_on_chart = page.deal.progress is not None
    return kit.button(ids.PRESS_DEAL_CHART, _("Its place on the chart"), page.deal.id) if is_on_chart else None


page_buttons("deal.account")(Addition(30, _account_button))
page_buttons("deal.chart")(Addition(40, _chart_button))
opens("deal")(Opening(ids.PRESS_SHOW_DEAL, lambda: _("Open deal")))


def brief_lines(brief: NeedsBrief) -> list[Block]:
    """The needs brief as it reads now."""
    answers = [
        kit.section(
            say(_("*{question}*\n{answer}"), question=label, answer=getattr(brief, name) or _("not answered yet"))
        )
        for name, label in questions().items()
    ]
    written = say(
        _("Needs brief, version {version}, {person}, {when}"),
        version=brief.version,
        person=kit.person(brief.by),
        when=kit.when(brief.at),
    )
    return [*answers, kit.context(written)]


def document_line(document: Document) -> Mrkdwn:
    """A document: what it is, and since when it is kept."""
    title = kit.link(document.permalink, document.title) if document.permalink else kit.escape(document.title)
    return say(
        _("{title}  {kind}, {when}"),
        title=title,
        kind=document.kind.title,
        when=kit.on_day(document.at),
    )


def gate_modal(refused: GateClosed, kind: RecordKind, record_id: int) -> View:
    """Says what a record's gate misses, each with the button that makes it, where the evidence is about a record of its own kind."""
    title = say(
        _("*{code}* cannot leave *{stage}* yet. This is missing:"), code=refused.code, stage=_(refused.stage.title)
    )
    lines = []
    for evidence in refused.missing:
        made_by = makes.get(evidence) if evidence.kind is kind else None
        lines.append(
            kit.section(say(":white_large_square: {what}", what=evidence.title), made_by and made_by(record_id))
        )
    return kit.modal(ids.SHOW_GATE, _("Not yet"), [kit.section(title), *lines], about=record_id)


def deal_line(deal: Deal, playbook: SalesPlaybook, *, shows_owner: bool = False) -> Block:
    """A deal in a list."""
    company = kit.cut(deal.account.name if deal.account else _("no account"), kit.MOST_IN_LINE)
    progress = deal.progress if deal.is_running else None
    where = _(title_of(progress.stage, playbook)) if progress else deal.outcome.title
    amount = money_words(deal.value) if deal.value else _("no amount")
    head = say(
        _("*{code} · {company}*  {where}, {amount}"), code=deal.code, company=company, where=where, amount=amount
    )
    step = (
        step_words(deal).replace("\n", " · ") if deal.is_running else kit.escape(kit.cut(deal.title, kit.MOST_IN_LINE))
    )
    owner = say(" · {person}", person=kit.person(deal.owner)) if shows_owner and deal.owner else Mrkdwn("")
    return kit.section(Mrkdwn(f"{head}\n{step}{owner}"), kit.button(ids.PRESS_SHOW_DEAL, _("Open"), deal.id))


def deal_list(title: str, found: DealList, playbook: SalesPlaybook, *, shows_owner: bool = False) -> list[Block]:
    """A list of deals."""
    if not found.deals:
        hint = _("No deals here. A lead becomes one with *Make it a deal* on its card.")
        return [kit.header(title), kit.section(say(hint))]
    lines = kit.fitting([deal_line(deal, playbook, shows_owner=shows_owner) for deal in found.deals])
    return [kit.header(title), *lines, *kit.more(found.total - len(lines))]


def deal_list_modal(title: str, found: DealList, playbook: SalesPlaybook) -> View:
    """A list of deals in a modal."""
    return kit.modal(ids.LIST_DEALS, title, deal_list(title, found, playbook))


def outdated_modal(found: DealList, playbook: SalesPlaybook) -> View:
    """The running deals that follow an older playbook; each can be let follow today's, and is gone from here then."""
    title = _("Older playbooks")
    if not found.deals:
        done = say(_(":white_check_mark: Every deal on its way follows today's playbook."))
        return kit.modal(ids.LIST_OUTDATED, title, [kit.section(done)])
    words = plural(
        "{count} deal follows an older playbook. Let it follow today's, or leave it as it is: nothing has to be done.",
        "{count} deals follow an older playbook. Let each follow today's, or leave it as it is: nothing has to be done.",
        found.total,
    )
    lines = kit.fitting(
        [
            deal_line(deal, playbook, shows_owner=True)
            | {"accessory": kit.button(ids.PRESS_FOLLOW, _("Follow today's"), deal.id)}
            for deal in found.deals
        ]
    )
    return kit.modal(ids.LIST_OUTDATED, title, [kit.section(say(words, count=found.total)), *lines])


shows(DealOpened, DealChannelOpened)(lambda facts, playbook, _sentence: deal_card(facts["deal"], playbook))
shows(DealGiven)(lambda facts, playbook, sentence: [kit.section(sentence), *deal_card(facts["deal"], playbook)])

makes(Evidence.FIRST_TALK_LOGGED)(lambda deal_id: kit.button(ids.PRESS_TOUCH_DEAL, _("Log a touch"), deal_id))
makes(Evidence.NEEDS_BRIEF_COMPLETE)(lambda deal_id: kit.button(ids.PRESS_BRIEF, _("Needs brief"), deal_id))
makes(Evidence.SOLUTION_ATTACHED)(lambda deal_id: kit.button(ids.PRESS_ATTACH, _("Attach a file"), deal_id))


def _lead_entry(lead: Lead) -> list[Block]:
    said = say(_("*From {code}*  {said}"), code=lead.code, said=kit.cut(lead.said, 150))
    return [kit.section(said, kit.button(ids.PRESS_SHOW, _("Open"), lead.id))]


page_sections("deal.leads")(
    PageSection(20, lambda page, _actor: [_lead_entry(lead) for lead in page.leads], lambda: _("Leads"))
)
page_sections("deal.brief")(
    PageSection(40, lambda page, _actor: [brief_lines(page.brief)] if page.brief else [], lambda: _("Needs brief"))
)
page_sections("deal.documents")(
    PageSection(
        50,
        lambda page, _actor: [[kit.section(document_line(document))] for document in page.documents],
        lambda: _("Documents"),
    )
)
page_sections("deal.touches")(
    PageSection(60, lambda page, _actor: [[touch_lines(touch)] for touch in page.touches], lambda: _("Touches"))
)
