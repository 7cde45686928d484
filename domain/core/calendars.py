"""Week-ends and public holidays of countries and their parts, from the `holidays` library."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from holidays.registry import EntityLoader

from domain.core.language import _
from domain.core.refusals import RuleBroken

COUNTRIES = frozenset(EntityLoader.get_country_codes(include_aliases=False))
"""ISO 3166 codes of the countries whose public holidays are known."""
WEEKEND = frozenset({5, 6})
"""Saturday and Sunday, as `date.weekday` numbers them."""


@dataclass(frozen=True)
class Year:
    """A country's year: weekdays of the week-end, and the days on which nobody works."""

    weekend: frozenset[int]
    off: frozenset[date]


@lru_cache(maxsize=512)
def year_of(country: str, region: str | None, year: int) -> Year:
    """The year of a country, or of a part of it; with Saturdays and Sundays alone where its holidays are not known."""
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(366)]
    try:
        calendar = holidays.country_holidays(
            country, subdiv=region if region in parts_of(country) else None, years=year
        )
    except NotImplementedError:
        return Year(WEEKEND, frozenset(day for day in days if day.weekday() in WEEKEND))
    off = frozenset(day for day in days if day.year == year and not calendar.is_working_day(day))
    return Year(frozenset(calendar.weekend), off)


@lru_cache(maxsize=256)
def parts_of(country: str) -> dict[str, str]:
    """The parts of a country that have public holidays of their own, code to name; none where all have the same."""
    if country not in COUNTRIES:
        return {}
    named = type(holidays.country_holidays(country)).get_subdivision_aliases()
    parts = {code: names[0] if names else code for code, names in named.items()}
    return dict(sorted(parts.items(), key=lambda part: part[1]))


def checked_country(code: str, field: str = "country") -> str:
    """The country's ISO 3166 code in capitals.

    Raises RuleBroken for a country whose public holidays are not known.
    """
    country = code.strip().upper()
    if country not in COUNTRIES:
        raise RuleBroken(_("This is not a country's two-letter code, such as GB or DE."), field=field)
    return country


def place_code(country: str, region: str | None) -> str:
    """A country, or a part of it: `GB`, `GB-ENG`."""
    return f"{country}-{region}" if region else country


def region_in(country: str, answer: str) -> str | None:
    """The part of the country that an answer such as `GB-ENG` names; None for the whole (`GB`), and for another country's."""
    of, _dash, region = answer.partition("-")
    return region if of == country and region in parts_of(country) else None


def is_region_open(country: str, answer: str) -> bool:
    """Whether somebody is still to be asked which part of the country they mean."""
    code = country.strip().upper()
    return bool(parts_of(code)) and answer.partition("-")[0] != code
