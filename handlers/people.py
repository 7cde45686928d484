"""What Slack tells of people: who joined or changed, who is in which group, and that the app was removed."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from domain.people import Actor, Profile
from domain.usecases.people import PeopleDesk


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.event("team_join")(learn_member)
    app.event("user_change")(learn_member)
    app.event("subteam_members_changed")(follow_group)
    app.event("subteam_updated")(follow_group)
    app.event("app_uninstalled")(forget_installation)
    app.event("tokens_revoked")(forget_installation)
    app.event("app_mention")(hint_at_commands)


def profile_of(user: dict[str, Any], workspace_id: str) -> Profile:
    """What Slack's user object says of somebody; whoever belongs to another workspace is external."""
    profile = user.get("profile") or {}
    return Profile(
        slack_id=user["id"],
        name=profile.get("real_name")
        or user.get("real_name")
        or profile.get("display_name")
        or user.get("name")
        or user["id"],
        zone=user.get("tz") or "UTC",
        locale=user.get("locale") or "en-US",
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_external=bool(user.get("is_stranger")) or user.get("team_id", workspace_id) != workspace_id,
        is_deleted=bool(user.get("deleted")),
    )


async def learn_member(event: dict[str, Any], workspace_id: str, people: PeopleDesk) -> None:
    """Keep what changed about somebody."""
    await people.learn(workspace_id, profile_of(event["user"], workspace_id))


async def follow_group(event: dict[str, Any], workspace_id: str, people: PeopleDesk) -> None:
    """Keep who joined or left a user group that has a role."""
    if "subteam" in event:
        await people.follow_group(workspace_id, event["subteam"]["id"], event["subteam"].get("users") or [])
    else:
        await people.change_group(
            workspace_id, event["subteam_id"], event.get("added_users") or [], event.get("removed_users") or []
        )


async def forget_installation(event: dict[str, Any], workspace_id: str, people: PeopleDesk) -> None:
    """The app was removed from the workspace, or its bot token was revoked."""
    if event["type"] == "app_uninstalled" or (event.get("tokens") or {}).get("bot"):
        await people.uninstall(workspace_id)


async def hint_at_commands(actor: Actor | None, people: PeopleDesk) -> None:
    """Somebody mentioned the bot as if it could read."""
    if actor:
        await people.hint(actor)
