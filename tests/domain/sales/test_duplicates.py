"""Which spellings are taken for one company: a table of names people mixed up, and of names they did not."""

from datetime import UTC, datetime
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.sales.accounts import Account, NewContact, contact_in, mail_domain
from domain.sales.company_names import normal_name
from domain.sales.duplicates import (
    AFFIX,
    SIMILAR,
    Candidate,
    Likeness,
    Sought,
    find_matches,
    keys_meant,
    keys_of,
    likeness_of,
)


def candidate(name: str, *contacts: NewContact, wanted: str, wanted_contact: NewContact | None = None) -> Candidate:
    """An account as storage would find it for `wanted`: with the keys they share."""
    account = Account(id=1, number=1, name=name, created_at=datetime(2026, 1, 1, tzinfo=UTC))
    sought = Sought.of(wanted, [wanted_contact] if wanted_contact else [])
    return Candidate(account=account, shared=keys_of(name, contacts) & sought.keys)


def is_found(known: str, typed: str) -> bool:
    """Whether a person who types one name is shown the other: it must share a key, and be alike."""
    found = candidate(known, wanted=typed)
    return bool(found.shared) and bool(find_matches(Sought.of(typed), [found]))


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("The ACME Co., Ltd.", "acme"),
        ("Müller & Söhne GmbH", "muller and sohne"),
        ("Groß AG", "gross"),
        ("A.B.C. Inc", "abc"),
        ("The", "the"),
        ("Limited", "limited"),
        ("  Spaced   Out  LLC ", "spaced out"),
        ("Ünïcödé S.A.R.L.", "unicode"),
        ("株式会社トヨタ", "ト ヨ タ"),
        ("!!!", ""),
    ],
)
def test_the_normal_form_of_a_name(name: str, normal: str) -> None:
    assert normal_name(name) == normal


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("Acme Ltd", "ACME"),
        ("Betasoloin", "Betasolion"),
        ("Harbour & Pine Hotels", "Harbour and Pine Hotels"),
        ("Northwind Rail", "Nortwind Rail"),
        ("Fjordline Ferries", "Fjordline"),
        ("Acme Corporation", "Acme Corparation"),
        ("Müller Maschinenbau GmbH", "Mueller Maschinenbau"),
        ("Solis Energy Cooperative", "Solis Energy Co-operative"),
        ("Larkspur", "Larkspurr"),
        ("Stonebridge Ltd", "Stonebridge Partners"),
        ("Stonebridge Company", "Stonebridge"),
        ("青空商事東京", "青空"),
        ("株式会社青空商事", "青空商亊"),
    ],
)
def test_these_are_shown_as_perhaps_the_same(known: str, typed: str) -> None:
    assert is_found(known, typed)
    assert is_found(typed, known)


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("Acme", "Zenith"),
        ("First National Bank", "First Natural Foods"),
        ("Northwind Rail", "Southwind Sail"),
        ("ABC", "ABD"),
        ("Berlin Logistics", "Bergen Statistics"),
        ("Old Mill Bakeries", "New Mill Breweries"),
        ("Vodafone UK", "Safaricom UK"),
        ("青空商事", "大海商事"),
        ("中山", "山中"),
    ],
)
def test_these_are_not(known: str, typed: str) -> None:
    assert not is_found(known, typed)


@pytest.mark.parametrize(("one", "other"), [("acme", "acme"), ("", ""), ("a", "b"), ("acme", "acme rail")])
def test_likeness_is_the_same_both_ways_and_within_bounds(one: str, other: str) -> None:
    assert likeness_of(one, other) == likeness_of(other, one)
    assert 0 <= likeness_of(one, other) <= 100


def test_two_extensions_of_one_number_give_a_company_away_too() -> None:
    one, other = (NewContact(phone=f"+442079460000{ext}") for ext in (";ext=12", ";ext=13"))
    assert keys_of("Acme", [one]) == keys_of("Acme", [other])
    assert keys_meant("+44 20 7946 0000 ext. 7", "GB") == keys_of("Acme", [one]) - keys_of("Acme")


@pytest.mark.parametrize(
    ("theirs", "ours", "likeness"),
    [
        (NewContact(phone="+442079460000"), NewContact(phone="+442079460000"), Likeness.SAME_PHONE),
        (NewContact(email="a@acme.example"), NewContact(email="b@ACME.example"), Likeness.SAME_DOMAIN),
    ],
)
def test_a_shared_phone_or_domain_gives_a_company_away(
    theirs: NewContact, ours: NewContact, likeness: Likeness
) -> None:
    found = candidate("Something Else", theirs, wanted="Zenith", wanted_contact=ours)
    [match] = find_matches(Sought.of("Zenith", [ours]), [found])
    assert match.likeness is likeness


def test_the_same_name_counts_for_more_than_anything_else() -> None:
    contact = NewContact(phone="+442079460000", email="a@acme.example")
    [match] = find_matches(
        Sought.of("Acme", [contact]), [candidate("Acme", contact, wanted="Acme", wanted_contact=contact)]
    )
    assert (match.likeness, match.closeness) == (Likeness.SAME_NAME, 100)


def test_a_name_is_the_same_in_another_order_and_with_other_blanks_and_hyphens() -> None:
    for known, typed in (
        ("Müller Bau GmbH", "Bau Müller"),
        ("Coca-Cola", "CocaCola"),
        ("Coca‑Cola", "Coca Cola"),
        ("삼성전자", "삼성 전자 주식회사"),
    ):
        [match] = find_matches(Sought.of(typed), [candidate(known, wanted=typed)])
        assert match.likeness is Likeness.SAME_NAME, (known, typed)


def test_a_domain_that_three_accounts_share_says_nothing() -> None:
    ours = NewContact(email="a@group.example")
    names = ["Alpha Bakery", "Omega Garage", "Sigma Florist"]
    shared = [candidate(name, ours, wanted="Tau Print", wanted_contact=ours) for name in names]
    sought = Sought.of("Tau Print", [ours])
    assert [match.likeness for match in find_matches(sought, shared[:2])] == [Likeness.SAME_DOMAIN] * 2
    assert find_matches(sought, shared) == []


def test_at_most_five_are_shown_closest_first() -> None:
    names = ["Acme", "Acme Rail", "Acme Sail", "Acme Mail", "Acmee", "Acme Tail", "Acme Hail"]
    matches = find_matches(Sought.of("Acme"), [candidate(name, wanted="Acme") for name in names])
    assert len(matches) == 5
    assert matches[0].account.name == "Acme"
    assert [m.closeness for m in matches] == sorted((m.closeness for m in matches), reverse=True)


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("jo@Acme.Example", "acme.example"),
        ("jo@gmail.com", None),
        ("jo@Hotmail.fr", None),
        ("jo@qq.com", None),
        (None, None),
        ("nobody", "nobody"),
    ],
)
def test_free_mail_says_nothing_of_a_company(email: str | None, domain: str | None) -> None:
    assert mail_domain(email) == domain


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("call +44 20 7946 0000 or jo@acme.example!", NewContact(email="jo@acme.example", phone="+44 20 7946 0000")),
        ("no way to reach them", NewContact()),
        ("a@b is no address, 12 no number", NewContact()),
    ],
)
def test_a_contact_is_read_out_of_a_text(text: str, contact: NewContact) -> None:
    assert contact_in(text, None) == contact


WORDS = st.sampled_from("acme alpine rail railway ferries ferry north nord nordic lab labs van vane".split())
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@given(NAMES, st.data())
def test_whatever_is_alike_enough_is_among_those_worth_reading(name: str, data: st.DataObject) -> None:
    other = data.draw(st.one_of(NAMES, slips_of(name)))
    assert Sought.of(name).alike([other]) == ({other} if likeness_of(name, other) >= SIMILAR else set())


PARTS = st.lists(st.text("abdeilnorstuvy", min_size=1, max_size=12) | st.just("and"), min_size=1, max_size=3)


@given(PARTS.map(" ".join), st.integers(0, 40), st.sampled_from(["", "a", "e", " "]))
def test_one_slip_wherever_it_is_leaves_a_key_by_which_the_name_is_found(name: str, place: int, typed: str) -> None:
    name = normal_name(name)
    if len(name.replace(" ", "")) <= AFFIX:  # of so few letters, two mixed up in the middle touch both ends
        return
    place %= len(name)
    swapped = name[:place] + name[place : place + 2][::-1] + name[place + 2 :]
    for slipped in (swapped, name[:place] + typed + name[place + 1 :], name[:place] + typed + name[place:]):
        sought = Sought.of(slipped)
        assert likeness_of(sought.normal, name) < SIMILAR or sought.keys & keys_of(name), slipped


def slips_of(name: str) -> st.SearchStrategy[str]:
    """The name with up to three letters left out, put in, or mixed up."""

    def slip(word: str, place: int, letter: str) -> str:
        place %= len(word) + 1
        return (word[:place] + letter + word[place + (letter < "m") :]).strip() or word

    slips = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["", "a", "e", "r", "t"])), max_size=3)
    return slips.map(lambda each: reduce(lambda word, one: slip(word, *one), each, name))
