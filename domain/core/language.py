"""Marks every sentence people read for translation, and speaks the language of whoever is reading.

English is the source. Compiled catalogues live in `templates/locales/<language>/LC_MESSAGES/rainmaker.mo`; a language without one is
answered in English. `with speak("de-DE"):` switches for everything called inside, across awaits.
"""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

LOCALES = Path(__file__).parent.parent.parent / "templates" / "locales"

_language: ContextVar[str] = ContextVar("language", default="en-US")


@cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    language = locale.replace("-", "_")
    return gettext.translation("rainmaker", LOCALES, [language, language.split("_")[0]], fallback=True)


@contextmanager
def speak(locale: str) -> Iterator[None]:
    """Answer in `locale` (Slack's form, such as `de-DE`) inside the block."""
    token = _language.set(locale or "en-US")
    try:
        yield
    finally:
        _language.reset(token)


def switch_to(locale: str) -> None:
    """Go on in another language, until the end of the `speak` block we are in."""
    _language.set(locale or "en-US")


def language() -> str:
    """The locale being spoken now, such as `en-US`."""
    return _language.get()


def _(sentence: str) -> str:
    """The sentence in the reader's language; placeholders such as `{name}` stay for the caller to fill."""
    return _catalogue(_language.get()).gettext(sentence)


def N_(sentence: str) -> str:
    """The sentence itself, marked for translation; whoever shows it translates it with `_`."""
    return sentence


class Titled(StrEnum):
    """Base of enums whose members people read: `CALL = "call", N_("call")` is stored by its value and shown by its title."""

    _title: str

    def __new__(
        cls, value: str, title: str = ""
    ) -> Self:  # a member is looked up by its value alone: TouchKind("call")
        member = str.__new__(cls, value)
        member._value_, member._title = value, title
        return member

    @property
    def title(self) -> str:  # type: ignore[override]  # a member is never title-cased as a string
        """The member as people read it, in the reader's language."""
        return _(self._title)


def plural(one: str, many: str, count: int) -> str:
    """`one` or `many`, as the reader's language counts; placeholders stay for the caller."""
    return _catalogue(_language.get()).ngettext(one, many, count)


def listed(items: list[str]) -> str:
    """Items as a person would say them: `a`, `a or b`, `a, b or c`."""
    if len(items) < 2:
        return "".join(items)
    return _("{most} or {last}").format(most=", ".join(items[:-1]), last=items[-1])
