"""Rights that are gone are gone: every use case a person can call is called by a guest, and by a colleague without a role.

They call it for records of their own firm, as the person who owns them: what they did, what they are reminded of, what they promised.
"""

from dataclasses import replace

import pytest

from domain.core.people import Actor, Profile, Role, RoleGrant
from domain.core.refusals import NotAllowed, Refusal
from storage.engine.database import Database
from storage.unit_of_work import Store
from tests.fire.neighbours import Neighbours, move_in
from tests.fire.use_cases import TRIED, takes_an_actor, tried
from tests.firm import FrozenClock
from tests.nouns import each
from tests.scenes import Furnish

FOR_ANYBODY = {
    "FindingDesk.answer",
    "FindingDesk.find",
    "HomeDesk.front_page",
    "PeopleDesk.set_hours",
    "PeopleDesk.settings",
}
"""What is asked only about oneself: an empty Home tab, one's own working hours, and a word that is answered with whom it is for."""
FOR_COLLEAGUES = {
    "AbsenceDesk.add",
    "AbsenceDesk.cancel",
    "AbsenceDesk.own",
    "AccountDesk.find",
    "AccountDesk.mine",
    "AccountDesk.search",
    "AccountDesk.share",
    "AccountDesk.show",
    "DealChannelDesk.in_channel",
    "DealDesk.find",
    "DealDesk.position",
    "DealDesk.show",
    "FindingDesk.company_in",
    "LeadDesk.capture",
    "LeadDesk.find",
    "LeadDesk.hand_to_sales",
    "LeadDesk.mine",
    "LeadDesk.search",
    "LeadDesk.show",
    "LeadDesk.team",
    "LeadEditDesk.add_to",
    "LeadEditDesk.take_back",
    "OperationDesk.count_steps",
    "OperationDesk.show",
    "PipelineDesk.ask_chart",
    "PipelineDesk.at_stage",
    "PipelineDesk.choices",
    "PipelineDesk.latest",
    "PipelineDesk.mine",
    "PipelineDesk.outdated",
    "PipelineDesk.pipeline",
    "PipelineDesk.search",
    "PipelineDesk.shown_in",
    "PipelineDesk.team",
    "ProcessDesk.ask_chart",
    "ProcessDesk.check",
    "ProcessDesk.search",
    "ProcessDesk.show",
    "TouchDesk.choices",
    "TouchDesk.record_at",
}.union(*each("FOR_COLLEAGUES"))
"""What colleagues may do without being given a role."""
CALLED_BY_PEOPLE = [name for name in TRIED if takes_an_actor(name) and name not in FOR_ANYBODY]


async def a_busy_firm(database: Database) -> Neighbours:
    """A firm in which the seller has done everything there is to do."""
    return await move_in(database, FrozenClock())


@pytest.fixture
def scene() -> Furnish:
    """What is in the database as each test begins."""
    return a_busy_firm


@pytest.fixture
def firm(facts: Neighbours, database: Database, clock: FrozenClock) -> Neighbours:
    """The firm."""
    return replace(facts, desks=replace(facts.desks, store=Store(database, clock), clock=clock))


async def seller_without_roles(firm: Neighbours, *, is_guest: bool) -> Actor:
    """The seller after they lost their roles, and perhaps became a guest."""
    desks = firm.desks
    await desks.people.set_roles(desks.admin, (RoleGrant(role=Role.ADMIN, grantee=desks.admin.slack_id),), {})
    profile = Profile(slack_id=desks.seller.slack_id, name=desks.seller.name, is_guest=is_guest)
    await desks.people.learn(desks.workspace_id, profile)
    actor = await desks.people.introduce(desks.workspace_id, desks.seller.slack_id)
    assert actor is not None
    return actor


async def refused_to(who: Actor, firm: Neighbours, use_cases: list[str]) -> dict[str, object]:
    """What these use cases answer somebody with, where it is not a refusal for want of the right."""
    answers = {name: await tried(name, firm.desks, firm, who) for name in use_cases}
    return {name: _said(answer) for name, answer in answers.items() if not isinstance(answer, NotAllowed)}


def _said(answer: object) -> object:
    return answer.sentence if isinstance(answer, Refusal) else answer


def test_the_use_cases_named_here_are_there_still() -> None:
    assert set(TRIED) >= FOR_ANYBODY | FOR_COLLEAGUES


async def test_a_guest_is_refused_whatever_they_ask_for(firm: Neighbours) -> None:
    assert await refused_to(await seller_without_roles(firm, is_guest=True), firm, CALLED_BY_PEOPLE) == {}


async def test_who_lost_the_role_is_refused_what_needs_one(firm: Neighbours) -> None:
    need_a_role = [name for name in CALLED_BY_PEOPLE if name not in FOR_COLLEAGUES]
    assert await refused_to(await seller_without_roles(firm, is_guest=False), firm, need_a_role) == {}
