"""Amounts as people write them, in a form or a file: read exactly, or refused in words; what may be two numbers is asked, never guessed."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import cache

from babel import Locale

from domain.core.language import _, listed
from domain.core.refusals import RuleBroken
from domain.sales.deals import Money

MOST_DIGITS = 16
"""Digits before the decimal sign that the database keeps."""
CENT = Decimal("0.01")
_EXACT = Context(prec=60)
TIMES = {"k": 3, "m": 6, "mn": 6, "mio": 6}
"""Letters behind a number, and the power of ten they stand for."""
DOLLARS = "USD AUD CAD HKD NZD SGD TWD MXN ARS CLP COP BRL"
SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "$": DOLLARS,
    "us$": "USD",
    "a$": "AUD",
    "au$": "AUD",
    "c$": "CAD",
    "ca$": "CAD",
    "hk$": "HKD",
    "nz$": "NZD",
    "s$": "SGD",
    "nt$": "TWD",
    "mx$": "MXN",
    "r$": "BRL",
    "¥": "JPY CNY",
    "円": "JPY",
    "元": "CNY TWD HKD",
    "₩": "KRW",
    "₹": "INR",
    "₽": "RUB",
    "₺": "TRY",
    "₴": "UAH",
    "₪": "ILS",
    "₫": "VND",
    "zł": "PLN",
    "kč": "CZK",
    "ft": "HUF",
    "kr": "SEK NOK DKK ISK",
    "fr": "CHF",
    "euro": "EUR",
    "euros": "EUR",
    "dollar": DOLLARS,
    "dollars": DOLLARS,
    "pound": "GBP",
    "pounds": "GBP",
}
"""Signs and words of currencies, and the codes of those they may be."""
WRITTEN = re.compile(
    r"""(?P<minus>[-+]?)\s*+(?P<before>(?:[^\d\s().,+-]++\.?)?)\s*+(?P<inner>[-+]?)\s*+
        (?P<number>[.,]?\d(?:[\d.,'_\ ]*\d)?[.,]?)\s*+
        (?P<behind>-?)\s*+(?P<times>(?:k|mio|mn|m)\b\.?)?\s*+(?P<after>[^\d\s()+-]*+)\s*+(?P<last>-?)""",
    re.VERBOSE | re.IGNORECASE,
)
"""An amount: a sign, a currency, the number, what it is multiplied by; the currency and the sign may stand behind it."""


@dataclass(frozen=True, kw_only=True)
class AmountFormats:
    """The decimal sign, where somebody has said it, and the currency of amounts that name none."""

    decimal: str | None = None
    currency: str | None = None


@dataclass(frozen=True, kw_only=True)
class Written:
    """An amount in its parts: the digits with their separators, a power of ten, and the codes of the currencies that `sign` may be."""

    number: str
    is_negative: bool = False
    times: str = ""
    sign: str = ""
    currencies: tuple[str, ...] = ()


def decimal_sign(text: str) -> str:
    """The decimal sign somebody means by `point` or `comma`.

    Raises RuleBroken for anything else.
    """
    signs = {"point": ".", "comma": ",", ".": ".", ",": ","}
    if text.strip().casefold() not in signs:
        on_terminal = _("--decimal is point or comma, not {text}.").format(text=text)
        raise RuleBroken(_("The decimal sign is point or comma, not {text}.").format(text=text), None, on_terminal)
    return signs[text.strip().casefold()]


@cache
def _currencies() -> frozenset[str]:
    return frozenset(Locale("en").currencies)


@cache
def _currencies_by_name() -> dict[str, str]:
    found = {code: str(name).casefold() for code, name in Locale("en").currencies.items()}
    names = {name: code for code, name in found.items() if "(" not in name and not code.startswith("X")}
    return names | {f"{name}s": code for name, code in names.items()}


def _currencies_meant(text: str) -> tuple[str, ...]:
    """The codes of the currencies that a code, sign or English name may mean."""
    word = _plain(text).strip().casefold().rstrip(".")
    if word.upper() in _currencies():
        return (word.upper(),)
    found = SIGNS.get(word) or _currencies_by_name().get(word, "")
    return tuple(found.split())


def known_currency(text: str, field: str | None = None) -> str:
    """The ISO 4217 code of the currency with this code, sign or English name.

    Raises RuleBroken where there is no such currency, or several.
    """
    codes = _currencies_meant(text)
    if len(codes) == 1:
        return codes[0]
    if codes:
        why = _("{text} may be {codes}; give its three letters.").format(text=text, codes=listed(list(codes[:3])))
    else:
        why = _("There is no currency {text}; give its three letters, such as EUR.").format(text=text)
    option = _("Or say what it means: --value “currency:{text}=EUR”.").format(text=text)
    raise RuleBroken(why, field, f"{why} {option}" if field else "")


def money_in(text: str, currency: str | None, formats: AmountFormats) -> Money:
    """The exact amount in a text, in its own currency, the one said beside it, or else that of `formats`.

    Raises RuleBroken (field `amount` or `currency`).
    """
    written = _written(text)
    said = known_currency(currency, "currency") if currency else None
    if said and written.sign and said not in written.currencies:
        sentence = _("The amount says {sign}, the currency {code}. Change one of them.")
        raise RuleBroken(sentence.format(sign=written.sign, code=said), "amount")
    code = said or _own_currency(written, formats.currency)
    if code is None and written.sign:
        codes = listed(list(written.currencies[:3]))
        why = _("{sign} may be {codes}. Say which currency it is.").format(sign=written.sign, codes=codes)
        raise RuleBroken(why, "currency", _("{why} With --currency USD, for instance.").format(why=why))
    if code is None:
        raise RuleBroken(_("The amount has no currency."), "currency")
    return Money(amount=_amount(written, formats.decimal, text), currency=code)


def _own_currency(written: Written, usual: str | None) -> str | None:
    """The currency an amount names, where that is one, or else the usual one, unless it names others."""
    if len(written.currencies) == 1:
        return written.currencies[0]
    return usual if usual in written.currencies or not written.sign else None


def names_currency(text: str) -> bool:
    """Whether an amount says itself which currency it is in."""
    try:
        return len(_written(text).currencies) == 1
    except RuleBroken:
        return False


def amount_in(text: str, decimal: str | None) -> Decimal:
    """The number in a text with two digits after the decimal sign, which is `decimal` or else what only it can be.

    Raises RuleBroken (field `amount`) for what is no number, could be two, or has more than two digits after the sign.
    """
    return _amount(_written(text), decimal, text)


def _plain(text: str) -> str:
    """The text with one kind of blank, apostrophe and minus."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"[‐‑‒–—−]", "-", re.sub(r"[’‘`´]", "'", re.sub(r"\s", " ", folded)))


def _written(text: str) -> Written:
    plain = _plain(text).strip()
    in_brackets = re.fullmatch(r"([^()]*)\(([^()]+)\)([^()]*)", plain)
    if in_brackets:
        plain = "".join(in_brackets.groups())
    plain = re.sub(r"(?<=\d)[.,]-+", "", plain)  # 85.- is 85
    found = WRITTEN.fullmatch(plain)
    if not found:
        raise RuleBroken(_("{text} is no amount.").format(text=text), "amount")
    sign = " ".join(part for part in (found["before"], found["after"]) if part)
    currencies = _currencies_meant(sign) if sign else ()
    signs = [bool(in_brackets), *("-" in found[part] for part in ("minus", "inner", "behind", "last"))]
    if (sign and not currencies) or sum(signs) > 1:
        raise RuleBroken(_("{text} is no amount.").format(text=text), "amount")
    times = (found["times"] or "").rstrip(".")
    return Written(number=found["number"], is_negative=any(signs), times=times, sign=sign, currencies=currencies)


def _amount(written: Written, decimal: str | None, text: str) -> Decimal:
    bare = re.sub(r"['_ ]", "'", written.number)
    sign = decimal or _sign_used(written, bare, text)
    whole, _sign, cents = bare.partition(sign)
    if not _is_whole(whole, "," if sign == "." else ".") or not re.fullmatch(r"\d*", cents):
        raise RuleBroken(
            _("{text} is no amount with {sign} as its decimal sign.").format(text=text, sign=sign), "amount"
        )
    digits = re.sub(r"\D", "", whole) or "0"
    number = Decimal(f"{digits}.{cents or '0'}").scaleb(TIMES.get(written.times.casefold(), 0))
    if number >= 10**MOST_DIGITS:
        raise RuleBroken(_("{text} is too large.").format(text=text), "amount")
    exact = number.quantize(CENT, context=_EXACT)
    if number != exact:
        raise RuleBroken(_("{text} has more than two digits after the decimal sign.").format(text=text), "amount")
    return -exact if written.is_negative else exact


def _is_whole(whole: str, grouping: str) -> bool:
    """Whether digits stand alone or in groups: of three, or as in India. A group never begins the number with a zero."""
    if re.fullmatch(r"\d*", whole):
        return True
    threes = rf"[1-9]\d{{0,2}}(?P<mark>['{grouping}])\d{{3}}(?:(?P=mark)\d{{3}})*"
    indian = r"[1-9]\d?(?:,\d{2})+,\d{3}"
    return bool(re.fullmatch(threes, whole) or (grouping == "," and re.fullmatch(indian, whole)))


def _sign_used(written: Written, bare: str, text: str) -> str:
    """Which of point and comma is the decimal sign, where that is plain.

    Raises RuleBroken where it is not: 1,234 may be a thousand or one and a bit.
    """
    found = [sign for sign in ".," if sign in bare]
    if len(found) == 2:
        return max(found, key=bare.rindex)
    if not found:
        return "."
    (sign,) = found
    whole, _found, rest = bare.partition(sign)
    if bare.count(sign) > 1:
        return "," if sign == "." else "."
    if len(rest) != 3 or not _is_whole(f"{whole}{sign}{rest}", sign):
        return sign
    more, less = f"{whole}{rest}{written.times}", f"{whole}.{rest[:2]}{written.times}"
    sentence = _("{text} may be two numbers. Type {more} or {less}.").format(text=text, more=more, less=less)
    on_terminal = _("{text} may be two numbers; say --decimal point or comma. It is {more} or {less}.")
    raise RuleBroken(sentence, "amount", on_terminal.format(text=text, more=more, less=less))
