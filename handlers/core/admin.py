"""Settings: roles, the workspace, one's own hours."""

from datetime import time
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from domain.core.calendars import is_region_open
from domain.core.people import GRANTABLE, Actor, RoleGrant
from domain.playbook.sales_rules import SalesPlaybook
from handlers.core.home import show_home
from handlers.forms import Form, SlackId, ids_in, shown_in, values_of
from handlers.surface import Surface
from usecases.core.home import HomeDesk
from usecases.core.people import PeopleDesk
from views import ids
from views.core.admin import GROUP_FIELD, hours_modal, roles_modal, workspace_modal


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.action(ids.PRESS_ROLES)(open_roles)
    app.view(ids.SET_ROLES)(submit_roles)
    app.action(ids.PRESS_WORKSPACE)(open_workspace)
    app.view(ids.SET_WORKSPACE)(submit_workspace)
    app.action(ids.PRESS_HOURS)(open_hours)
    app.view(ids.SET_HOURS)(submit_hours)


class WorkspaceForm(Form, asked_by=(ids.SET_WORKSPACE,)):
    """The workspace's settings."""

    leads_channel: SlackId | None = None
    country: str = ""
    region: str = ""


class HoursForm(Form, asked_by=(ids.SET_HOURS,)):
    """One's own working hours."""

    starts: time
    ends: time
    country: str = ""
    region: str = ""
    quiet_from: time | None = None
    quiet_until: time | None = None


async def open_roles(ack: AsyncAck, surface: Surface, client: AsyncWebClient, actor: Actor, people: PeopleDesk) -> None:
    """Ask who has which role."""
    settings = await people.settings_to_change(actor)
    await ack()
    groups = (await client.usergroups_list()).get("usergroups") or []
    handles = {group["id"]: group["handle"] for group in groups if not group.get("date_delete")}
    await surface.open(roles_modal(settings, handles))


async def submit_roles(
    ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient, actor: Actor, people: PeopleDesk
) -> None:
    """Keep who has which role, and who is in the user groups that have one."""
    await people.settings_to_change(actor)  # before Slack is asked anything
    grants = role_grants(values_of(view))
    chosen = dict.fromkeys(grant.grantee for grant in grants if grant.is_group)
    groups = {group: list((await client.usergroups_users_list(usergroup=group)).get("users") or []) for group in chosen}
    await people.set_roles(actor, grants, groups, role_grants(shown_in(view)))
    await ack(response_action="clear")


def role_grants(entered: dict[str, Any]) -> tuple[RoleGrant, ...]:
    """The grants in the roles modal.

    Raises FormRefused for what is no id of Slack's.
    """
    people = [RoleGrant(role=role, grantee=user) for role in GRANTABLE for user in ids_in(entered, role.value)]
    groups = [
        RoleGrant(role=role, grantee=group, is_group=True)
        for role in GRANTABLE
        for group in ids_in(entered, GROUP_FIELD.format(role=role.value))
    ]
    return (*people, *groups)


async def open_workspace(ack: AsyncAck, surface: Surface, actor: Actor, people: PeopleDesk) -> None:
    """Ask for what holds for the whole workspace."""
    settings = await people.settings_to_change(actor)
    await ack()
    await surface.open(workspace_modal(settings))


async def submit_workspace(ack: AsyncAck, view: dict[str, Any], actor: Actor, people: PeopleDesk) -> None:
    """Keep what holds for the whole workspace, and ask on where the country has parts."""
    form = WorkspaceForm.read(view)
    await people.set_workspace(actor, form.leads_channel, form.country, form.region, shown_in(view))
    if is_region_open(form.country, form.region):
        await ack(response_action="update", view=workspace_modal(await people.settings_to_change(actor)))
    else:
        await ack(response_action="clear")


async def open_hours(ack: AsyncAck, surface: Surface, actor: Actor, people: PeopleDesk) -> None:
    """Ask when the presser works, and when they want quiet."""
    settings = await people.settings(actor)
    await ack()
    await surface.open(hours_modal(settings))


async def submit_hours(
    ack: AsyncAck,
    view: dict[str, Any],
    surface: Surface,
    actor: Actor,
    people: PeopleDesk,
    home: HomeDesk,
    playbook: SalesPlaybook,
) -> None:
    """Keep when they work, and show it in their Home tab; ask on where the country has parts."""
    form = HoursForm.read(view)
    quiet = form.quiet_from, form.quiet_until
    await people.set_hours(actor, form.starts, form.ends, form.country, *quiet, region=form.region)
    if is_region_open(form.country, form.region):
        await ack(response_action="update", view=hours_modal(await people.settings(actor)))
    else:
        await ack(response_action="clear")
    await show_home(surface, actor, home, people, playbook)
