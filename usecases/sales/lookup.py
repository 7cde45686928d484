"""Finds accounts by what somebody types: parts of a name, something like it, an e-mail address, a phone number, a person there."""

from domain.core.spelling import search_words
from domain.sales.accounts import AccountLine
from domain.sales.company_names import name_parts, normal_name
from domain.sales.duplicates import Sought, find_matches, keys_meant, likeness_of
from storage.unit_of_work import UnitOfWork

MOST_LOOKED_AT = 60
"""Accounts of each way of finding them that are ranked."""
MOST_WORDS = 6
"""Words of a search that count."""


def looked_up(work: UnitOfWork, text: str, country: str) -> dict[int, str | None]:
    """The accounts that `text` may mean, each with the contact by whom it was found if nothing else speaks for it.

    `country` is where phone numbers without a country's code are dialled.
    """
    text, found = search_words(text), dict[int, str | None]()
    for kind, value in keys_meant(text, country):
        found |= dict.fromkeys(work.directory.under_key(kind.value, value, MOST_LOOKED_AT))
    words = _telling(name_parts(normal_name(text)))
    if words:
        found |= dict.fromkeys(work.directory.with_words(words, MOST_LOOKED_AT))
        company = Sought.of(text)
        found |= dict.fromkeys(match.account.id for match in find_matches(company, work.accounts.sharing(company)))
    typed = _telling(text.casefold().split())
    if typed:
        found = {**work.directory.with_people(typed, MOST_LOOKED_AT), **found}
    return found


def best_first(lines: list[AccountLine], text: str) -> list[AccountLine]:
    """Accounts in the order somebody looks for them: the very name first, then those with hot leads, then what is most alike."""
    wanted = normal_name(search_words(text))

    def rank(line: AccountLine) -> tuple[bool, int, int, int]:
        name = normal_name(line.account.name)
        score = -1 if line.score is None else line.score
        return name != wanted, -score, -likeness_of(wanted, name), line.account.number

    return sorted(lines, key=rank)


def _telling(words: list[str]) -> list[str]:
    """The words that say something: a sign alone would find everything."""
    return [word for word in words if any(map(str.isalnum, word))][:MOST_WORDS]
