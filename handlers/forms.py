"""Reads what Slack sends into typed forms: a block's id is the form's field name, so a refusal finds its way back under the field."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from domain.accounts import AccountEdit, NewContact
from domain.cells import DateOrder, Formats, money_in
from domain.columns import Reading, Records
from domain.deal_papers import DocumentKind, Needs
from domain.deals import DealPlan
from domain.feedback import Fault, NewFeedback
from domain.imports import MOST_BYTES, NewImport, too_large
from domain.language import _
from domain.leads import LONGEST_NAME, NewLead, NewTouch, Origin, TouchKind
from domain.meetings import NewMeeting
from domain.promises import NewPromise
from domain.refusals import FormRefused, NotFound, RuleBroken
from domain.usecases.absences import AbsenceEntry

SCREENING = "screening_"
"""Prefix of the fields that ask the playbook's screening criteria."""
LONGEST_ID = 18
"""Digits of a record's id that still fit the database."""

SlackId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,31}$")]
"""An id of Slack's, such as a user's, a channel's or a user group's."""
_slack_ids = TypeAdapter(list[SlackId])


def record_id(value: str | None) -> int:
    """The id a button or modal carries.

    Raises NotFound for anything that is no id.
    """
    if value and value.isascii() and value.isdigit() and len(value) <= LONGEST_ID:
        return int(value)
    raise NotFound(_("this record"))


def record_ids(value: str) -> tuple[int, int]:
    """The two ids that a modal about two records carries.

    Raises NotFound for anything that is none.
    """
    one, _colon, other = value.partition(":")
    return record_id(one), record_id(other)


def values_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """What was entered in a modal, by block id; a field left empty is not in it."""
    blocks = view.get("state", {}).get("values", {})
    entered = {block_id: _value(next(iter(elements.values()))) for block_id, elements in blocks.items() if elements}
    return {name: value for name, value in entered.items() if value not in (None, "", [])}


def ids_in(entered: Mapping[str, Any], field: str) -> list[str]:
    """The users or user groups chosen in a field.

    Raises FormRefused for what is no id of Slack's.
    """
    try:
        return _slack_ids.validate_python(entered.get(field, []))
    except ValidationError as error:
        raise FormRefused({field: _in_words(error.errors()[0])}) from error


def _value(element: Mapping[str, Any]) -> Any:
    kind = element.get("type", "")
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value")
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or []]
    names = (
        "files selected_users selected_user selected_conversation selected_date selected_date_time selected_time value"
    ).split()
    for name in names:
        if name in element:
            return element[name]
    return None if kind else element


class Form(BaseModel):
    """Base of all forms; fields a newer or older modal asks besides are ignored."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    @classmethod
    def read(cls, view: Mapping[str, Any]) -> Self:
        """The form as entered.

        Raises FormRefused with a sentence for each field that is wrong.
        """
        try:
            return cls.model_validate(values_of(view))
        except ValidationError as error:
            raise FormRefused({str(problem["loc"][0]): _in_words(problem) for problem in error.errors()}) from error


def _in_words(problem: Any) -> str:
    if problem["type"] == "missing":
        return _("Please fill this in.")
    if problem["type"] == "string_too_long":
        return _("Please keep this under {most} characters.").format(most=problem["ctx"]["max_length"])
    return _("This does not look right.")


class About(BaseModel):
    """What a capture modal remembers between opening and submitting: where it began, and the message it is about."""

    captured_in: SlackId | None = None
    origin: Origin | None = None

    @classmethod
    def read(cls, private_metadata: str) -> Self:
        """What the modal was opened with; anything unreadable counts as nothing."""
        try:
            return cls.model_validate_json(private_metadata or "{}")
        except ValidationError:
            return cls()

    def write(self) -> str:
        """The form Slack keeps."""
        return self.model_dump_json(exclude_none=True)


class AboutLead(BaseModel):
    """What a modal about one lead remembers: the lead, the channel it was opened in, and in a merge the other lead."""

    lead_id: int
    channel: SlackId | None = None
    other_id: int | None = None

    @classmethod
    def read(cls, private_metadata: str) -> Self:
        """What the modal was opened with; one of an earlier version has the id alone.

        Raises NotFound for anything unreadable.
        """
        try:
            return cls.model_validate_json(private_metadata)
        except ValidationError:
            return cls(lead_id=record_id(private_metadata))

    def write(self) -> str:
        """The form Slack keeps."""
        return self.model_dump_json(exclude_none=True)


class NewLeadForm(Form):
    """The capture modal."""

    company: str = ""
    channel: str = ""
    said: str = ""
    contact_name: str | None = None
    email: str | None = None
    phone: str | None = None
    industry: str | None = None
    history: str | None = None
    account: str | None = None

    def lead(self, view: Mapping[str, Any], about: About) -> NewLead:
        """The lead as entered."""
        return NewLead(
            company=self.company,
            channel=self.channel,
            said=self.said,
            industry=self.industry,
            history=self.history,
            contact=NewContact(name=self.contact_name, email=self.email, phone=self.phone),
            answers=answers_of(view),
            account_id=record_id(self.account) if self.account and self.account != "new" else None,
            is_new_company=self.account == "new",
            origin=about.origin,
            captured_in=about.captured_in,
        )


def answers_of(view: Mapping[str, Any]) -> dict[str, str]:
    """The screening questions that were answered, from criterion id to answer id."""
    entered = values_of(view).items()
    return {name.removeprefix(SCREENING): str(value) for name, value in entered if name.startswith(SCREENING)}


class TouchForm(Form):
    """The touch modal."""

    kind: TouchKind
    key_points: str = ""
    day: date | None = None

    def touch(self) -> NewTouch:
        """The touch as entered."""
        return NewTouch(kind=self.kind, key_points=self.key_points, next_on=self.day)


class MeetingForm(Form):
    """The modals that date a meeting. `at` comes as the seconds since 1970."""

    about: str = ""
    at: datetime
    minutes: int
    place: str | None = None

    def meeting(self) -> NewMeeting:
        """The meeting as entered."""
        return NewMeeting(about=self.about, at=self.at, minutes=self.minutes, place=self.place)


class TouchSomeDealForm(TouchForm):
    """The touch modal that asks which deal it is."""

    deal: str

    def touch(self, permalink: str | None = None) -> NewTouch:
        """The touch as entered; `permalink` is the address of the message it was made from."""
        return replace(super().touch(), permalink=permalink)


class PromiseForm(Form):
    """The modal that asks what was promised."""

    said: str = ""
    due_on: date | None = None
    keeper: SlackId | None = None

    def promise(self, origin: Origin | None = None) -> NewPromise:
        """The promise as entered; `origin` is the message it was made in."""
        return NewPromise(said=self.said, due_on=self.due_on, keeper=self.keeper, origin=origin)


class NotePromiseForm(PromiseForm):
    """The same, where it asks which deal it is, too."""

    deal: str


class SettleForm(Form):
    """The modal that asks what was agreed in place of a promise."""

    how: str = ""


class DealForm(Form):
    """The questions of every deal."""

    title: str = ""
    amount: str = ""
    currency: str = ""
    client_type: str | None = None
    expected_on: date | None = None
    next_step: str | None = None
    next_on: date | None = None

    def plan(self) -> DealPlan:
        """The deal as entered.

        Raises RuleBroken (field `amount` or `currency`).
        """
        given = self.model_dump(include={"title", "client_type", "expected_on", "next_step", "next_on"})
        value = money_in(self.amount, self.currency or None, Formats()) if self.amount else None
        return DealPlan(value=value, **given)


class QualifyForm(DealForm):
    """The modal that makes a deal of a lead."""

    joins: str | None = None

    @property
    def joins_id(self) -> int | None:
        """The running deal that the lead joins, or None for one of its own."""
        return record_id(self.joins) if self.joins and self.joins != "new" else None


class NeedsForm(Form):
    """The needs brief."""

    needs: str = ""
    pains: str = ""
    goals: str = ""

    def answers(self) -> Needs:
        """What was answered."""
        return Needs(**self.model_dump())


class DocumentForm(Form):
    """The modal that attaches a file."""

    kind: DocumentKind
    file: Annotated[list["UploadedFile"], Field(min_length=1)]


class MoveBackForm(Form):
    """The modal that moves a deal back."""

    stage: str = ""
    reason: str = ""


class VariantForm(Form):
    """The modal that chooses a deal's road."""

    variant: str = ""
    reason: str = ""


class DayForm(Form):
    """A modal that asks for one day."""

    day: date


class DisqualifyForm(Form):
    """The modal that asks why a lead goes no further."""

    reason: str = ""
    remark: str = ""


class EditLeadForm(Form):
    """The modal that asks what is known of a lead anew."""

    company: str = ""
    channel: str = ""
    said: str = ""
    contact_name: str | None = None
    email: str | None = None
    phone: str | None = None

    def lead(self) -> NewLead:
        """The lead as edited."""
        contact = NewContact(name=self.contact_name, email=self.email, phone=self.phone)
        return NewLead(company=self.company, channel=self.channel, said=self.said, contact=contact)


class LeadChoiceForm(Form):
    """A modal that asks for one lead."""

    lead: str


class AssignForm(Form):
    """The modal that asks to whom a lead is given."""

    owner: SlackId
    note: str = ""


class FeedbackForm(Form):
    """The modal that asks what is the matter with a step."""

    step: str
    fault: Fault
    said: str = Field(min_length=1, max_length=3000)

    def feedback(self, about: str) -> NewFeedback:
        """The feedback; `about` is the record it came up with, such as `lead:7`, or nothing.

        Raises NotFound for what is no record.
        """
        noun, _colon, number = about.partition(":")
        subject_id = record_id(number) if about else None
        return NewFeedback(
            step=self.step, fault=self.fault, said=self.said, subject=noun or None, subject_id=subject_id
        )


class AnswerForm(Form):
    """The modal that answers feedback."""

    answer: str = Field(min_length=1, max_length=3000)


class AccountForm(Form):
    """The modal that edits an account."""

    name: str = ""
    owner: SlackId | None = None
    tier: str | None = None
    industry: str | None = None
    country: str | None = None
    entry: str | None = None

    def edit(self) -> AccountEdit:
        """What was entered."""
        return AccountEdit(**self.model_dump())


class ContactForm(Form):
    """The modal that adds or edits a contact."""

    name: str | None = None
    position: str | None = None
    email: str | None = None
    phone: str | None = None

    def contact(self) -> NewContact:
        """The contact as entered."""
        return NewContact(**self.model_dump())


class OtherForm(Form):
    """A modal that asks which other record is the same."""

    other: str = ""


class UploadedFile(BaseModel):
    """A file in a modal, as Slack tells of it; its size is in bytes."""

    model_config = ConfigDict(extra="ignore")

    id: SlackId
    name: str = "file.csv"
    size: int = 0


class NewImportForm(Form):
    """The modal that asks for a file to import."""

    kind: Records
    file: Annotated[list[UploadedFile], Field(min_length=1)]
    key: str | None = None
    columns: str = ""
    dates: DateOrder | None = None
    currency: str | None = None
    channel: str | None = None

    def new(self) -> NewImport:
        """The import as asked for.

        Raises RuleBroken for a file that is too large.
        """
        if self.file[0].size > MOST_BYTES:
            raise RuleBroken(too_large(), field="file")
        reading = Reading(
            asked=tuple(line.strip() for line in self.columns.splitlines() if line.strip()),
            key=self.key,
            dates=(self.dates.value,) if self.dates else (),
            currency=self.currency,
            channel=self.channel,
        )
        return NewImport(
            kind=self.kind, file=self.file[0].name[:LONGEST_NAME], slack_file=self.file[0].id, reading=reading
        )


class WorkspaceForm(Form):
    """The workspace's settings."""

    leads_channel: SlackId | None = None
    country: str = ""


class HoursForm(Form):
    """One's own working hours."""

    starts: time
    ends: time
    country: str = ""
    quiet_from: time | None = None
    quiet_until: time | None = None


class AbsenceForm(Form):
    """When one is away."""

    first_on: date
    last_on: date
    deputy: SlackId | None = None
    note: str | None = None

    def entry(self) -> AbsenceEntry:
        """The absence as entered."""
        return AbsenceEntry(**self.model_dump())


class AbsenceOfOtherForm(AbsenceForm):
    """When somebody else is away."""

    member: SlackId


def plain_words(text: str) -> str:
    """A message as Slack stores it, as somebody would read it: links by their label, mentions by name where Slack says it."""
    if "<" not in text and "&" not in text:
        return text
    spoken = re.sub(r"<([@#!])([^|>]*)(?:\|([^>]*))?>", _mention, text)
    spoken = re.sub(r"<(?:mailto:|tel:)?([^|>]+)\|([^>]*)>", lambda found: found[2], spoken)
    spoken = re.sub(r"<(?:mailto:|tel:)?([^>]+)>", lambda found: found[1], spoken)
    return spoken.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _mention(found: re.Match[str]) -> str:
    sign = "#" if found[1] == "#" else "@"
    return sign + (found[3] or found[2]).lstrip("@#")
