"""What the modals about accounts and their contacts ask."""

from domain.sales.accounts import AccountEdit, NewContact
from handlers.forms import Form, SlackId


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
