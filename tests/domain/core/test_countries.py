"""Countries by codes, by the names of ISO 3166, and by their own."""

from importlib.resources import files

from domain.core.countries import country_code
from domain.core.country_names import FILE, made_anew

WRITTEN = {
    "KR": ("Korea, Republic of", "Republic of Korea", "South Korea", "대한민국", "KOR", "kr"),
    "RU": ("Russian Federation", "Russia", "Россия"),
    "AE": ("UAE", "U.A.E.", "United Arab Emirates", "Vereinigte Arabische Emirate"),
    "DE": ("DEU", "Germany", "Deutschland", "Allemagne", " de "),
    "DK": ("Danmark", "DNK"),
    "PL": ("Polska",),
    "AT": ("Österreich", "Osterreich", "ÖSTERREICH"),
    "TW": ("台灣", "臺灣", "Taiwan"),
    "CN": ("中国", "中國"),
    "GB": ("Scotland", "England", "UK", "U.K.", "Great Britain", "United Kingdom"),
    "US": ("USA", "U.S.A.", "U. S.", "United States of America", "America"),
    "CI": ("Côte d’Ivoire", "Cote d'Ivoire", "Ivory Coast"),
    "XK": ("Kosovo",),
}


def test_a_country_is_known_however_it_is_written() -> None:
    other = {
        (text, country_code(text)) for code, texts in WRITTEN.items() for text in texts if country_code(text) != code
    }
    assert other == set()


def test_what_is_no_country_is_none() -> None:
    for text in ("EU", "UN", "ZZ", "XX", "Atlantis", "", "Europe", "x" * 100_000):
        assert country_code(text) is None, text[:20]


def test_the_file_of_names_is_what_the_lists_say() -> None:
    kept = files("domain.core").joinpath(FILE).read_text(encoding="utf-8")
    assert kept == made_anew(), "run: python -m domain.core.country_names"
