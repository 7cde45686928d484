"""The keys that encrypt bot tokens: from a setting, or in a file made beside a SQLite database."""

import os
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url

from bot.settings import Settings
from storage.core.tokens import Tokens

PRIVATE = 0o600


def tokens_of(settings: Settings) -> Tokens:
    """What encrypts tokens by these settings; without a key, as on PostgreSQL where none is set, they are stored as they are."""
    if settings.rainmaker_token_keys:
        return Tokens(partial(_split, settings.rainmaker_token_keys.get_secret_value()))
    path = key_file(settings)
    return Tokens(partial(_made, path)) if path else Tokens()


def key_file(settings: Settings) -> Path | None:
    """Where the keys are kept that no setting names; None on PostgreSQL, which several machines share."""
    url = make_url(settings.rainmaker_database_url)
    return Path(f"{url.database}.key") if url.get_backend_name() == "sqlite" and url.database else None


def add_key(path: Path) -> None:
    """Put a new key first; those there are still decrypt."""
    write_private(path, "\n".join([Fernet.generate_key().decode(), *_made(path)]).encode())


def drop_old_keys(path: Path) -> None:
    """Keep the first key alone."""
    write_private(path, _made(path)[0].encode())


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, in one go. Raises OSError."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    beside.replace(path)


def _split(keys: str) -> Sequence[str]:
    return [key.strip() for key in keys.split(",")]


def _made(path: Path) -> Sequence[str]:
    """The keys in a file, which is made with one if there is none; of two processes that make it, one does."""
    with suppress(FileExistsError):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key())
    return path.read_text().split()
