"""Which company a message is about."""

import pytest

from domain.sales.company_guesses import company_labelled, company_of_domain, names_in


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("New enquiry\nCompany: Acme Ltd\nBudget: 85 k", "Acme Ltd"),
        ("*Company*\nAcme & Sons\n*Budget*\n85 k", "Acme & Sons"),
        ("*Organisation:* Hart, Pell and Rowe", "Hart, Pell and Rowe"),
        ("公司：雲圖科技", "雲圖科技"),
        ("a company we know", None),
        ("", None),
    ],
)
def test_a_form_names_its_company(text: str, company: str | None) -> None:
    assert company_labelled(text) == company


def test_names_are_found_in_a_sentence_the_longest_first() -> None:
    names = names_in("met Jo from Fjordline Ferries and Acme yesterday")
    assert names.index("Fjordline Ferries") < names.index("Acme")
    assert "yesterday" not in " ".join(names)
    assert len(names_in("Word " * 10_000)) <= 30


@pytest.mark.parametrize(
    ("email", "company"),
    [
        ("jo@betasolion.example", "Betasolion"),
        ("jo@mail.north-gate.co.uk", "North Gate"),
        ("jo@gmail.com", None),
        ("jo@localhost", None),
        (None, None),
    ],
)
def test_a_domain_tells_the_company(email: str | None, company: str | None) -> None:
    assert company_of_domain(email) == company
