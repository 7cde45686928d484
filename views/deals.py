"""Deals as people see them: the live card, the page, the gate that is shut, lists, and the pipeline."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from babel.numbers import format_currency

from domain.deal_papers import QUESTIONS, Document, NeedsBrief
from domain.deals import Deal, DealOutcome, Money, PipelineLine
from domain.evidence import Evidence, RecordKind
from domain.gates import GateClosed, road_of, seen, variant_of
from domain.language import _, language, plural
from domain.operations import may_undo
from domain.people import Actor
from domain.playbook import SalesPlaybook
from domain.stages import Stage
from domain.usecases.deal_pages import DealPage
from domain.usecases.pipeline import DealList, Pipeline
from views import ids, kit
from views.kit import Block, Mrkdwn, View, say
from views.leads import touch_lines
from views.operations import operation_line

MORE_OPEN, MORE_BACK, MORE_VARIANT, MORE_HAND_OVER, MORE_LOSE = "open", "back", "variant", "hand_over", "lose"
"""The rarer things to do with a deal."""
MOST_ROWS = 100
"""Rows of a table in Slack."""
MOST_SHOWN = 5
"""Touches and documents that a page shows."""


def deal_card(page: DealPage, playbook: SalesPlaybook, *, is_page: bool = False) -> list[Block]:
    """The live card of a deal: where it stands, what its gate still asks for, and what can be done now."""
    deal, progress, playbook = page.deal, page.deal.progress, page.sales or playbook
    blocks = [kit.section(headline(deal, playbook), more_menu(deal, is_page=is_page) if deal.is_running else None)]
    if progress is None:
        return [*blocks, kit.context(taken_over(deal))]
    stage = stage_of(deal, playbook)
    blocks.append(
        kit.fields(
            [
                (_("Owner"), kit.person(deal.owner) if deal.owner else _("nobody")),
                (_("Stage"), stage_words(stage, progress.since)),
                (_("Worth"), worth(deal, stage)),
                (_("Signature expected"), kit.day(progress.expected_on) if progress.expected_on else _("not said yet")),
                (_("Next step"), step_words(deal)),
                (_("Last touch"), kit.on_day(page.touches[0].at) if page.touches else _("none yet")),
            ]
        )
    )
    if not deal.is_running:
        return [*blocks, kit.context(ending(deal, playbook), *channel_line(page))]
    blocks.append(kit.section(gate_words(stage, page, playbook)))
    blocks.append(kit.context(*came_from(page, playbook), *channel_line(page)))
    return [*blocks, deal_buttons(page, stage, playbook)]


def headline(deal: Deal, playbook: SalesPlaybook) -> Mrkdwn:
    """Code, company, title and how it stands, in two lines."""
    company = deal.account.name if deal.account else _("no account")
    outcome = {DealOutcome.WON: _("won"), DealOutcome.LOST: _("lost")}.get(deal.outcome)
    state = outcome or (_(variant_of(deal, playbook).title) if deal.progress else _("taken over"))
    return say(
        _("*{code} · {company}*  {state}\n{title}"), code=deal.code, company=company, state=state, title=deal.title
    )


def stage_of(deal: Deal, playbook: SalesPlaybook) -> Stage:
    """The stage in which a deal stands, as it is on its road."""
    assert deal.progress is not None
    return next(stage for stage in road_of(deal, playbook) if stage.id == deal.progress.stage)


def stage_words(stage: Stage, since: datetime) -> Mrkdwn:
    """The stage and since when."""
    return say(_("{stage}\nsince {day}"), stage=_(stage.title), day=kit.on_day(since))


def money_words(value: Money) -> str:
    """An exact amount with its currency, as the reader's language writes it."""
    return format_currency(value.amount, value.currency, locale=language().replace("-", "_"))


def worth(deal: Deal, stage: Stage) -> Mrkdwn:
    """The amount, and how likely it is at this stage."""
    amount = money_words(deal.value) if deal.value else _("not known yet")
    if stage.probability is None or not deal.is_running:
        return say("{amount}", amount=amount)
    return say(_("{amount}\n{percent} % likely"), amount=amount, percent=stage.probability)


def step_words(deal: Deal) -> Mrkdwn:
    """What is done next and when, or that nobody has said."""
    progress = deal.progress
    if progress is None or not deal.is_running:
        return say("–")
    if progress.next_step is None or progress.next_at is None:
        return say(_(":warning: nobody has said"))
    return say(_("{step}\n{day}"), step=kit.cut(progress.next_step, 120), day=kit.on_day(progress.next_at))


def gate_words(stage: Stage, page: DealPage, playbook: SalesPlaybook) -> Mrkdwn:
    """What is needed to leave the stage, with a mark at what is there."""
    there = seen(page.exhibits)
    if not stage.gate:
        return say(_("Nothing is needed to leave this stage."))
    marks = {True: Mrkdwn(":white_check_mark:"), False: Mrkdwn(":white_large_square:")}
    lines = [say("{mark} {what}", mark=marks[one in there], what=one.sentence) for one in stage.gate]
    following = [_(title_of(stage_id, playbook)) for stage_id in stage.next]
    title = say(_("*Needed for {stage}*"), stage=", ".join(following) or _("the end"))
    return Mrkdwn("\n".join([title, *lines]))


def title_of(stage_id: str, playbook: SalesPlaybook) -> str:
    """A stage's title; one that the playbook no longer has is called by its id."""
    return next((stage.title for stage in playbook.stages if stage.id == stage_id), stage_id)


def came_from(page: DealPage, playbook: SalesPlaybook) -> list[Mrkdwn]:
    """The leads it came from, how much of its needs is known, and its documents."""
    codes = ", ".join(lead.code for lead in page.leads)
    lines = [say(_("From {leads}"), leads=codes)] if codes else []
    lines.append(brief_line(page.brief))
    if page.documents:
        count = plural("{count} document", "{count} documents", len(page.documents)).format(count=len(page.documents))
        lines.append(say("{count}", count=count))
    if page.deal.progress and page.deal.progress.client_type:
        lines.append(say("{kind}", kind=_(playbook.client_types.get(page.deal.progress.client_type, ""))))
    return lines


def channel_line(page: DealPage) -> list[Mrkdwn]:
    """The channel that the deal has of its own, if it has one."""
    return [say(_("Channel {channel}"), channel=kit.channel(page.channel))] if page.channel else []


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
    sentence = _("Taken over from {source} as it stood there: {stage}, {outcome}. It did not pass our own gates.")
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
    is_open = not stage.missing(seen(page.exhibits))
    onward = [
        kit.button(
            ids.PRESS_MOVE_DEAL,
            _("On to {stage}").format(stage=_(title_of(stage_id, playbook))),
            f"{deal.id}:{stage_id}",
            style="primary" if is_open else None,
        )
        for stage_id in stage.next[:1]
    ]
    return kit.actions(
        *onward,
        kit.button(ids.PRESS_TOUCH_DEAL, _("Log a touch"), deal.id),
        kit.button(ids.PRESS_BRIEF, _("Needs brief"), deal.id),
        kit.button(ids.PRESS_ATTACH, _("Attach a file"), deal.id),
        kit.button(ids.PRESS_PLAN_DEAL, _("Plan"), deal.id),
    )


def more_menu(deal: Deal, *, is_page: bool) -> Block:
    """What is done rarely with a running deal."""
    choices = {} if is_page else {MORE_OPEN: _("Open")}
    choices |= {
        MORE_BACK: _("Move back…"),
        MORE_VARIANT: _("Another road…"),
        MORE_HAND_OVER: _("Hand over…"),
        MORE_LOSE: _("Lost…"),
    }
    return kit.overflow(ids.PRESS_MORE_OF_DEAL, {f"{deal.id}:{value}": label for value, label in choices.items()})


def deal_page_view(page: DealPage, actor: Actor, playbook: SalesPlaybook) -> View:
    """Everything about one deal, in a modal; what the reader may undo stands on top."""
    blocks = deal_card(page, playbook, is_page=True)
    if page.operation and may_undo(page.operation, actor, page.now):
        blocks = [operation_line(page.operation, actor, page.now), kit.divider(), *blocks]
    account = page.deal.account
    label = _("Account {code}").format(code=account.code) if account else ""
    chart = kit.button(ids.PRESS_DEAL_CHART, _("Its place on the chart"), page.deal.id) if page.deal.progress else None
    if account or chart:
        about = kit.button(ids.PRESS_SHOW_ACCOUNT, label, account.id) if account else None
        blocks.append(kit.actions(about, chart))
    for lead in page.leads[:MOST_SHOWN]:
        said = say(_("*From {code}*  {said}"), code=lead.code, said=kit.cut(lead.said, 150))
        blocks.append(kit.section(said, kit.button(ids.PRESS_SHOW, _("Open"), lead.id)))
    if page.brief:
        blocks += [kit.divider(), *brief_lines(page.brief)]
    if page.documents:
        blocks += [kit.divider(), kit.section(Mrkdwn("\n".join(map(document_line, page.documents[:MOST_SHOWN]))))]
    if page.touches:
        blocks += [kit.divider(), *(touch_lines(touch) for touch in page.touches[:MOST_SHOWN])]
    return kit.modal(ids.SHOW_DEAL, page.deal.code, blocks, about=page.deal.id)


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
    """A document: what it is, and what it is known again by."""
    title = kit.link(document.permalink, document.title) if document.permalink else kit.escape(document.title)
    return say(
        _("{title}  {kind}, {when}, SHA-256 `{digest}`"),
        title=title,
        kind=document.kind.title,
        when=kit.on_day(document.at),
        digest=document.sha256[:12],
    )


def gate_modal(refused: GateClosed, kind: RecordKind, record_id: int) -> View:
    """Says what a record's gate misses, each with the button that makes it, where the evidence is about a record of its own kind."""
    title = say(
        _("*{code}* cannot leave *{stage}* yet. This is missing:"), code=refused.code, stage=_(refused.stage.title)
    )
    lines, makes = [], makers()
    for evidence in refused.missing:
        button = kit.button(*makes[evidence], record_id) if evidence in makes and evidence.kind is kind else None
        lines.append(kit.section(say(":white_large_square: {what}", what=evidence.sentence), button))
    return kit.modal(ids.SHOW_GATE, _("Not yet"), [kit.section(title), *lines], about=record_id)


def makers() -> dict[Evidence, tuple[str, str]]:
    """The button that makes each piece of evidence, and what it says."""
    return {
        Evidence.LEAD_OWNED: (ids.PRESS_CLAIM, _("Claim")),
        Evidence.LEAD_SCREENED: (ids.PRESS_SCREEN, _("Screen")),
        Evidence.FIRST_TALK_LOGGED: (ids.PRESS_TOUCH_DEAL, _("Log a touch")),
        Evidence.NEEDS_BRIEF_COMPLETE: (ids.PRESS_BRIEF, _("Needs brief")),
        Evidence.SOLUTION_ATTACHED: (ids.PRESS_ATTACH, _("Attach a file")),
    }


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
    rest = found.total - len(lines)
    more = [kit.context(say(_("and {rest} more"), rest=rest))] if rest > 0 else []
    return [kit.header(title), *lines, *more]


def deal_list_modal(title: str, found: DealList, playbook: SalesPlaybook) -> View:
    """A list of deals in a modal."""
    return kit.modal(ids.LIST_DEALS, title, deal_list(title, found, playbook))


def pipeline_blocks(pipeline: Pipeline, playbook: SalesPlaybook) -> list[Block]:
    """The running deals by stage, with sums by currency, and what was taken over below them, in the one table that a message takes."""
    header = kit.header(_("My pipeline") if pipeline.is_own else _("Pipeline"))
    lines = (*pipeline.running, *pipeline.taken_over)
    if not lines:
        return [header, kit.section(say(_("No deals are on their way.")))]
    currencies = sorted({line.currency for line in lines if line.currency})
    titles = {stage.id: _(stage.title) for stage in playbook.stages}
    rows = [_row([_("Stage"), _("Deals"), *currencies])]
    rows += _rows_of(pipeline.running, titles, currencies, _("On their way"))
    rows += _rows_of(pipeline.taken_over, {}, currencies, _("Taken over"))
    settings = [{"is_wrapped": True}, *({"align": "right"} for _column in [0, *currencies])]
    blocks = [header, {"type": "table", "column_settings": settings[:20], "rows": rows[:MOST_ROWS]}]
    if pipeline.taken_over:
        words = _("Taken over: deals of other systems as they stood there. They did not pass our own gates.")
        blocks.append(kit.context(say(words)))
    return blocks


def _rows_of(
    lines: Sequence[PipelineLine], titles: Mapping[str, str], currencies: Sequence[str], together: str
) -> list[list[Block]]:
    """A row for each stage, in the order of `titles` and then as they come, and one that sums them."""
    if not lines:
        return []
    known = dict.fromkeys(line.stage or _("no stage") for line in lines)
    order = [*(stage for stage in titles if stage in known), *(stage for stage in known if stage not in titles)]
    rows = []
    for stage in order:
        here = [line for line in lines if (line.stage or _("no stage")) == stage]
        rows.append(_counted(titles.get(stage, stage), here, currencies))
    return [*rows, _counted(together, lines, currencies)]


def _counted(title: str, lines: Sequence[PipelineLine], currencies: Sequence[str]) -> list[Block]:
    return _row([title, str(sum(line.count for line in lines)), *_sums(lines, currencies)])


def _sums(lines: Sequence[PipelineLine], currencies: Sequence[str]) -> list[str]:
    sums = {code: sum(line.amount or Decimal(0) for line in lines if line.currency == code) for code in currencies}
    return [money_words(Money(amount=Decimal(sums[code]), currency=code)) if sums[code] else "–" for code in currencies]


def _row(cells: Sequence[str]) -> list[Block]:
    return [{"type": "raw_text", "text": cell or "–"} for cell in cells]
