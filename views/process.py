"""The process as people see it in Slack."""

from domain.language import _
from domain.process_versions import PlaybookVersion, differences
from views import kit
from views.kit import Block, Mrkdwn, say

MOST_DIFFERENCES = 20
"""Differences between two playbooks that a message says."""


def playbook_changed(old: PlaybookVersion, new: PlaybookVersion, sentence: Mrkdwn) -> list[Block]:
    """What the new playbook says otherwise, as a message."""
    found = differences(old.playbook, new.playbook)
    lines = [say("• {line}", line=kit.cut(line, 250)) for line in found[:MOST_DIFFERENCES]]
    rest = len(found) - len(lines)
    if rest > 0:
        lines.append(say(_("and {rest} more"), rest=rest))
    versions = say(_("Version {new}, before {old}"), new=new.digest[:12], old=old.digest[:12])
    return [kit.section(sentence), kit.section(Mrkdwn("\n".join(lines))), kit.context(versions)]
