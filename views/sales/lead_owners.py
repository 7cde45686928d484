"""Who owns a lead, as people see it: what comes first for its reader to do."""

from domain.core.language import _
from domain.sales.leads import CLAIM_LEAD, HAND_TO_SALES, Lead
from views import ids, kit
from views.kit import Block
from views.rights import may_press, needs, reader

needs(ids.PRESS_CLAIM)(CLAIM_LEAD)
needs(ids.PRESS_TO_SALES)(HAND_TO_SALES)


def take_button(lead: Lead) -> Block | None:
    """How a lead without an owner gets one: its reader claims it, or hands it to those who may; None where somebody owns it."""
    if lead.owner:
        return None
    if may_press(ids.PRESS_CLAIM):
        return kit.button(ids.PRESS_CLAIM, _("Claim"), lead.id, style="primary")
    return kit.button(ids.PRESS_TO_SALES, _("Hand to sales"), lead.id, style="primary")


def first_button(lead: Lead) -> Block:
    """What comes first for whoever is reminded of a lead: that somebody owns it, then a touch that says how the client was answered."""
    return take_button(lead) or kit.button(ids.PRESS_TOUCH, _("Log it"), lead.id, style="primary")


def handing_on(lead: Lead) -> list[Block]:
    """Giving a lead away and releasing it, where its one reader may; in a channel it stands on the lead's page alone."""
    who = reader()
    if who is None or not lead.may_be_handed_on(who):
        return []
    release = kit.button(ids.PRESS_RELEASE, _("Release"), lead.id) if lead.owner else None
    buttons = (kit.button(ids.PRESS_ASSIGN, _("Give to…"), lead.id), release)
    return [button for button in buttons if button]
