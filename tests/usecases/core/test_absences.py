"""Absences, from being entered to being taken back, on both databases."""

from datetime import date, timedelta

import pytest

from domain.core.absences import Absence, DeputyNamed
from domain.core.messages import CardChanged, OutboxRow
from domain.core.people import Actor, Profile, Role, RoleGrant
from domain.core.refusals import AlreadyDone, NotAllowed, NotFound, RuleBroken
from tests.firm import FirmDesks, found_firm
from usecases.core.absences import AbsenceEntry, who_acts_for

TUESDAY = date(2026, 3, 3)
FRIDAY = date(2026, 3, 6)


async def away(firm: FirmDesks, member: Actor, deputy: Actor | None = None, by: Actor | None = None) -> Absence:
    """Somebody is away from today until Friday."""
    entry = AbsenceEntry(
        first_on=TUESDAY,
        last_on=FRIDAY,
        deputy=deputy.slack_id if deputy else None,
        note="In the Alps",
        member=member.slack_id if by else None,
    )
    return await firm.absences.add(by or member, entry)


async def acting_for(firm: FirmDesks, member: Actor) -> int | None:
    """Who acts for somebody now."""
    found = await firm.store.read(firm.workspace_id, lambda work: who_acts_for(work, member.member_id))
    return found.member_id if found else None


async def deputies_told(firm: FirmDesks) -> list[OutboxRow]:
    """What waits to be told to deputies."""
    rows = await firm.outbox.claim(100, firm.clock.now() + timedelta(minutes=1))
    return [row for row in rows if isinstance(row.message, DeputyNamed)]


async def test_an_absence_is_kept_shown_and_noted_in_the_audit_log(firm: FirmDesks) -> None:
    absence = await away(firm, firm.seller, firm.other_seller)
    assert (absence.member, absence.deputy) == (firm.seller.person, firm.other_seller.person)
    assert await firm.absences.own(firm.seller) == (absence,)
    assert (await firm.home.front_page(firm.seller)).absences == (absence,)
    events = await firm.store.read(firm.workspace_id, lambda work: work.audit.between(0, 10**9))
    [event] = [event for event in events if event.event == "absence.added"]
    assert event.subject_id == absence.id
    assert event.after is not None
    assert event.after["deputy"] == firm.other_seller.member_id


async def test_the_deputy_acts_meanwhile_and_the_member_before_and_after(firm: FirmDesks) -> None:
    assert await acting_for(firm, firm.seller) == firm.seller.member_id
    await away(firm, firm.seller, firm.other_seller)
    assert await acting_for(firm, firm.seller) == firm.other_seller.member_id
    firm.clock.advance(days=4)
    assert await acting_for(firm, firm.seller) == firm.seller.member_id


async def test_a_deputy_who_is_away_hands_on_and_one_who_has_left_does_not(firm: FirmDesks) -> None:
    await away(firm, firm.seller, firm.other_seller)
    await away(firm, firm.other_seller, firm.consultant)
    assert await acting_for(firm, firm.seller) == firm.consultant.member_id
    gone = Profile(slack_id=firm.consultant.slack_id, name="Cora Consultant", is_deleted=True)
    await firm.people.learn(firm.workspace_id, gone)
    assert await acting_for(firm, firm.seller) is None


async def test_the_deputy_is_told_once_and_sees_when_it_is_cancelled(firm: FirmDesks) -> None:
    absence = await away(firm, firm.seller, firm.other_seller)
    [row] = await deputies_told(firm)
    assert row.destination.member_id == firm.other_seller.member_id
    letter = await firm.outbox.open(row)
    assert letter.facts["absence"] == absence
    await firm.absences.cancel(firm.seller, absence.id)
    await firm.outbox.sent(letter, "D1", "1.1")
    rows = await firm.outbox.claim(100, firm.clock.now() + timedelta(minutes=1))
    [redraw] = [row for row in rows if isinstance(row.message, CardChanged)]
    assert (await firm.outbox.open(redraw)).facts["absence"].is_cancelled


async def test_a_cancelled_absence_is_none(firm: FirmDesks) -> None:
    absence = await away(firm, firm.seller)
    assert await acting_for(firm, firm.seller) is None
    await firm.absences.cancel(firm.seller, absence.id)
    assert await acting_for(firm, firm.seller) == firm.seller.member_id
    assert await firm.absences.own(firm.seller) == ()
    with pytest.raises(AlreadyDone):
        await firm.absences.cancel(firm.seller, absence.id)
    await away(firm, firm.seller)


async def test_what_is_over_is_neither_shown_nor_cancelled(firm: FirmDesks) -> None:
    absence = await away(firm, firm.seller)
    firm.clock.advance(days=4)
    assert await firm.absences.own(firm.seller) == ()
    with pytest.raises(AlreadyDone):
        await firm.absences.cancel(firm.seller, absence.id)


@pytest.mark.parametrize("who", ["guest", "nobody"])
async def test_only_a_colleague_stands_in(firm: FirmDesks, who: str) -> None:
    deputy = firm.guest.slack_id if who == "guest" else "U0NOBODY"
    with pytest.raises(RuleBroken) as refused:
        await firm.absences.add(firm.seller, AbsenceEntry(first_on=TUESDAY, last_on=FRIDAY, deputy=deputy))
    assert refused.value.field == "deputy"


async def test_two_absences_of_one_person_do_not_overlap(firm: FirmDesks) -> None:
    await away(firm, firm.seller)
    await away(firm, firm.other_seller)
    with pytest.raises(RuleBroken) as refused:
        await firm.absences.add(firm.seller, AbsenceEntry(first_on=FRIDAY, last_on=FRIDAY))
    assert refused.value.field == "first_on"


async def test_admins_and_management_enter_it_for_who_fell_ill_and_nobody_else_does(firm: FirmDesks) -> None:
    absence = await away(firm, firm.seller, by=firm.admin)
    assert absence.member == firm.seller.person
    for refused in (
        away(firm, firm.consultant, by=firm.seller),
        firm.absences.cancel(firm.other_seller, absence.id),
        firm.absences.away_today(firm.seller),
    ):
        with pytest.raises(
            NotAllowed, match=r"Only management or admin may say when others are away\. Ask Ada Admin\."
        ):
            await refused
    assert await firm.absences.away_today(firm.admin) == (absence,)
    assert (await firm.absences.cancel(firm.admin, absence.id)).is_cancelled


async def test_a_guest_enters_none(firm: FirmDesks) -> None:
    with pytest.raises(NotAllowed):
        await away(firm, firm.guest)


async def test_management_sees_who_is_away_today_and_others_do_not(firm: FirmDesks) -> None:
    grants = [(Role.ADMIN, firm.admin), (Role.MANAGEMENT, firm.consultant)]
    await firm.people.set_roles(
        firm.admin, tuple(RoleGrant(role=role, grantee=who.slack_id) for role, who in grants), {}
    )
    manager = await firm.people.introduce(firm.workspace_id, firm.consultant.slack_id)
    assert manager is not None
    absence = await away(firm, firm.seller)
    assert (await firm.home.front_page(manager)).away == (absence,)
    assert (await firm.home.front_page(firm.other_seller)).away == ()
    firm.clock.advance(days=4)
    assert (await firm.home.front_page(manager)).away == ()


async def test_the_same_submission_twice_is_one_absence(firm: FirmDesks) -> None:
    seller = firm.seller.within("modal absence.new", "view.1")
    assert await away(firm, seller) == await away(firm, seller)


async def test_absences_of_another_workspace_are_not_found(firm: FirmDesks) -> None:
    other = await found_firm(firm.store, firm.clock, "T0PARIS")
    theirs = await away(other, other.seller, other.other_seller)
    with pytest.raises(NotFound):
        await firm.absences.cancel(firm.admin, theirs.id)
    assert await firm.absences.away_today(firm.admin) == ()
    with pytest.raises(RuleBroken):
        await away(firm, firm.seller, other.seller)
