"""Imports and exports: which column is which field, what a row becomes or why it is refused, and what in it looks like dirt.

Values that only look wrong are kept as found and reported: a person decides, not the import.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.accounts import Account, Contact, NewAccount, NewContact, checked_contact, normal_name, same_person
from domain.countries import country_code, country_meant
from domain.duplicates import Match, is_slip
from domain.language import _, listed
from domain.leads import LONGEST_NAME, LONGEST_TEXT, Lead, NewLead, check_new_lead
from domain.people import Member
from domain.playbook import SalesPlaybook
from domain.refusals import FormRefused, RuleBroken
from domain.sheets import Sheet, SheetRow, write_sheet


class Records(StrEnum):
    """What can be imported and exported."""

    ACCOUNTS = "accounts"
    LEADS = "leads"


FIELDS: Mapping[Records, tuple[str, ...]] = {
    Records.ACCOUNTS: ("name", "industry", "country", "history", "contact_name", "email", "phone"),
    Records.LEADS: (
        "company",
        "channel",
        "said",
        "contact_name",
        "email",
        "phone",
        "owner",
        "industry",
        "history",
    ),
}
"""Fields a column can be mapped to; the first of each cannot be left out."""
LENGTHS = {"history": LONGEST_TEXT, "said": LONGEST_TEXT}
"""Most characters of a field's text; `LONGEST_NAME` for all others."""
REASON = "refused because"
"""Title of the column that a file of refused rows has in front; an import passes over it."""
INDUSTRIES = frozenset(
    "aerospace, agriculture, automotive, banking, biotechnology, chemicals, construction, consulting, education, electronics, "
    "employment, energy, engineering, entertainment, finance, government, healthcare, hospitality, insurance, logistics, "
    "manufacturing, marketing, media, medical, mining, pharmaceuticals, real estate, retail, services, software, technology, "
    "telecommunications, tourism, transportation, utilities".split(", ")
)
"""Industries as they are usually written. Others are welcome; these only tell a slip of the keyboard from a word."""


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Which column (by its place) is which field, and the titles of those that nobody takes over."""

    fields: Mapping[int, str]
    left_out: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the file: the texts found for our fields (none is blank), and what makes it unreadable, if anything does."""

    number: int
    cells: tuple[str, ...]
    texts: Mapping[str, str]
    fault: str | None = None


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something about one row that a person may want to look at; the value was kept as found unless the sentence says otherwise."""

    field: str
    value: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Dirt(Remark):
    """A remark and all rows it is true of."""

    rows: tuple[int, ...]


class Fate(StrEnum):
    """What became of a row."""

    MADE = "made"
    COMPLETED = "completed"
    THERE = "already there"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of a row and why; of a refused one, the last remark is the reason."""

    row: Row
    fate: Fate
    remarks: tuple[Remark, ...] = ()


def plan_columns(header: Sequence[str], kind: Records, asked: Sequence[str], ignored: Sequence[str]) -> Columns:
    """Match columns with fields: as asked (`column=field`), and by themselves where a title is a field's name.

    Raises RuleBroken for a column or field that does not exist, for two columns with one field, and when the first field is left out.
    """
    fields = dict(_asked(one, header, kind) for one in asked)
    if len(fields) < len(asked):
        raise RuleBroken(_("--map names one column twice."))
    passed_over = {_place(title, header) for title in ignored}
    for place, title in enumerate(header):
        field = _spelt_as_field(title)
        is_free = place not in fields and place not in passed_over and field not in fields.values()
        if is_free and field in FIELDS[kind]:
            fields[place] = field
    for field in fields.values():
        columns = [header[place] for place, other in fields.items() if other == field]
        if len(columns) > 1:
            raise RuleBroken(
                _("Two columns are mapped to {field}: {columns}.").format(field=field, columns=listed(columns))
            )
    needed = FIELDS[kind][0]
    if needed not in fields.values():
        raise RuleBroken(
            _("No column is {field}. Say which one it is with --map COLUMN={field}; the file has: {columns}.").format(
                field=needed, columns=", ".join(header)
            )
        )
    left_out = (title or _("(no title)") for place, title in enumerate(header) if place not in {*fields, *passed_over})
    return Columns(fields=fields, left_out=tuple(title for title in left_out if title != REASON))


def _asked(one: str, header: Sequence[str], kind: Records) -> tuple[int, str]:
    title, equals, field = one.rpartition("=")
    if not equals:
        raise RuleBroken(_("--map takes COLUMN=FIELD, but {text} has no equals sign.").format(text=one))
    if field.strip() not in FIELDS[kind]:
        raise RuleBroken(
            _("There is no field {field}. {records} have: {fields}.").format(
                field=field.strip(), records=kind.value.capitalize(), fields=", ".join(FIELDS[kind])
            )
        )
    return _place(title, header), field.strip()


def _place(title: str, header: Sequence[str]) -> int:
    wanted = title.strip().casefold()
    places = [place for place, other in enumerate(header) if other.casefold() == wanted]
    if not places:
        raise RuleBroken(
            _("There is no column {title}. The file has: {columns}.").format(title=title, columns=", ".join(header))
        )
    if len(places) > 1:
        raise RuleBroken(_("There are several columns {title}; give them different names.").format(title=title))
    return places[0]


def _spelt_as_field(title: str) -> str:
    return title.casefold().replace(" ", "_").replace("-", "_")


def rows_in(sheet: Sheet, columns: Columns) -> list[Row]:
    """The rows of a file by our fields. One with too many or too few cells is at fault: its values may stand in the wrong columns."""
    return [_row(row, columns, len(sheet.header)) for row in sheet.rows]


def _row(row: SheetRow, columns: Columns, width: int) -> Row:
    fault = None
    if len(row.cells) != width:
        fault = _("The row has {cells} cells, but the header has {width}.").format(cells=len(row.cells), width=width)
    texts = {
        field: row.cells[place]
        for place, field in columns.fields.items()
        if place < len(row.cells) and row.cells[place]
    }
    return Row(number=row.number, cells=row.cells, texts=texts, fault=fault)


def account_in(row: Row, home: str, source: str) -> tuple[NewAccount, NewContact]:
    """The account and contact of a row; `home` is the country whose phone numbers need no code, unless the row names one.

    Raises RuleBroken or FormRefused, with the fields.
    """
    _check_texts(row)
    name, country = row.texts.get("name", ""), row.texts.get("country")
    _check_name(name, "name")
    code = country_code(country) if country else None
    contact = checked_contact(_contact_in(row), code or home)
    new = NewAccount(
        name=name,
        industry=row.texts.get("industry"),
        country=code or country,
        history=row.texts.get("history"),
        source=source,
    )
    return new, contact


def lead_in(row: Row, default_channel: str | None, playbook: SalesPlaybook, home: str) -> NewLead:
    """The lead of a row, by the same rules as a captured one.

    Raises RuleBroken or FormRefused, with the fields.
    """
    _check_texts(row)
    company = row.texts.get("company", "")
    _check_name(company, "company")
    new = NewLead(
        company=company,
        channel=channel_in(row.texts.get("channel"), default_channel, playbook),
        said=row.texts.get("said", ""),
        industry=row.texts.get("industry"),
        history=row.texts.get("history"),
        contact=checked_contact(_contact_in(row), home),
    )
    check_new_lead(new, playbook)
    return new


def channel_in(text: str | None, default: str | None, playbook: SalesPlaybook) -> str:
    """The id of the channel somebody means by `text`, or the default where nothing is said.

    Raises RuleBroken (field `channel`) naming the playbook's channels.
    """
    channel = playbook.channel_named(text) if text else default
    if channel:
        return channel
    channels = listed(list(playbook.channels))
    if text:
        sentence = _("There is no channel {text}; it may be {channels}.").format(text=text, channels=channels)
    else:
        sentence = _("Where the lead came from is not said; it may be {channels}.").format(channels=channels)
    raise RuleBroken(sentence, field="channel")


def owner_in(text: str, able: Sequence[Member]) -> Member | None:
    """The one member meant by a name or Slack id, of those who may own leads; None when there is none or more than one."""
    wanted = text.removeprefix("@").casefold()
    meant = [member for member in able if wanted in {member.name.casefold(), member.slack_id.casefold()}]
    return meant[0] if len(meant) == 1 else None


def _check_texts(row: Row) -> None:
    if row.fault:
        raise RuleBroken(row.fault, field=REASON)
    for field, text in row.texts.items():
        most = LENGTHS.get(field, LONGEST_NAME)
        if len(text) > most:
            raise RuleBroken(_("This has more than {most} characters.").format(most=most), field=field)


def _check_name(name: str, field: str) -> None:
    if not name:
        raise RuleBroken(_("The name is blank."), field=field)
    if not normal_name(name):
        raise RuleBroken(_("The name has no letter and no digit."), field=field)


def _contact_in(row: Row) -> NewContact:
    texts = row.texts
    return NewContact(name=texts.get("contact_name"), email=texts.get("email"), phone=texts.get("phone"))


def refused(row: Row, refusal: RuleBroken | FormRefused) -> Verdict:
    """The verdict on a row that cannot be imported."""
    errors = refusal.errors if isinstance(refusal, FormRefused) else {refusal.field or REASON: refusal.sentence}
    values = {REASON: " ".join(row.cells)} | dict(row.texts)
    remarks = (Remark(field=field, value=values.get(field, ""), sentence=why) for field, why in errors.items())
    return Verdict(row=row, fate=Fate.REFUSED, remarks=tuple(remarks))


def completed(known: Account, new: NewAccount) -> tuple[Account, list[Remark]]:
    """A known account with its empty fields filled in, and remarks where the file says something else than the record.

    What somebody has entered here is never overwritten by a file.
    """
    remarks = [
        Remark(
            field=field,
            value=theirs,
            sentence=_("{account} says {kept}, which stays.").format(account=called(known), kept=_short(ours)),
        )
        for field in ("industry", "country", "history")
        if (ours := getattr(known, field)) and (theirs := getattr(new, field)) and ours.casefold() != theirs.casefold()
    ]
    if known.name.casefold() != new.name.casefold():
        remarks.append(
            Remark(field="name", value=new.name, sentence=_("Taken for {account}.").format(account=called(known)))
        )
    filled = replace(
        known,
        industry=known.industry or new.industry,
        country=known.country or new.country,
        history=known.history or new.history,
    )
    return filled, remarks


def completed_person(known: Contact, new: NewContact) -> tuple[NewContact, list[Remark]]:
    """A known contact with what was missing, and remarks where the file says something else."""
    remarks = [
        Remark(field=field, value=theirs, sentence=_("The record says {kept}, which stays.").format(kept=ours))
        for field, name in (("contact_name", "name"), ("email", "email"), ("phone", "phone"))
        if (ours := getattr(known, name)) and (theirs := getattr(new, name)) and ours.casefold() != theirs.casefold()
    ]
    filled = NewContact(name=known.name or new.name, email=known.email or new.email, phone=known.phone or new.phone)
    return filled, remarks


def same_lead(new: NewLead, leads: Iterable[Lead]) -> Lead | None:
    """Which of an account's leads, open or closed, is the one of this row: the same person said the same through the same channel."""
    for lead in leads:
        says_the_same = (lead.channel, lead.said) == (new.channel, new.said.strip())
        if says_the_same and _is_from(lead.contact, new.contact):
            return lead
    return None


def _is_from(contact: Contact | None, new: NewContact) -> bool:
    return new.is_empty if contact is None else same_person(new, [contact]) is not None


def likenesses(field: str, name: str, matches: Iterable[Match]) -> list[Remark]:
    """A remark for every account that the one just made looks like."""
    return [
        Remark(
            field=field,
            value=name,
            sentence=_("looks like {account} ({likeness})").format(
                account=called(match.account), likeness=match.likeness.title
            ),
        )
        for match in matches
    ]


def called(account: Account) -> str:
    """How a report calls an account; one that a rehearsal would make has no number yet."""
    return (
        f"{account.code} “{account.name}”" if account.number else _("“{name}” of this file").format(name=account.name)
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def dirt_in(rows: Sequence[Row]) -> list[Dirt]:
    """What looks wrong in the file by itself: industries that are a slip away from a known one, and countries nobody knows."""
    found = []
    industries = _by_value(rows, "industry")
    for value, numbers in industries.items():
        meant = _industry_meant(value, industries)
        if meant:
            found.append(_dirt("industry", value, _("looks like {meant}").format(meant=meant), numbers))
    for value, numbers in _by_value(rows, "country").items():
        if not country_code(value):
            meant = country_meant(value)
            sentence = _("is no country we know")
            if meant:
                sentence += _("; it looks like {meant}").format(meant=meant)
            found.append(_dirt("country", value, sentence, numbers))
    return found


def _by_value(rows: Sequence[Row], field: str) -> dict[str, list[int]]:
    values: dict[str, list[int]] = {}
    for row in rows:
        if field in row.texts and not row.fault:
            values.setdefault(row.texts[field], []).append(row.number)
    return values


def _industry_meant(value: str, all_values: Mapping[str, Sequence[int]]) -> str | None:
    """The usual spelling, or one that more rows of the file have, that this one is a slip away from."""
    text = value.casefold()
    if text in INDUSTRIES:
        return None
    commoner = [other for other, rows in all_values.items() if len(rows) > len(all_values[value])]
    return next((other for other in [*sorted(INDUSTRIES), *commoner] if is_slip(text, other.casefold())), None)


def _dirt(field: str, value: str, sentence: str, rows: Sequence[int]) -> Dirt:
    return Dirt(field=field, value=value, sentence=sentence, rows=tuple(rows))


def remarks_by_row(verdicts: Iterable[Verdict]) -> list[Dirt]:
    """The remarks on rows that were taken, those that say the same as one, in the order of their first rows."""
    gathered: dict[Remark, list[int]] = {}
    for verdict in verdicts:
        if verdict.fate is not Fate.REFUSED:
            for remark in verdict.remarks:
                gathered.setdefault(remark, []).append(verdict.row.number)
    return [_dirt(remark.field, remark.value, remark.sentence, rows) for remark, rows in gathered.items()]


def refused_file(header: Sequence[str], verdicts: Iterable[Verdict]) -> bytes:
    """The refused rows as they were, each with the reason in front, to be corrected and imported again."""
    old = header.index(REASON) if REASON in header else None
    rows = [
        [" ".join(remark.sentence for remark in verdict.remarks), *_without(verdict.row.cells, old)]
        for verdict in verdicts
        if verdict.fate is Fate.REFUSED
    ]
    return write_sheet([REASON, *_without(header, old)], rows)


def _without(cells: Sequence[str], place: int | None) -> list[str]:
    return [cell for number, cell in enumerate(cells) if number != place]
