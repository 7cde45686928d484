"""Which column is which field, what a row becomes, and what is said about it."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from domain.core.people import Member
from domain.core.refusals import FormRefused, RuleBroken
from domain.files.columns import Reading, Records, Row, plan_columns, read_table, rows_in
from domain.files.data_quality import dirt_in
from domain.files.exports import account_file, account_keys
from domain.files.imports import Change, never_given, reconciled, refused, refused_file
from domain.files.placeholders import says_nothing
from domain.files.rows import account_in, channel_in, lead_in, outcome_in, owner_in, status_in
from domain.files.sheets import read_sheet
from domain.sales.accounts import Account, NewAccount, NewContact
from domain.sales.amounts import known_currency
from tests.firm import PLAYBOOK

SOURCE = "import clients.csv"


def row(number: int = 2, **texts: str) -> Row:
    return Row(number=number, cells=tuple(texts.values()), texts=texts)


def read(content: str, kind: Records = Records.ACCOUNTS, asked: Sequence[str] = ()) -> list[Row]:
    sheet = read_sheet(content.encode())
    return rows_in(sheet, plan_columns(sheet.header, kind, asked, ()))


def test_columns_named_as_fields_are_taken_by_themselves_and_the_rest_is_listed() -> None:
    columns = plan_columns(["Name", "Contact Name", "revenue", "", "e-mail"], Records.ACCOUNTS, ["e-mail=email"], [])
    assert columns.fields == {0: "name", 1: "contact_name", 4: "email"}
    assert columns.left_out == ("revenue", "(no title)")


def test_what_was_asked_for_counts_more_than_a_title() -> None:
    columns = plan_columns(["name", "Firm", "industry"], Records.ACCOUNTS, ["firm = name"], ["industry"])
    assert (columns.fields, columns.left_out) == ({1: "name"}, ("name",))


@pytest.mark.parametrize(
    ("header", "asked", "why"),
    [
        (["firm"], ["firm"], "has no equals sign"),
        (["firm"], ["company=name"], "There is no column company. The file has: firm."),
        (["firm"], ["firm=revenue"], "There is no field revenue. Accounts have: own_key, name, industry, country"),
        (["a", "b"], ["a=email", "b=email"], "Two columns are mapped to email: a or b"),
        (["a", "b"], ["a=name", "a=country"], "names one column twice"),
        (["a", "A"], ["a=name"], "several columns a"),
        (["firm", "town"], [], "No column is name. .* the file has: firm, town."),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_with_what_there_is(header: list[str], asked: list[str], why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        plan_columns(header, Records.ACCOUNTS, asked, [])


def test_columns_mapped_to_one_text_are_joined_in_the_order_said() -> None:
    content = "Last Name,First Name,Notes,Account,More\nMoss,John,met 2019,Alder,likes tea\nMoss,N/A,,Alder,x\n"
    asked = ["First Name=name", "Last Name=name"]
    assert [found.texts["name"] for found in read(content, Records.CONTACTS, asked)] == ["John Moss", "Moss"]
    found, _one_part = read(content.replace("Account", "Name"), Records.ACCOUNTS, ["More=history", "Notes=history"])
    assert found.texts["history"] == "likes tea\nmet 2019"


def test_a_row_becomes_an_account_with_its_contact() -> None:
    new, contact = account_in(
        row(name="Acme", country="Germany", history="met 2019", contact_name="Ann", phone="030 901820"), "GB", SOURCE
    )
    assert new == NewAccount(name="Acme", country="DE", history="met 2019", source=SOURCE)
    assert contact == NewContact(name="Ann", phone="+4930901820")


def test_what_only_looks_wrong_is_kept_as_found() -> None:
    new, _contact = account_in(row(name="dambase", industry="technolgy", country="Philipines"), "GB", SOURCE)
    assert (new.name, new.industry, new.country) == ("dambase", "technolgy", "Philipines")


@pytest.mark.parametrize(
    ("texts", "field", "why"),
    [
        ({"industry": "retail"}, "name", "blank"),
        ({"name": "***"}, "name", "no letter and no digit"),
        ({"name": "x" * 201}, "name", "more than 200"),
        ({"name": "Acme", "history": "x" * 3001}, "history", "more than 3000"),
    ],
)
def test_a_row_that_cannot_be_an_account_says_where_and_why(texts: dict[str, str], field: str, why: str) -> None:
    with pytest.raises(RuleBroken, match=why) as refusal:
        account_in(row(**texts), "GB", SOURCE)
    assert refusal.value.field == field


def test_every_wrong_field_of_a_row_is_named_with_its_value() -> None:
    bad = row(name="Acme", email="nobody", phone="12")
    with pytest.raises(FormRefused) as refusal:
        account_in(bad, "GB", SOURCE)
    assert [(remark.field, remark.value) for remark in refused(bad, refusal.value).remarks] == [
        ("email", "nobody"),
        ("phone", "12"),
    ]


def test_a_row_with_cells_too_many_is_not_guessed_at() -> None:
    for broken in read("name,industry\nAcme, Ltd,retail\nZenith,,x\n"):
        with pytest.raises(RuleBroken, match="3 cells, but the header has 2"):
            account_in(broken, "GB", SOURCE)


def test_blank_cells_missing_or_surplus_at_the_end_of_a_row_change_nothing() -> None:
    for content in ("name,industry,history\nZenith,retail\n", "name,industry\nZenith,retail,,\n"):
        (found,) = read(content)
        assert (found.texts, found.fault) == ({"name": "Zenith", "industry": "retail"}, None)


def test_a_cell_that_says_nothing_is_blank_in_every_field_but_where_it_is_a_name() -> None:
    nothing = [
        "N/A",
        "n/a",
        "-",
        "--",
        "NULL",
        "null",
        "[not provided]",
        "Unknown",
        "TBD",
        "#N/A",
        "--None--",
        "(blank)",
        "未知",
    ]
    (found,) = read(f"name,industry,history\nAcme,{nothing[0]},{nothing[1]}\n")
    assert found.texts == {"name": "Acme"}
    for text in nothing:
        assert all(says_nothing(text, field) for field in ("name", "history")), text
    for text, field in (
        ("NA", "country"),
        ("Null", "contact_name"),
        ("0", "amount"),
        ("Unknown Ltd", "name"),
        ("♥", "remark"),
    ):
        assert not says_nothing(text, field), text


def test_what_a_placeholder_means_may_be_said() -> None:
    sheet = read_sheet(b"name,industry\nAcme,N/A\n")
    (found,) = read_table(sheet, Records.ACCOUNTS, Reading(values=("industry:n/a=retail",))).rows
    assert found.texts == {"name": "Acme", "industry": "retail"}


def test_totals_and_the_ends_of_reports_are_remarked_on() -> None:
    ends = [
        "Total,,12",
        "GRAND TOTAL:,,",
        "Summe,,",
        "Generated By: Ann 2/3/2026",
        "Page 1 of 3",
        "12 records",
        "Copyright (c) 2026 x",
    ]
    companies = ["Total,oil,FR", "Totally Ltd,,", "Page One Ltd,print,GB", "Sum Analytics,,"]
    found = dirt_in(read("\n".join(["name,industry,history", *ends, *companies])))
    assert [dirt.rows for dirt in found if "not like a record" in dirt.sentence] == [
        (n,) for n in range(2, 2 + len(ends))
    ]


def test_the_one_way_in_which_a_column_of_days_can_be_read_is_taken_and_said() -> None:
    content = b"title,opened_on,closed_on\na,05/12/2016,05/12/2016\nb,25/12/2016,06/12/2016\n"
    table = read_table(read_sheet(content), Records.DEALS, Reading())
    assert table.formats.dates == {"opened_on": "day-first", "closed_on": None}
    assert table.notes == ("opened_on is read with the day first: 25/12/2016 can be nothing else.",)


def test_refused_rows_can_be_corrected_and_read_again() -> None:
    sheet = read_sheet(b"name,phone\n,+44 1\nAcme,12\n")
    verdicts = []
    for bad in rows_in(sheet, plan_columns(sheet.header, Records.ACCOUNTS, [], [])):
        with pytest.raises((RuleBroken, FormRefused)) as refusal:
            account_in(bad, "GB", SOURCE)
        verdicts.append(refused(bad, refusal.value))
    again = read_sheet(refused_file(sheet.header, [(verdict.row.cells, verdict.remarks) for verdict in verdicts]))
    assert again.header == ("refused because", "name", "phone")
    assert [cells[1:] for cells in (row.cells for row in again.rows)] == [("", "+44 1"), ("Acme", "12")]
    columns = plan_columns(again.header, Records.ACCOUNTS, [], [])
    assert columns.left_out == ()
    once_more = read_sheet(refused_file(again.header, []))
    assert once_more.header == again.header


def test_dirt_is_named_once_with_all_its_rows() -> None:
    rows = read(
        "name,industry,country\nA1,technolgy,Philipines\nB1,technolgy,US\nC1,retail,Korea\nD1,Retails,UK\n"
        "E1,falconry,Österreich\nF1,falconry,\nG1,falconri,\n"
    )
    assert [(dirt.field, dirt.value, dirt.rows, dirt.sentence) for dirt in dirt_in(rows)] == [
        ("industry", "technolgy", (2, 3), "looks like technology"),
        ("industry", "falconri", (8,), "looks like falconry"),
        ("country", "Philipines", (2,), "is no country we know; it looks like Philippines"),
        ("country", "Korea", (4,), "is no country we know"),
    ]


def test_a_lead_follows_the_rules_of_capture() -> None:
    new = lead_in(
        row(company="Acme", channel="Partner referral", said="x", email="Ann@ACME.example"), None, PLAYBOOK, "GB"
    )
    assert (new.company, new.source, new.contact.email) == ("Acme", "referral", "Ann@acme.example")
    with pytest.raises(RuleBroken, match="blank") as refusal:
        lead_in(row(channel="web"), None, PLAYBOOK, "GB")
    assert refusal.value.field == "company"


@pytest.mark.parametrize(("text", "expected"), [("web", "web"), ("NEWSLETTER", "web"), (None, "other")])
def test_a_channel_is_known_by_id_title_or_word(text: str | None, expected: str) -> None:
    assert channel_in(text, "other", PLAYBOOK) == expected


@pytest.mark.parametrize(("text", "why"), [("pigeon", "no channel pigeon.*conference"), (None, "is not said")])
def test_a_channel_is_never_guessed(text: str | None, why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        channel_in(text, None, PLAYBOOK)


def test_usual_words_of_other_systems_are_known() -> None:
    known = {
        "open": [
            "New",
            "Working",
            "Open - Not Contacted",
            "Working - Contacted",
            "Attempted to Contact",
            "In Progress",
            "open",
        ],
        "disqualified": ["Unqualified", "Junk Lead", "Closed - Not Converted", "Lost Lead", "Not Qualified"],
    }
    for status, words in known.items():
        for word in words:
            assert status_in(word) == status, word
    stages = {"won": ["Closed Won", "closedwon"], "lost": ["Closed Lost", "Closed-Lost to Competition"]}
    stages["open"] = [
        "Needs Analysis",
        "Proposal/Price Quote",
        "appointmentscheduled",
        "Id. Decision Makers",
        "Demo Scheduled",
    ]
    for outcome, words in stages.items():
        for word in words:
            assert outcome_in(word) == outcome, word
    sources = {"conference": ["Trade Show", "Seminar - Partner"], "web": ["Web", "Organic search", "Chat"]}
    sources |= {
        "referral": ["Partner", "Word of mouth"],
        "outbound": ["Cold Call", "Prospector"],
        "other": ["Public Relations"],
    }
    for channel, words in sources.items():
        for word in words:
            assert channel_in(word, None, PLAYBOOK) == channel, word


def test_a_word_nobody_knows_names_the_option_on_the_terminal_alone() -> None:
    unknown = {
        "status:Limbo=open": lambda: status_in("Limbo"),
        "status:Converted=open": lambda: status_in("Converted"),
        "channel:pigeon=conference": lambda: channel_in("pigeon", None, PLAYBOOK),
        "outcome:Limbo=won": lambda: outcome_in("Limbo"),
        "currency:gold=EUR": lambda: known_currency("gold", "currency"),
    }
    for option, read_it in unknown.items():
        with pytest.raises(RuleBroken) as refusal:
            read_it()
        assert f"--value “{option}”" in refusal.value.on_terminal, option
        assert "--" not in refusal.value.sentence, option


def test_an_owner_is_known_by_name_or_slack_id_if_that_is_one_person() -> None:
    sam, *sues = (
        Member(id=number, workspace_id="T1", slack_id=f"U{number}", name=name)
        for number, name in enumerate(["Sam Seller", "Sue", "Sue"])
    )
    able = [sam, *sues]
    assert owner_in("@sam seller", able) == sam
    assert owner_in("u1", able) == sues[0]
    assert owner_in("Sue", able) is None
    assert owner_in("Nobody", able) is None


def test_an_owner_is_known_by_e_mail_handle_or_a_name_with_odd_blanks() -> None:
    said = {"handle": "sam.seller", "display_name": "Sammy", "email": "Sam@firm.example"}
    sam = Member(id=1, workspace_id="T1", slack_id="U1", name="Sam Seller", **said)
    able = [sam, Member(id=2, workspace_id="T1", slack_id="U2", name="Sue Seller", email="sue@firm.example")]
    for text in (
        "sam@FIRM.example",
        "Sam Seller <sam@firm.example>",
        "Sam Seller <sam@elsewhere.example>",
        "@sam.seller",
        "Sammy",
        "<@U1>",
        " sam \u00a0 seller\u200b",
    ):
        assert owner_in(text, able) == sam, text
    for text in ("sam", "@", "nobody@firm.example", "Seller"):
        assert owner_in(text, able) is None, text


def test_a_file_fills_what_is_empty_and_overwrites_nothing() -> None:
    ours = {"name": "Acme Ltd", "industry": "retail", "country": None}
    theirs = {"name": "ACME LTD", "industry": "software", "country": "DE"}
    values, changes, remarks = reconciled(ours, theirs, never_given, "A-1")
    assert values == {"country": "DE"}
    assert changes == [Change(field="country", old="", new="DE")]
    assert [remark.sentence for remark in remarks] == ["A-1 says retail, which stays."]


def test_what_an_import_said_may_follow_the_file_until_a_person_says_otherwise() -> None:
    given = {"industry": ["retail"]}
    ours, theirs = {"industry": "retail", "country": "DE"}, {"industry": "software", "country": "FR"}
    values, _changes, remarks = reconciled(ours, theirs, lambda name: given.get(name, []), "A-1")
    assert values == {"industry": "software"}
    assert [remark.field for remark in remarks] == ["country"]


def test_a_blank_in_the_file_says_nothing() -> None:
    assert reconciled({"industry": "retail"}, {"industry": None}, lambda _name: ["retail"], "A-1") == ({}, [], [])


def test_exported_accounts_are_safe_to_open_and_are_read_back() -> None:
    account = Account(id=7, number=7, name="=Acme", created_at=datetime(2026, 3, 3, tzinfo=UTC))
    content = account_file([(account, [])], {})
    assert b"'=Acme" in content
    (found,) = read(content.decode("utf-8-sig"))
    assert (found.texts["name"], found.texts["own_key"]) == ("=Acme", "A-7")


def test_a_code_that_is_the_key_of_another_record_is_told_apart_from_it() -> None:
    at = datetime(2026, 3, 3, tzinfo=UTC)
    plain = Account(id=1, number=7, name="Acme", created_at=at)
    keyed = Account(id=2, number=8, name="Zenith", created_at=at, own_key="A-7")
    assert account_keys([(plain, []), (keyed, [])]) == {1: "#A-7", 2: "A-7"}
