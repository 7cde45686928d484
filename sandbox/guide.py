"""A guide to the workspace: where somebody begins who opens the bare address, and what they may try there."""

import json
from pathlib import Path

from sandbox.firm import person_named
from sandbox.model import Json, Team
from sandbox.world import SlackError


def read_guide(path: Path | None) -> Json | None:
    """The guide of a file: `as` (a handle), `channel` (a name) and `tips`; None without a file."""
    return json.loads(path.read_text(encoding="utf-8")) if path else None


def beginner(guide: Json | None, team: Team) -> str | None:
    """Who one is at the bare address; None where the guide does not say, or they have left."""
    try:
        user = team.users[person_named(team, guide["as"])] if guide else None
    except SlackError:
        return None
    return user.id if user and not user.deleted else None


def guide_picture(guide: Json | None, team: Team) -> Json | None:
    """The guide as the page shows it, with ids for names. A tip whose person or channel is not there is left out."""
    if guide is None:
        return None
    channel = next((channel.id for channel in team.channels.values() if channel.name == guide["channel"]), None)
    people = {user.name: user.id for user in team.users.values() if not user.deleted}
    tips = [tip | {"act_as": people.get(tip["act_as"])} if "act_as" in tip else tip for tip in guide["tips"]]
    return {"channel": channel, "tips": [tip for tip in tips if tip.get("act_as", "") is not None]}
