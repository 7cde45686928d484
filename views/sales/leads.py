"""Leads as people see them: the live card, lists and the page."""

from datetime import datetime

from domain.core.language import _, plural
from domain.core.operations import may_undo
from domain.core.people import Actor, may
from domain.playbook.evidence import Evidence
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.leads import (
    CAPTURE_LEAD,
    CLAIM_LEAD,
    SCREEN_LEAD,
    SEE_LEADS,
    Lead,
    LeadAssigned,
    LeadCaptured,
    LeadGiven,
    LeadStatus,
    OriginFate,
    Touch,
    may_take_back,
)
from domain.sales.pages import LeadList, LeadPage
from domain.sales.phones import readable_phone
from domain.sales.screening import known_answers, score_answers
from views import ids, kit
from views.core.additions import added_choices
from views.core.operations import operation_line
from views.core.records import Opening, opens
from views.core.reminders import with_details
from views.kit import Block, Mrkdwn, View, say
from views.rights import needs
from views.sales.lead_owners import handing_on, take_button
from views.shown import makes, shows

needs(ids.PRESS_TAKE_BACK)(CAPTURE_LEAD)
needs(ids.PRESS_SHOW, ids.PRESS_MY_LEADS, ids.PRESS_TEAM_LEADS, ids.PRESS_MORE)(SEE_LEADS)
MORE_OPEN, MORE_EDIT, MORE_MERGE, MORE_UNLINK = "open", "edit", "merge", "unlink"
"""The rarer things to do with a lead."""


def lead_card(lead: Lead, playbook: SalesPlaybook, *, is_page: bool = False) -> list[Block]:
    """The live card of a lead; only what can be done now has a button, and what is done rarely stands behind the three dots."""
    blocks = [
        kit.section(lead_headline(lead, playbook), more_menu(lead, is_page=is_page)),
        kit.fields(
            [
                (_("Owner"), kit.person(lead.owner) if lead.owner else _("No owner")),
                (_("Next date"), kit.when(lead.next_at) if lead.next_at else _("none")),
                (_("Source"), playbook.channel_title(lead.source)),
                (_("Contact"), contact_line(lead) or _("Not set")),
            ]
        ),
    ]
    if lead.said:
        blocks.append(kit.section(kit.quote(lead.said)))
    if lead.score is not None:
        blocks.append(kit.context(score_reasons(lead, playbook)))
    blocks.append(kit.context(*origin_lines(lead)))
    if lead.is_open:
        blocks.append(lead_buttons(lead))
    elif lead.deal_id:
        label = _("Open D-{number}").format(number=lead.deal_number)
        words = say(_("Goes on as the deal *D-{number}*."), number=lead.deal_number)
        blocks.append(kit.section(words, kit.button(ids.PRESS_SHOW_DEAL, label, lead.deal_id)))
    elif lead.merged_into_id:
        taker = kit.button(
            ids.PRESS_SHOW, _("Open L-{number}").format(number=lead.merged_into_number), lead.merged_into_id
        )
        blocks.append(kit.section(ending(lead, playbook), taker))
    else:
        blocks.append(kit.context(ending(lead, playbook)))
    return blocks


def more_menu(lead: Lead, *, is_page: bool) -> Block | None:
    """What can be done with a lead besides its buttons; None where that is nothing."""
    choices = {} if is_page else {MORE_OPEN: _("Open")}
    if lead.is_open:
        choices |= {MORE_EDIT: _("Edit…"), MORE_MERGE: _("Merge with another…")}
        if lead.origin:
            choices[MORE_UNLINK] = _("Unlink the message")
    choices |= added_choices("lead")
    values = {f"{lead.id}:{value}": label for value, label in choices.items()}
    return kit.overflow(ids.PRESS_MORE, values) if values else None


def lead_headline(lead: Lead, playbook: SalesPlaybook) -> Mrkdwn:
    """Code, company and band in one line."""
    return say(
        _("*{code} · {company}*  {band}"), code=lead.code, company=lead.account.name, band=band_words(lead, playbook)
    )


def band_words(lead: Lead, playbook: SalesPlaybook) -> Mrkdwn:
    """Band and score, or that nobody has screened it; the word carries the meaning, the emoji only helps the eye."""
    band = playbook.band(lead.band)
    if lead.status is LeadStatus.DISQUALIFIED:
        return say(_("disqualified"))
    if lead.status is LeadStatus.MERGED:
        return say(_("merged"))
    if lead.status is LeadStatus.QUALIFIED:
        return say(_("goes on as a deal"))
    if band is None or lead.score is None:
        return say(_("not screened"))
    marks = [":fire:", ":sunny:", ":snowflake:"]
    position = playbook.bands.index(band)
    mark = marks[min(position, len(marks) - 1)]
    return say(_("{mark} {band}, {score} %"), mark=Mrkdwn(mark), band=_(band.title), score=lead.score)


def score_reasons(lead: Lead, playbook: SalesPlaybook) -> Mrkdwn:
    """Why the score is what it is, heaviest first. Answers a newer playbook has dropped are left out."""
    score = score_answers(known_answers(lead.answers, playbook), playbook)
    if score is None:
        return say(_("Screened by an earlier playbook."))
    reasons = [
        say(
            _("{criterion}: {answer} ({points}/{possible})"),
            criterion=_(reason.criterion),
            answer=_(reason.answer),
            points=reason.points,
            possible=reason.possible,
        )
        for reason in score.reasons
    ]
    return say(_("Why: {reasons}"), reasons=Mrkdwn(" · ".join(reasons)))


def contact_line(lead: Lead) -> Mrkdwn | None:
    """Name, e-mail and phone of the contact, as far as known."""
    if lead.contact is None:
        return None
    parts = [lead.contact.name, lead.contact.email, readable_phone(lead.contact.phone)]
    return Mrkdwn("\n".join(kit.escape(part) for part in parts if part)) or None


def origin_lines(lead: Lead) -> list[Mrkdwn]:
    """Who captured it and when, and the message it came from."""
    lines = [
        say(_("Captured by {person} {when}"), person=kit.person(lead.captured_by), when=kit.when(lead.captured_at))
    ]
    if lead.origin:
        source = _("a message by {author}")
        written = say(source, author=kit.person(lead.origin.author))
        lines.append(
            Mrkdwn(kit.link(lead.origin.permalink, _("Original message"))) if lead.origin.permalink else written
        )
    if lead.origin_fate is OriginFate.EDITED:
        lines.append(say(_("The message was edited since; the lead keeps what it said then.")))
    elif lead.origin_fate is OriginFate.DELETED:
        lines.append(say(_("The message was deleted since; the lead keeps what it said.")))
    if lead.last_touch_at:
        lines.append(say(_("Last touch {when}"), when=kit.on_day(lead.last_touch_at)))
    return lines


def ending(lead: Lead, playbook: SalesPlaybook) -> Mrkdwn:
    """Why a lead goes no further, and who decided, or which lead has taken its place."""
    if lead.merged_into_id:
        return say(
            _("Merged into *L-{number}*, which has its touches and everything else."), number=lead.merged_into_number
        )
    closer = kit.person(lead.disqualified_by) if lead.disqualified_by else say(_("somebody"))
    reason = _(playbook.reason_title(lead.disqualified_for)) if lead.disqualified_for else _("no reason given")
    sentence = say(_("Disqualified by {person}: {reason}."), person=closer, reason=reason)
    return say("{sentence} {remark}", sentence=sentence, remark=lead.remark) if lead.remark else sentence


def lead_buttons(lead: Lead) -> Block:
    """What can be done with an open lead, the likeliest first."""
    return kit.actions(
        take_button(lead),
        kit.button(ids.PRESS_TOUCH, _("Log a touch"), lead.id),
        kit.button(ids.PRESS_SCREEN, _("Screen") if lead.score is None else _("Screen again"), lead.id),
        kit.button(ids.PRESS_PLAN, _("Next date"), lead.id),
        kit.button(ids.PRESS_QUALIFY, _("Make it a deal"), lead.id),
        kit.button(ids.PRESS_DISQUALIFY, _("Disqualify"), lead.id),
        *handing_on(lead),
    )


def lead_given(lead: Lead, playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """Tells somebody that a lead is theirs now, with the first things to do."""
    buttons = kit.actions(
        kit.button(ids.PRESS_TOUCH, _("Log a touch"), lead.id, style="primary"),
        kit.button(ids.PRESS_SHOW, _("Open lead"), lead.id),
    )
    said = kit.escape(lead.said) if lead.said else None
    return [kit.section(with_details(sentence, band_words(lead, playbook), contact_line(lead), said)), buttons]


def lead_summary(lead: Lead) -> str:
    """One line for notifications and screen readers, escaped."""
    return say(
        _("{code} {company}: {said}"),
        code=lead.code,
        company=lead.account.name,
        said=kit.cut(lead.said, 150) or _("new lead"),
    )


def captured_reply(lead: Lead, actor: Actor, playbook: SalesPlaybook) -> list[Block]:
    """The answer to who captured a lead, with what they may do next."""
    due = kit.when(lead.next_at) if lead.next_at else Mrkdwn("–")
    captured = say(
        _("Captured *{code} · {company}*. First answer due {due}."), code=lead.code, company=lead.account.name, due=due
    )
    details = [say(_("Source: {source}"), source=_(playbook.channel_title(lead.source)))]
    if lead.owner:
        handed = _("It is handed out in turn: {person} has been told that it is theirs.")
        details.append(say(handed, person=kit.person(lead.owner)))
    if lead.score is None:
        details.append(say(_("Not screened yet: a score brings hot leads to the top.")))
    may_claim = lead.owner is None and may(actor.roles, CLAIM_LEAD)
    buttons = kit.actions(
        kit.button(ids.PRESS_CLAIM, _("Claim"), lead.id, style="primary") if may_claim else None,
        kit.button(ids.PRESS_SCREEN, _("Screen"), lead.id) if may(actor.roles, SCREEN_LEAD) else None,
        kit.button(ids.PRESS_SHOW, _("Open"), lead.id),
        kit.button(ids.PRESS_TAKE_BACK, _("Undo"), lead.id) if may_take_back(lead, actor, lead.captured_at) else None,
    )
    return [kit.section(captured), kit.context(*details), buttons]


def captured_modal(lead: Lead, actor: Actor, playbook: SalesPlaybook) -> View:
    """The same in a modal, where there is no channel to say it in."""
    return kit.modal(ids.NOTICE, _("Done"), captured_reply(lead, actor, playbook))


def lead_line(lead: Lead, now: datetime, playbook: SalesPlaybook, *, shows_owner: bool) -> Block:
    """One lead of a list, with a button to open it; what is overdue says so."""
    owner = kit.person(lead.owner) if lead.owner else say(_("*unclaimed*"))
    parts = [band_words(lead, playbook), *([owner] if shows_owner else [])]
    if lead.next_at:
        sentence = _("*overdue* since {when}") if lead.next_at < now else _("next {when}")
        parts.append(say(sentence, when=kit.when(lead.next_at)))
    first = say("*{code} · {company}*", code=lead.code, company=kit.cut(lead.account.name, kit.MOST_IN_LINE))
    return kit.section(Mrkdwn(f"{first}\n{'  ·  '.join(parts)}"), kit.button(ids.PRESS_SHOW, _("Open"), lead.id))


def lead_list(title: str, found: LeadList, playbook: SalesPlaybook, *, shows_owner: bool) -> list[Block]:
    """A list of leads, most urgent first."""
    if not found.leads:
        return [
            kit.header(title),
            kit.section(
                say(
                    _("No open leads here. Capture one with `{command} Acme Ltd, referral, wants a cost review`."),
                    command=ids.RAIN_LEAD,
                )
            ),
            kit.actions(kit.button(ids.PRESS_CAPTURE, _("Capture a lead"), style="primary")),
        ]
    count = plural("{count} open lead", "{count} open leads", found.total).format(count=found.total)
    lines = kit.fitting([lead_line(lead, found.now, playbook, shows_owner=shows_owner) for lead in found.leads])
    return [kit.header(f"{title} · {count}"), *lines, *kit.more(found.total - len(lines))]


def lead_list_modal(title: str, found: LeadList, playbook: SalesPlaybook, *, shows_owner: bool) -> View:
    """A list of leads in a modal."""
    return kit.modal(ids.LIST_LEADS, title, lead_list(title, found, playbook, shows_owner=shows_owner))


def lead_page(page: LeadPage, actor: Actor, playbook: SalesPlaybook) -> View:
    """Everything about one lead, in a modal; what the reader may undo stands on top."""
    blocks = lead_card(page.lead, playbook, is_page=True)
    account = page.lead.account
    label = _("Account {code}").format(code=account.code)
    blocks.append(kit.actions(kit.button(ids.PRESS_SHOW_ACCOUNT, label, account.id)))
    if page.operation and may_undo(page.operation, actor, page.now):
        blocks = [operation_line(page.operation, actor, page.now), kit.divider(), *blocks]
    if may_take_back(page.lead, actor, page.now):
        words = say(_("Entered by mistake? You can undo it for some minutes."))
        blocks = [kit.section(words, kit.button(ids.PRESS_TAKE_BACK, _("Undo"), page.lead.id)), kit.divider(), *blocks]
    if page.touches:
        blocks += [kit.divider(), *(touch_lines(touch) for touch in page.touches)]
    if page.lead.account.history:
        history = say(_("*History with us*\n{history}"), history=page.lead.account.history)
        blocks.append(kit.section(history))
    return kit.modal(ids.SHOW_LEAD, page.lead.code, blocks, about=page.lead.id)


def touch_lines(touch: Touch) -> Block:
    """One touch: what was said, and when, how and by whom."""
    by = say(
        _("{kind} by {person}, {when}"), kind=touch.kind.title, person=kit.person(touch.by), when=kit.when(touch.at)
    )
    link = kit.link(touch.permalink, _("Original message")) if touch.permalink else ""
    return kit.section(Mrkdwn(f"_{by}_  {link}\n{kit.quote(touch.key_points)}"))


shows(LeadCaptured)(lambda facts, playbook, _sentence: lead_card(facts["lead"], playbook))
shows(LeadAssigned, LeadGiven)(lambda facts, playbook, sentence: lead_given(facts["lead"], playbook, sentence))
opens("lead")(Opening(ids.PRESS_SHOW, lambda: _("Open lead")))
makes(Evidence.LEAD_OWNED)(lambda lead_id: kit.button(ids.PRESS_CLAIM, _("Claim"), lead_id))
makes(Evidence.LEAD_SCREENED)(lambda lead_id: kit.button(ids.PRESS_SCREEN, _("Screen"), lead_id))
