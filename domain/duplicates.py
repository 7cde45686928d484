"""Recognises that a company somebody is about to capture has a record already.

Comparing a name with every other one does not scale, so each account is filed under a few keys: its normal name, its mail domains
and phone numbers, and the head and tail of its name. A misspelling rarely touches both ends, so the candidates that share a key
with the new one are few and contain what a person would call the same; only those are compared letter by letter.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.fuzz import token_sort_ratio

from domain.accounts import Account, NewContact, mail_domain, normal_name, phone_number
from domain.language import _
from domain.refusals import RuleBroken

SIMILAR = 86
"""Least likeness (0 to 100) of two names that are shown as possibly the same; below, people found the warnings to be noise."""
ENOUGH = SIMILAR - 0.5
"""The least that is rounded to it."""
AFFIX = 4
"""Longest head and tail, in letters, that names are filed under."""


class KeyKind(StrEnum):
    """What a key is made of. Values are stored: never renamed."""

    NAME = "name"
    DOMAIN = "domain"
    PHONE = "phone"
    HEAD = "head"
    TAIL = "tail"


Key = tuple[KeyKind, str]


class Likeness(StrEnum):
    """Why two records may be the same, strongest first."""

    SAME_NAME = "same name"
    SAME_PHONE = "same phone number"
    SAME_DOMAIN = "same e-mail domain"
    SIMILAR_NAME = "similar name"

    @property
    def title(self) -> str:  # type: ignore[override]  # a likeness is never title-cased as a string
        """The likeness as people read it, in the reader's language."""
        return {
            Likeness.SAME_NAME: _("same name"),
            Likeness.SAME_PHONE: _("same phone number"),
            Likeness.SAME_DOMAIN: _("same e-mail domain"),
            Likeness.SIMILAR_NAME: _("similar name"),
        }[self]


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
    normal = normal_name(name)
    return frozenset({(KeyKind.NAME, normal), *_affixes(normal, [len(_joined(normal))]), *_contact_keys(contacts)})


def keys_to_look_up(name: str, contacts: Iterable[NewContact] = ()) -> frozenset[Key]:
    """The keys under which records that may be the same are found; more than `keys_of`, for names a letter longer or shorter."""
    normal = normal_name(name)
    length = len(_joined(normal))
    return keys_of(name, contacts) | _affixes(normal, [length - 1, length + 1])


def keys_meant(text: str, country: str | None) -> frozenset[Key]:
    """The key of the e-mail address, domain or phone number somebody types to find a company by; none if it is something else."""
    word = text.strip().casefold()
    if re.fullmatch(r"\+?[\d\s()/.-]{5,}", word):
        try:
            return frozenset({(KeyKind.PHONE, phone_number(word, country))})
        except RuleBroken:
            return frozenset()
    if re.fullmatch(r"\S*@?[\w-]+(\.[\w-]+)+", word):
        domain = mail_domain(word)
        return frozenset({(KeyKind.DOMAIN, domain)}) if domain else frozenset()
    return frozenset()


def resembling(name: str) -> Callable[[str], bool]:
    """Whether a normal name is alike enough to `name` to be shown; tells candidates worth reading from the many with a like beginning."""
    wanted = normal_name(name)

    def resembles(normal: str) -> bool:
        if _begins_with(wanted, normal) or _begins_with(normal, wanted):
            return True
        shorter, longer = sorted((len(wanted), len(normal)))
        if 200 * shorter < ENOUGH * (shorter + longer):  # not even if all their letters were shared and in place
            return False
        slips = int(longer * (100 - ENOUGH) / 100) + 1
        if DamerauLevenshtein.distance(wanted, normal, score_cutoff=slips) <= slips:
            return likeness_of(wanted, normal) >= SIMILAR
        return token_sort_ratio(wanted, normal, score_cutoff=ENOUGH) >= ENOUGH

    return resembles


def find_matches(name: str, contacts: Iterable[NewContact], candidates: Iterable[Candidate]) -> list[Match]:
    """Which candidates may be the same as the new one, closest first, at most five."""
    wanted = normal_name(name)
    known = keys_of(name, contacts)
    matches = [match for candidate in candidates if (match := _match(wanted, known, candidate))]
    return sorted(matches, key=lambda match: (-match.closeness, match.account.number))[:5]


def _match(wanted: str, known: frozenset[Key], candidate: Candidate) -> Match | None:
    kinds = {kind for kind, _value in known & candidate.shared}
    name = normal_name(candidate.account.name)
    for kind, likeness, closeness in (
        (KeyKind.NAME, Likeness.SAME_NAME, 100),
        (KeyKind.PHONE, Likeness.SAME_PHONE, 98),
        (KeyKind.DOMAIN, Likeness.SAME_DOMAIN, 95),
    ):
        if kind in kinds:
            return Match(account=candidate.account, likeness=likeness, closeness=closeness)
    closeness = likeness_of(wanted, name)
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


def is_slip(word: str, meant: str) -> bool:
    """Whether `word` is `meant` but for a slip of the keyboard: one letter, or two in a long word; a plural is no slip."""
    if min(len(word), len(meant)) < AFFIX + 1 or word in {meant, f"{meant}s", meant.removesuffix("s")}:
        return False
    return DamerauLevenshtein.distance(word, meant, score_cutoff=2) <= (1 if len(meant) < 3 * AFFIX else 2)


def _begins_with(name: str, short: str) -> bool:
    """Whether people may say `short` for `name`: `Fjordline` for `Fjordline Ferries`."""
    return len(short) >= AFFIX and name.startswith(f"{short} ")


def _contact_keys(contacts: Iterable[NewContact]) -> frozenset[Key]:
    domains = {(KeyKind.DOMAIN, domain) for contact in contacts if (domain := mail_domain(contact.email))}
    phones = {(KeyKind.PHONE, contact.phone) for contact in contacts if contact.phone}
    return frozenset(domains | phones)


def _joined(normal: str) -> str:
    return normal.replace(" ", "")


def _affixes(normal: str, lengths: Iterable[int]) -> frozenset[Key]:
    letters = _joined(normal)
    sizes = {max(2, min(AFFIX, length // 2)) for length in lengths}
    return frozenset(
        key for size in sizes for key in ((KeyKind.HEAD, letters[:size]), (KeyKind.TAIL, letters[-size:])) if letters
    )
