"""Recognises that a company somebody is about to capture has a record already.

Comparing a name with every other one does not scale, so each account is filed under a few keys: its normal name without blanks, its
words in the order of the alphabet, its mail domains and phone numbers, how its name begins, and the seam at its last word. A misspelling
rarely touches both ends, so the candidates that share a key with the new one are few and contain what a person would call the same; only
those are compared letter by letter. How a name ends would tell as much, but very many are some Logistics or Energy: only names without
such a seam are filed under their tail.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Self

from rapidfuzz.distance import DamerauLevenshtein, Levenshtein
from rapidfuzz.fuzz import token_sort_ratio
from rapidfuzz.process import extract

from domain.core.language import N_, Titled
from domain.core.refusals import RuleBroken
from domain.sales.accounts import Account, NewContact, mail_domain
from domain.sales.company_names import is_cjk, name_parts, normal_name
from domain.sales.phones import phone_line, phone_number

SIMILAR = 86
"""Least likeness (0 to 100) of two names that are shown as possibly the same; below, people found the warnings to be noise."""
ENOUGH = SIMILAR - 0.5
"""The least that is rounded to it."""
AFFIX = 4
"""Longest head and tail, in letters, that names are filed under."""
CJK_AFFIX = 2
"""The same of names that begin with a Chinese, Japanese or Korean character, each of which says as much as two letters."""
SEAM = 2
"""Letters of a seam on either side."""
MANY = 3
"""Accounts that share an e-mail domain from which on it is a mail service or a group's, and says nothing of a company."""
LONG_FRONT = AFFIX + SEAM + 1
"""Letters before the last word from which on a slip in the head leaves the seam whole, also one that mixes two letters up."""


class KeyKind(StrEnum):
    """What a key is made of. Values are stored: never renamed."""

    NAME = "name"
    WORDS = "words"
    DOMAIN = "domain"
    PHONE = "phone"
    HEAD = "head"
    TAIL = "tail"
    SEAM = "seam"


LONGEST_MEANT = 254
"""Characters of the longest e-mail address there is."""
A_NUMBER = re.compile(r"\+?[\d\s()/.-]{5,}(?:(?:ext|x)\.?\s*\d+)?")
A_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")
OF_PARTS = frozenset({KeyKind.HEAD, KeyKind.TAIL, KeyKind.SEAM})
"""Kinds that many names share which are not alike."""
Key = tuple[KeyKind, str]


class Likeness(Titled):
    """Why two records may be the same, strongest first."""

    SAME_NAME = "same name", N_("same name")
    SAME_PHONE = "same phone number", N_("same phone number")
    SAME_DOMAIN = "same e-mail domain", N_("same e-mail domain")
    SIMILAR_NAME = "similar name", N_("similar name")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An account that shares at least one key with the new one."""

    account: Account
    shared: frozenset[Key]


@dataclass(frozen=True, kw_only=True)
class Match:
    """An existing account that may be the one meant; `closeness` is 0 to 100."""

    account: Account
    likeness: Likeness
    closeness: int


def keys_of(name: str, contacts: Iterable[NewContact] = ()) -> frozenset[Key]:
    """The keys an account with this name and these contacts is filed under."""
    return _name_keys(normal_name(name)) | _contact_keys(contacts)


def keys_meant(text: str, country: str | None) -> frozenset[Key]:
    """The key of the e-mail address, domain or phone number somebody types to find a company by; none if it is something else."""
    word = text[:LONGEST_MEANT].strip().casefold()
    if A_NUMBER.fullmatch(word):
        try:
            return frozenset({(KeyKind.PHONE, phone_line(phone_number(word, country)))})
        except RuleBroken:
            return frozenset()
    if A_DOMAIN.fullmatch(word.rpartition("@")[2]) and not re.search(r"\s", word):
        domain = mail_domain(word)
        return frozenset({(KeyKind.DOMAIN, domain)}) if domain else frozenset()
    return frozenset()


@dataclass(frozen=True)
class Sought:
    """A company that is looked for among those on record."""

    normal: str
    known: frozenset[Key]
    """The keys it would be filed under itself."""
    keys: frozenset[Key]
    """Those under which records that may be the same are found: more, for names a letter longer or shorter."""

    @classmethod
    def of(cls, name: str, contacts: Iterable[NewContact] = ()) -> Self:
        """The company with this name and these contacts."""
        normal, known = normal_name(name), keys_of(name, contacts)
        return cls(normal, known, known | _heads(normal) | _end(normal, -1) | _end(normal, 1))

    def alike(self, names: Collection[str]) -> set[str]:
        """Which of these normal names are alike enough to be shown; tells candidates worth reading from the many that begin alike."""
        if not names:
            return set()
        slips = int(len(self.normal) / ENOUGH * (100 - ENOUGH)) + 1  # in the longest name that can be alike by letters
        changes = 2 * slips  # two letters mixed up are one slip, and two changes, which are counted much quicker
        by_words = extract(self.normal, names, scorer=token_sort_ratio, score_cutoff=ENOUGH, limit=None)
        by_letters = extract(self.normal, names, scorer=Levenshtein.distance, score_cutoff=changes, limit=None)
        words, first = self.normal.split(), f"{self.normal} "
        shorter = {" ".join(words[:count]) for count in range(1, len(words))}.intersection(names)
        longer = {name for name in names if name.startswith(first)}
        near = shorter | longer | {name for name, _score, _place in (*by_words, *by_letters)}
        return {name for name in near if likeness_of(self.normal, name) >= SIMILAR}


def find_matches(sought: Sought, candidates: Collection[Candidate]) -> list[Match]:
    """Which candidates may be the company sought, closest first, at most five."""
    telling = sought.known - _of_many(candidates)
    matches = [match for candidate in candidates if (match := _match(sought, telling, candidate))]
    return sorted(matches, key=lambda match: (-match.closeness, match.account.number))[:5]


def _of_many(candidates: Iterable[Candidate]) -> set[Key]:
    """E-mail domains that so many accounts share that they tell none of them."""
    shared = (key for candidate in candidates for key in candidate.shared if key[0] is KeyKind.DOMAIN)
    return {key for key, count in Counter(shared).items() if count >= MANY}


def _match(sought: Sought, telling: frozenset[Key], candidate: Candidate) -> Match | None:
    kinds = {kind for kind, _value in telling & candidate.shared}
    name = normal_name(candidate.account.name)
    for kind, likeness, closeness in (
        (KeyKind.NAME, Likeness.SAME_NAME, 100),
        (KeyKind.WORDS, Likeness.SAME_NAME, 99),
        (KeyKind.PHONE, Likeness.SAME_PHONE, 98),
        (KeyKind.DOMAIN, Likeness.SAME_DOMAIN, 95),
    ):
        if kind in kinds:
            return Match(account=candidate.account, likeness=likeness, closeness=closeness)
    closeness = likeness_of(sought.normal, name)
    if closeness >= SIMILAR:
        return Match(account=candidate.account, likeness=Likeness.SIMILAR_NAME, closeness=min(closeness, 99))
    return None


def likeness_of(one: str, other: str) -> int:
    """How alike two normal names are, 0 to 100: by letters, or by words in any order.

    One slip in a short name counts as alike, and so does the first word or words of a longer name.
    """
    slips = DamerauLevenshtein.distance(one, other)
    longest = max(len(one), len(other), 1)
    by_letters = 100 * (1 - slips / longest)
    if slips == 1 and min(len(one), len(other)) >= AFFIX:
        by_letters = max(by_letters, SIMILAR)
    if _begins_with(one, other) or _begins_with(other, one):
        by_letters = max(by_letters, SIMILAR)
    return round(max(by_letters, token_sort_ratio(one, other)))


def _begins_with(name: str, short: str) -> bool:
    """Whether people may say `short` for `name`: `Fjordline` for `Fjordline Ferries`."""
    return len(_joined(short)) >= _affix(short) and name.startswith(f"{short} ")


def _affix(normal: str) -> int:
    return CJK_AFFIX if is_cjk(normal) else AFFIX


def _contact_keys(contacts: Iterable[NewContact]) -> frozenset[Key]:
    domains = {(KeyKind.DOMAIN, domain) for contact in contacts if (domain := mail_domain(contact.email))}
    phones = {(KeyKind.PHONE, phone_line(contact.phone)) for contact in contacts if contact.phone}
    return frozenset(domains | phones)


def _joined(normal: str) -> str:
    return normal.replace(" ", "")


@lru_cache(maxsize=1024)
def _name_keys(normal: str) -> frozenset[Key]:
    letters, parts = _joined(normal), name_parts(normal)
    words = {(KeyKind.WORDS, " ".join(sorted(parts)))} if len(parts) > 1 else set()
    head = letters[: min(_size(len(letters)), _affix(normal))]
    return frozenset({(KeyKind.NAME, letters), (KeyKind.HEAD, head), *words}) | _end(normal)


def _heads(normal: str) -> frozenset[Key]:
    """How names begin that are this one, or its first words alone."""
    letters = _joined(normal)
    return frozenset((KeyKind.HEAD, letters[:size]) for size in range(2, _affix(normal) + 1))


def _end(normal: str, more: int = 0) -> frozenset[Key]:
    """How a name ends that has so many letters more before: its seam, as in `ne fe` of Fjordline Ferries, or else its tail."""
    front, _gap, last = normal.rpartition(" ")
    front = _joined(front.removesuffix(" and"))
    if len(front) + more >= LONG_FRONT:
        return frozenset({(KeyKind.SEAM, f"{front[-SEAM:]} {last[:SEAM]}")})
    letters = _joined(normal)
    # Between head and tail a letter is left: two that are mixed up leave the one or the other whole.
    size = _size(len(letters) + more - 1)
    return frozenset({(KeyKind.TAIL, letters[-size:])})


def _size(length: int) -> int:
    """Letters of the head of a name that has so many; of the tail of one that has one more."""
    return max(2, min(AFFIX, length // 2))
