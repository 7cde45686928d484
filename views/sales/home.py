"""What sales shows of somebody's day on the Home tab."""

from domain.core.home import FrontPage
from domain.core.language import _
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.exceptions import Attention
from domain.sales.pages import DealsAtHome, LeadsAtHome
from views import ids, kit
from views.core.home import HomePart, home_parts
from views.kit import Block, say
from views.sales.deals import deal_line
from views.sales.leads import lead_line


def exceptions_line(attention: Attention) -> Block:
    """Tells management that leads or deals have fallen out of the process."""
    words = say(_(":warning: *{what}*"), what=attention.words)
    return kit.section(words, kit.button(ids.PRESS_EXCEPTIONS, _("Look")))


def leads_at_home(leads: LeadsAtHome, page: FrontPage, playbook: SalesPlaybook) -> list[Block]:
    """Leads that are due by tonight, and those that are up for claiming."""
    nothing = [] if leads.due or leads.unclaimed else [kit.section(say(_("Nothing is due today. :tada:")))]
    blocks = nothing + [lead_line(lead, page.now, playbook, shows_owner=False) for lead in leads.due]
    blocks += kit.more(leads.due_count - len(leads.due))
    if leads.unclaimed:
        blocks.append(kit.section(say(_("*Up for claiming*"))))
    for lead in leads.unclaimed:
        line = lead_line(lead, page.now, playbook, shows_owner=False)
        line["accessory"] = kit.button(ids.PRESS_CLAIM, _("Claim"), lead.id)
        blocks.append(line)
    return [*blocks, *kit.more(leads.unclaimed_count - len(leads.unclaimed))]


def deals_at_home(deals: DealsAtHome, _page: FrontPage, playbook: SalesPlaybook) -> list[Block]:
    """The reader's deals, and what they wait for."""
    if not deals.deals:
        return []
    heading = kit.section(say(_("*My deals, and what they wait for*")))
    lines = [deal_line(deal, playbook) for deal in deals.deals]
    return [heading, *lines, *kit.more(deals.count - len(deals.deals))]


def _lead_buttons(leads: LeadsAtHome) -> list[Block | None]:
    return [
        kit.button(ids.PRESS_CAPTURE, _("Capture a lead"), style="primary"),
        kit.button(ids.PRESS_MY_LEADS, _("My leads ({count})").format(count=leads.mine)),
        kit.button(ids.PRESS_TEAM_LEADS, _("All leads ({count})").format(count=leads.team)),
    ]


def _deal_buttons(deals: DealsAtHome) -> list[Block | None]:
    return [
        kit.button(ids.PRESS_MY_DEALS, _("My deals ({count})").format(count=deals.count)),
        kit.button(ids.PRESS_PIPELINE, _("Pipeline")),
    ]


home_parts("exceptions")(
    HomePart(10, waits=lambda found, _page, _playbook: [exceptions_line(found)] if found.total else [])
)
home_parts("leads")(HomePart(20, waits=leads_at_home, does=_lead_buttons))
home_parts("deals")(HomePart(30, waits=deals_at_home, does=_deal_buttons))
