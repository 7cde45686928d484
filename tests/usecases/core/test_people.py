"""People, roles and settings, on both databases."""

from datetime import UTC, date, datetime, time

import pytest

from domain.core.messages import Welcome
from domain.core.people import Profile, Role, RoleGrant
from domain.core.refusals import FormRefused, NotAllowed, NotFound, RuleBroken
from domain.core.working_time import QuietHours
from domain.core.workspaces import Workspace
from handlers.core.people import profile_of
from tests.firm import WHOLE, FirmDesks
from usecases.core.people import PeopleDesk

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
    elsewhere = PeopleDesk(firm.store, WHOLE)
    assert await roles_of(firm, firm.consultant.slack_id) == {Role.COLLEAGUE}
    given = admin_and(firm, RoleGrant(role=Role.SALES, grantee=firm.consultant.slack_id))
    await elsewhere.set_roles(firm.admin, given, {})
    assert await roles_of(firm, firm.consultant.slack_id) == {Role.COLLEAGUE}, "still known"
    firm.people.known_seconds = 0
    await firm.people.set_hours(firm.admin, time(9), time(17), "GB")  # whoever writes forgets whom it knew
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


async def test_what_files_call_somebody_is_learned_and_stays_where_slack_leaves_it_out(firm: FirmDesks) -> None:
    user = {"id": firm.seller.slack_id, "name": "sam.seller"}
    told = user | {"profile": {"real_name": "Sam", "display_name": "Sammy", "email": "sam@firm.example"}}
    for one in (told, user):  # without the scope for it, Slack says no address
        await firm.people.learn(firm.workspace_id, profile_of(one, firm.workspace_id))
        member = await firm.store.read(firm.workspace_id, lambda work: work.members.get(firm.seller.member_id))
        assert (member.handle, member.display_name, member.email) == ("sam.seller", "Sammy", "sam@firm.example")


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
    rows = await firm.outbox.claim(100, firm.clock.now())
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


@pytest.mark.parametrize("what", ["is_bot", "is_guest", "is_external", "is_deleted"])
async def test_who_left_is_not_named_as_somebody_to_ask(firm: FirmDesks, what: str) -> None:
    await firm.people.learn(firm.workspace_id, Profile(slack_id=firm.admin.slack_id, name="Ada Admin", **{what: True}))
    with pytest.raises(NotAllowed) as refused:
        await firm.people.settings_to_change(firm.seller)
    assert refused.value.people == []


@pytest.mark.parametrize("who", ["U0TYPO", "guest", "gone"])
async def test_the_only_admin_must_be_a_colleague_that_is_here(firm: FirmDesks, who: str) -> None:
    await firm.people.learn(firm.workspace_id, Profile(slack_id="U0GONE", name="Gone", is_deleted=True))
    wrong = {"guest": firm.guest.slack_id, "gone": "U0GONE"}.get(who, who)
    with pytest.raises(RuleBroken) as refused:
        await firm.people.set_roles(firm.admin, (RoleGrant(role=Role.ADMIN, grantee=wrong),), {})
    assert refused.value.field == "admin"
    assert Role.ADMIN in await roles_of(firm, firm.admin.slack_id)


async def test_a_group_with_a_colleague_in_it_is_enough_of_an_admin(firm: FirmDesks) -> None:
    admins = (RoleGrant(role=Role.ADMIN, grantee=GROUP, is_group=True),)
    with pytest.raises(RuleBroken):
        await firm.people.set_roles(firm.admin, admins, {GROUP: ["U0TYPO"]})
    await firm.people.set_roles(firm.admin, admins, {GROUP: [firm.consultant.slack_id]})
    assert Role.ADMIN in await roles_of(firm, firm.consultant.slack_id)


async def test_where_the_last_admin_has_left_the_next_installation_makes_one(firm: FirmDesks) -> None:
    await firm.people.learn(firm.workspace_id, Profile(slack_id=firm.admin.slack_id, name="Ada", is_deleted=True))
    await firm.people.install(installed_again(firm), Profile(slack_id=firm.consultant.slack_id, name="Cora"))
    assert Role.ADMIN in await roles_of(firm, firm.consultant.slack_id)
    assert Role.SALES in await roles_of(firm, firm.seller.slack_id)


async def test_what_slack_leaves_out_of_a_deactivated_profile_stays_known(firm: FirmDesks) -> None:
    gone = await firm.people.learn(
        firm.workspace_id, Profile(slack_id=firm.seller.slack_id, name="Sam", is_deleted=True)
    )
    assert (gone.zone, gone.locale, gone.is_deleted) == ("Europe/London", "en-GB", True)


async def test_a_part_of_a_country_is_kept_and_goes_with_the_country(firm: FirmDesks) -> None:
    easter_monday = date(2026, 4, 6)
    await firm.people.set_workspace(firm.admin, None, "GB", "GB-ENG")
    assert not (await firm.people.settings(firm.seller)).hours.is_working_day(easter_monday)
    await firm.people.set_hours(firm.seller, time(9), time(17), "GB", region="GB-SCT")
    hours = (await firm.people.settings(firm.seller)).hours
    assert (hours.region, hours.is_working_day(easter_monday)) == ("SCT", True)
    await firm.people.set_hours(firm.seller, time(9), time(17), "FR", region="GB-SCT")
    assert (await firm.people.settings(firm.seller)).hours.region is None
    assert (await firm.people.settings(firm.consultant)).hours.region == "ENG"


async def test_quiet_hours_are_kept_shown_and_given_up_again(firm: FirmDesks) -> None:
    await firm.people.set_hours(firm.seller, time(9), time(17), "GB", time(22), time(7))
    quiet = (await firm.people.settings(firm.seller)).quiet
    assert quiet == QuietHours(zone="Europe/London", begins=time(22), ends=time(7))
    assert (await firm.home.front_page(firm.seller)).quiet == quiet
    await firm.people.set_hours(firm.seller, time(9), time(17), "GB")
    assert (await firm.people.settings(firm.seller)).quiet is None


async def test_a_listing_learns_what_differs_and_tells_who_was_left_out(firm: FirmDesks) -> None:
    firm.clock.advance(hours=1)
    began_at = firm.clock.now()
    same = Profile(slack_id=firm.seller.slack_id, name="Sam Seller", zone="Europe/London", locale="en-GB")
    married = Profile(slack_id=firm.admin.slack_id, name="Ada Lovelace", zone="Europe/London", locale="en-GB")
    new = Profile(slack_id="U0NEW", name="Nora New")
    assert await firm.people.learn_listed(firm.workspace_id, [same, married, new]) == 2
    unheard_of = await firm.people.unheard_of(firm.workspace_id, began_at)
    assert [member.name for member in unheard_of] == ["Sue Seller", "Cora Consultant", "Gus Guest"]
    await firm.people.lose(firm.workspace_id, [member.slack_id for member in unheard_of])
    assert await firm.people.unheard_of(firm.workspace_id, began_at) == []
    assert await roles_of(firm, firm.consultant.slack_id) == set()


async def test_when_people_were_last_listed_is_told_by_the_bot_itself(firm: FirmDesks) -> None:
    [before] = await firm.people.last_listings()
    assert (before.workspace_id, before.zone, before.listed_at) == (firm.workspace_id, "Europe/London", None)
    workspace = await firm.people.workspace(firm.workspace_id)
    bot = Profile(slack_id=workspace.bot_user_id, name="Rainmaker", is_bot=True)
    await firm.people.learn_listed(firm.workspace_id, [bot])
    [after] = await firm.people.last_listings()
    assert after.listed_at == firm.clock.now()
    await firm.people.uninstall(firm.workspace_id)
    assert await firm.people.last_listings() == []


async def test_who_has_left_with_something_in_their_charge_is_listed_for_management(firm: FirmDesks) -> None:
    lead = await firm.captured()
    await firm.leads.claim(firm.seller, lead.id)
    assert await firm.people.gone_in_charge(firm.admin) == ()
    await firm.people.learn(firm.workspace_id, Profile(slack_id=firm.seller.slack_id, name="Sam", is_guest=True))
    [one] = await firm.people.gone_in_charge(firm.admin)
    assert (one.person.name, one.leads, one.accounts) == ("Sam", 1, 1)  # whoever claims a lead looks after its account
    assert (await firm.home.front_page(firm.admin)).gone == (one,)
    assert (await firm.home.front_page(firm.other_seller)).gone == ()
    await firm.leads.disqualify(firm.other_seller, lead.id, "spam")
    [one] = await firm.people.gone_in_charge(firm.admin)
    assert (one.leads, one.accounts) == (0, 1)


async def test_two_admins_who_set_roles_at_once_both_have_their_way(firm: FirmDesks) -> None:
    shown = (await firm.people.settings(firm.admin)).grants
    legal = RoleGrant(role=Role.LEGAL, grantee=firm.consultant.slack_id)
    await firm.people.set_roles(firm.admin, (*shown, legal), {}, shown)
    taken = tuple(grant for grant in shown if grant.grantee != firm.other_seller.slack_id)
    await firm.people.set_roles(firm.admin, taken, {}, shown)
    assert Role.LEGAL in await roles_of(firm, firm.consultant.slack_id)
    assert Role.SALES not in await roles_of(firm, firm.other_seller.slack_id)
    assert Role.SALES in await roles_of(firm, firm.seller.slack_id)


async def test_a_stale_form_of_the_workspace_puts_nothing_back(firm: FirmDesks) -> None:
    shown = {"country": "GB"}
    await firm.people.set_workspace(firm.admin, "C0LEADS", "GB", shown=shown)
    await firm.people.set_workspace(firm.admin, None, "DE", shown=shown)
    workspace = (await firm.people.settings(firm.admin)).workspace
    assert (workspace.leads_channel, workspace.country) == ("C0LEADS", "DE")
    with pytest.raises(FormRefused) as refused:
        await firm.people.set_workspace(firm.admin, "C0OTHER", "GB", shown=shown)
    assert set(refused.value.errors) == {"leads_channel"}


async def test_a_stale_form_puts_no_part_of_the_country_back(firm: FirmDesks) -> None:
    shown = {"country": "GB", "region": "GB"}
    await firm.people.set_workspace(firm.admin, None, "GB", "GB-ENG", shown=shown)
    await firm.people.set_workspace(firm.admin, "C0LEADS", "GB", "GB", shown=shown)
    workspace = (await firm.people.settings(firm.admin)).workspace
    assert (workspace.leads_channel, workspace.region) == ("C0LEADS", "ENG")
    with pytest.raises(FormRefused) as refused:
        await firm.people.set_workspace(firm.admin, "C0LEADS", "GB", "GB-SCT", shown=shown)
    assert set(refused.value.errors) == {"region"}
    await firm.people.set_workspace(firm.admin, "C0LEADS", "DK", "GB", shown=shown)
    assert (await firm.people.settings(firm.admin)).workspace.region is None
