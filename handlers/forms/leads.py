"""What the modals about leads ask."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Self

from pydantic import BaseModel, ValidationError

from domain.sales.accounts import NewContact
from domain.sales.leads import NewLead
from handlers.forms import About, Form, SlackId, record_id, values_of

SCREENING = "screening_"
"""Prefix of the fields that ask the playbook's screening criteria."""


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


class LeadForm(Form):
    """The questions of every lead."""

    company: str = ""
    channel: str = ""
    said: str = ""
    contact_name: str | None = None
    email: str | None = None
    phone: str | None = None

    def lead(self) -> NewLead:
        """The lead as entered."""
        contact = NewContact(name=self.contact_name, email=self.email, phone=self.phone)
        return NewLead(company=self.company, channel=self.channel, said=self.said, contact=contact)


class NewLeadForm(LeadForm):
    """The capture modal."""

    industry: str | None = None
    history: str | None = None
    account: str | None = None

    def new_lead(self, view: Mapping[str, Any], about: About) -> NewLead:
        """The lead as entered, with the answers to the screening questions and what the modal remembers."""
        return replace(
            self.lead(),
            industry=self.industry,
            history=self.history,
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


class LeadChoiceForm(Form):
    """A modal that asks for one lead."""

    lead: str


class AssignForm(Form):
    """The modal that asks to whom a lead is given."""

    owner: SlackId
    note: str = ""


class DisqualifyForm(Form):
    """The modal that asks why a lead goes no further."""

    reason: str = ""
    remark: str = ""
