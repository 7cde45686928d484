"""People, roles and settings, on both databases."""

from datetime import UTC, datetime, time

import pytest

from domain.messages import Welcome
from domain.people import Profile, Role, RoleGrant
from domain.refusals import NotAllowed, NotFound, RuleBroken
from domain.usecases.people import PeopleDesk
from domain.workspaces import Workspace
from tests.firm import FirmDesks

GROUP = "S0SALES"


async def roles_of(firm: FirmDesks, slack_id: str) -> set[Role]:
    """What somebody is at this moment."""
    actor = await firm.people.introduce(firm.workspace_id, slack_id)
    assert actor is not None
    return set(actor.roles)


def admin_and(firm: FirmDesks, *grants: RoleGrant) -> tuple[RoleGrant, ...]:
    """These grants, and the admin's."""
    return (RoleGrant(role=Role.ADMIN, grantee=firm.admin.slack_id), *grants)


async def test_every_full_member_is_a_colleague_and_a_guest_is_not(firm: FirmDesks) -> None:
    assert await roles_of(firm, firm.consultant.slack_id) == {Role.COLLEAGUE}
    assert await roles_of(firm, firm.guest.slack_id) == set()


@pytest.mark.parametrize("what", ["is_bot", "is_guest", "is_external", "is_deleted"])
async def test_who_does_not_belong_to_the_firm_has_no_role_even_if_given_one(firm: FirmDesks, what: str) -> None:
    await firm.people.learn(firm.workspace_id, Profile(slack_id=firm.seller.slack_id, name="Sam", **{what: True}))
    assert await roles_of(firm, firm.seller.slack_id) == set()


async def test_a_role_given_or_taken_holds_from_the_next_press(firm: FirmDesks) -> None:
    given = admin_and(firm, RoleGrant(role=Role.SALES, grantee=firm.consultant.slack_id))
    await firm.people.set_roles(firm.admin, given, {})
    assert await roles_of(firm, firm.consultant.slack_id) == {Role.COLLEAGUE, Role.SALES}
    assert await roles_of(firm, firm.seller.slack_id) == {Role.COLLEAGUE}


async def test_what_another_process_changes_of_somebody_holds_within_seconds(firm: FirmDesks) -> None:
    elsewhere = PeopleDesk(firm.store)
    assert await roles_of(firm, firm.consultant.slack_id) == {Role.COLLEAGUE}
    given = admin_and(firm, RoleGrant(role=Role.SALES, grantee=firm.consultant.slack_id))
    await elsewhere.set_roles(firm.admin, given, {})
    assert await roles_of(firm, firm.consultant.slack_id) == {Role.COLLEAGUE}, "still known"
    firm.people.known_seconds = 0
    await firm.people.hint(firm.admin)  # whoever writes forgets whom it knew
    assert await roles_of(firm, firm.consultant.slack_id) == {Role.COLLEAGUE, Role.SALES}
    await elsewhere.set_roles(firm.admin, admin_and(firm), {})
    assert await roles_of(firm, firm.consultant.slack_id) == {Role.COLLEAGUE}, "known for no time at all"


async def test_a_group_gives_its_role_to_whoever_is_in_it_now(firm: FirmDesks) -> None:
    await firm.people.set_roles(
        firm.admin,
        admin_and(firm, RoleGrant(role=Role.SALES, grantee=GROUP, is_group=True)),
        {GROUP: [firm.seller.slack_id]},
    )
    assert Role.SALES in await roles_of(firm, firm.seller.slack_id)
    await firm.people.change_group(
        firm.workspace_id, GROUP, [firm.consultant.slack_id, firm.consultant.slack_id], [firm.seller.slack_id]
    )
    assert Role.SALES in await roles_of(firm, firm.consultant.slack_id)
    assert Role.SALES not in await roles_of(firm, firm.seller.slack_id)
    await firm.people.follow_group(firm.workspace_id, GROUP, [firm.seller.slack_id])
    assert Role.SALES in await roles_of(firm, firm.seller.slack_id)
    assert Role.SALES not in await roles_of(firm, firm.consultant.slack_id)


async def test_a_group_without_a_role_does_not_concern_us(firm: FirmDesks) -> None:
    await firm.people.follow_group(firm.workspace_id, "S0OTHER", [firm.consultant.slack_id])
    given = admin_and(firm, RoleGrant(role=Role.SALES, grantee="S0OTHER", is_group=True))
    await firm.people.set_roles(firm.admin, given, {})
    assert Role.SALES not in await roles_of(firm, firm.consultant.slack_id)


async def test_somebody_must_stay_admin(firm: FirmDesks) -> None:
    with pytest.raises(RuleBroken) as refused:
        await firm.people.set_roles(firm.admin, (RoleGrant(role=Role.SALES, grantee="U1"),), {})
    assert refused.value.field == "admin"
    assert Role.ADMIN in await roles_of(firm, firm.admin.slack_id)


async def test_only_an_admin_sets_roles_and_the_workspace(firm: FirmDesks) -> None:
    for refused in (
        firm.people.set_roles(firm.seller, admin_and(firm), {}),
        firm.people.set_workspace(firm.seller, "C1", "GB"),
        firm.people.settings_to_change(firm.seller),
    ):
        with pytest.raises(NotAllowed, match="Ask Ada Admin"):
            await refused


@pytest.mark.parametrize("country", ["", "XX", "Germany", "<!channel>"])
async def test_a_country_without_known_holidays_is_refused_at_its_field(firm: FirmDesks, country: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        await firm.people.set_workspace(firm.admin, None, country)
    assert refused.value.field == "country"


async def test_the_workspaces_settings_are_kept_and_told_of_in_the_audit_log(firm: FirmDesks) -> None:
    await firm.people.set_workspace(firm.admin, "C0LEADS", " de ")
    settings = await firm.people.settings(firm.seller)
    assert (settings.workspace.leads_channel, settings.workspace.country) == ("C0LEADS", "DE")
    events = await firm.store.read(firm.workspace_id, lambda work: work.audit.between(0, 10**9))
    [event] = [event for event in events if event.event == "workspace.set"]
    assert event.before == {"leads_channel": None, "country": "GB"}
    assert event.after == {"leads_channel": "C0LEADS", "country": "DE"}
    assert event.actor_id == firm.admin.member_id


async def test_ones_own_hours_survive_what_slack_says_anew(firm: FirmDesks) -> None:
    await firm.people.set_hours(firm.seller, time(7), time(15, 30), "DE")
    profile = Profile(slack_id=firm.seller.slack_id, name="Sam S. Seller", zone="Europe/Berlin")
    await firm.people.learn(firm.workspace_id, profile)
    hours = (await firm.people.settings(firm.seller)).hours
    assert (hours.starts, hours.ends, hours.country, hours.zone) == (time(7), time(15, 30), "DE", "Europe/Berlin")


async def test_work_must_end_after_it_begins(firm: FirmDesks) -> None:
    with pytest.raises(RuleBroken) as refused:
        await firm.people.set_hours(firm.seller, time(9), time(9), "GB")
    assert refused.value.field == "ends"


def installed_again(firm: FirmDesks, token: str = "xoxb-new") -> Workspace:
    """The same workspace, installed by somebody else later."""
    return Workspace(
        workspace_id=firm.workspace_id,
        name="Larkspur & Vane",
        bot_token=token,
        bot_user_id="U0BOT",
        installed_at=datetime(2026, 3, 3, tzinfo=UTC),
    )


async def test_installing_again_keeps_roles_settings_and_records(firm: FirmDesks) -> None:
    lead = await firm.captured()
    await firm.people.set_workspace(firm.admin, "C0LEADS", "DE")
    await firm.people.install(installed_again(firm), Profile(slack_id=firm.consultant.slack_id, name="Cora"))
    workspace = await firm.people.workspace(firm.workspace_id)
    assert (workspace.bot_token, workspace.leads_channel, workspace.country) == ("xoxb-new", "C0LEADS", "DE")
    assert Role.ADMIN not in await roles_of(firm, firm.consultant.slack_id)
    assert (await firm.leads.show(firm.seller, lead.id)).lead == lead


async def test_the_installer_is_greeted_once(firm: FirmDesks) -> None:
    await firm.people.install(installed_again(firm), Profile(slack_id=firm.admin.slack_id, name="Ada"))
    rows = await firm.delivery.claim(100, firm.clock.now())
    assert [row.destination.member_id for row in rows if isinstance(row.message, Welcome)] == [firm.admin.member_id]


async def test_a_workspace_that_removed_the_app_keeps_its_records_and_no_token(firm: FirmDesks) -> None:
    lead = await firm.captured()
    await firm.people.uninstall(firm.workspace_id)
    assert (await firm.people.workspace(firm.workspace_id)).bot_token == ""
    assert (await firm.leads.show(firm.seller, lead.id)).lead == lead


async def test_a_workspace_nobody_knows_is_not_found(firm: FirmDesks) -> None:
    with pytest.raises(NotFound):
        await firm.people.workspace("T0NOWHERE")
    assert await firm.people.introduce("T0NOWHERE", firm.seller.slack_id) is None


async def test_a_token_never_shows_in_a_workspaces_words(firm: FirmDesks) -> None:
    assert "xoxb" not in repr(await firm.people.settings(firm.admin))
