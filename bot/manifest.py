"""The Slack app's manifest, made from the same ids the code listens to."""

from typing import Any

from views import ids

SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "pins:write",
    "usergroups:read",
    "users:read",
    "users:read.email",
)
"""What Rainmaker may do: write, take and hand back files, read people and groups, make and archive channels of deals and pin cards in
them, and read channels' history to find a message whose sending was cut short."""
OPTIONAL_SCOPES = ("users:read.email",)
"""Of these, what whoever installs it may refuse: without e-mail addresses, files name owners by handle or name."""

EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "group_archive",
    "group_deleted",
    "group_unarchive",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "subteam_members_changed",
    "subteam_updated",
    "team_join",
    "tokens_revoked",
    "user_change",
)


def manifest(url: str | None = None) -> dict[str, Any]:
    """The manifest for Socket Mode, or for HTTP where `url` is the bot's public address, such as `https://rain.example.com`."""
    events_url = {"request_url": f"{url}/slack/events"} if url else {}
    settings: dict[str, Any] = {
        "event_subscriptions": events_url | {"bot_events": list(EVENTS)},
        "interactivity": {"is_enabled": True} | events_url,
        "org_deploy_enabled": False,
        "socket_mode_enabled": url is None,
        "token_rotation_enabled": False,
    }
    redirect = {"redirect_urls": [f"{url}/slack/oauth_redirect"]} if url else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Rainmaker",
            "description": "From the first mention of a lead to the yearly call to a past client",
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Rainmaker", "always_online": True},
            "slash_commands": [
                {"command": c.name, "description": c.description, "should_escape": True}
                | ({"usage_hint": c.usage} if c.usage else {})
                | ({"url": f"{url}/slack/events"} if url else {})
                for c in ids.commands()
            ],
            "shortcuts": [
                {"name": s.name, "type": s.kind, "callback_id": s.callback_id, "description": s.description}
                for s in ids.shortcuts()
            ],
        },
        "oauth_config": redirect | {"scopes": {"bot": list(SCOPES), "bot_optional": list(OPTIONAL_SCOPES)}},
        "settings": settings,
    }
