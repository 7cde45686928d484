"""The Home tab and the answer to bare `/rain`: what waits on top, then what one can do, settings at the end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from domain.core.gathering import Registry
from domain.core.home import FrontPage
from domain.core.language import _, plural
from domain.core.people import InCharge
from domain.core.working_time import WorkingHours
from domain.playbook.sales_rules import SalesPlaybook
from views import ids, kit
from views.core.absences import absence_lines, away_lines
from views.kit import Block, Mrkdwn, View, say

MOST_NAMED = 5
"""People named in one line."""


@dataclass(frozen=True)
class HomePart:
    """How a noun's part of somebody's day is drawn: what waits, the buttons of what one can do, and those of what one can set.

    Parts stand in the order of their places.
    """

    place: int
    waits: Callable[[Any, FrontPage, SalesPlaybook], list[Block]] = lambda _part, _page, _playbook: []
    does: Callable[[Any], list[Block | None]] = lambda _part: []
    sets: Callable[[Any], list[Block | None]] = lambda _part: []


home_parts = Registry[HomePart]("views")
"""How nouns' parts are drawn, by the name under which their use cases declare them."""


def home_tab(page: FrontPage, hours: WorkingHours, playbook: SalesPlaybook) -> View:
    """The Home tab of one member."""
    return {
        "type": "home",
        "callback_id": "home",
        "blocks": [*waiting(page, playbook), *doing(page), *settings(page, hours)],
    }


def _parts(page: FrontPage) -> Iterator[tuple[HomePart, Any]]:
    """The parts of a day, in order, each with its facts."""
    for name, part in sorted(home_parts.all.items(), key=lambda named: named[1].place):
        if name in page.parts:
            yield part, page.parts[name]


def waiting(page: FrontPage, playbook: SalesPlaybook) -> list[Block]:
    """What waits for the reader."""
    blocks = [block for part, facts in _parts(page) for block in part.waits(facts, page, playbook)]
    return [kit.header(_("What waits for you")), *(blocks or [kit.section(say(_("Nothing is due today. :tada:")))])]


def doing(page: FrontPage) -> list[Block]:
    """Two or three things to do."""
    buttons = [button for part, facts in _parts(page) for button in part.does(facts)]
    return [kit.divider(), kit.actions(*buttons)] if buttons else []


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
            *(button for part, facts in _parts(page) for button in part.sets(facts)),
            kit.button(ids.PRESS_ROLES, _("Roles")) if page.is_admin else None,
            kit.button(ids.PRESS_WORKSPACE, _("Leads channel and holidays")) if page.is_admin else None,
            kit.button(ids.PRESS_HELP, _("Help")),
        ),
    ]


def hours_words(page: FrontPage, hours: WorkingHours) -> Mrkdwn:
    """When the reader is reminded, and when nothing is sent to them."""
    reminded = say(
        _("You are reminded {days}, {starts} to {ends} ({zone}), except on public holidays."),
        days=kit.weekdays_words(hours.weekdays(hours.local(page.now).date())),
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
