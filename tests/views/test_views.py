"""Every surface, drawn from ordinary, bare and extreme facts, is one that Slack takes; and nothing in it pings anybody."""

import dataclasses
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from domain.core.people import Role
from domain.core.reminders import ReminderState, Subject
from domain.sales.pages import Suggestions
from sandbox.blockkit import problems
from tests.firm import PLAYBOOK
from tests.views.facts import ADMIN, AT, SAMPLES, Sample, page_of, person, sample, text_of
from tests.views.samples import DRAWINGS, FACTS
from views import ids, kit
from views.core.additions import added_choices
from views.core.reasons import why
from views.core.reminders import digest
from views.messages import compose, write
from views.sales.account_reminders import account_refresh
from views.sales.accounts import account_page
from views.sales.exceptions import others_words
from views.sales.lead_reminders import first_answer, follow_up, outcome
from views.sales.leads import lead_card, lead_line, lead_page
from views.sales.merges import suggested_accounts

UNESCAPED = re.compile(r"<(?!@U0SOMEBODY>|#C0DEAL>|!date\^\d+\^\{date_short_pretty\}|https://larkspur)")
by_name = pytest.mark.parametrize("given", SAMPLES, ids=lambda given: given.name)


def marked_up(thing: Any) -> Iterator[str]:
    """Every text that Slack reads as markup."""
    if isinstance(thing, dict):
        if thing.get("type") == "mrkdwn":
            yield thing["text"]
        for part in thing.values():
            yield from marked_up(part)
    elif isinstance(thing, list):
        for part in thing:
            yield from marked_up(part)


@pytest.mark.parametrize("view", DRAWINGS)
def test_slack_takes_every_view_and_nobodys_words_are_markup(view: str, subtests: pytest.Subtests) -> None:
    for given in SAMPLES:
        with subtests.test(given.name):
            surface, drawn = DRAWINGS[view](given)
            assert problems(surface, drawn) == []
            for text in marked_up(drawn):
                assert not UNESCAPED.search(text), text


@pytest.mark.parametrize("kind", FACTS)
def test_slack_takes_every_message_and_its_notification(kind: str, subtests: pytest.Subtests) -> None:
    for given in SAMPLES:
        with subtests.test(given.name):
            content = compose(kind, FACTS[kind](given), PLAYBOOK)
            assert problems("message", content["blocks"]) == []
            assert 0 < len(content["text"]) <= 4000
            for text in [content["text"], *marked_up(content["blocks"])]:
                assert not UNESCAPED.search(text), text


@pytest.mark.parametrize(
    ("deputy", "has_ended", "words"),
    [
        (2, False, "You get this because <@U0SOMEBODY> is away until 6 Mar 2026 and you stand in."),
        (3, False, "so is <@U0SOMEBODY>, and you are next to stand in."),
        (2, True, "You get this because you stood in for <@U0SOMEBODY>."),
    ],
)
def test_a_deputy_reads_for_whom_they_stand_in(deputy: int, has_ended: bool, words: str) -> None:
    given = SAMPLES[0].stood_in
    named = dataclasses.replace(person("Carla"), id=deputy)
    told = dataclasses.replace(person("Carla"), id=2)
    subject = dataclasses.replace(
        given,
        reminder=dataclasses.replace(given.reminder, told_to=told),
        absence=None if has_ended else dataclasses.replace(SAMPLES[0].absence, deputy=named),
    )
    assert words in why(subject, PLAYBOOK)


def test_a_list_too_long_for_one_message_says_how_many_more_there_are() -> None:
    given = next(given for given in SAMPLES if given.name == "of ampersands")
    _surface, drawn = DRAWINGS["leads.lead_list"](given)
    shown = sum(block["type"] == "section" for block in drawn)
    assert 10 < shown < 40
    assert f"and {given.listed.total - shown} more" in str(drawn[-1])


def test_a_name_with_markup_in_a_template_is_escaped_once() -> None:
    given = sample("markup", lambda length: "A & <B>"[:length], 1)
    assert "Time to follow up on *L-999999 · A &amp; &lt;B&gt;*." in write("FollowUpDue", {"reminder": given.subject})


def test_a_mention_in_a_template_stays_a_mention() -> None:
    given = sample("markup", lambda length: "A & <B>"[:length], 1)
    assert "You stand in for <@U0SOMEBODY>, who is away" in write("DeputyNamed", {"absence": given.absence})


@pytest.mark.parametrize("state", [s for s in ReminderState if s is not ReminderState.TOLD])
def test_a_reminder_dealt_with_has_no_buttons_and_says_what_became_of_it(state: ReminderState) -> None:
    told = SAMPLES[0].subject
    over = Subject(
        record=told.record,
        reminder=dataclasses.replace(told.reminder, state=state, closed_at=AT, closed_by=person("Sam Seller")),
    )
    for draw in (follow_up, first_answer):
        drawn = draw(over, PLAYBOOK, kit.say("Time to follow up"))
        assert problems("message", drawn) == []
        assert not any(block["type"] == "actions" for block in drawn)
        assert outcome(over) in str(drawn)


@pytest.mark.parametrize(
    ("ended_by", "words"), [("merged", "merged the lead into another"), ("claimed", "owns the lead now")]
)
def test_a_reminder_ended_by_something_else_than_its_buttons_says_by_what(ended_by: str, words: str) -> None:
    told = SAMPLES[0].subject
    reminder = dataclasses.replace(told.reminder, state=ReminderState.CANCELLED, outcome=ended_by)
    assert words in outcome(Subject(record=told.record, reminder=reminder))


@pytest.mark.parametrize(
    ("told_at", "touched_at", "words"),
    [
        (AT - timedelta(hours=1), None, "must have a first answer by"),
        (AT + timedelta(hours=1), None, "should have had a first answer by"),
        (AT, AT, "has had its first answer"),
    ],
)
def test_a_warning_of_the_first_answer_says_how_it_stands(told_at: Any, touched_at: Any, words: str) -> None:
    given = SAMPLES[0].subject
    subject = Subject(
        record=dataclasses.replace(given.record, last_touch_at=touched_at),
        reminder=dataclasses.replace(given.reminder, told_at=told_at),
    )
    assert words in write("FirstAnswerDue", {"reminder": subject})


def test_a_digest_names_a_lead_once_though_two_reminders_are_about_it() -> None:
    subject = SAMPLES[0].subject
    assert "1 follow-up is due" in write("OverdueDigest", {"reminders": [subject, subject], "unlisted": 0})
    assert str(digest([subject, subject], 0, PLAYBOOK, kit.say("Overdue"))).count(subject.record.code) == 1


@pytest.mark.parametrize(
    ("state", "outcome", "said"),
    [
        (ReminderState.WAITING, None, "Comes back"),
        (ReminderState.DONE, "confirmed", "Confirmed by <@U0SOMEBODY>"),
        (ReminderState.DONE, "edited", "Edited by <@U0SOMEBODY>"),
        (ReminderState.CANCELLED, "merged", "merged it into another account"),
    ],
)
def test_a_question_about_an_account_says_what_became_of_it(
    state: ReminderState, outcome: str | None, said: str
) -> None:
    asked = SAMPLES[0].question
    closed = dataclasses.replace(
        asked.reminder, state=state, outcome=outcome, closed_at=AT, closed_by=person("Sam Seller")
    )
    drawn = account_refresh(dataclasses.replace(asked, reminder=closed), PLAYBOOK, kit.say("Is it right?"))
    assert problems("message", drawn) == []
    assert said in str(drawn)
    assert "actions" not in str(drawn)


def test_a_page_offers_only_what_its_reader_may_do() -> None:
    page = SAMPLES[0].account_page
    colleague = dataclasses.replace(ADMIN, roles=frozenset({Role.COLLEAGUE}), member_id=99)
    consultant = dataclasses.replace(colleague, roles=frozenset({Role.COLLEAGUE, Role.DELIVERY}))
    for actor, offered in ((ADMIN, "edit merge undo"), (consultant, "edit"), (colleague, "")):
        drawn = json.dumps(account_page(page, actor, PLAYBOOK))
        buttons = {"edit": ids.PRESS_EDIT_ACCOUNT, "merge": ids.PRESS_MERGE_ACCOUNT, "undo": ids.PRESS_UNDO}
        assert " ".join(name for name, button in buttons.items() if button in drawn) == offered


@by_name
def test_the_menu_of_accounts_is_one_that_slack_takes(given: Sample) -> None:
    found = tuple(line.line.account for line in given.account_list.found)
    offered = suggested_accounts(Suggestions(likely=given.matches, found=found))
    menu = {"type": "static_select", "action_id": "offered", **offered}
    assert problems("message", [{"type": "actions", "elements": [menu]}]) == []


def test_a_menu_without_choices_is_empty() -> None:
    assert suggested_accounts(Suggestions(likely=(), found=())) == {"options": []}


def test_a_card_offers_claim_only_while_nobody_owns_the_lead() -> None:
    owned, free = SAMPLES[0].lead, dataclasses.replace(SAMPLES[0].lead, owner=None)
    assert ids.PRESS_CLAIM not in json.dumps(lead_card(owned, PLAYBOOK))
    assert ids.PRESS_CLAIM in json.dumps(lead_card(free, PLAYBOOK))


def test_of_a_closed_lead_only_its_page_and_the_process_are_spoken_of() -> None:
    closed = next(given.lead for given in SAMPLES if given.name == "disqualified")
    for is_page, choices in ((False, ["open", *added_choices("lead")]), (True, [*added_choices("lead")])):
        drawn = lead_card(closed, PLAYBOOK, is_page=is_page)
        [menu] = [block["accessory"] for block in drawn if "accessory" in block]
        assert [option["value"] for option in menu["options"]] == [f"{closed.id}:{choice}" for choice in choices]
        assert json.dumps(drawn).count("action_id") == 1


def test_a_merged_lead_leads_to_the_one_that_took_it_over() -> None:
    merged = next(given.lead for given in SAMPLES if given.name == "merged")
    drawn = json.dumps(lead_card(merged, PLAYBOOK))
    assert "Merged into *L-999999*" in drawn
    assert f'"value": "{merged.merged_into_id}"' in drawn


def test_the_page_offers_to_undo_only_what_the_reader_may() -> None:
    given, stranger = SAMPLES[0], dataclasses.replace(ADMIN, member_id=3, roles=frozenset({Role.SALES}))
    assert ids.PRESS_UNDO in json.dumps(lead_page(page_of(given), ADMIN, PLAYBOOK))
    assert ids.PRESS_UNDO not in json.dumps(lead_page(page_of(given), stranger, PLAYBOOK))


def test_more_exceptions_than_are_shown_are_named_by_number_and_then_counted() -> None:
    assert others_words("L", (7, 9)) == "Also L-7, L-9"
    assert others_words("L", tuple(range(40))).endswith("and 10 more")


def test_a_line_says_when_its_date_has_passed() -> None:
    assert "*overdue*" in str(lead_line(SAMPLES[0].lead, AT + timedelta(hours=1), PLAYBOOK, shows_owner=False))
    assert "overdue" not in str(lead_line(SAMPLES[0].lead, AT - timedelta(hours=1), PLAYBOOK, shows_owner=False))


def test_the_reasons_of_a_score_stand_heaviest_first() -> None:
    assert re.search(r"30/30.*25/25.*20/20.*15/15.*10/10", json.dumps(lead_card(SAMPLES[0].lead, PLAYBOOK)))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COLLEAGUE])
def test_the_roles_modal_shows_who_has_each_role(role: Role) -> None:
    _surface, modal = DRAWINGS["admin.roles_modal"](SAMPLES[0])
    asked = next(block for block in modal["blocks"] if block.get("block_id") == role.value)
    assert asked["element"]["initial_users"] == [f"U0{n:07}" for n in range(3)]


# The kit


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        ("ends in space", 5, "ends…"),
        (kit.escape("aaa&bbb"), 6, "aaa…"),
        (kit.escape("<<<<"), 10, "&lt;&lt;…"),
        (kit.Mrkdwn("hello <@U0123456>"), 12, "hello…"),
        (kit.Mrkdwn("<!date^1^{date}|x> and more"), 22, "<!date^1^{date}|x> an…"),
        ("a < b, which is a long way to go", 10, "a < b, wh…"),
    ],
)
def test_what_is_too_long_is_cut_where_it_does_no_harm(text: str, most: int, shown: str) -> None:
    assert kit.cut(text, most) == shown
    assert isinstance(kit.cut(text, most), type(text))


def test_text_is_escaped_once_however_often_it_passes_by() -> None:
    assert kit.escape(kit.escape("a & b")) == "a &amp; b"
    assert kit.mrkdwn(kit.say("{x}", x="<")) == {"type": "mrkdwn", "text": "&lt;"}
    assert kit.fields([("Label", "&" * 3000)])["fields"][0]["text"].count("&amp;amp;") == 0


@pytest.mark.parametrize(
    ("url", "label", "shown"),
    [
        ("https://a.example/x", "x|y", "<https://a.example/x|x|y>"),
        ("https://a.example/>|", "<b>", "<https://a.example/%3E%7C|&lt;b&gt;>"),
    ],
)
def test_a_link_keeps_to_itself(url: str, label: str, shown: str) -> None:
    assert kit.link(url, label) == shown


def test_a_quotation_quotes_every_line() -> None:
    assert kit.quote("a\nb") == ">a\n>b"
    assert all(line.startswith(">") for line in kit.quote(text_of(2000, "a\n")).splitlines())
