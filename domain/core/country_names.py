"""`python -m domain.core.country_names`: write anew what countries are called, from ISO 3166 and Unicode's lists.

Reading these lists takes more than a second and much memory; the file they make is read at once.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import iso3166
from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

from domain.core.spelling import bare_words

FILE = "country_names.txt"
LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "pt")
"""Languages in which all countries are understood, besides each in its own; in the order in which they are tried."""
OWN = {"CN": ("zh_Hans", "zh_Hant"), "HK": ("zh_Hant",), "MO": ("zh_Hant",), "TW": ("zh_Hant",), "IN": ("hi",)}
"""Languages that Unicode's list of official ones leaves out or does not tell apart."""
ALSO_CALLED = {
    "AE": "UAE; U. A. E.; Emirates",
    "CI": "Ivory Coast",
    "CD": "Congo-Kinshasa; DRC",
    "CZ": "Czech Republic",
    "GB": "UK; U. K.; Great Britain; Britain; England; Scotland; Wales; Northern Ireland",
    "HK": "Hong Kong; 香港",
    "KR": "South Korea",
    "LA": "Laos",
    "MK": "Macedonia",
    "MM": "Burma",
    "MO": "Macao; Macau; 澳門",
    "NL": "Holland; The Netherlands",
    "RU": "Russia",
    "TR": "Turkey",
    "TW": "臺灣",
    "US": "America; U. S.; U. S. A.; United States of America",
    "VN": "Vietnam",
}
"""Names in use beside those of the lists, with a semicolon between them."""


@cache
def codes_by_name() -> dict[str, str]:
    """ISO 3166 codes of two letters by what countries are called, in the form that `bare_words` gives, with blanks."""
    lines = files("domain.core").joinpath(FILE).read_text(encoding="utf-8").splitlines()
    return {name: code for name, _tab, code in (line.partition("\t") for line in lines)}


def made_anew() -> str:
    """The text of the file. Where one name is several countries', the first list has it."""
    codes: dict[str, str] = {}
    for name, code in _said():
        codes.setdefault(" ".join(bare_words(name)), code)
    return "".join(f"{name}\t{code}\n" for name, code in sorted(codes.items()) if name)


def _said() -> Iterator[tuple[str, str]]:
    countries = [country for country in iso3166.countries if country.alpha2.isalpha()]
    for code, names in ALSO_CALLED.items():
        yield from ((name, code) for name in names.split("; "))
    for country in countries:
        said, _comma, before = country.name.partition(", ")
        yield from ((name, country.alpha2) for name in (country.alpha3, country.name, f"{before} {said}"))
    for language in LANGUAGES:
        yield from _in(language, *(country.alpha2 for country in countries))
    for country in countries:
        own = get_official_languages(country.alpha2, de_facto=True)
        for language in (*OWN.get(country.alpha2, ()), *own):
            yield from _in(language, country.alpha2)


def _in(language: str, *codes: str) -> Iterator[tuple[str, str]]:
    try:
        territories = Locale.parse(language).territories
    except UnknownLocaleError:
        return
    yield from ((territories[code], code) for code in codes if code in territories)


if __name__ == "__main__":
    Path(__file__).with_name(FILE).write_text(made_anew(), encoding="utf-8")
