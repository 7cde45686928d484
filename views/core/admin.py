"""The modals behind the settings: roles, the workspace, one's own hours."""

from collections.abc import Mapping

from domain.core.calendars import parts_of, place_code
from domain.core.language import _
from domain.core.people import GRANTABLE, Role, RoleGrant, Settings
from views import ids, kit
from views.kit import Block, View, say

GROUP_FIELD = "{role}_groups"


def roles_modal(settings: Settings, groups: Mapping[str, str]) -> View:
    """Asks who has which role; `groups` are the workspace's user groups, id to handle."""
    blocks: list[Block] = [
        kit.section(say(_("One person may have several roles. User groups are followed as they change.")))
    ]
    for role in GRANTABLE:
        people = [grant.grantee for grant in settings.grants if grant.role is role and not grant.is_group]
        element: Block = {"type": "multi_users_select", "placeholder": kit.plain(_("People"), 150)}
        blocks.append(
            kit.ask(
                role.value,
                role.title.capitalize(),
                element | ({"initial_users": people} if people else {}),
                optional=True,
            )
        )
        if groups:
            blocks.append(_groups(role, settings.grants, groups))
    return kit.modal(ids.SET_ROLES, _("Roles"), blocks, submit=_("Save"))


def _groups(role: Role, grants: tuple[RoleGrant, ...], groups: Mapping[str, str]) -> Block:
    options = kit.options_of({group_id: f"@{handle}" for group_id, handle in groups.items()})
    chosen = [grant.grantee for grant in grants if grant.role is role and grant.is_group]
    element: Block = {
        "type": "multi_static_select",
        "options": options,
        "placeholder": kit.plain(_("User groups"), 150),
    }
    initial = [option for option in options if option["value"] in chosen]
    name = GROUP_FIELD.format(role=role.value)
    label = _("{role}: user groups").format(role=role.title.capitalize())
    return kit.ask(name, label, element | ({"initial_options": initial} if initial else {}), optional=True)


def workspace_modal(settings: Settings) -> View:
    """Asks for what holds for the whole workspace."""
    channel: Block = {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if settings.workspace.leads_channel:
        channel["initial_conversation"] = settings.workspace.leads_channel
    blocks = [
        kit.ask(
            "leads_channel",
            _("Channel for new leads"),
            channel,
            optional=True,
            hint=_("Invite Rainmaker there. Left open, a lead is shown where it was captured."),
        ),
        kit.ask(
            "country",
            _("Public holidays"),
            kit.text_field(settings.workspace.country, most=2),
            hint=country_hint(),
        ),
        *_region(settings.workspace.country, settings.workspace.region),
    ]
    return kit.modal(ids.SET_WORKSPACE, _("Workspace"), blocks, submit=_("Save"))


def country_hint() -> str:
    """What to type where a country is asked."""
    return _("A country's two-letter code, such as GB or DE.")


def _region(country: str, region: str | None) -> list[Block]:
    """Asks for the part of a country whose parts have public holidays of their own."""
    parts = {place_code(country, code): name for code, name in parts_of(country).items()}
    if not parts:
        return []
    menu = kit.menu({country: _("Whole country"), **parts}, place_code(country, region))
    # Of another country it is another field to Slack, which keeps nothing that was chosen before.
    return [kit.ask("region", _("Part of the country"), menu | {"action_id": f"region_{country}"})]


def hours_modal(settings: Settings) -> View:
    """Asks when somebody works, and when they want quiet."""
    hours, quiet = settings.hours, settings.quiet
    note = say(_("Your time zone is Slack's: {zone}."), zone=hours.zone.replace("_", " "))
    quiet_hint = _("Every day, also over midnight. Rainmaker then sends you nothing but answers to what you do.")
    blocks = [
        kit.section(note),
        kit.ask("starts", _("Work begins"), kit.time_field(hours.starts)),
        kit.ask("ends", _("Work ends"), kit.time_field(hours.ends)),
        kit.ask("country", _("Public holidays"), kit.text_field(hours.country, most=2), hint=country_hint()),
        *_region(hours.country, hours.region),
        kit.ask("quiet_from", _("Quiet from"), kit.time_field(quiet.begins if quiet else None), optional=True),
        kit.ask(
            "quiet_until",
            _("Quiet until"),
            kit.time_field(quiet.ends if quiet else None),
            optional=True,
            hint=quiet_hint,
        ),
    ]
    return kit.modal(ids.SET_HOURS, _("My hours"), blocks, submit=_("Save"))
