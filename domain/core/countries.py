"""Countries as people write them, and the ISO 3166 codes they mean."""

from babel import Locale, UnknownLocaleError

from domain.core.country_names import codes_by_name
from domain.core.language import _
from domain.core.refusals import RuleBroken
from domain.core.spelling import bare_words, is_slip


def country_code(text: str) -> str | None:
    """The code of the country with this code of two or three letters, or this name, or None."""
    code = text.strip().upper()
    return code if code in CODES else codes_by_name().get(_folded(text))


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
    meant = (code for name, code in codes_by_name().items() if is_slip(folded, name))
    return country_title(next(meant, None), "en")


def _folded(text: str) -> str:
    return " ".join(bare_words(text))


CODES = frozenset(codes_by_name().values())
