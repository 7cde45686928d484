"""Channels of deals: their names, which deals have one, and what is done next for them, as tables of examples."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.core.people import Person
from domain.playbook.channel_rules import ChannelRule
from domain.playbook.conditions import SizeConditions
from domain.sales.accounts import Account
from domain.sales.channels import (
    ChannelState,
    DealChannel,
    StepKind,
    Wanted,
    channel_name,
    channel_rule,
    next_step,
    purpose_of,
    taken_name,
    topic_of,
)
from domain.sales.deals import Deal, DealOutcome, Money, Progress
from tests.firm import PLAYBOOK

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
SAM = Person(id=1, slack_id="U1", name="Sam Seller")
PATTERN = "deal-{number}-{company}"


def a_deal(company: str = "Acme Ltd", amount: int | None = 90_000, currency: str = "EUR", **of_progress: Any) -> Deal:
    """A deal at the stage "proposal", unless said otherwise."""
    progress = Progress(stage="proposal", since=NOW, variant="standard", opened_by=SAM, **of_progress)
    return Deal(
        id=1,
        number=7,
        title="Review of costs",
        account=Account(id=1, number=1, name=company, created_at=NOW),
        owner=SAM,
        value=Money(amount=Decimal(amount), currency=currency) if amount is not None else None,
        created_at=NOW,
        progress=progress,
    )


def at(stage: str, amount: int | None = 90_000, currency: str = "EUR") -> Deal:
    """A deal at a stage."""
    deal = a_deal(amount=amount, currency=currency)
    assert deal.progress
    return replace(deal, progress=replace(deal.progress, stage=stage))


@pytest.mark.parametrize(
    ("company", "name"),
    [
        ("Acme Ltd", "deal-7-acme-ltd"),
        ("Müller & Söhne GmbH", "deal-7-mueller-and-soehne-gmbh"),
        ("Weiß Straßenbau", "deal-7-weiss-strassenbau"),
        ("Mu\u0308ller", "deal-7-mueller"),
        ("Søren Ørsted A/S", "deal-7-soren-orsted-a-s"),
        ("Café  Élan, S.A.", "deal-7-cafe-elan-s-a"),
        ("Škoda_Auto", "deal-7-skoda_auto"),
        ("株式会社", "deal-7"),
        ("<!channel>", "deal-7-channel"),
        ("---", "deal-7"),
        ("İstanbul", "deal-7-istanbul"),
    ],
)
def test_a_name_has_only_what_slack_takes(company: str, name: str) -> None:
    assert channel_name(PATTERN, a_deal(company)) == name


def test_a_long_name_is_cut_and_stays_a_name_with_every_ending() -> None:
    name = channel_name(PATTERN, a_deal("Very Long Company " * 10))
    assert name.startswith("deal-7-very-long-company-very")
    assert len(name) <= 80
    assert channel_name("{company}-{number}", a_deal("x" * 200)) == "x" * 78 + "-7"
    assert (taken_name("deal-7-acme", 1), taken_name("deal-7-acme", 2)) == ("deal-7-acme", "deal-7-acme-2")
    assert len(taken_name("x" * 80, 12)) == 80


@pytest.mark.parametrize(
    ("deal", "has_one"),
    [
        (at("proposal"), True),
        (at("quote"), True),
        (at("analysis"), False),
        (at("proposal", 50_000), True),
        (at("proposal", 49_999), False),
        (at("proposal", None), False),
        (at("proposal", 55_000, "USD"), False),  # 49,500 EUR
        (at("proposal", 60_000, "USD"), True),
        (at("proposal", 1, "XAF"), True),  # without a rate it counts as beyond every limit
        (at("dropped"), False),
        (replace(at("proposal"), outcome=DealOutcome.LOST), False),
        (replace(at("proposal"), progress=None), False),
    ],
)
def test_a_deal_has_a_channel_by_the_rule_of_the_playbook(deal: Deal, has_one: bool) -> None:
    assert (channel_rule(deal, PLAYBOOK) is not None) is has_one


def test_of_several_rules_the_first_that_holds_counts() -> None:
    large = ChannelRule(when=SizeConditions(amount_from=Decimal(250_000)), private=True)
    playbook = PLAYBOOK.model_copy(update={"deal_channels": (large, *PLAYBOOK.deal_channels)})
    assert channel_rule(at("first_talk", 300_000), playbook) is large
    assert channel_rule(at("first_talk"), playbook) is None
    assert channel_rule(at("proposal"), playbook) is PLAYBOOK.deal_channels[0]


def test_a_topic_says_how_the_deal_stands() -> None:
    deal = a_deal(next_step="Send the draft", next_at=NOW)
    assert topic_of(deal, "Proposal", date(2026, 3, 5)) == (
        "Proposal · Sam Seller · 90,000.00 EUR · next: Send the draft (2026-03-05)"
    )
    bare = replace(a_deal(amount=None), owner=None)
    assert topic_of(bare, "Proposal", None) == "Proposal · nobody · amount not known yet · no next step"
    assert topic_of(replace(deal, outcome=DealOutcome.LOST), "Proposal", None) == "lost · Sam Seller · 90,000.00 EUR"


@pytest.mark.parametrize("word", ["x", "<!channel> ", "&", "a\nb ", "…", "😀"])
def test_topic_and_purpose_fit_and_hold_no_markup(word: str) -> None:
    deal = replace(a_deal(word * 200, next_step=word * 200, next_at=NOW), title=word * 150)
    for text in (topic_of(deal, "Proposal", NOW.date()), purpose_of(deal)):
        assert len(text) <= 250
        assert not {"<", ">", "\n"} & set(text)
        assert "&" not in text.replace("&lt;", "").replace("&gt;", "").replace("&amp;", "")


READY = DealChannel(
    id=1,
    subject_id=1,
    name="deal-7",
    channel="C1",
    is_described=True,
    topic="t",
    invited=("U1",),
    card_ts="1",
    is_pinned=True,
)
RUNS = Wanted(by_rule=True, is_running=True, purpose="p", topic="t", people=("U1",))
ENDED = Wanted(by_rule=False, is_running=False, purpose="p", topic="t", people=("U1",))
TAKEN_BACK = Wanted(by_rule=False, is_running=False)
LONG_AGO, JUST_NOW = NOW - timedelta(minutes=10), NOW - timedelta(minutes=9)


@pytest.mark.parametrize(
    ("known", "wanted", "kind", "value"),
    [
        (DealChannel(id=1, subject_id=1, name="deal-7"), RUNS, StepKind.CREATE, "deal-7"),
        (DealChannel(id=1, subject_id=1, name="deal-7", take=3), RUNS, StepKind.CREATE, "deal-7-3"),
        (DealChannel(id=1, subject_id=1, name="deal-7"), ENDED, None, ""),
        (DealChannel(id=1, subject_id=1, name="deal-7", tried_at=NOW), ENDED, StepKind.CREATE, "deal-7"),
        (DealChannel(id=1, subject_id=None, name="deal-7", tried_at=NOW), TAKEN_BACK, StepKind.CREATE, "deal-7"),
        (DealChannel(id=1, subject_id=1, name="deal-7", state=ChannelState.REFUSED), RUNS, StepKind.CREATE, "deal-7"),
        (READY, RUNS, None, ""),
        (replace(READY, is_described=False), RUNS, StepKind.DESCRIBE, "p"),
        (replace(READY, topic="old"), RUNS, StepKind.TOPIC, "t"),
        (replace(READY, invited=()), RUNS, StepKind.INVITE, "U1"),
        (READY, replace(RUNS, people=("U1", "U2")), StepKind.INVITE, "U2"),
        (READY, replace(ENDED, people=("U1", "U2")), None, ""),
        (READY, replace(ENDED, topic="lost"), StepKind.TOPIC, "lost"),
        (replace(READY, is_pinned=False), RUNS, StepKind.PIN, "1"),
        (replace(READY, is_pinned=False, card_ts=None), RUNS, None, ""),
        (replace(READY, ended_at=JUST_NOW), ENDED, None, ""),
        (replace(READY, ended_at=LONG_AGO), ENDED, StepKind.ARCHIVE, ""),
        (replace(READY, ended_at=LONG_AGO), replace(ENDED, has_mail=True), None, ""),
        (replace(READY, ended_at=LONG_AGO, archives=False), ENDED, None, ""),
        (replace(READY, ended_at=LONG_AGO, subject_id=None), TAKEN_BACK, StepKind.ARCHIVE, ""),
        (replace(READY, state=ChannelState.ARCHIVED, ended_at=LONG_AGO), ENDED, None, ""),
        (replace(READY, state=ChannelState.ARCHIVED), RUNS, StepKind.UNARCHIVE, ""),
        (replace(READY, state=ChannelState.CLOSED, topic="old"), RUNS, None, ""),
    ],
)
def test_what_is_done_next(known: DealChannel, wanted: Wanted, kind: StepKind | None, value: str) -> None:
    step = next_step(known, wanted, NOW)
    assert (step.kind, step.value) == (kind, value) if step else kind is None
