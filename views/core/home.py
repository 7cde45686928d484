"""The Home tab and the answer to bare `/rain`: what waits on top, then what one can do, settings at the end."""

from domain.core.language import _, plural
from domain.core.people import InCharge
from domain.core.working_time import WorkingHours
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.exceptions import Attention
from usecases.core.home import FrontPage
from views import ids, kit
from views.core.absences import absence_lines, away_lines
from views.kit import Block, Mrkdwn, View, say
from views.sales.deals import deal_line
from views.sales.leads import lead_line

MOST_NAMED = 5
"""People named in one line."""


def home_tab(page: FrontPage, hours: WorkingHours, playbook: SalesPlaybook) -> View:
    """The Home tab of one member."""
    return {
        "type": "home",
        "callback_id": "home",
        "blocks": [*waiting(page, playbook), *doing(page), *settings(page, hours)],
    }


def waiting(page: FrontPage, playbook: SalesPlaybook) -> list[Block]:
    """What waits for the reader."""
    blocks = [kit.header(_("What waits for you"))]
    if page.exceptions.total:
        blocks.append(exceptions_line(page.exceptions))
    if not page.due and not page.unclaimed:
        blocks.append(kit.section(say(_("Nothing is due today. :tada:"))))
    blocks += [lead_line(lead, page.now, playbook, shows_owner=False) for lead in page.due]
    if page.unclaimed:
        blocks.append(kit.section(say(_("*Up for claiming*"))))
        for lead in page.unclaimed:
            line = lead_line(lead, page.now, playbook, shows_owner=False)
            line["accessory"] = kit.button(ids.PRESS_CLAIM, _("Claim"), lead.id)
            blocks.append(line)
    if page.deals:
        blocks.append(kit.section(say(_("*My deals, and what they wait for*"))))
        blocks += [deal_line(deal, playbook) for deal in page.deals]
    return blocks


def exceptions_line(attention: Attention) -> Block:
    """Tells management that leads or deals have fallen out of the process."""
    words = say(_(":warning: *{what}*"), what=attention.words)
    return kit.section(words, kit.button(ids.PRESS_EXCEPTIONS, _("Look")))


def doing(page: FrontPage) -> list[Block]:
    """Two or three things to do."""
    return [
        kit.divider(),
        kit.actions(
            kit.button(ids.PRESS_CAPTURE, _("Capture a lead"), style="primary"),
            kit.button(ids.PRESS_MY_LEADS, _("My leads ({count})").format(count=page.mine)),
            kit.button(ids.PRESS_TEAM_LEADS, _("All leads ({count})").format(count=page.team)),
            kit.button(ids.PRESS_MY_DEALS, _("My deals ({count})").format(count=page.deal_count)),
        ),
    ]


def settings(page: FrontPage, hours: WorkingHours) -> list[Block]:
    """What the reader can set, and for management who is not there."""
    blocks = [
        kit.divider(),
        kit.header(_("Settings")),
        kit.section(hours_words(page, hours), kit.button(ids.PRESS_HOURS, _("My hours"))),
        *absence_lines(page.absences),
    ]
    if page.sees_people:
        blocks += [*away_lines(page.away), *gone_lines(page)]
    return [
        *blocks,
        kit.actions(
            kit.button(ids.PRESS_AWAY, _("I am away")),
            kit.button(ids.PRESS_OTHER_AWAY, _("Somebody is away")) if page.sees_people else None,
            kit.button(ids.PRESS_IMPORT, _("Import…")) if page.may_import else None,
            kit.button(ids.PRESS_ROLES, _("Roles")) if page.is_admin else None,
            kit.button(ids.PRESS_WORKSPACE, _("Leads channel and holidays")) if page.is_admin else None,
        ),
    ]


def hours_words(page: FrontPage, hours: WorkingHours) -> Mrkdwn:
    """When the reader is reminded, and when nothing is sent to them."""
    reminded = say(
        _("You are reminded Monday to Friday, {starts} to {ends} ({zone}), except on public holidays."),
        starts=hours.starts.strftime("%H:%M"),
        ends=hours.ends.strftime("%H:%M"),
        zone=hours.zone.replace("_", " "),
    )
    if page.quiet is None:
        return reminded
    begins, ends = page.quiet.begins.strftime("%H:%M"), page.quiet.ends.strftime("%H:%M")
    return say(_("{reminded} Quiet from {begins} to {ends}."), reminded=reminded, begins=begins, ends=ends)


def gone_lines(page: FrontPage) -> list[Block]:
    """Who has left with something still in their charge, for somebody to hand on."""
    if not page.gone:
        return []
    named = [
        say(_("{person} ({things})"), person=kit.person(one.person), things=_things(one))
        for one in page.gone[:MOST_NAMED]
    ]
    rest = len(page.gone) - len(named)
    more = [say(_("and {rest} more"), rest=rest)] if rest else []
    return [kit.section(say(_("*Gone, but still in charge:* {people}"), people=Mrkdwn(", ".join([*named, *more]))))]


def _things(one: InCharge) -> str:
    leads = plural("{count} lead", "{count} leads", one.leads).format(count=one.leads)
    accounts = plural("{count} account", "{count} accounts", one.accounts).format(count=one.accounts)
    return ", ".join(words for words, count in ((leads, one.leads), (accounts, one.accounts)) if count)
