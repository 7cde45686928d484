"""Rich text: the tree of sections, lists, quotes and preformatted parts, and the inline elements in them.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from sandbox.blockkit.composition import matching
from sandbox.blockkit.rules import Array, Boolean, Integer, OneOf, Rule, Shape, String, choice

STYLE = Shape(
    optional={
        name: Boolean()
        for name in (
            *("bold", "italic", "strike", "underline", "code"),
            *("highlight", "client_highlight", "unlink"),  # only mentions use these
        )
    }
)


def _inline(required: dict[str, Rule], **optional: Rule) -> Shape:
    return Shape(required=required, optional={"style": STYLE, **optional})


INLINE = OneOf(
    {
        "text": _inline({"text": String()}),
        "link": _inline({"url": String()}, text=String(least=0), unsafe=Boolean()),
        "emoji": _inline({"name": String()}, unicode=String(), skin_tone=Integer(1, 6), url=String()),
        "user": _inline({"user_id": String()}),
        "usergroup": _inline({"usergroup_id": String()}),
        "channel": _inline({"channel_id": String()}),
        "team": _inline({"team_id": String()}),
        "broadcast": _inline({"range": choice("here", "channel", "everyone")}),
        "color": _inline({"value": matching(r"#[0-9A-Fa-f]{3,8}", "a colour like #F405B3")}),
        "date": _inline({"timestamp": Integer(), "format": String()}, url=String(), fallback=String(least=0)),
    }
)

_BORDER = Integer(0, 1)
_SECTION = Shape(required={"elements": Array(INLINE)})

ELEMENTS = OneOf(
    {
        "rich_text_section": _SECTION,
        "rich_text_quote": _SECTION.allowing(border=_BORDER),
        "rich_text_preformatted": _SECTION.allowing(border=_BORDER, language=String()),
        "rich_text_list": Shape(
            required={
                "style": choice("bullet", "ordered"),
                "elements": Array(OneOf({"rich_text_section": _SECTION})),
            },
            optional={"indent": Integer(0, 8), "offset": Integer(0), "border": _BORDER},
        ),
    }
)

RICH_TEXT = Shape(
    required={"elements": Array(ELEMENTS, least=1)},
    optional={"block_id": String(255)},
)
