"""The Home tab and the answer to bare `/rain`: what waits on top, then what one can do, settings at the end."""

from domain.language import _
from domain.playbook import SalesPlaybook
from domain.usecases.home import FrontPage
from domain.working_time import WorkingHours
from views import ids, kit
from views.kit import Block, View, say
from views.leads import lead_line


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
    if not page.due and not page.unclaimed:
        blocks.append(kit.section(say(_("Nothing is due today. :tada:"))))
    blocks += [lead_line(lead, page.now, playbook, shows_owner=False) for lead in page.due]
    if page.unclaimed:
        blocks.append(kit.section(say(_("*Up for claiming*"))))
        for lead in page.unclaimed:
            line = lead_line(lead, page.now, playbook, shows_owner=False)
            line["accessory"] = kit.button(ids.PRESS_CLAIM, _("Claim"), lead.id)
            blocks.append(line)
    return blocks


def doing(page: FrontPage) -> list[Block]:
    """Two or three things to do."""
    return [
        kit.divider(),
        kit.actions(
            kit.button(ids.PRESS_CAPTURE, _("Capture a lead"), style="primary"),
            kit.button(ids.PRESS_MY_LEADS, _("My leads ({count})").format(count=page.mine)),
            kit.button(ids.PRESS_TEAM_LEADS, _("All leads ({count})").format(count=page.team)),
        ),
    ]


def settings(page: FrontPage, hours: WorkingHours) -> list[Block]:
    """What the reader can set."""
    mine = say(
        _("You are reminded Monday to Friday, {starts} to {ends} ({zone}), except on public holidays."),
        starts=hours.starts.strftime("%H:%M"),
        ends=hours.ends.strftime("%H:%M"),
        zone=hours.zone.replace("_", " "),
    )
    blocks = [kit.divider(), kit.header(_("Settings")), kit.section(mine, kit.button(ids.PRESS_HOURS, _("My hours")))]
    if page.may_import:
        blocks.append(kit.actions(kit.button(ids.PRESS_IMPORT, _("Import…"))))
    if page.is_admin:
        blocks.append(
            kit.actions(
                kit.button(ids.PRESS_ROLES, _("Roles")),
                kit.button(ids.PRESS_WORKSPACE, _("Leads channel and holidays")),
            )
        )
    return blocks
