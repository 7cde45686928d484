"""What a message in Slack says, in plain words: wherever in it they are, and with people by their names."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from domain.core.people import Actor
from handlers.forms import plain_words
from usecases.core.people import PeopleDesk
from views.kit import escape

A_PERSON = re.compile(r"<@([A-Z][A-Z0-9]{1,31})")

Json = Mapping[str, Any]


async def message_words(message: Json, people: PeopleDesk, actor: Actor) -> str:
    """A message as somebody would read it: its text, or what its blocks show instead, and what is attached."""
    return await spoken(text_of(message), people, actor)


async def spoken(text: str, people: PeopleDesk, actor: Actor) -> str:
    """Text as Slack stores it, as somebody would read it."""
    mentioned = A_PERSON.findall(text)
    return plain_words(text, await people.names(actor.workspace_id, mentioned) if mentioned else {}).strip()


def text_of(message: Json) -> str:
    """All words of a message, as Slack stores them; of what people write, the blocks say the same as the text."""
    blocks = [block for block in _all(message, "blocks") if block.get("type") != "rich_text"]
    shown = _text_of_blocks(blocks)
    own = shown or str(message.get("text") or "") or _text_of_blocks(_all(message, "blocks"))
    attached = [_text_of_attachment(part) for part in _all(message, "attachments") if not _is_unfurled(part)]
    return _lines([own, *attached])


def _is_unfurled(attachment: Json) -> bool:
    """Whether Slack added it for a link; what somebody shares says something itself."""
    return bool(attachment.get("from_url")) and not (attachment.get("is_share") or attachment.get("is_msg_unfurl"))


def _text_of_attachment(attachment: Json) -> str:
    fields = [_lines([field.get("title"), field.get("value")]) for field in _all(attachment, "fields")]
    said = [attachment.get("pretext"), attachment.get("title"), attachment.get("text"), *fields]
    return _lines([*said, _text_of_blocks(_all(attachment, "blocks"))]) or _lines([attachment.get("fallback")])


def _text_of_blocks(blocks: list[Json]) -> str:
    return _lines([_text_of_block(block) for block in blocks])


def _text_of_block(block: Json) -> str:
    if block.get("type") == "rich_text":
        return _lines(["".join(_rich(part)) for part in _all(block, "elements")])
    if block.get("type") == "markdown":
        return _lines([block.get("text")])
    in_line = _all(block, "elements") if block.get("type") == "context" else []
    texts = [block.get("text"), *_all(block, "fields"), *in_line]
    return _lines([_marked_up(text) for text in texts if isinstance(text, Mapping)])


def _marked_up(text: Json) -> Any:
    """The words of a text object, escaped as those of markup are."""
    return escape(text.get("text") or "") if text.get("type") == "plain_text" else text.get("text")


def _rich(element: Json) -> Iterator[str]:
    """The words of a part of rich text; a list has its entries on lines of their own."""
    kind = element.get("type")
    if kind == "user":
        yield f"<@{element.get('user_id')}>"
    elif kind == "link":
        yield escape(element.get("text") or element.get("url") or "")
    elif isinstance(element.get("text"), str):
        yield escape(element["text"])
    for part in _all(element, "elements"):
        yield from _rich(part)
        if kind == "rich_text_list":
            yield "\n"


def _all(holder: Json, name: str) -> list[Json]:
    found = holder.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _lines(parts: list[Any]) -> str:
    return "\n".join(part.strip() for part in parts if isinstance(part, str) and part.strip())
