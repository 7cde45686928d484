"""The chain over the audit log: what its seals are taken over, what they prove, and which of them only repeat others."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.core.audit import AuditEvent, ChainEnd, Head, Scheme, Seal, StoredEvent, event_hash, seal
from domain.core.audit_chain import AuditCheck, Repeat, Walk

Range = tuple[int, int]


def event(number: int, **more: str) -> StoredEvent:
    """An event as it is stored."""
    facts = {"at": "2026-03-03 10:00:00.000000", "before": None, "after": '{"score": 1.0}', "reason": None} | more
    return StoredEvent(
        id=number,
        workspace_id="T1",
        actor_id=7,
        source="test",
        event="lead.claimed",
        subject="lead",
        subject_id=number,
        **facts,
    )


LOG = [event(number) for number in range(10, 100, 10)]


def chain(*links: Sequence[StoredEvent] | Range) -> list[Seal]:
    """Seals one after the other, each over these events or over those of a range of ids."""
    end, made = ChainEnd(), []
    for link in links:
        events = [one for one in LOG if link[0] <= one.id <= link[1]] if isinstance(link[0], int) else link
        made.append(seal(end, "T1", events))
        end = ChainEnd(number=made[-1].number, hash=made[-1].hash)
    return made


def checked(
    links: Iterable[Seal],
    log: Sequence[StoredEvent] = LOG,
    told: Sequence[AuditEvent] = (),
    kept: Sequence[Head] = (),
) -> AuditCheck:
    """What comes of checking them against a log."""
    walk = Walk(workspace_id="T1", kept=kept)
    for link in links:
        within = [one for one in log if walk.starts_after(link) < one.id <= link.last_event_id]
        walk.take(link, within, [one for one in told if one.subject_id == link.number])
        if walk.wrong:
            break
    return walk.result()


def mended(repeat: Repeat, **more: object) -> AuditEvent:
    """What the log says of a seal that was mended."""
    facts = vars(repeat.mending) | more
    return AuditEvent(
        id=100, workspace_id="T1", at=datetime(2026, 3, 3, tzinfo=UTC), actor_id=None, source="rainmaker", **facts
    )


RACES: dict[str, tuple[list[Range], list[tuple[int, int, int]]]] = {
    "nobody seals at once": ([(10, 30), (40, 60), (70, 90)], []),
    "the first seal": ([(10, 30), (10, 30), (40, 90)], [(2, 10, 30)]),
    "a later seal": ([(10, 30), (40, 60), (40, 60), (70, 90)], [(3, 40, 60)]),
    "one event": ([(10, 10), (10, 10), (20, 90)], [(2, 10, 10)]),
    "three processes": ([(10, 30), (10, 30), (10, 30), (40, 90)], [(2, 10, 30), (3, 10, 30)]),
    "the later one has read more": ([(10, 30), (40, 50), (40, 60), (70, 90)], [(3, 40, 50)]),
    "the later one has read less": ([(10, 30), (40, 60), (40, 50), (60, 90)], [(3, 40, 50), (4, 60, 60)]),
    "the later one is far behind": (
        [(10, 20), (30, 40), (50, 60), (10, 20), (30, 50), (60, 90)],
        [(4, 10, 20), (5, 30, 50), (6, 60, 60)],
    ),
}


@pytest.mark.parametrize(("ranges", "repeats"), RACES.values(), ids=RACES.keys())
def test_seals_of_processes_that_sealed_at_once_are_recognised(
    ranges: list[Range], repeats: list[tuple[int, int, int]]
) -> None:
    check = checked(chain(*ranges))
    assert [(one.number, one.first_id, one.last_id) for one in check.repeats] == repeats
    assert (check.covered, check.wrong is None) == (len(LOG), not repeats)


@pytest.mark.parametrize(("ranges", "repeats"), RACES.values(), ids=RACES.keys())
def test_a_mended_chain_holds_with_every_head_that_was_kept_of_it(
    ranges: list[Range], repeats: list[tuple[int, int, int]]
) -> None:
    links = chain(*ranges)
    kept = [Head(workspace_id="T1", number=link.number, hash=link.hash) for link in links]
    told = [mended(repeat) for repeat in checked(links).repeats]
    assert checked(links, told=told, kept=kept) == AuditCheck(covered=len(LOG), head=kept[-1])


def test_what_is_to_be_done_about_a_repeat_is_said() -> None:
    assert checked(chain((10, 30), (10, 30), (40, 40), (40, 40))).wrong == (
        "seal 2 repeats events 10 to 30, as two processes sealed them at once: run `rainmaker audit mend`"
    )
    assert checked(chain((10, 10), (10, 10))).repeats[0].events == "event 10"


NOT_THE_RACE: dict[str, Sequence[StoredEvent]] = {
    "begins in the middle of a seal": LOG[4:6],
    "leaves an event out": [LOG[3], LOG[5]],
    "seals an event otherwise": [LOG[3], replace(LOG[4], reason="invented"), LOG[5]],
    "seals an event that is not there": [LOG[3], event(45), *LOG[4:6]],
}


@pytest.mark.parametrize("events", NOT_THE_RACE.values(), ids=NOT_THE_RACE.keys())
def test_a_seal_that_repeats_events_in_any_other_way_is_refused(events: Sequence[StoredEvent]) -> None:
    check = checked(chain((10, 30), (40, 60), events))
    assert (check.wrong, check.repeats) == ("seal 3 repeats earlier events, but not as they were sealed", ())


@pytest.mark.parametrize(
    ("log", "wrong"),
    [
        ([*LOG[:2], *LOG[3:]], "event 30 was deleted"),
        ([*LOG[:5], *LOG[6:]], "event 60 was deleted"),
        ([*LOG[:5], event(55), *LOG[5:]], "event 55 was inserted"),
        ([*LOG[:5], replace(LOG[5], reason="invented"), *LOG[6:]], "event 60 was changed"),
        ([*LOG[:8], replace(LOG[8], reason="invented")], "event 90 was changed"),
    ],
)
def test_an_event_touched_in_or_after_a_repeat_is_named_and_nothing_is_to_be_mended(
    log: Sequence[StoredEvent], wrong: str
) -> None:
    check = checked(chain((10, 30), (40, 50), (40, 60), (70, 90)), log)
    assert (check.wrong, check.repeats) == (wrong, ())


@pytest.mark.parametrize(
    "more",
    [{"event": "lead.claimed"}, {"after": {"hash": "0" * 64}}, {"after": None}, {"after": ["hash"]}],
    ids=["another event", "another seal", "nothing", "a list"],
)
def test_what_does_not_speak_of_this_very_seal_mends_nothing(more: dict[str, object]) -> None:
    links = chain((10, 30), (10, 30))
    [repeat] = checked(links).repeats
    assert checked(links, told=[mended(repeat, **more)]).repeats == (repeat,)


def test_a_lost_or_swapped_seal_is_told_before_a_repeat() -> None:
    links = chain((10, 30), (10, 30))
    for number, wrong in (
        (2, "seal 2 is not the one that was kept"),
        (3, "the chain ends with seal 2, and seal 3 was kept"),
    ):
        check = checked(links, kept=[Head(workspace_id="T1", number=number, hash="0" * 64)])
        assert (check.wrong, check.repeats) == (wrong, ())


def by_value(link: Seal) -> Seal:
    """The same seal as it was made before seals said their scheme."""
    entries = tuple((one.id, event_hash(one, Scheme.VALUES)) for one in LOG if one.id in dict(link.entries))
    old = replace(link, scheme=Scheme.VALUES, entries=entries)
    return replace(old, hash=old.true_hash)


SAME_VALUES: dict[str, Callable[[StoredEvent], StoredEvent]] = {
    "a blank": lambda one: replace(one, after='{"score":1.0}'),
    "a nought": lambda one: replace(one, after='{"score": 1.00}'),
    "said twice": lambda one: replace(one, after='{"score": 2, "score": 1.0}'),
    "a null": lambda one: replace(one, before="null"),
    "the moment": lambda one: replace(one, at="2026-03-03T10:00:00+00:00"),
}


@pytest.mark.parametrize("change", SAME_VALUES.values(), ids=SAME_VALUES.keys())
def test_a_change_of_the_text_that_reads_the_same_is_seen_by_seals_over_the_text(
    change: Callable[[StoredEvent], StoredEvent],
) -> None:
    log = [change(LOG[0]), *LOG[1:]]
    [link] = chain((10, 90))
    assert checked([link], log).wrong == "event 10 was changed"
    assert checked([by_value(link)], log).wrong is None


def test_a_seal_that_names_another_scheme_was_changed() -> None:
    [link] = chain((10, 90))
    for one, other in ((link, Scheme.VALUES), (by_value(link), Scheme.TEXT)):
        assert checked([replace(one, scheme=other)]).wrong == "seal 1 was changed itself"


def test_a_seal_without_events_was_changed() -> None:
    empty = replace(chain((10, 90))[0], entries=())
    assert checked([replace(empty, hash=empty.true_hash)]).wrong == "seal 1 was changed itself"


def test_bytes_in_place_of_a_text_are_another_event() -> None:
    for scheme in Scheme:
        assert event_hash(replace(LOG[0], reason=b"hi"), scheme) != event_hash(replace(LOG[0], reason="hi"), scheme)
