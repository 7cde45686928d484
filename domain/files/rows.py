"""What a row of a file says: the account, contact, lead or deal it is, by the same rules as one entered by hand."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.core.countries import country_code
from domain.core.language import _, listed
from domain.core.people import Member
from domain.core.refusals import RuleBroken
from domain.core.spelling import clean_name
from domain.files.cell_parsing import Formats, day_in, moment_in
from domain.files.columns import KEY, REASON, Row
from domain.files.usual_words import outcome_of, source_of, status_of
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.accounts import Contact, NewAccount, NewContact, checked_contact, same_person
from domain.sales.amounts import money_in
from domain.sales.company_names import normal_name
from domain.sales.deals import DealOutcome, NewDeal
from domain.sales.leads import LONGEST_NAME, LONGEST_TEXT, Lead, LeadStatus, NewLead, checked_new_lead
from domain.sales.phones import dialled_in
from domain.sales.screening import score_answers

LENGTHS = {"history": LONGEST_TEXT, "said": LONGEST_TEXT, "remark": LONGEST_TEXT, "answers": LONGEST_TEXT, "tier": 48}
"""Most characters of a field's text; `LONGEST_NAME` for all others."""


@dataclass(frozen=True, kw_only=True)
class PastOfLead:
    """What became of a lead before it came here, as far as a file can say so; see `docs/importing.md` for what it cannot."""

    answers: Mapping[str, str]
    captured_at: datetime | None = None
    next_at: datetime | None = None
    last_touch_at: datetime | None = None
    status: LeadStatus = LeadStatus.OPEN
    reason: str | None = None
    remark: str | None = None


def account_in(row: Row, home: str, source: str) -> tuple[NewAccount, NewContact]:
    """The account and contact of a row; `home` is the country whose phone numbers need no code, unless the row names one.

    Raises RuleBroken or FormRefused, with the fields.
    """
    _check_texts(row)
    name = row.texts.get("name", "")
    check_name(name, "name")
    parts = _of(row, name="contact_name", email="email", phone="phone")
    contact = checked_contact(NewContact(**parts), dialled_in(row.texts.get("country"), home))
    new = NewAccount(
        name=clean_name(name),
        industry=clean_name(row.texts.get("industry")) or None,
        country=country_of(row),
        history=row.texts.get("history"),
        source=row.texts.get("source", source),
        tier=row.texts.get("tier"),
        own_key=row.texts.get(KEY),
    )
    return new, contact


def person_in(row: Row, home: str) -> NewContact:
    """The contact of a row in a file of contacts.

    Raises RuleBroken or FormRefused, with the fields.
    """
    _check_texts(row)
    if not row.texts.get("account_key"):
        check_name(row.texts.get("account", ""), "account")
    parts = _of(row, name="name", email="email", phone="phone", position="position", own_key=KEY)
    contact = checked_contact(NewContact(country=country_of(row), **parts), dialled_in(row.texts.get("country"), home))
    if contact.is_empty:
        raise RuleBroken(_("Neither a name nor an e-mail address nor a phone number is given."), field="name")
    return contact


def country_of(row: Row) -> str | None:
    """The country a row names: its code, or what it is called there if nobody knows such a country."""
    country = row.texts.get("country")
    return country and (country_code(country) or country)


def _of(row: Row, **fields: str) -> dict[str, str | None]:
    return {name: row.texts.get(field) for name, field in fields.items()}


def lead_in(row: Row, default_channel: str | None, playbook: SalesPlaybook, home: str) -> NewLead:
    """The lead of a row, by the same rules as a captured one.

    Raises RuleBroken or FormRefused, with the fields.
    """
    _check_texts(row)
    company = row.texts.get("company", "")
    check_name(company, "company")
    parts = _of(row, name="contact_name", email="email", phone="phone", position="position", own_key="contact_key")
    new = NewLead(
        company=company,
        source=channel_in(row.texts.get("channel"), default_channel, playbook),
        said=row.texts.get("said", ""),
        industry=row.texts.get("industry"),
        country=country_of(row),
        history=row.texts.get("history"),
        contact=checked_contact(NewContact(**parts), dialled_in(row.texts.get("country"), home)),
        own_key=row.texts.get(KEY),
    )
    return checked_new_lead(new, playbook)


def past_in(row: Row, playbook: SalesPlaybook) -> PastOfLead:
    """What became of the lead of a row before.

    Raises RuleBroken, with the field, for what the playbook does not have.
    """
    status = status_in(row.texts.get("status"))
    is_closed = status is LeadStatus.DISQUALIFIED
    moments = {
        name: moment_in(row.texts[name], name)
        for name in ("captured_at", "next_at", "last_touch_at")
        if row.texts.get(name)
    }
    return PastOfLead(
        answers=answers_in(row.texts.get("answers", ""), playbook),
        status=status,
        reason=_reason(row.texts["reason"], playbook) if is_closed and "reason" in row.texts else None,
        remark=row.texts.get("remark") if is_closed else None,
        **moments,
    )


def status_in(text: str | None) -> LeadStatus:
    """Where a lead stands; one of which nothing is said is open.

    Raises RuleBroken (field `status`) for a word that is not plain, and for a lead that goes on as a deal or in another lead.
    """
    status = status_of(text) if text else LeadStatus.OPEN
    if status in {LeadStatus.OPEN, LeadStatus.DISQUALIFIED}:
        return status
    if status:
        sentence = _("A lead is open or disqualified; one that became a deal belongs among the deals.")
        raise _to_be_said("status", text or "", ("open", "disqualified"), sentence)
    cause = _("Whether a lead that is {text} is open or disqualified is not plain").format(text=text)
    sentence = _("{cause}: write one of the two.").format(cause=cause)
    raise _to_be_said("status", text or "", ("open", "disqualified"), sentence, cause)


def _to_be_said(field: str, text: str, values: Sequence[str], sentence: str, cause: str = "") -> RuleBroken:
    """The refusal of a word nobody knows; on the terminal it names the option that says what the word stands for."""
    first, *others = values
    option = listed([f"“{field}:{text}={first}”", *(f"={other}" for other in others)])
    on_terminal = _("{cause}; say --value {option}.").format(cause=(cause or sentence).rstrip("."), option=option)
    return RuleBroken(sentence, field, on_terminal)


def answers_in(text: str, playbook: SalesPlaybook) -> dict[str, str]:
    """Answers to the screening, as an export writes them: `need=clear; budget=set`.

    Raises RuleBroken (field `answers`) for what the playbook does not ask, or not like that.
    """
    pairs = [part.partition("=") for part in text.split(";") if part.strip()]
    answers = {question.strip(): answer.strip() for question, _equals, answer in pairs}
    known = {criterion.id for criterion in playbook.screening}
    for question in answers:
        if question not in known:
            raise RuleBroken(_("The playbook does not ask {question}.").format(question=question), field="answers")
    try:
        score_answers(answers, playbook)
    except RuleBroken as broken:
        why = f"{broken.field}: {broken.sentence}"
        raise RuleBroken(why, field="answers") from broken
    return answers


def _reason(text: str, playbook: SalesPlaybook) -> str:
    for reason_id, title in playbook.disqualification.items():
        if text.casefold() in {reason_id.casefold(), title.casefold()}:
            return reason_id
    reasons = list(playbook.disqualification)
    sentence = _("Why it was disqualified must be one of {reasons}.").format(reasons=listed(reasons))
    raise _to_be_said("reason", text, reasons, sentence)


def channel_in(text: str | None, default: str | None, playbook: SalesPlaybook) -> str:
    """The id of the channel somebody means by `text`, or the default where nothing is said.

    Raises RuleBroken (field `channel`) naming the playbook's channels.
    """
    channel = _channel_meant(text, playbook) if text else default
    if channel:
        return channel
    ids = list(playbook.channels)
    if text:
        sentence = _("There is no channel {text}; it may be {channels}.").format(text=text, channels=listed(ids))
        raise _to_be_said("channel", text, ids, sentence)
    sentence = _("Where the lead came from is not said; it may be {channels}.").format(channels=listed(ids))
    raise RuleBroken(sentence, field="channel")


def _channel_meant(text: str, playbook: SalesPlaybook) -> str | None:
    """The channel with this id, title or word in the playbook, or else with the word for what other systems call so."""
    return playbook.channel_named(text) or playbook.channel_named(source_of(text) or "")


def deal_in(row: Row, formats: Formats, source: str) -> NewDeal:
    """The deal of a row, without its account and owner.

    Raises RuleBroken, with the field.
    """
    _check_texts(row)
    texts = row.texts
    title = clean_name(texts.get("title") or texts.get("product"))
    if not title:
        raise RuleBroken(_("Neither a title nor a product is given."), field="title")
    return NewDeal(
        title=title,
        product=texts.get("product"),
        outcome=outcome_in(texts.get("outcome") or texts.get("stage")),
        stage=texts.get("stage"),
        agent=texts.get("agent"),
        value=money_in(texts["amount"], texts.get("currency"), formats) if "amount" in texts else None,
        source=texts.get("source", source),
        own_key=texts.get(KEY),
        opened_on=_day_of(row, "opened_on", formats),
        closed_on=_day_of(row, "closed_on", formats),
    )


def _day_of(row: Row, field: str, formats: Formats) -> date | None:
    return day_in(row.texts[field], formats.dates.get(field), field) if field in row.texts else None


def outcome_in(text: str | None) -> DealOutcome:
    """What a stage comes to; a deal of which nothing is said is open.

    Raises RuleBroken (field `outcome`) for a stage whose outcome is not plain.
    """
    if not text:
        return DealOutcome.OPEN
    outcome = outcome_of(text)
    if outcome:
        return outcome
    outcomes = (DealOutcome.WON, DealOutcome.LOST, DealOutcome.OPEN)
    cause = _("What comes of {text} is not plain").format(text=text)
    raise _to_be_said("outcome", text, outcomes, _("{cause}: write won, lost or open.").format(cause=cause), cause)


def owner_in(text: str, able: Sequence[Member]) -> Member | None:
    """The one member meant by an e-mail address, Slack id, handle or name; None when there is none or more than one."""
    mailed = re.search(r"(?<![^\s<>])[^\s<>@]+@[^\s<>]+", text)
    address = _bare_name(mailed[0]) if mailed else ""
    wanted = _bare_name(text.replace(mailed[0], "") if mailed else text)
    for sought, ways in ((address, ("email",)), (wanted, ("slack_id", "handle")), (wanted, ("name", "display_name"))):
        meant = [
            member for member in able if sought and sought in {_bare_name(getattr(member, way) or "") for way in ways}
        ]
        if meant:
            return meant[0] if len(meant) == 1 else None
    return None


def _bare_name(text: str) -> str:
    """What somebody is called without an @ in front, in small letters, with one blank between words and none that cannot be seen."""
    seen = "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    return " ".join(seen.casefold().strip(" <>@").split())


def _check_texts(row: Row) -> None:
    if row.fault:
        raise RuleBroken(row.fault, field=REASON)
    for field, text in row.texts.items():
        check_length(field, text)


def check_length(field: str, text: str) -> None:
    """Refuse a text that is too long for its field.

    Raises RuleBroken.
    """
    most = LENGTHS.get(field, LONGEST_NAME)
    if len(text) > most:
        raise RuleBroken(_("This has more than {most} characters.").format(most=most), field=field)


def check_name(name: str, field: str) -> None:
    """Refuse what is no company's name.

    Raises RuleBroken.
    """
    if not name:
        raise RuleBroken(_("The name is blank."), field=field)
    if not normal_name(name):
        raise RuleBroken(_("The name has no letter and no digit."), field=field)


def same_lead(new: NewLead, leads: Iterable[Lead]) -> Lead | None:
    """Which of an account's leads, open or closed, is the one of this row: the same person said the same through the same channel.

    One that another key names is another lead.
    """
    for lead in leads:
        is_free = new.own_key is None or lead.own_key is None
        says_the_same = (lead.source, lead.said) == (new.source, new.said.strip())
        if is_free and says_the_same and _is_from(lead.contact, new.contact):
            return lead
    return None


def _is_from(contact: Contact | None, new: NewContact) -> bool:
    if contact and contact.own_key and new.own_key:
        return contact.own_key == new.own_key
    return new.is_empty if contact is None else same_person(new, [contact]) is not None
