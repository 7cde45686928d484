"""Where the words of a message are, and how they read."""

from typing import Any

import pytest

from handlers.forms import plain_words
from handlers.spoken import text_of

RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "5 < 6, says "},
                {"type": "user", "user_id": "U0BEN"},
                {"type": "link", "url": "https://a.example"},
            ],
        },
        {
            "type": "rich_text_list",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": word}]} for word in ("one", "two")
            ],
        },
    ],
}
FORM = [
    {"type": "header", "text": {"type": "plain_text", "text": "New enquiry <web>"}},
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "from <https://acme.example|Acme>"},
        "fields": [{"type": "mrkdwn", "text": "*Budget*\n85 k"}],
    },
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "by Forms"}, {"type": "image", "alt_text": "x"}]},
    {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Open"}}]},
    {"type": "divider"},
]
READ = "New enquiry <web>\nfrom Acme\n*Budget*\n85 k\nby Forms"


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"text": "hello"}, "hello"),
        ({"text": "5 &lt; 6", "blocks": [RICH]}, "5 < 6"),
        ({"text": "", "blocks": [RICH]}, "5 < 6, says @Ben Hugheshttps://a.example\none\ntwo"),
        ({"text": "New form", "blocks": FORM}, READ),
        ({"blocks": FORM}, READ),
        (
            {
                "text": "",
                "attachments": [
                    {"fallback": "x", "title": "Enquiry", "fields": [{"title": "Company", "value": "Acme &amp; Sons"}]},
                    {"fallback": "only this"},
                    {"blocks": [{"type": "markdown", "text": "**hi**"}]},
                ],
            },
            "Enquiry\nCompany\nAcme & Sons\nonly this\n**hi**",
        ),
        (
            {
                "text": "see this",
                "attachments": [
                    {"from_url": "https://a.example", "title": "Unfurled"},
                    {"from_url": "https://slack.example", "is_share": True, "text": "what they wrote"},
                ],
            },
            "see this\nwhat they wrote",
        ),
        ({"text": None, "blocks": "x", "attachments": [None, {"fields": [1], "blocks": [{"text": 3}]}]}, ""),
    ],
)
def test_words_are_read_wherever_a_message_has_them(message: dict[str, Any], words: str) -> None:
    assert plain_words(text_of(message), {"U0BEN": "Ben Hughes"}) == words
