"""How tall messages are: where two buttons do, one is read at a glance.

Heights are those of the sandbox's stylesheets; `tests/browser/test_message_heights.py` measures them where there is a browser.
"""

import math
import re
from typing import Any

import pytest

from domain.core.reminders import reminding
from domain.sales.accounts import AccountRefreshDue
from domain.sales.deals import DealStageOver
from domain.sales.leads import LeadAssigned, LeadGiven
from tests.firm import PLAYBOOK
from tests.views.facts import SAMPLES
from tests.views.samples import FACTS
from views.messages import compose

MOST = 150
"""Pixels, with everything around a message."""
AROUND, LINE, ROW, SMALL, BETWEEN = 36, 22, 34, 19, 8
IN_A_LINE = 115
"""Characters beside the sidebar of a window of 1,280 pixels."""
ASK_MORE = {DealStageOver, AccountRefreshDue}
"""What they ask cannot be answered without reading what a gate misses, or what a record says."""
AT_A_GLANCE = sorted(cls.__name__ for cls in {*reminding().values(), LeadAssigned, LeadGiven} - ASK_MORE)


def lines_of(text: str) -> int:
    """How many lines a text takes, with its dates and mentions as they are shown."""
    shown = re.sub(r"<[^|>]*\|([^>]*)>|<@[^>]*>", lambda found: found[1] or "@Somebody Else", text)
    return sum(max(1, math.ceil(len(line) / IN_A_LINE)) for line in shown.splitlines())


def height_of(block: dict[str, Any]) -> int:
    """How tall a block is."""
    if block["type"] == "section":
        return BETWEEN + max(LINE * lines_of(block["text"]["text"]), ROW if "accessory" in block else 0)
    if block["type"] == "context":
        return BETWEEN + SMALL * lines_of("  ".join(element["text"] for element in block["elements"]))
    return BETWEEN + ROW


@pytest.mark.parametrize("kind", AT_A_GLANCE)
def test_where_two_buttons_do_a_message_is_short(kind: str) -> None:
    blocks = compose(kind, FACTS[kind](SAMPLES[0]), PLAYBOOK)["blocks"]
    assert AROUND + sum(map(height_of, blocks)) - BETWEEN <= MOST, [height_of(block) for block in blocks]
