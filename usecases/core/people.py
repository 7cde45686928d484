"""Who is here and what they may do: members learned from Slack, roles given by admins, settings of the workspace and of oneself."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, time
from functools import partial
from time import monotonic
from typing import TypeVar

from domain.core.absences import SET_ABSENCE_OF_OTHERS
from domain.core.calendars import checked_country, place_code, region_in
from domain.core.edits import rebased_values
from domain.core.language import _
from domain.core.messages import Destination, Welcome
from domain.core.people import (
    SET_ROLES,
    Actor,
    InCharge,
    LastListing,
    Member,
    Permission,
    Profile,
    Role,
    RoleGrant,
    Settings,
)
from domain.core.refusals import RuleBroken
from domain.core.working_time import WorkingHours, checked_quiet
from domain.core.workspaces import Workspace
from domain.playbook.playbook import Playbook
from storage.unit_of_work import Store, UnitOfWork
from usecases.desk import Desk, Nudge, check_permission, nobody, reads, record, writes

R = TypeVar("R")

KNOWN_SECONDS = 5
"""How long an actor is taken for who they were; what another process changes of them takes effect by then, our own changes at once."""
MOST_KNOWN = 10_000
LEARNED_AT_ONCE = 20
"""People learned in one transaction: few, so that nobody who is being served waits for a long one."""
MOST_UNHEARD_OF = 50
"""Members at a time whom a listing left out, each of whom Slack is asked about singly."""


class PeopleDesk(Desk):
    """The use cases of members, roles and settings."""

    def __init__(self, store: Store, playbook: Playbook, nudge: Nudge = nobody) -> None:
        super().__init__(store, playbook, nudge)
        self.known_seconds: float = KNOWN_SECONDS
        self._known: dict[tuple[str, str], tuple[float, Actor]] = {}

    async def write(self, workspace_id: str, body: Callable[[UnitOfWork], R]) -> R:
        """Run `body` in one transaction; whoever is known is looked up anew afterwards."""
        try:
            return await super().write(workspace_id, body)
        finally:
            self._known = {}  # another one, so that a look-up under way keeps what it finds in the one forgotten

    async def workspace(self, workspace_id: str) -> Workspace:
        """The installation of a workspace.

        Raises NotFound where Rainmaker was never installed.
        """
        return await self.store.read(workspace_id, lambda work: work.workspaces.get())

    async def introduce(self, workspace_id: str, slack_id: str) -> Actor | None:
        """Who this Slack user is to us, with the roles they have; None while they are unknown.

        What was found holds for KNOWN_SECONDS, unless this desk changes something.
        """
        known, who = self._known, (workspace_id, slack_id)
        until, actor = known.get(who, (0.0, None))
        if actor is None or monotonic() >= until:
            actor = await self.store.read(workspace_id, lambda work: work.members.actor(slack_id))
            if actor is not None:
                if len(known) >= MOST_KNOWN:
                    known.clear()
                known[who] = (monotonic() + self.known_seconds, actor)
        return actor

    @reads
    def check_permission(self, work: UnitOfWork, actor: Actor, permission: Permission) -> None:
        """Refuse unless one of the actor's roles has the permission, before a form of it is opened.

        Raises NotAllowed, which names those who can.
        """
        check_permission(work, actor, permission)

    async def names(self, workspace_id: str, slack_ids: Collection[str]) -> dict[str, str]:
        """What those of these users are called who are known, by Slack id."""
        return await self.store.read(workspace_id, lambda work: work.members.names(slack_ids))

    async def learn(self, workspace_id: str, profile: Profile) -> Member:
        """Keep what Slack says of a user."""
        return await self.write(workspace_id, lambda work: work.members.learn(profile))

    async def last_listings(self) -> list[LastListing]:
        """Of each workspace that has Rainmaker installed, when its people were last listed."""
        return await self.store.read_jobs(lambda jobs: jobs.last_listings())

    async def learn_listed(self, workspace_id: str, profiles: Collection[Profile]) -> int:
        """Keep a page of what Slack lists, a few people to a transaction; returns of how many it was something new."""
        listed, learned = list(profiles), 0
        for start in range(0, len(listed), LEARNED_AT_ONCE):
            some = listed[start : start + LEARNED_AT_ONCE]
            learned += await self.write(workspace_id, partial(_learn, some))
        return learned

    async def unheard_of(self, workspace_id: str, since: datetime) -> list[Member]:
        """Some of the members whom Slack has not spoken of since, and who are not known to be gone."""
        return await self.store.read(workspace_id, lambda work: work.members.not_learned_since(since, MOST_UNHEARD_OF))

    async def lose(self, workspace_id: str, slack_ids: Collection[str]) -> None:
        """Note that Slack does not know these any more."""
        await self.write(workspace_id, lambda work: work.members.mark_gone(slack_ids))

    async def granted_groups(self, workspace_id: str) -> list[str]:
        """The user groups that have been given a role."""
        grants = await self.store.read(workspace_id, lambda work: work.members.grants())
        return list(dict.fromkeys(grant.grantee for grant in grants if grant.is_group))

    async def follow_group(self, workspace_id: str, group_id: str, slack_ids: Collection[str]) -> None:
        """Keep who is in a user group that has been given a role; other groups do not concern us."""

        def body(work: UnitOfWork) -> None:
            if work.members.is_granted_group(group_id):
                work.members.replace_group(group_id, slack_ids)

        await self.write(workspace_id, body)

    async def change_group(
        self, workspace_id: str, group_id: str, added: Collection[str], removed: Collection[str]
    ) -> None:
        """Keep who joined and who left a user group that has been given a role."""

        def body(work: UnitOfWork) -> None:
            if work.members.is_granted_group(group_id):
                work.members.change_group(group_id, added, removed)

        await self.write(workspace_id, body)

    async def install(self, workspace: Workspace, installer: Profile | None, *, greets: bool = True) -> None:
        """Keep an installation; where no colleague is admin, as on the first one, the installer becomes admin and is greeted.

        Without `greets` nobody is told what to set up, since that is done.
        """

        def body(work: UnitOfWork) -> None:
            work.workspaces.save(workspace)
            if installer is None or work.members.with_roles({Role.ADMIN}):
                return
            admin = work.members.learn(installer)
            before = work.members.grants()
            work.members.replace_grants([*before, RoleGrant(role=Role.ADMIN, grantee=installer.slack_id)])
            given = {"before": _by_role(before), "after": _by_role(work.members.grants())}
            record(work, None, "roles.set", admin.id, **given, reason="installed the app")
            if greets:
                work.outbox.put(Welcome(), Destination(member_id=admin.id), once="welcome")

        await self.write(workspace.workspace_id, body)
        self.nudge()

    async def uninstall(self, workspace_id: str) -> None:
        """Forget the token of a workspace that removed the app; its records stay."""
        await self.write(workspace_id, lambda work: work.workspaces.mark_uninstalled())

    @reads
    def settings(self, work: UnitOfWork, actor: Actor) -> Settings:
        """The settings as the actor sees them."""
        return _settings(work, actor)

    @reads
    def settings_to_change(self, work: UnitOfWork, actor: Actor) -> Settings:
        """The settings, for somebody who may change them.

        Raises NotAllowed.
        """
        check_permission(work, actor, SET_ROLES)
        return _settings(work, actor)

    @reads
    def gone_in_charge(self, work: UnitOfWork, actor: Actor) -> tuple[InCharge, ...]:
        """Members who have left, or are guests now, and still own open leads or accounts.

        Raises NotAllowed.
        """
        check_permission(work, actor, SET_ABSENCE_OF_OTHERS)
        return tuple(work.members.gone_in_charge())

    @writes
    def set_roles(
        self,
        work: UnitOfWork,
        actor: Actor,
        grants: tuple[RoleGrant, ...],
        groups: dict[str, list[str]],
        shown: tuple[RoleGrant, ...] | None = None,
    ) -> tuple[RoleGrant, ...]:
        """Give and take the roles in which `grants` differ from what a form has `shown`; where it has shown nothing, replace all.
        `groups` are the members (Slack ids) of each user group among them.

        Raises NotAllowed, RuleBroken (field `admin`) when no colleague would be admin any more.
        """
        check_permission(work, actor, SET_ROLES)
        before = work.members.grants()
        if shown is not None:
            kept = [grant for grant in before if grant in grants or grant not in shown]
            grants = (*kept, *(grant for grant in grants if grant not in {*kept, *shown}))
        work.members.replace_grants(grants)
        for group_id, slack_ids in groups.items():
            work.members.replace_group(group_id, slack_ids)
        if not any(grant.role is Role.ADMIN for grant in grants):
            raise RuleBroken(_("Somebody must stay admin."), field=Role.ADMIN.value)
        if not work.members.with_roles({Role.ADMIN}):
            raise RuleBroken(_("None of these is a colleague here; somebody must stay admin."), field=Role.ADMIN.value)
        record(work, actor, "roles.set", actor.member_id, before=_by_role(before), after=_by_role(grants))
        return tuple(work.members.grants())

    @writes
    def set_workspace(
        self,
        work: UnitOfWork,
        actor: Actor,
        leads_channel: str | None,
        country: str,
        region: str = "",
        shown: Mapping[str, str | None] | None = None,
    ) -> bool:
        """Set the channel that shows new leads and the country whose public holidays count, where that differs from what a form has
        `shown`; `region` is a part of the country, such as `DE-BY`.

        Raises NotAllowed, FormRefused, RuleBroken (field `country`).
        """
        check_permission(work, actor, SET_ROLES)
        before = work.workspaces.get()
        if shown is not None:
            now = {"leads_channel": before.leads_channel, "country": before.country}
            now["region"] = place_code(before.country, before.region)
            entered = {"leads_channel": leads_channel, "country": country} | ({"region": region} if region else {})
            kept = rebased_values(entered, shown, now)
            leads_channel, country, region = kept["leads_channel"], kept["country"], kept["region"]
        country = checked_country(country)
        work.workspaces.set_leads_channel(leads_channel)
        work.workspaces.set_country(country, region_in(country, region))
        record(
            work,
            actor,
            "workspace.set",
            actor.member_id,
            before={"leads_channel": before.leads_channel, "country": place_code(before.country, before.region)},
            after={"leads_channel": leads_channel, "country": place_code(country, region_in(country, region))},
        )
        return True

    @writes
    def set_hours(
        self,
        work: UnitOfWork,
        actor: Actor,
        starts: time,
        ends: time,
        country: str,
        quiet_from: time | None = None,
        quiet_until: time | None = None,
        region: str = "",
    ) -> WorkingHours:
        """Set one's own working hours and public holidays, which reminders keep to, and quiet hours, which everything keeps to.

        `region` is a part of the country, such as `DE-BY`; any other value means the whole country.

        Raises RuleBroken (field `ends`, `country`, `quiet_from` or `quiet_until`).
        """
        if ends <= starts:
            raise RuleBroken(_("Work must end after it begins."), field="ends")
        before = _settings(work, actor)
        country = checked_country(country)
        hours = replace(before.hours, starts=starts, ends=ends, country=country, region=region_in(country, region))
        quiet = checked_quiet(quiet_from, quiet_until, hours)
        work.members.set_hours(actor.member_id, hours, quiet)
        after = _settings(work, actor)
        record(work, actor, "member.hours_set", actor.member_id, before=_hours(before), after=_hours(after))
        return after.hours


def _settings(work: UnitOfWork, actor: Actor) -> Settings:
    return Settings(
        workspace=work.workspaces.get(),
        grants=tuple(work.members.grants()),
        hours=work.members.hours(actor.member_id),
        quiet=work.members.get(actor.member_id).quiet_hours,
    )


def _hours(settings: Settings) -> dict[str, str | None]:
    hours, quiet = settings.hours, settings.quiet
    return {
        "starts": hours.starts.isoformat(),
        "ends": hours.ends.isoformat(),
        "country": place_code(hours.country, hours.region),
        "quiet_from": quiet.begins.isoformat() if quiet else None,
        "quiet_until": quiet.ends.isoformat() if quiet else None,
    }


def _by_role(grants: Collection[RoleGrant]) -> dict[str, list[str]]:
    return {role.value: sorted(grant.grantee for grant in grants if grant.role is role) for role in Role}


def _learn(profiles: Collection[Profile], work: UnitOfWork) -> int:
    return work.members.learn_many(profiles)
