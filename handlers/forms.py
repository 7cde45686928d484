"""Reads what Slack sends into typed forms: a block's id is the form's field name, so a refusal finds its way back under the field.

Here is what all forms share; a noun's forms are in its handler file.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Self, Unpack

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from domain.core.language import _
from domain.core.refusals import FormRefused, NotFound
from domain.sales.leads import LONGEST_TEXT, Origin
from views import ids

LONGEST_STORED = 4 * LONGEST_TEXT
"""Characters that are read of a text as Slack stores it, with its markup: more than any field takes, so what is cut is told."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Years of the days that somebody can mean."""
OUT_OF_REACH = "out_of_reach"
LONGEST_ID = 18
"""Digits of a record's id that still fit the database."""

A_MENTION = re.compile(r"<([@#!])([^|<>]*)(?:\|([^<>]*))?>")
A_LABEL = re.compile(r"<(?:mailto:|tel:)?([^|<>]+)\|([^<>]*)>")
A_LINK = re.compile(r"<(?:mailto:|tel:)?([^<>]+)>")

SlackId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,31}$")]
"""An id of Slack's, such as a user's, a channel's or a user group's."""
_slack_ids = TypeAdapter(list[SlackId])


def record_id(value: str | None) -> int:
    """The id a button or modal carries.

    Raises NotFound for anything that is no id.
    """
    if value and value.isascii() and value.isdigit() and len(value) <= LONGEST_ID:
        return int(value)
    raise NotFound(_("this record"))


def record_ids(value: str) -> tuple[int, int]:
    """The two ids that a modal about two records carries.

    Raises NotFound for anything that is none.
    """
    one, _colon, other = value.partition(":")
    return record_id(one), record_id(other)


def values_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """What was entered in a modal, by block id; a field left empty is not in it."""
    blocks = view.get("state", {}).get("values", {})
    entered = {block_id: _value(next(iter(elements.values()))) for block_id, elements in blocks.items() if elements}
    return {name: value for name, value in entered.items() if value not in (None, "", [])}


def shown_in(view: Mapping[str, Any]) -> dict[str, Any]:
    """What a modal showed before anybody entered anything, by block id; Slack gives the modal back with what is entered."""
    asked = {block.get("block_id", ""): block.get("element") or {} for block in view.get("blocks") or ()}
    shown = {block_id: _initial(element) for block_id, element in asked.items()}
    return {name: value for name, value in shown.items() if value not in (None, "", [])}


def ids_in(entered: Mapping[str, Any], field: str) -> list[str]:
    """The users or user groups chosen in a field.

    Raises FormRefused for what is no id of Slack's.
    """
    try:
        return _slack_ids.validate_python(entered.get(field, []))
    except ValidationError as error:
        raise FormRefused({field: _in_words(error.errors()[0])}) from error


def _value(element: Mapping[str, Any]) -> Any:
    kind = element.get("type", "")
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value")
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or []]
    names = (
        "files selected_users selected_user selected_conversation selected_date selected_date_time selected_time value"
    ).split()
    for name in names:
        if name in element:
            return element[name]
    return None if kind else element


def _initial(element: Mapping[str, Any]) -> Any:
    """What a field is filled in with."""
    for name, value in element.items():
        if name == "initial_option":
            return value["value"]
        if name == "initial_options":
            return [option["value"] for option in value]
        if name.startswith("initial_"):
            return value
    return None


class Form(BaseModel):
    """Base of all forms; fields a newer or older modal asks besides are ignored.

    A form names the modals that ask it: `class DayForm(Form, asked_by=(ids.SNOOZE_TO,))`.
    """

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    asked_by: ClassVar[tuple[str, ...]] = ()
    """Callback ids of the modals that ask exactly these fields."""

    def __init_subclass__(cls, *, asked_by: tuple[str, ...] = (), **config: Unpack[ConfigDict]) -> None:
        super().__init_subclass__(**config)
        cls.asked_by = asked_by

    @field_validator("*")
    @classmethod
    def _within_reach(cls, value: object) -> object:
        if isinstance(value, date) and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise PydanticCustomError(OUT_OF_REACH, "no day of these years")
        return value

    @classmethod
    def read(cls, view: Mapping[str, Any]) -> Self:
        """The form as entered.

        Raises FormRefused with a sentence for each field that is wrong.
        """
        try:
            return cls.model_validate(values_of(view))
        except ValidationError as error:
            raise FormRefused({str(problem["loc"][0]): _in_words(problem) for problem in error.errors()}) from error

    @classmethod
    def shown(cls, view: Mapping[str, Any]) -> Self | None:
        """The form as the modal showed it, before anybody entered anything; None where it showed too little for a form."""
        try:
            return cls.model_validate(shown_in(view))
        except ValidationError:
            return None


def _in_words(problem: Any) -> str:
    if problem["type"] == "missing":
        return _("Please fill this in.")
    if problem["type"] == "string_too_long":
        return _("Please keep this under {most} characters.").format(most=problem["ctx"]["max_length"])
    if problem["type"] == OUT_OF_REACH:
        return _("Pick a day between {first} and {last}.").format(first=FIRST_YEAR, last=LAST_YEAR)
    return _("This does not look right.")


class About(BaseModel):
    """What a capture modal remembers between opening and submitting: where it began, and the message it is about."""

    captured_in: SlackId | None = None
    origin: Origin | None = None

    @classmethod
    def read(cls, private_metadata: str) -> Self:
        """What the modal was opened with; anything unreadable counts as nothing."""
        try:
            return cls.model_validate_json(private_metadata or "{}")
        except ValidationError:
            return cls()

    def write(self) -> str:
        """The form Slack keeps."""
        return self.model_dump_json(exclude_none=True)


class DayForm(Form, asked_by=(ids.PLAN_LEAD, ids.SNOOZE_TO)):
    """A modal that asks for one day."""

    day: date


class UploadedFile(BaseModel):
    """A file in a modal, as Slack tells of it; its size is in bytes."""

    model_config = ConfigDict(extra="ignore")

    id: SlackId
    name: str = "file.csv"
    size: int = 0


def words_after(body: Mapping[str, Any]) -> str:
    """What was typed after a command, as somebody would read it."""
    return plain_words(str(body.get("text") or "")).strip()


def plain_words(text: str, names: Mapping[str, str] | None = None) -> str:
    """A message as Slack stores it, as somebody would read it: links by their label, people by `names` (by Slack id) or Slack's label.

    Of a very long one only the beginning is read.
    """
    text = text[:LONGEST_STORED]
    if "<" not in text and "&" not in text:
        return text
    spoken = A_MENTION.sub(lambda found: _mention(found, names or {}), text)
    spoken = A_LABEL.sub(lambda found: found[2], spoken)
    spoken = A_LINK.sub(lambda found: found[1], spoken)
    return spoken.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _mention(found: re.Match[str], names: Mapping[str, str]) -> str:
    sign = "#" if found[1] == "#" else "@"
    return sign + (names.get(found[2]) or found[3] or found[2]).lstrip("@#")
