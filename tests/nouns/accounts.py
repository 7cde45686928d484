"""Accounts and their contacts, as the shared tests need them."""

from tests.firm import PLAYBOOK
from tests.views.facts import ADMIN, Drawings, Facts, card_of, contact_of
from views import kit, messages
from views.sales import account_reminders, accounts, merges

DRAWINGS: Drawings = {
    "accounts.account_page": lambda s: (
        "modal",
        accounts.account_page(s.account_page, ADMIN, PLAYBOOK, note=kit.say("Undone: {what}", what=s.failure)),
    ),
    "accounts.account_card": lambda s: (
        "message",
        accounts.account_card(card_of(s), PLAYBOOK, may_be_shared=True),
    ),
    "accounts.account_list": lambda s: (
        "message",
        accounts.account_list("Accounts", s.account_list, PLAYBOOK, kit.say("No account is called {x}.", x=s.failure)),
    ),
    "account_reminders.account_refresh": lambda s: (
        "message",
        account_reminders.account_refresh(
            s.question, PLAYBOOK, messages.write("AccountRefreshDue", {"reminder": s.question})
        ),
    ),
    "accounts.edit_account_modal": lambda s: ("modal", accounts.edit_account_modal(s.account_page, PLAYBOOK)),
    "accounts.new_contact_modal": lambda s: ("modal", accounts.new_contact_modal(s.lead.account)),
    "accounts.edit_contact_modal": lambda s: (
        "modal",
        accounts.edit_contact_modal(contact_of(s), s.account_page.contacts),
    ),
    "merges.merge_contact_modal": lambda s: (
        "modal",
        merges.merge_contact_modal(contact_of(s), s.account_page.contacts or (contact_of(s),)),
    ),
    "merges.choose_merge_modal": lambda s: ("modal", merges.choose_merge_modal(s.lead.account)),
    "merges.confirm_merge_modal": lambda s: ("modal", merges.confirm_merge_modal(s.merge, PLAYBOOK)),
}

FACTS: Facts = {
    "AccountRefreshDue": lambda s: {"reminder": s.question},
    "AccountShown": lambda s: {"account": card_of(s)},
}
