"""What Slack sends, as somebody would read it, the command it is, and the keys under which it is known again."""

from datetime import date

import pytest

from bot.middleware import request_key, source_of, spell_out
from domain.core.refusals import FormRefused, NotFound, RuleBroken
from handlers.core.admin import WorkspaceForm
from handlers.forms import About, DayForm, plain_words, record_id, values_of, words_after
from handlers.sales.deals import DealForm
from handlers.sales.leads import TouchForm


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hello", "hello"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("<@U012AB3CD|ben> said", "@ben said"),
        ("<@U012AB3CD> said", "@U012AB3CD said"),
        ("in <#C012|sales> today", "in #sales today"),
        ("in <#C012|>", "in #C012"),
        ("<!here> and <!channel|@channel>", "@here and @channel"),
        ("see <https://a.example/x|the page>", "see the page"),
        ("see <https://a.example/x>", "see https://a.example/x"),
        ("<mailto:jo@a.example|jo@a.example>", "jo@a.example"),
        ("<tel:+4420|+44 20>", "+44 20"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("&amp;lt;", "&lt;"),
        ("<", "<"),
        ("", ""),
    ],
)
def test_a_message_is_read_as_a_person_would(text: str, words: str) -> None:
    assert plain_words(text) == words


@pytest.mark.parametrize(("value", "number"), [("1", 1), ("999999999999999999", 10**18 - 1), ("007", 7)])
def test_an_id_is_a_number(value: str, number: int) -> None:
    assert record_id(value) == number


@pytest.mark.parametrize("value", ["", None, "-1", "1.0", "１", "9" * 19, " 1", "1\n", "x"])
def test_what_is_no_id_is_not_found(value: str | None) -> None:
    with pytest.raises(NotFound):
        record_id(value)


def view_with(**elements: object) -> dict[str, object]:
    """A submitted view with these elements, each in a block of its name."""
    return {"state": {"values": {name: {"any": element} for name, element in elements.items()}}}


def test_every_kind_of_element_gives_its_value_and_empty_ones_nothing() -> None:
    entered = view_with(
        typed={"type": "plain_text_input", "value": "x"},
        chosen={"type": "static_select", "selected_option": {"value": "o"}},
        several={"type": "multi_static_select", "selected_options": [{"value": "a"}, {"value": "b"}]},
        people={"type": "multi_users_select", "selected_users": ["U1"]},
        day={"type": "datepicker", "selected_date": "2026-03-03"},
        at={"type": "timepicker", "selected_time": "09:00"},
        place={"type": "conversations_select", "selected_conversation": "C1"},
        empty={"type": "plain_text_input", "value": None},
        unchosen={"type": "static_select", "selected_option": None},
        nobody={"type": "multi_users_select", "selected_users": []},
    )
    assert values_of(entered) == {
        "typed": "x",
        "chosen": "o",
        "several": ["a", "b"],
        "people": ["U1"],
        "day": "2026-03-03",
        "at": "09:00",
        "place": "C1",
    }


def test_a_form_says_under_each_field_what_is_wrong() -> None:
    with pytest.raises(FormRefused) as refused:
        TouchForm.read(view_with(kind={"value": "pigeon"}, day={"value": "soon"}))
    assert refused.value.errors == {"kind": "This does not look right.", "day": "This does not look right."}
    with pytest.raises(FormRefused) as refused:
        DayForm.read(view_with())
    assert refused.value.errors == {"day": "Please fill this in."}


def test_a_day_of_no_year_that_somebody_can_mean_is_refused_in_every_form() -> None:
    for day in ("1999-12-31", "2101-01-01", "0001-01-01", "9999-12-31"):
        with pytest.raises(FormRefused) as refused:
            DayForm.read(view_with(day={"value": day}))
        assert refused.value.errors == {"day": "Pick a day between 2000 and 2100."}, day
    assert DayForm.read(view_with(day={"value": "2000-01-01"})).day == date(2000, 1, 1)


def test_of_what_somebody_typed_or_a_message_says_the_beginning_is_read() -> None:
    assert words_after({"text": "x" * 40_000}) == plain_words("x" * 40_000) == "x" * 12_000


@pytest.mark.parametrize("channel", ["<!channel>", "x" * 40, "c0lower"])
def test_a_channel_that_is_no_id_is_refused(channel: str) -> None:
    with pytest.raises(FormRefused):
        WorkspaceForm.read(view_with(leads_channel={"value": channel}))


@pytest.mark.parametrize("kept", ["", "{", "[]", "7", '{"captured_in": "<!channel>"}', '{"origin": 7}'])
def test_an_unreadable_memory_counts_as_none(kept: str) -> None:
    assert About.read(kept) == About()


def test_a_memory_is_read_as_it_was_written() -> None:
    about = About.model_validate(
        {"captured_in": "C1", "origin": {"channel": "C1", "ts": "1.2", "author": "U1", "permalink": None}}
    )
    assert About.read(about.write()) == about
    assert len(about.write()) < 3000


def pressed(user: str = "U1", action: str = "lead.claim", ts: str = "1.1") -> dict[str, object]:
    """A press of a button."""
    return {"type": "block_actions", "user": {"id": user}, "actions": [{"action_id": action, "action_ts": ts}]}


def submitted(value: str, view: str = "V1") -> dict[str, object]:
    """A submitted modal."""
    return {"type": "view_submission", "view": {"id": view} | view_with(company={"value": value})}


SAME = [
    (pressed(), pressed()),
    (submitted("Acme"), submitted("Acme")),
    ({"type": "event_callback", "event_id": "Ev1"}, {"type": "event_callback", "event_id": "Ev1", "x": 1}),
    ({"command": "/rain", "trigger_id": "1.2"}, {"command": "/rain", "trigger_id": "1.2"}),
]
DIFFERENT = [
    (pressed(), pressed(user="U2")),
    (pressed(), pressed(action="lead.open_plan")),
    (pressed(), pressed(ts="1.2")),
    (submitted("Acme"), submitted("Acme Ltd")),
    (submitted("Acme"), submitted("Acme", view="V2")),
    ({"type": "event_callback", "event_id": "Ev1"}, {"type": "event_callback", "event_id": "Ev2"}),
    ({"command": "/rain", "trigger_id": "1.2"}, {"command": "/rain", "trigger_id": "1.3"}),
]


@pytest.mark.parametrize(("one", "again"), SAME)
def test_the_same_request_has_the_same_key(one: dict[str, object], again: dict[str, object]) -> None:
    assert request_key(one) == request_key(again)
    assert len(request_key(one) or "") <= 120


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_request_has_another_key(one: dict[str, object], other: dict[str, object]) -> None:
    assert request_key(one) != request_key(other)


def test_what_changes_nothing_has_no_key() -> None:
    assert request_key({}) is None


@pytest.mark.parametrize(
    ("body", "source"),
    [
        ({"command": "/rain-lead"}, "slash /rain-lead"),
        ({"type": "event_callback", "event": {"type": "team_join"}}, "event team_join"),
        (pressed(), "button lead.claim"),
        ({"type": "view_submission", "view": {"callback_id": "lead.new"}}, "modal lead.new"),
        ({"type": "shortcut", "callback_id": "lead.capture"}, "shortcut lead.capture"),
        ({}, "None"),
    ],
)
def test_the_audit_log_says_where_a_request_came_from(body: dict[str, object], source: str) -> None:
    assert source_of(body) == source


@pytest.mark.parametrize(
    ("typed", "command", "rest"),
    [
        (("/rain", "lead Acme Ltd, web"), "/rain-lead", "Acme Ltd, web"),
        (("/rain", " Lead  mine "), "/rain-lead", "mine"),
        (("/rain", "away"), "/rain-away", ""),
        (("/rain", ""), "/rain", ""),
        (("/rain", "dance now"), "/rain", "dance now"),
        (("/rain", "leads"), "/rain", "leads"),
        (("/rain-lead", "deal D-7"), "/rain-lead", "deal D-7"),
    ],
)
def test_a_word_after_rain_is_its_command(typed: tuple[str, str], command: str, rest: str) -> None:
    body = {"command": typed[0], "text": typed[1], "trigger_id": "1.2"}
    spell_out(body)
    assert body == {"command": command, "text": rest, "trigger_id": "1.2"}


def test_an_amount_is_read_as_people_write_it_and_asked_about_under_its_field() -> None:
    for amount in ("85k", "85 000", "€85,000.00", "85.000,00 €"):
        plan = DealForm(title="Audit", amount=amount, currency="EUR").plan()
        assert str(plan.value and plan.value.amount) == "85000.00", amount
    for amount, why in (
        ("85,000", "85,000 may be two numbers. Type 85000 or 85.00."),
        ("$85k", "The amount says $, the currency EUR. Change one of them."),
    ):
        with pytest.raises(RuleBroken) as refusal:
            DealForm(title="Audit", amount=amount, currency="EUR").plan()
        assert (refusal.value.field, refusal.value.sentence) == ("amount", why)
