"""Bot tokens at rest: encrypted with a key that is kept outside the database."""

from collections.abc import Callable, Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

Keys = Callable[[], Sequence[str]]
"""Reads the keys of now; the first encrypts, each may decrypt."""

PLAIN = "xox"
"""How a token begins that was stored before there was a key."""


def no_keys() -> Sequence[str]:
    """Tokens are stored as they are."""
    return ()


class Tokens:
    """Encrypts tokens as they are stored and decrypts them as they are read; the keys are read again when none fits."""

    def __init__(self, keys: Keys = no_keys) -> None:
        self._keys = keys
        self._known: MultiFernet | None = None

    @property
    def are_sealed(self) -> bool:
        """Whether there is a key."""
        return self._fernet() is not None

    def seal(self, token: str) -> str:
        """The token as it is stored; no token stays none."""
        fernet = self._fernet()
        return fernet.encrypt(token.encode()).decode() if fernet and token else token

    def open(self, stored: str) -> str:
        """The token; one whose key is lost counts as none, so that the app is asked to be installed again."""
        if not stored or stored.startswith(PLAIN):
            return stored
        for fernet in (self._fernet(), self._fernet(is_anew=True)):
            try:
                return fernet.decrypt(stored).decode() if fernet else stored
            except InvalidToken:
                continue
        return ""

    def _fernet(self, *, is_anew: bool = False) -> MultiFernet | None:
        if self._known is None or is_anew:
            keys = self._keys()
            self._known = MultiFernet([Fernet(key) for key in keys]) if keys else None
        return self._known
