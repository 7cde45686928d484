"""Accounts and contacts, as they come in from Slack: `/rain-account`, the page, and what can be done from there."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.language import _
from domain.core.people import Actor
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.accounts import AccountEdit, NewContact
from domain.sales.pages import AccountStep
from handlers.forms import Form, SlackId, record_id, record_ids, words_after
from handlers.surface import Body, Surface
from usecases.sales.accounts import AccountDesk
from views import ids
from views.kit import say
from views.sales.accounts import (
    account_card,
    account_list,
    account_page,
    edit_account_modal,
    edit_contact_modal,
    new_contact_modal,
)
from views.sales.merges import choose_merge_modal, confirm_merge_modal, merge_contact_modal, suggested_accounts

A_CODE = re.compile(r"A-?(\d{1,9})", re.IGNORECASE)


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.command(ids.RAIN_ACCOUNT)(take_account_command)
    app.action(ids.PRESS_SHOW_ACCOUNT)(open_account)
    app.action(ids.PRESS_SHARE_ACCOUNT)(press_share)
    app.action(ids.PRESS_CONFIRM_ACCOUNT)(press_confirm)
    app.action(ids.PRESS_EDIT_ACCOUNT)(open_edit)
    app.view(ids.EDIT_ACCOUNT)(submit_edit)
    app.action(ids.PRESS_NEW_CONTACT)(open_new_contact)
    app.view(ids.NEW_CONTACT)(submit_new_contact)
    app.action(ids.PRESS_EDIT_CONTACT)(open_edit_contact)
    app.view(ids.EDIT_CONTACT)(submit_edited_contact)
    app.action(ids.PRESS_MERGE_CONTACT)(open_merge_contact)
    app.view(ids.MERGE_CONTACT)(submit_merged_contact)
    app.action(ids.PRESS_MERGE_ACCOUNT)(open_merge)
    app.options(ids.SUGGEST_ACCOUNTS)(suggest_accounts)
    app.view(ids.CHOOSE_ACCOUNT_MERGE)(submit_chosen_merge)
    app.action(ids.PRESS_SWAP)(press_swap)
    app.view(ids.CONFIRM_ACCOUNT_MERGE)(submit_merge)


class AccountForm(Form, asked_by=(ids.EDIT_ACCOUNT,)):
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


class ContactForm(Form, asked_by=(ids.NEW_CONTACT, ids.EDIT_CONTACT)):
    """The modal that adds or edits a contact."""

    name: str | None = None
    position: str | None = None
    email: str | None = None
    phone: str | None = None

    def contact(self) -> NewContact:
        """The contact as entered."""
        return NewContact(**self.model_dump())


class OtherForm(Form, asked_by=(ids.CHOOSE_ACCOUNT_MERGE, ids.MERGE_CONTACT)):
    """A modal that asks which other record is the same."""

    other: str = ""


async def take_account_command(
    ack: AsyncAck, body: Body, actor: Actor, accounts: AccountDesk, playbook: SalesPlaybook
) -> None:
    """`/rain-account`: one's own accounts without words, one by its code, otherwise a search."""
    words = words_after(body)
    code = A_CODE.fullmatch(words)
    if not words:
        title, nothing = (
            _("My accounts"),
            say(_("You own no account. Look one up with `{command} Acme`."), command=ids.RAIN_ACCOUNT),
        )
        await ack(text=title, blocks=account_list(title, await accounts.mine(actor), playbook, nothing))
    elif code:
        card = await accounts.find(actor, int(code[1]))
        is_channel = not str(body.get("channel_id") or "D").startswith("D")
        await ack(text=card.line.account.name, blocks=account_card(card, playbook, may_be_shared=is_channel))
    else:
        title, nothing = _("Accounts"), say(_("No account is called anything like “{words}”."), words=words)
        await ack(text=title, blocks=account_list(title, await accounts.search(actor, words), playbook, nothing))


async def open_account(
    ack: AsyncAck,
    action: dict[str, Any],
    surface: Surface,
    actor: Actor,
    accounts: AccountDesk,
    playbook: SalesPlaybook,
) -> None:
    """Open an account's page."""
    page = await accounts.show(actor, record_id(action.get("value")))
    await ack()
    await surface.open(account_page(page, actor, playbook))


async def press_share(ack: AsyncAck, body: Body, action: dict[str, Any], actor: Actor, accounts: AccountDesk) -> None:
    """Show the account to everybody in the channel where the button was pressed."""
    await accounts.share(actor, record_id(action.get("value")), str((body.get("channel") or {}).get("id") or ""))
    await ack()


async def press_confirm(
    ack: AsyncAck,
    action: dict[str, Any],
    surface: Surface,
    actor: Actor,
    accounts: AccountDesk,
    playbook: SalesPlaybook,
) -> None:
    """Keep that the account is still right."""
    step = await accounts.confirm(actor, record_id(action.get("value")))
    await ack()
    page = await accounts.show(actor, step.account.id)
    await surface.redraw(account_page(page, actor, playbook))


async def open_edit(
    ack: AsyncAck,
    action: dict[str, Any],
    surface: Surface,
    actor: Actor,
    accounts: AccountDesk,
    playbook: SalesPlaybook,
) -> None:
    """Ask what is to be said of an account."""
    page = await accounts.show_to_edit(actor, record_id(action.get("value")))
    await ack()
    await surface.open(edit_account_modal(page, playbook))


async def submit_edit(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, accounts: AccountDesk, playbook: SalesPlaybook
) -> None:
    """Keep what is said of an account now."""
    form, shown = AccountForm.read(view), AccountForm.shown(view)
    step = await accounts.edit(actor, record_id(surface.about), form.edit(), shown.edit() if shown else None)
    await go_back(step, ack, surface, actor, accounts, playbook)


async def go_back(
    step: AccountStep, ack: AsyncAck, surface: Surface, actor: Actor, accounts: AccountDesk, playbook: SalesPlaybook
) -> None:
    """Close a form; the account's page below it, where there is one, shows what was done."""
    await ack()
    if surface.is_on_top_of_another:
        page = await accounts.show(actor, step.account.id)
        await surface.redraw_below(account_page(page, actor, playbook))


async def open_new_contact(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, accounts: AccountDesk
) -> None:
    """Ask for a person at an account."""
    page = await accounts.show_to_edit(actor, record_id(action.get("value")))
    await ack()
    await surface.open(new_contact_modal(page.account))


async def submit_new_contact(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, accounts: AccountDesk, playbook: SalesPlaybook
) -> None:
    """Keep a person at an account."""
    step = await accounts.add_contact(actor, record_id(surface.about), ContactForm.read(view).contact())
    await go_back(step, ack, surface, actor, accounts, playbook)


async def open_edit_contact(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, accounts: AccountDesk
) -> None:
    """Ask what is to be said of a contact."""
    contact, others = await accounts.contact_to_edit(actor, record_id(action.get("value")))
    await ack()
    await surface.open(edit_contact_modal(contact, others))


async def submit_edited_contact(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, accounts: AccountDesk, playbook: SalesPlaybook
) -> None:
    """Keep what is said of a contact now."""
    form, shown = ContactForm.read(view), ContactForm.shown(view)
    known = shown.contact() if shown else None
    step = await accounts.edit_contact(actor, record_id(surface.about), form.contact(), known)
    await go_back(step, ack, surface, actor, accounts, playbook)


async def open_merge_contact(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, accounts: AccountDesk
) -> None:
    """Ask, in place of the contact's form, who else is the same person."""
    contact, others = await accounts.contact_to_edit(actor, record_id(action.get("value")))
    await ack()
    await surface.redraw(merge_contact_modal(contact, others))


async def submit_merged_contact(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, accounts: AccountDesk, playbook: SalesPlaybook
) -> None:
    """Make one contact of two."""
    other = record_id(OtherForm.read(view).other)
    step = await accounts.merge_contacts(actor, record_id(surface.about), other)
    await go_back(step, ack, surface, actor, accounts, playbook)


async def open_merge(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, accounts: AccountDesk
) -> None:
    """Ask which other account is the same company."""
    page = await accounts.show_to_merge(actor, record_id(action.get("value")))
    await ack()
    await surface.open(choose_merge_modal(page.account))


async def suggest_accounts(ack: AsyncAck, body: Body, surface: Surface, actor: Actor, accounts: AccountDesk) -> None:
    """Offer likely duplicates, or what somebody's words find."""
    suggestions = await accounts.suggest(actor, record_id(surface.about), str(body.get("value") or ""))
    await ack(**suggested_accounts(suggestions))


async def submit_chosen_merge(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, accounts: AccountDesk, playbook: SalesPlaybook
) -> None:
    """Show what merging these two would do."""
    other = record_id(OtherForm.read(view).other)
    preview = await accounts.preview_merge(actor, record_id(surface.about), other)
    await ack(response_action="update", view=confirm_merge_modal(preview, playbook))


async def press_swap(
    ack: AsyncAck, surface: Surface, actor: Actor, accounts: AccountDesk, playbook: SalesPlaybook
) -> None:
    """Let the other of the two accounts stay."""
    stays, goes = record_ids(surface.about)
    preview = await accounts.preview_merge(actor, goes, stays)
    await ack()
    await surface.redraw(confirm_merge_modal(preview, playbook))


async def submit_merge(
    ack: AsyncAck, surface: Surface, actor: Actor, accounts: AccountDesk, playbook: SalesPlaybook
) -> None:
    """Merge the two accounts."""
    step = await accounts.merge(actor, *record_ids(surface.about))
    await go_back(step, ack, surface, actor, accounts, playbook)
