"""What is wrong with a playbook is said in a sentence, with the file, the line and the key."""

import re
from pathlib import Path

import pytest

from domain.playbook.files import PlaybookRefused, line_of
from domain.playbook.loading import load_part, load_playbook
from tests.domain.playbooks import DEFAULT, copy_with

REVIEW = 'next = ["review"]\n'
CONTRACT_GATE = 'gate = ["terms_understood", "contract_signed"]'

BROKEN = [
    # keys and words
    ("sales", 'role = "sales"', 'role = "slaes"', "stages.lead.role: 'slaes' is not known here; do you mean sales?"),
    (
        "sales",
        'role = "sales"',
        'role = "wizard"',
        "stages.lead.role: 'wizard' is not known here; it must be one of colleague, sales, delivery, legal, finance, management, admin",
    ),
    (
        "sales",
        'purpose = "Hear',
        'purpos = "Hear',
        "stages.first_talk.purpos: there is no such key; do you mean purpose?",
    ),
    (
        "care",
        "reminders = 2",
        "remainders = 2",
        "survey_rules.remainders: there is no such key; do you mean reminders?",
    ),
    ("care", "reminders = 2\n", "", "survey_rules.reminders: this key is missing"),
    ("delivery", "[risks]", "[dragons]", "dragons: there is no such key; is it misspelt?"),
    (
        "sales",
        '"needs_brief_complete"',
        '"needs_brief_complet"',
        "stages.first_talk.gate.1: 'needs_brief_complet' is not known here; do you mean needs_brief_complete?",
    ),
    ("delivery", "[standups]", "[standups", "this is not TOML"),
    # time limits
    (
        "sales",
        'limit = "10 working days"',
        'limit = "10 days"',
        "stages.first_talk.limit: '10 days' is not working time; write it like `3 working days` or `4 working hours`",
    ),
    ("sales", 'limit = "10 working days"', "limit = 10", "stages.first_talk.limit: 10 is not working time"),
    ("sales", 'limit = "3 working days"', 'limit = "0 working days"', "'0 working days' is not working time"),
    (
        "sales",
        'limit = "3 working days"',
        'limit = "11 working days"',
        "stages.first_talk.steps.arrange_talk.limit: 11 working days is longer than the whole stage, which has 10 working days",
    ),
    (
        "care",
        'first_answer = "1 hour"',
        'first_answer = "1 working hour"',
        "severities.critical: first_answer is '1 working hour', but severity 'critical' counts around the clock, such as `4 hours`",
    ),
    (
        "care",
        'first_answer = "4 working hours"',
        'first_answer = "4 hours"',
        "severities.high: first_answer is '4 hours', but severity 'high' counts working time, such as `4 working hours`",
    ),
    (
        "care",
        'first_answer = "4 working hours"',
        'first_answer = "3 working days"',
        "severity 'high' is to be solved before it is answered",
    ),
    (
        "care",
        'first_answer = "1 hour"',
        'first_answer = "soon"',
        "'soon' is no time limit; write it like `3 working days`",
    ),
    ("delivery", 'at = "09:30"', 'at = "half past nine"', "standups.at: 'half past nine' is no time of day"),
    # routes
    ("sales", REVIEW, 'next = ["revue"]\n', "stages.proposal.next: there is no stage 'revue'; do you mean review?"),
    (
        "sales",
        REVIEW,
        "",
        'stages.proposal: nothing comes next; name the stages after it in `next`, or set outcome = "done"',
    ),
    (
        "sales",
        REVIEW,
        'next = ["confirmation"]\n',
        "stages.review.id: no route leads here (variant standard); name it in the `next` of another stage",
    ),
    (
        "sales",
        REVIEW,
        'next = ["review", "first_talk"]\ndecision = "Ready?"\n',
        "the route runs in a circle: first_talk → analysis → proposal → first_talk; use `back` to return",
    ),
    (
        "sales",
        REVIEW,
        'next = ["review"]\nback = ["quote"]\ndecision = "Ready?"\n',
        "stages.proposal.back: 'quote' does not come before 'proposal', so nothing can go back to it",
    ),
    (
        "sales",
        'decision = "Is the need clear?"\n',
        "",
        "stages.analysis: the route forks here; say in `decision` which question decides",
    ),
    ("sales", 'outcome = "won"\n', "", 'stages: exactly one stage must have outcome = "won", not 0'),
    ("sales", 'outcome = "lost"\n', 'outcome = "lost"\nnext = ["lead"]\n', "it can have neither `next` nor `gate`"),
    (
        "care",
        'outcome = "done"',
        'outcome = "won"',
        "stages.relationship.outcome: only a stage in sales.toml can be won",
    ),
    (
        "care",
        'begins = "lead"',
        'begins = "leed"',
        "stages.relationship.begins: there is no stage 'leed'; do you mean lead?",
    ),
    ("delivery", 'id = "start"', 'id = "quote"', "stages.quote.id: there is another stage 'quote'; ids must differ"),
    ("sales", 'id = "say_why"', 'id = "set_price"', "there is another step 'set_price'; ids must differ"),
    # gates
    (
        "sales",
        CONTRACT_GATE,
        'gate = ["terms_understood"]',
        "variants.light: lead → first_talk → proposal → review → confirmation → quote → contract → won (variant light) "
        "comes to 'won' without contract_signed; nothing can be won without it",
    ),
    (
        "sales",
        'skips_evidence = ["lessons_tagged"]',
        'skips_evidence = ["quote_approved"]',
        "(variant light) comes to 'won' without quote_approved",
    ),
    (
        "sales",
        'skips_stages = ["analysis"]',
        'skips_stages = ["quote"]',
        "(variant light) comes to 'won' without quote_approved",
    ),
    (
        "sales",
        CONTRACT_GATE,
        'gate = ["terms_understood", "contract_signed", "plan_agreed"]',
        "stages.contract.gate: plan_agreed is evidence of a project, and stage 'contract' holds a deal",
    ),
    # variants
    (
        "sales",
        'skips_stages = ["analysis"]',
        'skips_stages = ["anlysis"]',
        "variants.light.skips_stages: there is no stage 'anlysis'; do you mean analysis?",
    ),
    (
        "sales",
        'skips_stages = ["analysis"]',
        'skips_stages = ["won"]',
        "variants.light.skips_stages: 'won' cannot be left out: it is where the route begins or ends",
    ),
    (
        "sales",
        '"agree_outline", "hold',
        '"agree_outlin", "hold',
        "there is no step 'agree_outlin'; do you mean agree_outline?",
    ),
    (
        "sales",
        "limits = { proposal",
        'limits = { analysis = "2 working days", proposal',
        "variants.light.limits: 'analysis' is left out by this variant",
    ),
    (
        "sales",
        "when = { amount_from = 250_000 }",
        'when = { amount_below = 5_000, client_types = ["new"] }',
        "variants.major: it is never chosen: 'light' stands before it and takes all it would",
    ),
    (
        "sales",
        'title = "Standard"',
        'title = "Standard"\nwhen = { amount_from = 5 }',
        "variants.standard.when: the last variant must be without conditions: it takes what no other does",
    ),
    (
        "sales",
        "when = { amount_from = 250_000 }",
        "when = { amount_from = 250_000, amount_below = 250_000 }",
        "no amount is from 250000 and below 250000: this rule can never apply",
    ),
    (
        "sales",
        'client_types = ["new", "existing"]',
        'client_types = ["newe"]',
        "there is no client type 'newe'; do you mean new?",
    ),
    # rules
    (
        "sales",
        "when = { margin_below = 20 }",
        "when = { margin_below = 120 }",
        "approvals.quote_thin.when.margin_below: Input should be less than or equal to 100",
    ),
    (
        "sales",
        "when = { discount_above = 10 }",
        "when = { amount_from = 30_000 }",
        "approvals.quote_discount: it adds nothing: 'quote_management' applies wherever it does and asks the same",
    ),
    (
        "sales",
        'roles = ["finance"], limit = "1 working day"',
        'roles = ["colleague"], limit = "1 working day"',
        "this step asks nobody in particular; name a role",
    ),
    (
        "sales",
        'id = "quote_always"\ntitle = "Every quote"\nsubject = "quote"\n',
        'id = "quote_always"\ntitle = "Every quote"\nsubject = "quote"\nwhen = { amount_from = 1 }\n',
        "stages.quote.gate: quote_approved could not be reached by every quote: no approval rule applies to all of them",
    ),
    (
        "care",
        '{ at = 50, tells = "delivery" }',
        '{ at = 20, tells = "delivery" }',
        "the ladder of severity 'critical' must rise",
    ),
    ("care", 'low_opens = "high"', 'low_opens = "hi"', "survey_rules.low_opens: there is no severity 'hi'"),
    (
        "care",
        "owners = { review",
        "owners = { revue",
        "feedback.owners: there is no stage 'revue'; do you mean review?",
    ),
    (
        "care",
        'tier = "standard"',
        'tier = "key"',
        "cadences.1.tier: there is another cadence for tier 'key'; ids must differ",
    ),
    # channels of deals
    (
        "sales",
        'from_stage = "proposal"',
        'from_stage = "propsal"',
        "deal_channels.0.from_stage: there is no stage 'propsal'; do you mean proposal?",
    ),
    (
        "sales",
        'from_stage = "proposal"',
        'from_stage = "lead"',
        "deal_channels.0.from_stage: no running deal stands in 'lead'; name a stage between the first and the end",
    ),
    (
        "sales",
        'name = "deal-{number}-{company}"',
        'name = "{company}"',
        "deal_channels.0.name: '{company}' would be the name of several channels: {number} must be in it",
    ),
    (
        "sales",
        'name = "deal-{number}-{company}"',
        'name = "Deal {number}"',
        "deal_channels.0.name: 'Deal {number}' is no name for a channel: beside {number} and {company} it may have small letters",
    ),
    (
        "sales",
        'invite = ["delivery"]',
        'invite = ["colleague"]',
        "deal_channels.0.invite: everybody is a colleague; name those who are needed",
    ),
    (
        "sales",
        "when = { amount_from = 50_000 }",
        'when = { client_types = ["publik"] }',
        "deal_channels.0.when: there is no client type 'publik'; do you mean public?",
    ),
    (
        "sales",
        "archive_at_end = true",
        'archive_at_end = true\n[[deal_channels]]\nfrom_stage = "quote"\nwhen = { amount_from = 60_000 }',
        "deal_channels.1: it is never used: a rule before it takes all it would",
    ),
    ("sales", "archive_at_end", "archive", "deal_channels.0.archive: there is no such key"),
]


@pytest.mark.parametrize(("file", "old", "new", "sentence"), BROKEN, ids=[case[3][:60] for case in BROKEN])
def test_a_broken_playbook_is_refused_in_a_sentence(
    tmp_path: Path, file: str, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(PlaybookRefused) as refused:
        load_playbook(copy_with(tmp_path, file, old, new))
    said = "\n".join(refused.value.problems)
    assert sentence in said
    assert all(re.match(r"(sales|delivery|care)\.toml, ", problem) for problem in refused.value.problems), said


def test_a_sentence_names_the_line(tmp_path: Path) -> None:
    folder = copy_with(tmp_path, "sales", 'purpose = "Hear', 'purpos = "Hear')
    lines = (folder / "sales.toml").read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines, start=1) if line.startswith("purpos "))
    with pytest.raises(PlaybookRefused, match=f"sales.toml, line {number}, stages.first_talk.purpos: "):
        load_playbook(folder)


TOML = """\
top = 1
[table]
key = 1
deep.key = 2
[[things]]
id = "a"
[[things.parts]]
name = "a1"
[[things]]
id = "b"
list = [
  { id = "x" },
  { id = "y" },
]
[[things.parts]]
name = "b1"
[[things.parts]]
name = "b2"
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("top",), 1),
        (("table",), 2),
        (("table", "key"), 3),
        (("table", "deep", "key"), 4),
        (("things", 0, "id"), 6),
        (("things", 0, "parts", 0, "name"), 8),
        (("things", 1), 9),
        (("things", 1, "list"), 11),
        (("things", 1, "list", 1), 13),
        (("things", 1, "list", 1, "id"), 13),
        (("things", 1, "parts", 1, "name"), 18),
        (("things", 1, "parts", 1, "missing"), 17),
        (("nothing",), None),
    ],
)
def test_a_place_is_found_in_the_text(place: tuple[str | int, ...], line: int | None) -> None:
    assert line_of(TOML, place) == line


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    copy_with(tmp_path, "care", "reminders = 2\n", "")
    (tmp_path / "playbook" / "delivery.toml").unlink()
    with pytest.raises(PlaybookRefused) as refused:
        load_playbook(tmp_path / "playbook")
    assert [problem.split(":")[0] for problem in refused.value.problems] == [
        "delivery.toml, the file cannot be read",
        next(problem for problem in refused.value.problems if problem.startswith("care")).split(":")[0],
    ]


def test_a_file_is_checked_by_itself() -> None:
    for name in ("sales", "delivery", "care"):
        assert load_part(DEFAULT / f"{name}.toml").stages  # type: ignore[attr-defined]


def test_a_file_of_another_name_is_no_part_of_a_playbook(tmp_path: Path) -> None:
    (tmp_path / "sale.toml").write_text("", encoding="utf-8")
    with pytest.raises(
        PlaybookRefused, match=r"folder of sales.toml, delivery.toml and care.toml; do you mean sales.toml"
    ):
        load_part(tmp_path / "sale.toml")
