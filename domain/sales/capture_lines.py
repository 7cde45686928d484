"""A lead in one typed line: `Acme Ltd, referral, wants a cost review`."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extractOne

from domain.core.language import _
from domain.core.lines import SEPARATORS
from domain.core.refusals import FormRefused, RuleBroken
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.accounts import NewContact, checked_contact, contact_in
from domain.sales.company_names import is_legal_form, normal_name

QUOTED = re.compile(rf'\s*(?:"([^"]+)"|[“„«「『《]([^”“»」』》]+)[”“»」』》])\s*(?:[{SEPARATORS}]|$)')
SMALL_WORDS = frozenset({"and", "&", "of", "the", "de", "et", "und", "y"})
"""Words of a company's name that are written small."""
JOINING = frozenset({"and", "&", "et", "und", "y"})
"""Those before the last of several founders: `Hart, Pell and Rowe`."""
MOST_PARTS = 6
"""Parts between commas that a company's name may have."""
MOST_WORDS = 6
"""Words of one of them."""
LONGEST_SOURCE = 40


@dataclass(frozen=True, kw_only=True)
class CaptureLine:
    """What a typed line says. `misspelt` is the word that was taken for the source though it is none as it stands."""

    company: str
    source: str
    """Id of a channel in the playbook."""
    said: str = ""
    misspelt: str | None = None


def parse_one_line(text: str, playbook: SalesPlaybook) -> CaptureLine:
    """The company, the source and what they said.

    The source may be left out, and the rest may contain commas. A company's own commas stay with it where it is quoted, or where it
    reads as one name: `Acme, Inc.`, `Hart, Pell and Rowe LLP`.

    Raises RuleBroken when there is no company.
    """
    company, parts = _company_of(text, playbook)
    if not company:
        raise RuleBroken(
            _("Start with the company: /rain-lead Acme Ltd, referral, wants a cost review"), field="company"
        )
    word, rest = (parts[0], parts[2:]) if parts else ("", [])
    if source := playbook.channel_named(word):
        return CaptureLine(company=company, source=source, said=_joined(rest))
    if source := source_like(word, playbook):
        return CaptureLine(company=company, source=source, said=_joined(rest), misspelt=word)
    source = "other" if "other" in playbook.channels else next(iter(playbook.channels))
    return CaptureLine(company=company, source=source, said=_joined(parts))


def source_like(word: str, playbook: SalesPlaybook) -> str | None:
    """The id of the channel that a misspelt word may mean, or None."""
    if not 4 <= len(word) <= LONGEST_SOURCE:
        return None
    slips = 1 if len(word) < 6 else 2
    known = playbook.channels_by_word
    found = extractOne(word.casefold(), known.keys(), scorer=DamerauLevenshtein.distance, score_cutoff=slips)
    return known[found[0]] if found else None


def contact_written(text: str, country: str | None) -> NewContact:
    """The person whose e-mail address or phone number stands in a text; nobody where what looks like one is none."""
    try:
        return checked_contact(contact_in(text, country), country)
    except FormRefused:
        return NewContact()


def _company_of(text: str, playbook: SalesPlaybook) -> tuple[str, list[str]]:
    """The company, and the parts that follow it with the separators between them."""
    if quoted := QUOTED.match(text):
        return (quoted[1] or quoted[2]).strip(), _split(text[quoted.end() :]) if text[quoted.end() :].strip() else []
    parts = _split(text)
    count = _count_of_company(parts[::2], playbook)
    return _joined(parts[: 2 * count - 1]), parts[2 * count :]


def _split(text: str) -> list[str]:
    """The parts of a line and, at the odd places, the separators between them."""
    return [part.strip() for part in re.split(f"([{SEPARATORS}])", text)]


def _joined(parts: list[str]) -> str:
    """Parts with their separators as one text again; only after a comma is a blank."""
    return "".join(f"{part} " if part == "," else part for part in parts).strip()


def _count_of_company(parts: list[str], playbook: SalesPlaybook) -> int:
    """How many of the parts are the company: the first, or as far as its legal form or its last founder."""
    if len(parts) > 1 and is_legal_form(parts[1]):
        return 2
    if _has_legal_form(parts[0]):
        return 1
    for count, part in enumerate(parts[1:MOST_PARTS], start=2):
        if not _is_name(part) or playbook.channel_named(part) or source_like(part, playbook):
            return 1
        if _has_legal_form(part) or JOINING.intersection(part.casefold().split()):
            return count
    return 1


def _is_name(part: str) -> bool:
    words = part.split()
    return 0 < len(words) <= MOST_WORDS and all(not word[0].islower() or word in SMALL_WORDS for word in words)


def _has_legal_form(name: str) -> bool:
    """Whether a name ends in a legal form, which `normal_name` leaves out at the end alone."""
    return normal_name(f"{name} x") != f"{normal_name(name)} x"
