"""Members of a workspace, the roles they have, and what a permission is."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

from domain.core.language import N_, Titled
from domain.core.working_time import QuietHours, WorkingHours, zone_named
from domain.core.workspaces import Workspace

NIGHTLY = time(3)
"""When a workspace's people are listed anew each night, on the clock most of them have."""


class Role(Titled):
    """What somebody is to the firm. Values are public: never renamed, only added.

    Every full member of the workspace is a colleague without being made one; guests and people of other firms are not.
    """

    COLLEAGUE = "colleague", N_("colleagues")
    SALES = "sales", N_("sales")
    DELIVERY = "delivery", N_("delivery")
    LEGAL = "legal", N_("legal")
    FINANCE = "finance", N_("finance")
    MANAGEMENT = "management", N_("management")
    ADMIN = "admin", N_("admin")


GRANTABLE = tuple(role for role in Role if role is not Role.COLLEAGUE)
COLLEAGUES = frozenset({Role.COLLEAGUE})
SELLERS = frozenset({Role.SALES, Role.MANAGEMENT})


@dataclass(frozen=True)
class Permission:
    """What only people with some roles may do. `sentence` stands in "Only … may …", marked with `N_`.

    With `in_stage`, so may whose role is in charge of the stage in which the record stands.
    """

    sentence: str
    roles: frozenset[Role]
    in_stage: bool = False

    @property
    def role_titles(self) -> list[str]:
        """The roles as people read them, in the reader's language."""
        return [role.title for role in Role if role in self.roles]


def may(roles: frozenset[Role], permission: Permission, in_charge: Role | None = None) -> bool:
    """Whether somebody with `roles` has the permission; `in_charge` is the role in charge of the record's stage, where it stands in one."""
    return bool(permission.roles & roles) or (permission.in_stage and in_charge in roles)


def might(roles: frozenset[Role], permission: Permission) -> bool:
    """Whether somebody with `roles` has the permission for a record in some stage."""
    return may(roles, permission) or (permission.in_stage and bool(roles - COLLEAGUES))


SET_ROLES = Permission(N_("set roles and channels"), frozenset({Role.ADMIN}))


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person (or bot) of a workspace, as learned from Slack, with what they set for themselves."""

    id: int
    workspace_id: str
    slack_id: str
    name: str
    handle: str | None = None
    display_name: str | None = None
    """What stands behind the @ where somebody mentions them."""
    email: str | None = None
    """Known only where the workspace lets Rainmaker read e-mail addresses."""
    zone: str = "UTC"
    locale: str = "en-US"
    is_bot: bool = False
    is_guest: bool = False
    is_external: bool = False
    is_deleted: bool = False
    dm_channel: str | None = None
    work_starts: time = time(9)
    work_ends: time = time(17, 30)
    country: str | None = None
    """ISO 3166 code whose public holidays the member has, or None for the workspace's."""
    quiet_from: time | None = None
    quiet_until: time | None = None
    """Between the two, on the member's own clock and perhaps over midnight, Rainmaker sends nothing of its own accord."""
    assigned_at: datetime | None = None
    """When a rule last gave them a record, so that the next one is somebody else's turn."""

    @property
    def is_colleague(self) -> bool:
        """Whether they belong to the firm itself and may see its records."""
        return not (self.is_bot or self.is_guest or self.is_external or self.is_deleted)

    @property
    def is_reachable(self) -> bool:
        """Whether a direct message can reach them."""
        return not (self.is_bot or self.is_deleted)

    @property
    def quiet_hours(self) -> QuietHours | None:
        """When nothing is sent to them of its own accord, if they want that."""
        if self.quiet_from is None or self.quiet_until is None:
            return None
        return QuietHours(zone=self.zone, begins=self.quiet_from, ends=self.quiet_until)

    @property
    def person(self) -> "Person":
        """The little that other records keep of them."""
        return Person(id=self.id, slack_id=self.slack_id, name=self.name)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who somebody is, as other records mention them: `id` is the member's."""

    id: int
    slack_id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What Slack says of a user; learning it again changes nothing the member set here.

    `zone` and `locale` are None where Slack does not say, as of who was deactivated: what was known of them stays.
    """

    slack_id: str
    name: str
    handle: str | None = None
    display_name: str | None = None
    email: str | None = None
    zone: str | None = None
    locale: str | None = None
    is_bot: bool = False
    is_guest: bool = False
    is_external: bool = False
    is_deleted: bool = False


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts, where, with which roles, and under which request: the first argument of every use case.

    Read once, as the request comes in, together with what nearly every use case asks of the actor and their workspace.
    """

    workspace_id: str
    member_id: int
    slack_id: str
    name: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    zone: str = "UTC"
    locale: str = "en-US"
    hours: WorkingHours = field(default_factory=WorkingHours)
    country: str = "GB"
    """The workspace's ISO 3166 code: where phone numbers without a country's code are dialled."""
    leads_channel: str | None = None
    """Where this workspace shows new leads."""
    via: str = ""
    """What the request came through, such as `slash /rain-lead` or `cli import`; kept in the audit log."""
    request_key: str | None = None
    """Slack's own key of this request; the same key again gives the first result again."""

    @property
    def person(self) -> Person:
        """The little that other records keep of them."""
        return Person(id=self.member_id, slack_id=self.slack_id, name=self.name)

    def within(self, via: str, request_key: str | None) -> "Actor":
        """The same person in the course of one particular request."""
        return replace(self, via=via, request_key=request_key)


@dataclass(frozen=True, kw_only=True)
class RoleGrant:
    """One role given to one person or to everyone of one user group."""

    role: Role
    grantee: str
    """A Slack user id, or a user group's id where `is_group`."""
    is_group: bool = False


@dataclass(frozen=True, kw_only=True)
class InCharge:
    """How many open leads and accounts somebody owns."""

    person: Person
    leads: int
    accounts: int


@dataclass(frozen=True, kw_only=True)
class LastListing:
    """When all people of a workspace were last listed, None for never; `zone` is the one most of them have."""

    workspace_id: str
    zone: str
    listed_at: datetime | None

    def is_due(self, now: datetime) -> bool:
        """Whether they are to be listed anew: once each night, and at once where a night was missed or there was none yet."""
        return self.listed_at is None or self.listed_at < last_night(self.zone, now)


def last_night(zone: str, now: datetime) -> datetime:
    """The last moment at which it was `NIGHTLY` in a zone."""
    local = now.astimezone(zone_named(zone))
    tonight = datetime.combine(local.date(), NIGHTLY, local.tzinfo).astimezone(UTC)
    if tonight <= now:
        return tonight
    return datetime.combine(local.date() - timedelta(days=1), NIGHTLY, local.tzinfo).astimezone(UTC)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the Home tab's settings show: the workspace, its role grants, and the reader's own hours."""

    workspace: Workspace
    grants: tuple[RoleGrant, ...]
    hours: WorkingHours
    quiet: QuietHours | None = None
