"""All settings, from the environment or `.env`; each is explained in `.env.example`."""

from pathlib import Path
from typing import Literal

from cryptography.fernet import Fernet
from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).parent.parent


class SettingsRefused(Exception):
    """A setting is missing or wrong; the sentences say which and what to do. Never shows a value: it may be a secret."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """What Rainmaker is told from outside."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", hide_input_in_errors=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_api_url: HttpUrl = HttpUrl("https://slack.com/api/")

    rainmaker_database_url: str = "sqlite:///var/rainmaker.db"
    rainmaker_token_keys: SecretStr | None = None
    rainmaker_playbook: Path = ROOT / "playbook"
    rainmaker_host: str = "127.0.0.1"
    rainmaker_port: int = Field(default=3000, ge=0, le=65535)
    rainmaker_first_admin: str | None = Field(default=None, pattern=r"^[UW][A-Z0-9]{2,20}$")
    rainmaker_country: str = Field(default="GB", pattern=r"^[A-Z]{2}$")
    rainmaker_clock_url: HttpUrl | None = None
    rainmaker_log: Literal["plain", "json"] = "plain"
    rainmaker_log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("slack_bot_token")
    @classmethod
    def _is_bot_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token and not token.get_secret_value().startswith(("xoxb-", "xoxe.xoxb-")):
            raise ValueError("a bot token starts with xoxb-")
        return token

    @field_validator("slack_app_token")
    @classmethod
    def _is_app_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token and not token.get_secret_value().startswith("xapp-"):
            raise ValueError("an app-level token starts with xapp-")
        return token

    @field_validator("rainmaker_token_keys")
    @classmethod
    def _are_keys(cls, keys: SecretStr | None) -> SecretStr | None:
        try:
            for key in keys.get_secret_value().split(",") if keys else ():
                Fernet(key.strip())
        except ValueError:
            raise ValueError("use keys that `rainmaker tokens key` prints, the newest first") from None
        return keys

    @field_validator("rainmaker_database_url")
    @classmethod
    def _is_database(cls, url: str) -> str:
        try:
            kind = make_url(url).get_backend_name()
        except ArgumentError:
            kind = ""
        if kind not in {"sqlite", "postgresql"}:
            raise ValueError("use sqlite:///path/to/file.db or postgresql://user@host/name")
        return url

    @property
    def is_installable(self) -> bool:
        """Whether workspaces can install Rainmaker themselves (OAuth)."""
        return bool(self.slack_client_id and self.slack_client_secret)


def read_settings(**overrides: object) -> Settings:
    """The settings of this process.

    Raises SettingsRefused when one is wrong.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsRefused([_in_words(problem) for problem in error.errors()]) from error


def require_slack(settings: Settings, *, http: bool) -> None:
    """Refuse to start without what Slack needs.

    Raises SettingsRefused naming every setting that is missing.
    """
    missing = []
    if not settings.slack_bot_token and not settings.is_installable:
        missing.append(
            "SLACK_BOT_TOKEN is not set: copy the Bot User OAuth Token from your app's OAuth & Permissions page."
        )
    if http and not settings.slack_signing_secret:
        missing.append(
            "SLACK_SIGNING_SECRET is not set: copy the Signing Secret from your app's Basic Information page."
        )
    if not http and not settings.slack_app_token:
        missing.append(
            "SLACK_APP_TOKEN is not set: make an app-level token with connections:write on your app's Basic Information page."
        )
    if missing:
        raise SettingsRefused(missing)


def _in_words(problem: object) -> str:
    assert isinstance(problem, dict)
    name = str(problem["loc"][0]).upper() if problem["loc"] else "the settings"
    return f"{name} cannot be used: {problem['msg'].removeprefix('Value error, ')}."
