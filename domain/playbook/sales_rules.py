"""How leads are captured, screened and followed up, as `playbook/sales.toml` says it."""

from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.playbook.files import Id, Strict, Title, read_part, read_source
from domain.playbook.sales import SalesProcess


class Channel(Strict):
    """A way prospects come to the firm, and the words that name it in a one-line capture."""

    title: Title
    words: tuple[str, ...] = ()


class Answer(Strict):
    """One answer to a screening question; `worth` is the part of the criterion's weight it earns."""

    id: Id
    title: Title
    worth: float = Field(ge=0, le=1)


class Criterion(Strict):
    """One explicit screening criterion: a question, its weight, and the answers it takes; `title` names it in a word or two."""

    id: Id
    title: Title
    question: Annotated[str, Field(min_length=1, max_length=150)]
    weight: int = Field(ge=1, le=100)
    answers: tuple[Answer, ...] = Field(min_length=2, max_length=10)
    required: bool = True
    """Whether a lead has to have an answer before it goes on as a deal."""

    @model_validator(mode="after")
    def _answers_differ(self) -> Self:
        ids = [answer.id for answer in self.answers]
        if len(set(ids)) < len(ids):
            raise ValueError(f"criterion {self.id!r} has two answers with the same id")
        return self

    def answer(self, answer_id: str) -> Answer | None:
        """The answer with this id, or None."""
        return next((answer for answer in self.answers if answer.id == answer_id), None)


class Pace(Strict):
    """How soon somebody answers, in working hours, and how long until the next follow-up, in working days."""

    first_answer_hours: int = Field(ge=1, le=400)
    follow_up_days: int = Field(ge=1, le=260)
    warn_after: float = Field(default=0.75, gt=0, lt=1)
    """The part of the time for the first answer after which somebody is warned that there was none yet."""


class Band(Pace):
    """A range of scores that is treated alike; `from` is the lowest score (percent) that belongs to it."""

    id: Id
    title: Title
    lowest: int = Field(alias="from", ge=0, le=100)


class Tier(Strict):
    """How much an account matters to the firm, and after how many days its owner is asked whether the record is still right."""

    id: Id
    title: Title
    refresh_days: int = Field(ge=1, le=3650)


class AccountRules(Strict):
    """How accounts are looked after; `refresh_days` is for those without a tier."""

    refresh_days: int = Field(default=180, ge=1, le=3650)
    tiers: tuple[Tier, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _tiers_differ(self) -> Self:
        ids = [tier.id for tier in self.tiers]
        if len(set(ids)) < len(ids):
            raise ValueError("two tiers of accounts have the same id")
        return self


class HandOut(StrEnum):
    """How a new lead finds its owner. Values stand in playbooks: never renamed."""

    ROUND_ROBIN = "round_robin"
    CLAIM = "claim"


class AssignmentRule(Strict):
    """Says how some leads find their owner: those of the bands and channels it names, or of all where it names none."""

    title: Annotated[str, Field(min_length=1, max_length=150)]
    bands: tuple[Id, ...] = ()
    channels: tuple[Id, ...] = ()
    to: HandOut

    def holds_for(self, channel: str, band: str | None) -> bool:
        """Whether a lead from this channel in this band is meant; one nobody has screened is in none."""
        return (not self.channels or channel in self.channels) and (not self.bands or band in self.bands)


class SalesPlaybook(SalesProcess):
    """`playbook/sales.toml`: how leads are captured, screened and followed up, and the stages from there to a contract."""

    channels: dict[Id, Channel] = Field(min_length=1, max_length=100)
    screening: tuple[Criterion, ...] = Field(min_length=1, max_length=20)
    bands: tuple[Band, ...] = Field(min_length=1, max_length=10)
    unscreened: Pace
    assignment: tuple[AssignmentRule, ...] = Field(default=(), max_length=50)
    disqualification: dict[Id, Title] = Field(min_length=1, max_length=100)
    accounts: AccountRules = AccountRules()

    @model_validator(mode="after")
    def _criteria_differ(self) -> Self:
        ids = [criterion.id for criterion in self.screening]
        if len(set(ids)) < len(ids):
            raise ValueError("two screening criteria have the same id")
        return self

    @model_validator(mode="after")
    def _bands_cover_every_score(self) -> Self:
        lowest = [band.lowest for band in self.bands]
        if lowest != sorted(set(lowest), reverse=True) or lowest[-1] != 0:
            raise ValueError(
                "bands must stand best first, each with a lower `from` than the one before, the last from 0"
            )
        return self

    @model_validator(mode="after")
    def _words_name_one_channel(self) -> Self:
        seen: dict[str, str] = {}
        for channel_id, channel in self.channels.items():
            for word in channel.words:
                if seen.setdefault(word.casefold(), channel_id) != channel_id:
                    raise ValueError(f"the word {word!r} names both {seen[word.casefold()]!r} and {channel_id!r}")
        return self

    @model_validator(mode="after")
    def _rules_name_what_there_is(self) -> Self:
        bands = {band.id for band in self.bands}
        for rule in self.assignment:
            unknown = [*(set(rule.bands) - bands), *(set(rule.channels) - set(self.channels))]
            if unknown:
                raise ValueError(f"the rule {rule.title!r} names {unknown[0]!r}, which is no band or channel here")
        return self

    def channel_named(self, word: str) -> str | None:
        """The id of the channel a person means by `word` (its id, title or one of its words), or None."""
        return self.channels_by_word.get(word.strip().casefold())

    @cached_property
    def channels_by_word(self) -> dict[str, str]:
        """The id of the channel that a word means, in small letters; of several, the first."""
        return {
            word: channel_id
            for channel_id, channel in reversed(self.channels.items())
            for word in (channel_id, channel.title.casefold(), *(word.casefold() for word in channel.words))
        }

    def channel_title(self, channel_id: str) -> str:
        """How people read a channel; one that a newer playbook dropped is shown by its id."""
        return self.channels[channel_id].title if channel_id in self.channels else channel_id

    def reason_title(self, reason_id: str) -> str:
        """How people read a reason for disqualification; one that is no longer listed is shown by its id."""
        return self.disqualification.get(reason_id, reason_id)

    def rule_for(self, channel: str, band: str | None) -> AssignmentRule | None:
        """The first rule that says how such a lead finds its owner; where none does, somebody claims it."""
        return next((rule for rule in self.assignment if rule.holds_for(channel, band)), None)

    def band(self, band_id: str | None) -> Band | None:
        """The band with this id, or None."""
        return next((band for band in self.bands if band.id == band_id), None)

    def pace(self, band_id: str | None) -> Pace:
        """The time limits of a lead in this band, or of one not yet screened."""
        return self.band(band_id) or self.unscreened

    def tier(self, tier_id: str | None) -> Tier | None:
        """The tier with this id, or None."""
        return next((tier for tier in self.accounts.tiers if tier.id == tier_id), None)

    def tier_title(self, tier_id: str) -> str:
        """How people read a tier; one that is no longer listed is shown by its id."""
        tier = self.tier(tier_id)
        return tier.title if tier else tier_id

    def refresh_days(self, tier_id: str | None) -> int:
        """After how many days the owner of an account in this tier is asked whether the record is still right."""
        tier = self.tier(tier_id)
        return tier.refresh_days if tier else self.accounts.refresh_days


def load_sales(path: Path) -> SalesPlaybook:
    """Read `sales.toml` alone; whether it goes with the other files, `domain/playbook/playbook.py` checks.

    Raises PlaybookRefused, in words, when the file is missing, is no TOML, or says something that cannot be.
    """
    return read_part(read_source(path), SalesPlaybook)
