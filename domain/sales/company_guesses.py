"""Which company a message is about, as far as its words tell: what it says so itself, names in it, or the domain of an address."""

import re

from domain.sales.accounts import mail_domain

A_LABEL = re.compile(
    r"^[\s*_•>-]*(?:company|organi[sz]ation|firm|公司|公司名[称稱]|客[戶户])[*_]*\s*[:：\n][\s*_]*(\S[^\n]*)",
    re.I | re.M,
)
SHARED_ENDINGS = frozenset({"ac", "co", "com", "edu", "gov", "ne", "net", "or", "org"})
"""Labels before a country's that are no company: `acme.co.uk`."""
MOST_NAMES = 30
LONGEST_NAME = 5
"""Words of a name that is looked for in a text."""
MOST_LETTERS = 100


def company_labelled(text: str) -> str | None:
    """The company that a form names: `Company: Acme Ltd`, also with the name on the next line."""
    found = A_LABEL.search(text)
    return found[1].strip(" *_")[:MOST_LETTERS] if found else None


def names_in(text: str) -> list[str]:
    """What may be names in a text: runs of words that begin with a capital or a figure, and their parts, the longest first."""
    runs = re.findall(r"(?:[^\W_a-z][\w&'’.-]*)(?:[ ]+(?:&|and|of|[^\W_a-z][\w&'’.-]*))*", text[:1000])
    names: dict[str, None] = {}
    for run in runs:
        words = run.split()
        for size in range(min(len(words), LONGEST_NAME), 0, -1):
            for start in range(len(words) - size + 1):
                names[" ".join(words[start : start + size]).rstrip(".'’-")] = None
    return sorted(names, key=lambda name: -len(name.split()))[:MOST_NAMES]


def company_of_domain(email: str | None) -> str | None:
    """What the company may be called whose address this is: `Betasolion` for `jo@mail.betasolion.co.uk`; None for free mail."""
    labels = (mail_domain(email) or "").split(".")[:-1]
    if len(labels) > 1 and labels[-1] in SHARED_ENDINGS:
        labels = labels[:-1]
    return labels[-1].replace("-", " ").title() if labels and labels[-1] else None
