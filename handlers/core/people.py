"""What Slack tells of people: who joined or changed, who is in which group, and that the app was removed."""

from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from domain.core.people import Actor, Profile
from domain.core.spelling import clean_name
from usecases.core.people import PeopleDesk

log = structlog.get_logger()


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.event("team_join")(learn_member)
    app.event("user_change")(learn_member)
    app.event("subteam_members_changed")(follow_group)
    app.event("subteam_updated")(follow_group)
    app.event("app_uninstalled")(forget_installation)
    app.event("tokens_revoked")(forget_installation)


def profile_of(user: dict[str, Any], workspace_id: str) -> Profile:
    """What Slack's user object says of somebody; whoever belongs to another workspace is external."""
    profile = user.get("profile") or {}
    return Profile(
        slack_id=user["id"],
        name=clean_name(profile.get("real_name"))
        or clean_name(user.get("real_name"))
        or clean_name(profile.get("display_name"))
        or clean_name(user.get("name"))
        or user["id"],
        handle=user.get("name") or None,
        display_name=profile.get("display_name") or None,
        email=profile.get("email") or None,
        zone=user.get("tz"),
        locale=user.get("locale"),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_external=bool(user.get("is_stranger")) or not is_of(user, workspace_id),
        is_deleted=bool(user.get("deleted")),
    )


def is_of(user: dict[str, Any], workspace_id: str) -> bool:
    """Whether Slack counts a user among a workspace's own; those of an Enterprise organisation are of several at once."""
    of_several = (user.get("enterprise_user") or {}).get("teams") or []
    return workspace_id in of_several or user.get("team_id", workspace_id) == workspace_id


async def meet(people: PeopleDesk, client: AsyncWebClient, workspace_id: str, user_id: str) -> Actor | None:
    """Who a user is; somebody met for the first time is looked up in Slack. None for one Slack does not tell of."""
    actor = await people.introduce(workspace_id, user_id)
    if actor:
        return actor
    try:
        found = await client.users_info(user=user_id, include_locale=True)
    except SlackApiError as refused:
        log.warning("a user cannot be looked up", user=user_id, error=refused.response.get("error"))
        return None
    await people.learn(workspace_id, profile_of(found["user"], workspace_id))
    return await people.introduce(workspace_id, user_id)


async def learn_member(event: dict[str, Any], workspace_id: str, people: PeopleDesk) -> None:
    """Keep what changed about somebody."""
    await people.learn(workspace_id, profile_of(event["user"], workspace_id))


async def follow_group(event: dict[str, Any], workspace_id: str, people: PeopleDesk) -> None:
    """Keep who joined or left a user group that has a role; nobody is in one that was disabled."""
    if group := event.get("subteam"):
        users = [] if group.get("date_delete") else group.get("users") or []
        await people.follow_group(workspace_id, group["id"], users)
    else:
        await people.change_group(
            workspace_id, event["subteam_id"], event.get("added_users") or [], event.get("removed_users") or []
        )


async def forget_installation(event: dict[str, Any], workspace_id: str, people: PeopleDesk) -> None:
    """The app was removed from the workspace, or its bot token was revoked."""
    if event["type"] == "app_uninstalled" or (event.get("tokens") or {}).get("bot"):
        await people.uninstall(workspace_id)
