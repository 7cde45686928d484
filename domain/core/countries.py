"""Countries as people write them, and the ISO 3166 codes they mean."""

import re
from functools import cache

from babel import Locale, UnknownLocaleError

from domain.core.language import _
from domain.core.refusals import RuleBroken
from domain.core.spelling import is_slip

LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "pt")
"""Languages whose names of countries are understood, in the order in which they are tried."""
NOT_COUNTRIES = frozenset(["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"])
"""Codes of two letters with which Unicode's lists name something else."""
ALSO_CALLED = {
    "america": "US",
    "czech republic": "CZ",
    "england": "GB",
    "great britain": "GB",
    "holland": "NL",
    "hong kong": "HK",
    "the netherlands": "NL",
    "turkey": "TR",
    "u k": "GB",
    "u s": "US",
    "u s a": "US",
    "uk": "GB",
    "united states of america": "US",
    "usa": "US",
}
"""Names in use beside those of Unicode's lists, in the form that `_folded` gives."""


def country_code(text: str) -> str | None:
    """The code of the country with this code or name, or None."""
    folded = _folded(text)
    code = text.strip().upper()
    return code if code in _titles() else _codes().get(folded)


def checked_country_code(text: str, field: str) -> str:
    """The code of the country with this code or name.

    Raises RuleBroken, with the country that is probably meant.
    """
    code = country_code(text)
    if code:
        return code
    meant = country_meant(text)
    if meant:
        raise RuleBroken(_("There is no country called {text}; {meant}?").format(text=text, meant=meant), field=field)
    raise RuleBroken(_("There is no country called {text}.").format(text=text), field=field)


def country_title(code: str | None, locale: str) -> str | None:
    """How people read a country, in their language; what is no code is shown as it is."""
    if not code:
        return None
    try:
        return str(Locale.parse(locale, sep="-").territories.get(code, code))
    except (ValueError, UnknownLocaleError):
        return code


def country_meant(text: str) -> str | None:
    """The English name of the country that a misspelt name means, or None."""
    folded = _folded(text)
    return next((_titles()[code] for name, code in _codes().items() if is_slip(folded, name)), None)


@cache
def _titles() -> dict[str, str]:
    territories = Locale("en").territories
    return {
        code: name for code, name in territories.items() if re.fullmatch("[A-Z]{2}", code) and code not in NOT_COUNTRIES
    }


@cache
def _codes() -> dict[str, str]:
    """Codes by name; where two languages use one name for different countries, the first language has it."""
    codes = dict(ALSO_CALLED)
    for language in LANGUAGES:
        territories = Locale(language).territories
        for code in _titles():
            codes.setdefault(_folded(territories.get(code, code)), code)
    return codes


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold().replace("&", " and ")))
