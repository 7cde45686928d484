"""Reads what Slack sends into typed forms: a block's id is the form's field name, so a refusal finds its way back under the field.

Here is what all forms share; a noun's forms are in its handler file.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Self, Unpack

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from domain.core.language import _
from domain.core.refusals import FormRefused, NotFound
from domain.sales.leads import Origin
from views import ids

LONGEST_ID = 18
"""Digits of a record's id that still fit the database."""

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

    @classmethod
    def read(cls, view: Mapping[str, Any]) -> Self:
        """The form as entered.

        Raises FormRefused with a sentence for each field that is wrong.
        """
        try:
            return cls.model_validate(values_of(view))
        except ValidationError as error:
            raise FormRefused({str(problem["loc"][0]): _in_words(problem) for problem in error.errors()}) from error


def _in_words(problem: Any) -> str:
    if problem["type"] == "missing":
        return _("Please fill this in.")
    if problem["type"] == "string_too_long":
        return _("Please keep this under {most} characters.").format(most=problem["ctx"]["max_length"])
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
    """A message as Slack stores it, as somebody would read it: links by their label, people by `names` (by Slack id) or Slack's label."""
    if "<" not in text and "&" not in text:
        return text
    spoken = re.sub(r"<([@#!])([^|>]*)(?:\|([^>]*))?>", lambda found: _mention(found, names or {}), text)
    spoken = re.sub(r"<(?:mailto:|tel:)?([^|>]+)\|([^>]*)>", lambda found: found[2], spoken)
    spoken = re.sub(r"<(?:mailto:|tel:)?([^>]+)>", lambda found: found[1], spoken)
    return spoken.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _mention(found: re.Match[str], names: Mapping[str, str]) -> str:
    sign = "#" if found[1] == "#" else "@"
    return sign + (names.get(found[2]) or found[3] or found[2]).lstrip("@#")
