"""Phone numbers: read as dialled somewhere, kept in international form with their extension, and shown with spaces."""

import phonenumbers

from domain.core.countries import country_code
from domain.core.language import _
from domain.core.refusals import RuleBroken


def phone_number(text: str, country: str | None, field: str | None = None) -> str:
    """The phone number in international form (E.164), read as dialled from `country` unless it says its own.

    An extension stands behind it, as RFC 3966 writes it: `+442079460005;ext=12`.

    Raises RuleBroken when it is no phone number.
    """
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise RuleBroken(_("This is not a phone number. Start with + and the country's code."), field=field) from error
    if not phonenumbers.is_possible_number(parsed):
        raise RuleBroken(_("This phone number has too few or too many digits."), field=field)
    line = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return f"{line};ext={parsed.extension}" if parsed.extension else line


def phone_line(number: str) -> str:
    """The number without its extension: what a whole company may have in common."""
    return number.partition(";")[0]


def is_given_out(number: str) -> bool:
    """Whether a number in international form can be somebody's: of those that have enough digits, some are nobody's."""
    return phonenumbers.is_valid_number(phonenumbers.parse(number))


def dialled_in(*places: str | None) -> str | None:
    """The country in which a number without a country's code is dialled: the first of these that is one, the nearest standing first."""
    return next((code for place in places if place and (code := country_code(place))), None)


def readable_phone(number: str | None) -> str | None:
    """A phone number in international form with the spaces people are used to: `+44 20 7946 0000`."""
    if not number:
        return None
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return number
