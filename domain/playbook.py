"""The process as data: what `playbook/*.toml` may say, and the refusals in words when it says something wrong."""

import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
Title = Annotated[str, Field(min_length=1, max_length=75)]  # Slack cuts an option's text at 75 characters


class Strict(BaseModel):
    """Base of all parts of a playbook: a misspelt key is an error, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


class SalesPlaybook(Strict):
    """`playbook/sales.toml`: how leads are captured, screened and followed up."""

    channels: dict[Id, Channel] = Field(min_length=1, max_length=100)
    screening: tuple[Criterion, ...] = Field(min_length=1, max_length=20)
    bands: tuple[Band, ...] = Field(min_length=1, max_length=10)
    unscreened: Pace
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

    def channel_named(self, word: str) -> str | None:
        """The id of the channel a person means by `word` (its id, title or one of its words), or None."""
        wanted = word.strip().casefold()
        for channel_id, channel in self.channels.items():
            if wanted in {channel_id, channel.title.casefold(), *(w.casefold() for w in channel.words)}:
                return channel_id
        return None

    def channel_title(self, channel_id: str) -> str:
        """How people read a channel; one that a newer playbook dropped is shown by its id."""
        return self.channels[channel_id].title if channel_id in self.channels else channel_id

    def reason_title(self, reason_id: str) -> str:
        """How people read a reason for disqualification; one that is no longer listed is shown by its id."""
        return self.disqualification.get(reason_id, reason_id)

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


class PlaybookRefused(Exception):
    """A playbook file that cannot be used; `problems` are sentences, each with the key it is about."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        super().__init__(f"{path} cannot be used:\n" + "\n".join(f"  {problem}" for problem in problems))
        self.path, self.problems = path, problems


def load_sales(path: Path) -> SalesPlaybook:
    """Read `sales.toml`.

    Raises PlaybookRefused, in words, when the file is missing, is no TOML, or says something that cannot be.
    """
    try:
        with path.open("rb") as file:
            return SalesPlaybook.model_validate(tomllib.load(file))
    except OSError as error:
        raise PlaybookRefused(path, [f"the file cannot be read: {error.strerror}"]) from error
    except tomllib.TOMLDecodeError as error:
        raise PlaybookRefused(path, [f"this is not TOML: {error}"]) from error
    except ValidationError as error:
        raise PlaybookRefused(path, [_in_words(problem) for problem in error.errors()]) from error


def _in_words(problem: object) -> str:
    assert isinstance(problem, dict)
    place = ".".join(str(part) for part in problem["loc"]) or "the whole file"
    if problem["type"] == "extra_forbidden":
        return f"{place}: there is no such key; is it misspelt?"
    if problem["type"] == "missing":
        return f"{place}: this key is missing"
    return f"{place}: {problem['msg'].removeprefix('Value error, ')}"
