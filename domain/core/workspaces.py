"""One Slack workspace that Rainmaker is installed in, and what its admin set for all."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """An installation. `bot_token` is a secret: never logged, never shown."""

    workspace_id: str
    """Slack's team id."""
    name: str
    bot_token: str
    bot_user_id: str
    bot_id: str = ""
    enterprise_id: str | None = None
    installed_by: str | None = None
    installed_at: datetime
    leads_channel: str | None = None
    """Where the cards of new leads are shown; without it, where they were captured."""
    country: str = "GB"
    """ISO 3166 code of the public holidays members have unless they say otherwise."""
    region: str | None = None
    """The part of the country, where its parts have holidays of their own."""

    def __repr__(self) -> str:
        return f"Workspace({self.workspace_id!r}, {self.name!r})"
