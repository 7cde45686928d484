"""What one reader is shown: only what they may press, also where a row of buttons is left without any."""

import dataclasses
from typing import Any

import pytest

from domain.core.people import Actor, Role
from tests.firm import PLAYBOOK
from tests.running import buttons_of
from tests.views.facts import ADMIN, SAMPLES
from views import ids, kit
from views.rights import read_by
from views.sales.lead_owners import first_button
from views.sales.leads import lead_card

GIVEN = SAMPLES[0]
UNOWNED = dataclasses.replace(GIVEN.lead, owner=None)


def reading(*roles: Role) -> Actor:
    """A reader with these roles."""
    return dataclasses.replace(ADMIN, roles=frozenset({Role.COLLEAGUE, *roles}))


@pytest.mark.parametrize(
    ("reader", "first"),
    [
        (reading(Role.SALES), "Claim"),
        (reading(), "Hand to sales"),
        (None, "Claim"),  # a channel: who may not is refused when they press
    ],
)
def test_the_first_button_of_a_lead_without_an_owner_is_what_its_reader_may(reader: Actor | None, first: str) -> None:
    with read_by(reader):
        assert first_button(UNOWNED)["text"]["text"] == first


def test_the_first_button_of_a_lead_with_an_owner_logs_a_touch() -> None:
    assert first_button(dataclasses.replace(UNOWNED, owner=UNOWNED.captured_by))["text"]["text"] == "Log it"


def test_what_a_reader_may_not_press_is_left_out_wherever_it_stands() -> None:
    claim = kit.button(ids.PRESS_CLAIM, "Claim", 7)
    drawn: dict[str, Any] = {}
    for name, reader in (("sales", reading(Role.SALES)), ("colleague", reading()), ("channel", None)):
        with read_by(reader):
            drawn[name] = [kit.section("A lead", claim), kit.actions(claim, kit.button(ids.PRESS_SHOW, "Open", 7))]
    shown = {name: buttons_of({"blocks": blocks}) for name, blocks in drawn.items()}
    assert shown == {
        "sales": ["Claim", "Claim", "Open"],
        "colleague": ["Open"],
        "channel": ["Claim", "Claim", "Open"],
    }


def test_in_place_of_an_empty_row_stands_who_may() -> None:
    with read_by(reading()):
        row = kit.actions(kit.button(ids.PRESS_CLAIM, "Claim", 7))
    assert row == kit.context("For sales or management to deal with.")


def test_a_lead_card_offers_to_claim_or_to_hand_over_never_both() -> None:
    for reader in (reading(Role.SALES), reading(), None):
        with read_by(reader):
            shown = buttons_of({"blocks": lead_card(UNOWNED, PLAYBOOK)})
        assert len({"Claim", "Hand to sales"} & set(shown)) == 1, reader
