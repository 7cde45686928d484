"""Workspaces, members, and the roles members have directly or through a user group."""

from collections.abc import Collection
from datetime import datetime, time
from typing import Any

from sqlalchemy import and_, bindparam, func, not_, or_

from domain.core.language import _
from domain.core.people import Actor, InCharge, Member, Person, Profile, Role, RoleGrant
from domain.core.refusals import NotFound
from domain.core.working_time import QuietHours, WorkingHours
from domain.core.workspaces import Workspace
from domain.sales.leads import LeadStatus
from storage.core.tokens import Tokens
from storage.engine.prepared import Fixed
from storage.engine.scope import Scope, delete_here, here, select_here, update_here
from storage.schema import accounts, group_members, leads, members, role_grants, workspaces

WORK_STARTS, WORK_ENDS = time(9), time(17, 30)
CALLED = ("handle", "display_name", "email")
"""What people also know a member by, as far as Slack says it."""
OUTSIDERS = (members.c.is_bot, members.c.is_guest, members.c.is_external, members.c.is_deleted)
"""What makes a member no colleague, as `Member.is_colleague` says it of the fact."""

_WORKSPACE = Fixed(select_here(workspaces))
_GROUPS = select_here(group_members, group_members.c.group_id).where(
    group_members.c.slack_id == bindparam("of_slack_id")
)
_GIVEN = or_(role_grants.c.grantee == bindparam("of_slack_id"), role_grants.c.grantee.in_(_GROUPS))
_ACTOR = Fixed(
    select_here(
        members,
        members,
        role_grants.c.role,
        workspaces.c.country.label("workspace_country"),
        workspaces.c.region.label("workspace_region"),
        workspaces.c.leads_channel,
    )
    .select_from(
        members.join(workspaces, workspaces.c.workspace_id == members.c.workspace_id).outerjoin(
            role_grants, and_(here(role_grants), _GIVEN)
        )
    )
    .where(members.c.slack_id == bindparam("of_slack_id"))
)
_HOURS = Fixed(
    select_here(
        members,
        members.c.zone,
        members.c.work_starts,
        members.c.work_ends,
        members.c.country,
        members.c.region,
        workspaces.c.country.label("workspace_country"),
        workspaces.c.region.label("workspace_region"),
    )
    .select_from(members.join(workspaces, workspaces.c.workspace_id == members.c.workspace_id))
    .where(members.c.id == bindparam("of_member"))
)
_THEIR_LEADS = (
    select_here(leads, func.count())
    .where(leads.c.owner_id == members.c.id, leads.c.status == LeadStatus.OPEN.value)
    .correlate(members)
    .scalar_subquery()
)
_THEIR_ACCOUNTS = (
    select_here(accounts, func.count())
    .where(accounts.c.owner_id == members.c.id, accounts.c.merged_into_id.is_(None))
    .correlate(members)
    .scalar_subquery()
)
_GONE_IN_CHARGE = Fixed(
    select_here(
        members,
        members.c.id,
        members.c.slack_id,
        members.c.name,
        _THEIR_LEADS.label("leads"),
        _THEIR_ACCOUNTS.label("accounts"),
    )
    .where(or_(*OUTSIDERS), or_(_THEIR_LEADS > 0, _THEIR_ACCOUNTS > 0))
    .order_by(members.c.name, members.c.id)
)


class WorkspaceRepository:
    """This workspace's installation and settings."""

    def __init__(self, scope: Scope, now: datetime, tokens: Tokens) -> None:
        self.scope, self.now, self.tokens = scope, now, tokens
        self._found: Workspace | None = None

    def get(self) -> Workspace:
        """The workspace, read once in a transaction. Raises NotFound when it never installed Rainmaker."""
        if self._found is None:
            row = self.scope.row(_WORKSPACE)
            if row is None:
                raise NotFound(_("the installation"))
            self._found = _workspace(row, self.tokens)
        return self._found

    def save(self, workspace: Workspace) -> None:
        """Keep an installation; settings that admins made stay."""
        installation = {
            "name": workspace.name,
            "bot_token": self.tokens.seal(workspace.bot_token),
            "bot_user_id": workspace.bot_user_id,
            "bot_id": workspace.bot_id,
            "enterprise_id": workspace.enterprise_id,
            "installed_by": workspace.installed_by,
            "installed_at": workspace.installed_at,
            "uninstalled_at": None,
        }
        if not self._change(**installation):
            self.scope.add_new(workspaces, country=workspace.country, **installation)

    def seal_token(self) -> None:
        """Encrypt the token with the first key; one that cannot be read stays as it is."""
        if token := self.get().bot_token:
            self._change(bot_token=self.tokens.seal(token))

    def set_leads_channel(self, channel: str | None) -> None:
        """Show new leads in this channel from now on."""
        self._change(leads_channel=channel)

    def set_country(self, country: str, region: str | None) -> None:
        """Keep the public holidays of this country, or of this part of it."""
        self._change(country=country, region=region)

    def mark_uninstalled(self) -> None:
        """Forget the token; everything else stays."""
        self._change(bot_token="", uninstalled_at=self.now)

    def _change(self, **values: Any) -> int:
        self._found = None
        return self.scope.change(update_here(workspaces).values(**values))


def _workspace(row: Any, tokens: Tokens) -> Workspace:
    return Workspace(
        workspace_id=row.workspace_id,
        name=row.name,
        bot_token=tokens.open(row.bot_token),
        bot_user_id=row.bot_user_id,
        bot_id=row.bot_id,
        enterprise_id=row.enterprise_id,
        installed_by=row.installed_by,
        installed_at=row.installed_at,
        leads_channel=row.leads_channel,
        country=row.country,
        region=row.region,
    )


class MemberRepository:
    """People of this workspace."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def actor(self, slack_id: str) -> Actor | None:
        """Who a Slack user is to us, with the roles they have now; None for somebody never met."""
        rows = self.scope.rows(_ACTOR, of_slack_id=slack_id)
        if not rows:
            return None
        member = _member(rows[0])
        roles = {Role(row.role) for row in rows if row.role}
        return Actor(
            workspace_id=member.workspace_id,
            member_id=member.id,
            slack_id=member.slack_id,
            name=member.name,
            roles=frozenset(roles | {Role.COLLEAGUE}) if member.is_colleague else frozenset(),
            zone=member.zone,
            locale=member.locale,
            hours=working_hours(rows[0]),
            country=rows[0].workspace_country,
            leads_channel=rows[0].leads_channel,
        )

    def get(self, member_id: int) -> Member:
        """The member. Raises NotFound."""
        row = self.scope.row(select_here(members).where(members.c.id == member_id))
        if row is None:
            raise NotFound(_("this person"))
        return _member(row)

    def find(self, slack_id: str) -> Member | None:
        """The member with this Slack id, or None."""
        row = self.scope.row(select_here(members).where(members.c.slack_id == slack_id))
        return _member(row) if row else None

    def in_dm(self, channel: str) -> Member | None:
        """Whose direct messages with us a channel is, or None."""
        row = self.scope.row(select_here(members).where(members.c.dm_channel == channel))
        return _member(row) if row else None

    def names(self, slack_ids: Collection[str]) -> dict[str, str]:
        """The names of those of these Slack users who are known, by Slack id."""
        named = select_here(members, members.c.slack_id, members.c.name)
        rows = self.scope.rows(named.where(members.c.slack_id.in_(sorted(set(slack_ids)))))
        return {row.slack_id: row.name for row in rows}

    def learn(self, profile: Profile) -> Member:
        """Keep what Slack says of somebody; what they set here stays, and so does what Slack leaves out."""
        self._keep(profile, self.find(profile.slack_id))
        member = self.find(profile.slack_id)
        assert member is not None
        return member

    def _keep(self, profile: Profile, known: Member | None) -> None:
        said = _said(profile, known) | {"learned_at": self.now}
        if known:
            self.scope.change(update_here(members).where(members.c.id == known.id).values(**said))
        else:
            self.scope.add_new(
                members,
                "workspace_id",
                "slack_id",
                slack_id=profile.slack_id,
                work_starts=WORK_STARTS,
                work_ends=WORK_ENDS,
                **said,
            )

    def learn_many(self, profiles: Collection[Profile]) -> int:
        """Keep what Slack says of many at once; returns of how many it was something new."""
        slack_ids = [profile.slack_id for profile in profiles]
        found = self.scope.rows(select_here(members).where(members.c.slack_id.in_(slack_ids)))
        known = {row.slack_id: _member(row) for row in found}
        new = [profile for profile in profiles if _is_new(profile, known.get(profile.slack_id))]
        for profile in new:
            self._keep(profile, known.get(profile.slack_id))
        self.scope.change(update_here(members).where(members.c.slack_id.in_(slack_ids)).values(learned_at=self.now))
        return len(new)

    def not_learned_since(self, moment: datetime, most: int) -> list[Member]:
        """Members whom Slack has not spoken of since, and who are not known to be gone."""
        silent = select_here(members).where(members.c.learned_at < moment, members.c.is_deleted.is_(False))
        return [_member(row) for row in self.scope.rows(silent.order_by(members.c.id).limit(most))]

    def mark_gone(self, slack_ids: Collection[str]) -> None:
        """Slack does not know these any more."""
        theirs = update_here(members).where(members.c.slack_id.in_(list(slack_ids)))
        self.scope.change(theirs.values(is_deleted=True, learned_at=self.now))

    def gone_in_charge(self) -> list[InCharge]:
        """Members who are no colleagues any more but still own open leads or accounts, by name."""
        return [
            InCharge(
                person=Person(id=row.id, slack_id=row.slack_id, name=row.name), leads=row.leads, accounts=row.accounts
            )
            for row in self.scope.rows(_GONE_IN_CHARGE)
        ]

    def hours(self, member_id: int) -> WorkingHours:
        """The member's working hours, with the workspace's holidays unless they have their own."""
        row = self.scope.row(_HOURS, of_member=member_id)
        if row is None:
            raise NotFound(_("this person"))
        return working_hours(row)

    def set_dm_channel(self, member_id: int, channel: str) -> None:
        """Keep the channel of their direct messages with the bot."""
        self.scope.change(update_here(members).where(members.c.id == member_id).values(dm_channel=channel))

    def set_hours(self, member_id: int, hours: WorkingHours, quiet: QuietHours | None) -> None:
        """Keep when they work, whose public holidays they have, and when they want quiet, all on their own clock."""
        theirs = update_here(members).where(members.c.id == member_id)
        self.scope.change(
            theirs.values(
                work_starts=hours.starts,
                work_ends=hours.ends,
                country=hours.country,
                region=hours.region,
                quiet_from=quiet and quiet.begins,
                quiet_until=quiet and quiet.ends,
            )
        )

    def with_roles(self, roles: Collection[Role]) -> list[Member]:
        """Colleagues who have one of the roles, by name; everybody counts as colleague, so asking for that names admins instead."""
        wanted = {Role.ADMIN} if Role.COLLEAGUE in roles else set(roles)
        given = select_here(role_grants, role_grants.c.grantee).where(
            role_grants.c.role.in_([role.value for role in wanted])
        )
        grouped = select_here(group_members, group_members.c.slack_id).where(group_members.c.group_id.in_(given))
        able = or_(members.c.slack_id.in_(given), members.c.slack_id.in_(grouped))
        rows = self.scope.rows(select_here(members).where(able, not_(or_(*OUTSIDERS))).order_by(members.c.name))
        return [_member(row) for row in rows]

    def assigned(self, member_id: int, at: datetime) -> None:
        """Note when a rule last gave them a record."""
        self.scope.change(update_here(members).where(members.c.id == member_id).values(assigned_at=at))

    def grants(self) -> list[RoleGrant]:
        """All role grants."""
        rows = self.scope.rows(select_here(role_grants).order_by(role_grants.c.role, role_grants.c.grantee))
        return [RoleGrant(role=Role(row.role), grantee=row.grantee, is_group=row.is_group) for row in rows]

    def replace_grants(self, grants: Collection[RoleGrant]) -> None:
        """Let these grants take the place of all before."""
        self.scope.change(delete_here(role_grants))
        self.scope.add_all(
            role_grants,
            [{"role": g.role.value, "grantee": g.grantee, "is_group": g.is_group} for g in dict.fromkeys(grants)],
        )

    def replace_group(self, group_id: str, slack_ids: Collection[str]) -> None:
        """Keep who is in a user group now."""
        self.scope.change(delete_here(group_members).where(group_members.c.group_id == group_id))
        self.scope.add_all(
            group_members, [{"group_id": group_id, "slack_id": slack_id} for slack_id in dict.fromkeys(slack_ids)]
        )

    def change_group(self, group_id: str, added: Collection[str], removed: Collection[str]) -> None:
        """Keep who joined and who left a user group."""
        gone = delete_here(group_members).where(
            group_members.c.group_id == group_id, group_members.c.slack_id.in_(list(removed))
        )
        self.scope.change(gone)
        for slack_id in added:
            self.scope.add_new(group_members, group_id=group_id, slack_id=slack_id)

    def is_granted_group(self, group_id: str) -> bool:
        """Whether the user group has been given a role."""
        wanted = select_here(role_grants).where(role_grants.c.grantee == group_id, role_grants.c.is_group.is_(True))
        return self.scope.row(wanted) is not None


def working_hours(row: Any) -> WorkingHours:
    """Working hours from a row of members joined with its workspace's country and part of it."""
    country, region = (row.country, row.region) if row.country else (row.workspace_country, row.workspace_region)
    return WorkingHours(zone=row.zone, starts=row.work_starts, ends=row.work_ends, country=country, region=region)


def is_colleague(row: Any) -> bool:
    """Whether a row of members is a colleague's."""
    return not (row.is_bot or row.is_guest or row.is_external or row.is_deleted)


def _said(profile: Profile, known: Member | None) -> dict[str, Any]:
    """What Slack says of somebody, as columns."""
    return {
        "name": profile.name,
        **{name: getattr(profile, name) or (getattr(known, name) if known else None) for name in CALLED},
        "zone": profile.zone or (known.zone if known else "UTC"),
        "locale": profile.locale or (known.locale if known else "en-US"),
        "is_bot": profile.is_bot,
        "is_guest": profile.is_guest,
        "is_external": profile.is_external,
        "is_deleted": profile.is_deleted,
    }


def _is_new(profile: Profile, known: Member | None) -> bool:
    return known is None or any(getattr(known, name) != value for name, value in _said(profile, known).items())


def _member(row: Any) -> Member:
    return Member(
        id=row.id,
        workspace_id=row.workspace_id,
        slack_id=row.slack_id,
        name=row.name,
        handle=row.handle,
        display_name=row.display_name,
        email=row.email,
        zone=row.zone,
        locale=row.locale,
        is_bot=row.is_bot,
        is_guest=row.is_guest,
        is_external=row.is_external,
        is_deleted=row.is_deleted,
        dm_channel=row.dm_channel,
        work_starts=row.work_starts,
        work_ends=row.work_ends,
        country=row.country,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        assigned_at=row.assigned_at,
    )
