"""What one typed line means, how a lead is scored, and what a playbook may say."""

import tomllib
from pathlib import Path

import pytest

from domain.core.language import listed
from domain.core.refusals import NotAllowed, RuleBroken
from domain.core.reminders import Snooze
from domain.playbook.files import PlaybookRefused
from domain.playbook.sales_rules import SalesPlaybook, load_sales
from domain.sales.capture_lines import contact_written, parse_one_line
from domain.sales.leads import TouchKind
from domain.sales.screening import score_answers
from tests.firm import PLAYBOOK

SALES = Path(__file__).parent.parent.parent.parent / "playbook" / "sales.toml"


@pytest.mark.parametrize(
    ("line", "company", "channel", "said"),
    [
        ("Acme Ltd, referral, wants a cost review", "Acme Ltd", "referral", "wants a cost review"),
        ("Acme", "Acme", "other", ""),
        ("Acme, wants a cost review", "Acme", "other", "wants a cost review"),
        ("Acme, Website, a, b, and c", "Acme", "web", "a, b, and c"),
        ("Acme, Inc., referral, hello", "Acme, Inc.", "referral", "hello"),
        ("Acme, GmbH", "Acme, GmbH", "other", ""),
        ("Acme, COLD CALL , x", "Acme", "outbound", "x"),
        ("Acme, Industry conference, x", "Acme", "conference", "x"),
        ("  Acme  ,  ,  x ", "Acme", "other", ", x"),
        ("雲圖科技，referral，想談成本、報價", "雲圖科技", "referral", "想談成本、報價"),
        ("Acme Ltd；web、hello", "Acme Ltd", "web", "hello"),
        ("Hart, Pell and Rowe LLP, referral, a review", "Hart, Pell and Rowe LLP", "referral", "a review"),
        ("Hart, Pell & Rowe, wants a review", "Hart, Pell & Rowe", "other", "wants a review"),
        ('"Hart, Pell and Rowe", web, hello', "Hart, Pell and Rowe", "web", "hello"),
        ("“smith, jones” , hello, there", "smith, jones", "other", "hello, there"),
        ('"Acme"', "Acme", "other", ""),
        ('Acme "the best" Ltd, web, x', 'Acme "the best" Ltd', "web", "x"),
        ("Acme Ltd, Berlin, Smith and Sons", "Acme Ltd", "other", "Berlin, Smith and Sons"),
        ("Acme, wants to buy Foo Ltd, web", "Acme", "other", "wants to buy Foo Ltd, web"),
        ("Acme, Web, Foo and Bar Ltd", "Acme", "web", "Foo and Bar Ltd"),
    ],
)
def test_one_line_is_company_source_and_words(line: str, company: str, channel: str, said: str) -> None:
    parsed = parse_one_line(line, PLAYBOOK)
    assert (parsed.company, parsed.source, parsed.said) == (company, channel, said)
    assert parsed.misspelt is None


@pytest.mark.parametrize(
    ("line", "source", "misspelt"),
    [
        ("Acme, referal, wants a review", "referral", "referal"),
        ("Acme, Webiste, x", "web", "Webiste"),
        ("Acme, Industry conferences, x", "conference", "Industry conferences"),
        ("Acme, wants a website, x", "other", None),
        ("Acme, wed, x", "other", None),
        ("Acme, their CFO, x", "other", None),
    ],
)
def test_a_misspelt_source_is_told_from_what_they_said(line: str, source: str, misspelt: str | None) -> None:
    parsed = parse_one_line(line, PLAYBOOK)
    assert (parsed.source, parsed.misspelt) == (source, misspelt)


@pytest.mark.parametrize(
    ("text", "email", "phone"),
    [
        ("call jo@acme.example or +44 20 7946 0123", "jo@acme.example", "+442079460123"),
        ("call 020 7946 0123", None, "+442079460123"),
        ("a@b..c wants it", None, None),
        ("nothing", None, None),
    ],
)
def test_mail_and_phone_in_a_line_become_the_contact(text: str, email: str | None, phone: str | None) -> None:
    contact = contact_written(text, "GB")
    assert (contact.email, contact.phone) == (email, phone)


@pytest.mark.parametrize("line", ["", ",", " , referral, x"])
def test_a_line_without_a_company_is_refused(line: str) -> None:
    with pytest.raises(RuleBroken, match="Start with the company"):
        parse_one_line(line, PLAYBOOK)


@pytest.mark.parametrize(
    ("answers", "percent", "band"),
    [
        ({"need": "clear", "budget": "set", "decider": "yes", "timing": "quarter", "fit": "core"}, 100, "hot"),
        ({"need": "clear", "budget": "set", "timing": "quarter"}, 70, "hot"),
        ({"need": "clear", "budget": "set", "decider": "near"}, 65, "warm"),
        ({"need": "clear", "fit": "core"}, 40, "warm"),
        ({"need": "clear"}, 30, "cold"),
        ({"need": "none", "budget": "no"}, 0, "cold"),
    ],
)
def test_answers_come_to_a_score_and_a_band(answers: dict[str, str], percent: int, band: str) -> None:
    score = score_answers(answers, PLAYBOOK)
    assert score is not None
    assert (score.percent, score.band) == (percent, band)
    assert [reason.points for reason in score.reasons] == sorted((r.points for r in score.reasons), reverse=True)


def test_without_answers_there_is_no_score() -> None:
    assert score_answers({}, PLAYBOOK) is None


def test_an_answer_the_playbook_does_not_have_is_refused_at_its_question() -> None:
    with pytest.raises(RuleBroken) as refused:
        score_answers({"need": "perhaps"}, PLAYBOOK)
    assert refused.value.field == "need"


def written(tmp_path: Path, text: str) -> Path:
    """A playbook file with this text."""
    path = tmp_path / "sales.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "follow_up_days = 2",
            "follow_up_dayz = 2",
            "bands.hot.follow_up_dayz: there is no such key; do you mean follow_up_days?",
        ),
        ("weight = 30", "", "screening.need.weight: this key is missing"),
        ("weight = 30", "weight = 0", "screening.need.weight: Input should be greater than or equal to 1"),
        ("from = 70", "from = 30", "bands must stand best first"),
        ("from = 0", "from = 5", "the last from 0"),
        ('id = "budget"', 'id = "need"', "two screening criteria have the same id"),
        ('{ id = "vague"', '{ id = "clear"', "criterion 'need' has two answers with the same id"),
        ('words = ["other"]', 'words = ["web"]', "the word 'web' names both 'web' and 'other'"),
        ("[channels]", "[channels", "this is not TOML"),
        ('bands = ["hot"]', 'bands = ["boiling"]', "names 'boiling', which is no band or channel here"),
        ('channels = ["web"]', 'channels = ["pigeon"]', "names 'pigeon', which is no band or channel here"),
        (
            'to = "round_robin"',
            'to = "whoever"',
            "assignment.0.to: 'whoever' is not known here; it must be one of round_robin, claim",
        ),
        (
            "follow_up_days = 2",
            "follow_up_days = 2\nwarn_after = 1.0",
            "bands.hot.warn_after: Input should be less than 1",
        ),
        ('id = "standard"', 'id = "key"', "accounts: two tiers of accounts have the same id"),
        ("refresh_days = 90", "refresh_days = 0", "accounts.tiers.key.refresh_days: Input should be greater"),
        ("refresh_days = 90", "", "accounts.tiers.key.refresh_days: this key is missing"),
        ('id = "hot"', 'id = "Very Hot!"', "bands.Very Hot!.id: String should match pattern"),
    ],
)
def test_a_wrong_playbook_is_refused_in_words_that_say_where(tmp_path: Path, old: str, new: str, problem: str) -> None:
    text = SALES.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(PlaybookRefused) as refused:
        load_sales(written(tmp_path, text.replace(old, new, 1)))
    assert problem in str(refused.value)
    assert str(tmp_path) in str(refused.value)


def test_a_missing_playbook_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(PlaybookRefused, match="cannot be read"):
        load_sales(tmp_path / "none.toml")


def test_an_empty_playbook_names_everything_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(PlaybookRefused) as refused:
        load_sales(written(tmp_path, ""))
    required = [name for name, field in SalesPlaybook.model_fields.items() if field.is_required()]
    assert {f"{name}: this key is missing" for name in required} <= set(refused.value.problems)


def test_the_playbook_we_ship_says_what_it_says() -> None:
    raw = tomllib.loads(SALES.read_text(encoding="utf-8"))
    assert set(PLAYBOOK.channels) == set(raw["channels"])
    assert PLAYBOOK.pace("hot").first_answer_hours == 4
    assert [PLAYBOOK.refresh_days(tier) for tier in ("key", "gone", None)] == [90, 180, 180]
    assert PLAYBOOK.pace(None) == PLAYBOOK.unscreened
    assert PLAYBOOK.pace("a band of an older playbook") == PLAYBOOK.unscreened


@pytest.mark.parametrize("choice", [*TouchKind, *Snooze])
def test_every_choice_has_its_words(choice: TouchKind | Snooze) -> None:
    assert choice.title


@pytest.mark.parametrize(
    ("items", "sentence"),
    [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")],
)
def test_items_are_listed_as_a_person_would(items: list[str], sentence: str) -> None:
    assert listed(items) == sentence


def test_a_refusal_says_who_may_and_whom_to_ask() -> None:
    refused = NotAllowed("claim a lead", ["sales", "management"], ["Sam", "Sue"])
    assert str(refused) == "Only sales or management may claim a lead. Ask Sam or Sue."
