"""Rules of the playbook for channels of deals: which deals have one, what it is called, who is asked in, and what becomes of it."""

import re

from pydantic import Field, field_validator

from domain.core.people import Role
from domain.playbook.conditions import SizeConditions
from domain.playbook.files import Id, Strict

BLANKS = ("{number}", "{company}")
"""What a pattern may leave open."""
LONGEST_PATTERN = 60
PLAIN = re.compile(r"[a-z0-9_-]*")


class ChannelRule(Strict):
    """Deals that stand at the stage `from_stage` or behind it, and of which `when` holds, have a channel of their own.

    `name` leaves open the deal's number and company; `invite` are roles whose members are asked in, beside the deal's owner.
    """

    from_stage: Id | None = None
    when: SizeConditions = SizeConditions()
    name: str = Field(default="deal-{number}-{company}", max_length=LONGEST_PATTERN)
    is_private: bool = Field(default=False, alias="private")
    invite: tuple[Role, ...] = ()
    archives: bool = Field(default=True, alias="archive_at_end")

    @field_validator("name")
    @classmethod
    def _is_a_name(cls, name: str) -> str:
        if "{number}" not in name:
            raise ValueError(f"{name!r} would be the name of several channels: {{number}} must be in it")
        rest = name
        for blank in BLANKS:
            rest = rest.replace(blank, "")
        if not PLAIN.fullmatch(rest):
            raise ValueError(
                f"{name!r} is no name for a channel: beside {' and '.join(BLANKS)} it may have small letters, digits, - and _"
            )
        return name

    @field_validator("invite")
    @classmethod
    def _are_roles_somebody_is_given(cls, invite: tuple[Role, ...]) -> tuple[Role, ...]:
        if Role.COLLEAGUE in invite:
            raise ValueError("everybody is a colleague; name those who are needed")
        return invite

    def covers(self, other: "ChannelRule", order: list[str]) -> bool:
        """Whether it holds wherever `other` does; `order` are the stages."""
        begins, others = (order.index(rule.from_stage) if rule.from_stage in order else 0 for rule in (self, other))
        return begins <= others and self.when.cover(other.when)
