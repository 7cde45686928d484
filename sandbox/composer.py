"""What Slack's message box makes of what a person types: escapes, mentions, channel links, bare URLs."""

import re
from collections.abc import Callable

from sandbox.model import Team

TOKEN = re.compile(
    r"(?P<slack><(?:@|#|!|https?:|mailto:)[^<>\n]*>)"
    r"|(?P<entity>&(?:amp|lt|gt);)"
    r"|(?P<url>https?://[^\s<>|]+[^\s<>|.,;:!?)\]])"
    r"|(?P<person>(?<!\w)@[\w.-]*\w)"
    r"|(?P<channel>(?<!\w)#[\w-]+)"
    r"|(?P<special>[&<>])"
)
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
BROADCASTS = ("here", "channel", "everyone")


def composed(team: Team, text: str) -> str:
    """`text` as Slack would store it; what is in Slack's notation already stays as it is."""
    return _linked(team, text, person_link)


def escaped_command_text(team: Team, text: str) -> str:
    """A command's text when the manifest sets should_escape: as a message's, but that people come with their names."""
    return _linked(team, text, named_person_link)


def _linked(team: Team, text: str, link_person: Callable[[Team, str], str | None]) -> str:
    def token(match: re.Match[str]) -> str:
        found = match.group()
        match match.lastgroup:
            case "special":
                return ESCAPES[found]
            case "url":
                return f"<{found.replace('&', '&amp;')}>"
            case "person":
                return link_person(team, found[1:]) or found
            case "channel":
                return channel_link(team, found[1:]) or found
        return found

    return TOKEN.sub(token, text)


def person_link(team: Team, name: str) -> str | None:
    if name in BROADCASTS:
        return f"<!{name}>"
    for group in team.user_groups.values():
        if group.handle == name:
            return f"<!subteam^{group.id}>"
    wanted = name.lower()
    for user in team.users.values():
        if wanted in (user.name.lower(), user.display_name.lower(), user.real_name.lower().replace(" ", ".")):
            return f"<@{user.id}>"
    return None


def named_person_link(team: Team, name: str) -> str | None:
    """A person's id with the name that was typed; groups and broadcasts stay as typed."""
    link = person_link(team, name)
    return f"{link[:-1]}|{name}>" if link and link.startswith("<@") else None


def channel_link(team: Team, name: str) -> str | None:
    for channel in team.channels.values():
        if channel.name == name and channel.kind in ("public", "private"):
            return f"<#{channel.id}|{name if channel.kind == 'public' else ''}>"
    return None
