"""What is answered to somebody who writes to Rainmaker."""

import pytest

from domain.core.messages import ColleaguesOnly, Hint, NothingFound
from domain.core.people import Actor
from domain.sales.accounts import NewContact
from domain.sales.finding import Asked, RecordsFound, codes_in
from tests.firm import HELP, FirmDesks


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("L-12", [("L", 12)]),
        ("l12", [("L", 12)]),
        ("what of L-12, D-3 and L-12?", [("L", 12), ("D", 3)]),
        ("A-1234567890", []),
        ("see RAL-12 or A4", []),
        ("hello", []),
    ],
)
def test_codes_are_found_in_what_somebody_writes(text: str, codes: list[tuple[str, int]]) -> None:
    assert codes_in(text) == codes


async def answers(firm: FirmDesks, actor: Actor, *texts: str) -> list[str]:
    """The messages that these texts are answered with."""
    for number, text in enumerate(texts):
        asked = Asked(words=text, help_on=("lead",), is_help=False)
        await firm.finding.answer(actor.within("event message", f"{actor.slack_id} {number}"), asked)
    return [type(row.message).__name__ for row in await firm.told()]


async def test_a_merged_lead_is_found_as_the_one_it_became(firm: FirmDesks) -> None:
    kept, other = await firm.captured("Acme Ltd"), await firm.captured("Acme Limited")
    await firm.lead_edits.merge(firm.seller, kept.id, other.id)
    await firm.told()
    asked = Asked(words="L-2", help_on=(), is_help=False)
    await firm.finding.answer(firm.seller.within("event message", "1"), asked)
    [message] = [row.message for row in await firm.told() if isinstance(row.message, RecordsFound)]
    assert message.lead_ids == (kept.id,)


async def test_a_guest_is_told_that_rainmaker_is_for_colleagues_and_finds_nothing(firm: FirmDesks) -> None:
    await firm.captured()
    await firm.told()
    assert await answers(firm, firm.guest, "Acme", "help") == [ColleaguesOnly.__name__] * 2
    await firm.finding.answer(firm.guest.within("event message", "h"), HELP)
    assert [type(row.message) for row in await firm.told()] == [ColleaguesOnly]


async def test_everybody_is_greeted_once(firm: FirmDesks) -> None:
    await firm.told()
    assert await answers(firm, firm.seller, "hello", "hello there") == [Hint.__name__, NothingFound.__name__]
    assert await answers(firm, firm.consultant, "hello") == [Hint.__name__]


async def test_a_long_text_is_no_name(firm: FirmDesks) -> None:
    await firm.told()
    assert await answers(firm, firm.seller, "hi", "word " * 100) == [Hint.__name__, NothingFound.__name__]


async def test_a_company_is_guessed_by_its_name_on_record(firm: FirmDesks) -> None:
    await firm.captured("Fjordline Ferries AS", contact=NewContact(email="ida@fjordline.example"))
    for text, email, company in (
        ("We met Jo of Fjordline Ferries today", None, "Fjordline Ferries AS"),
        ("they want a review", "jo@fjordline.example", "Fjordline Ferries AS"),
        ("they want a review", "jo@betasolion.example", "Betasolion"),
        ("Company: Zenith", "jo@fjordline.example", "Zenith"),
        ("they want a review", None, ""),
    ):
        assert await firm.finding.company_in(firm.seller, text, email) == company, text
