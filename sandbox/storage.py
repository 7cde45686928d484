"""Keeps the whole workspace in one JSON file, written atomically, with the bytes of uploaded files beside it."""

import asyncio
import contextlib
import dataclasses
import json
import logging
import os
import types
import typing
from pathlib import Path
from typing import Any

from sandbox.model import Credentials, Json, ResponseUrl, Team
from sandbox.world import World

log = logging.getLogger(__name__)
PAUSE = 0.5  # seconds between two writes, so that a burst costs one


class Blobs:
    """The bytes of files: in memory, or in a folder when the workspace is kept."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._kept: dict[str, bytes] = {}
        self._tickets: dict[str, tuple[str, str]] = {}

    def expect(self, team: str, file: str, ticket: str) -> str:
        """Remember that an upload with this ticket is meant for this file."""
        self._tickets[ticket] = (team, file)
        return ticket

    def redeem(self, ticket: str) -> tuple[str, str] | None:
        return self._tickets.get(ticket)

    def put(self, team: str, file: str, content: bytes) -> None:
        if self._folder is None:
            self._kept[f"{team}-{file}"] = content
        else:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"{team}-{file}").write_bytes(content)

    def get(self, team: str, file: str) -> bytes | None:
        if self._folder is None:
            return self._kept.get(f"{team}-{file}")
        path = self._folder / f"{team}-{file}"
        return path.read_bytes() if path.exists() else None

    def drop(self, team: str, file: str) -> None:
        self._kept.pop(f"{team}-{file}", None)
        if self._folder is not None:
            (self._folder / f"{team}-{file}").unlink(missing_ok=True)


class Keeper:
    """Writes the world to its file soon after each change, and reads it back at the start."""

    def __init__(self, world: World, path: Path) -> None:
        self._world = world
        self._path = path
        self._touched = asyncio.Event()

    def touch(self) -> None:
        self._touched.set()

    def load(self) -> bool:
        """Fill the world from the file; False when there is none yet."""
        if not self._path.exists():
            return False
        kept = json.loads(self._path.read_text(encoding="utf-8"))
        world = self._world
        world.credentials = revive(Credentials, kept["credentials"])
        world.teams = {key: revive(Team, team) for key, team in kept["teams"].items()}
        world.response_urls = {key: revive(ResponseUrl, url) for key, url in kept["response_urls"].items()}
        world.clock.offset, world.clock.frozen_at = kept["clock"]["offset"], kept["clock"]["frozen_at"]
        return True

    def save(self) -> None:
        world = self._world
        kept: Json = {
            "credentials": dataclasses.asdict(world.credentials),
            "clock": {"offset": world.clock.offset, "frozen_at": world.clock.frozen_at},
            "response_urls": {key: dataclasses.asdict(url) for key, url in world.response_urls.items()},
            "teams": {key: dataclasses.asdict(team) for key, team in world.teams.items()},
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(self._path.suffix + ".new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(kept, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)

    async def run(self) -> None:
        """Write after changes until cancelled; what is not written yet then is written last."""
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                await self._touched.wait()
                self._touched.clear()
                self.save()
                await asyncio.sleep(PAUSE)
        self.save()


def revive(kind: Any, value: Any) -> Any:
    """Make records of `kind` from plain JSON, following the type annotations; keys no longer known are left out."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        return kind(**{key: revive(hints[key], item) for key, item in value.items() if key in hints})
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        return None if value is None else revive(next(one for one in inner if one is not type(None)), value)
    if origin is dict and isinstance(value, dict):
        return {key: revive(inner[1], item) for key, item in value.items()}
    if origin is list and isinstance(value, list):
        return [revive(inner[0], item) for item in value]
    return value
