"""api.test, auth.*, apps.*, oauth.*, team.*, bots.* and blocks.validate: the app asking about itself."""

import copy

from sandbox import installs
from sandbox.blocks import check
from sandbox.model import Json
from sandbox.web_api.call import Call, missing
from sandbox.web_api.registry import method
from sandbox.world import SlackError, bot_of


@method("api.test", tier=4, auth=False)
def api_test(call: Call) -> Json:
    if call.args.get("error"):
        raise SlackError(call.text("error"), args=copy.copy(call.args))
    return {"args": call.args}


@method("auth.test", tier=0)
def auth_test(call: Call) -> Json:
    return {
        "url": f"{call.world.base_url}/",
        "team": call.team.name,
        "user": call.bot.name,
        "team_id": call.team.id,
        "user_id": call.bot.id,
        "bot_id": call.installation.bot_id,
        "is_enterprise_install": False,
    }


@method("auth.revoke", tier=3)
def auth_revoke(call: Call) -> Json:
    if not call.flag("test"):
        installs.revoke(call.world, call.team)
    return {"revoked": not call.flag("test")}


@method("auth.teams.list", tier=2)
def auth_teams_list(call: Call) -> Json:
    return {"teams": [{"id": call.team.id, "name": call.team.name}], "response_metadata": {"next_cursor": ""}}


@method("apps.connections.open", tier=1, auth=False)
def open_connection(call: Call) -> Json:
    if not call.token:
        raise SlackError("not_authed")
    if call.token != call.world.credentials.app_token:
        wrong_kind = call.world.team_with_token(call.token) is not None
        raise SlackError("not_allowed_token_type" if wrong_kind else "invalid_auth")
    return {"url": call.new_socket_url()}


@method("apps.uninstall", tier=1)
def uninstall(call: Call) -> Json:
    check_client(call, call.text("client_id"), call.text("client_secret"))
    installs.uninstall(call.world, call.team)
    return {}


@method("oauth.v2.access", tier=4, auth=False)
def oauth_access(call: Call) -> Json:
    client_id, secret = call.client
    check_client(call, client_id or call.text("client_id", ""), secret or call.text("client_secret", ""))
    if not call.args.get("code"):
        raise missing("code")
    grant = call.oauth.exchange(call.text("code"), call.text("redirect_uri", ""))
    team = call.world.teams[grant.team]
    installed = installs.install(call.world, team, grant.user, grant.scopes)
    return {
        "app_id": call.world.credentials.app_id,
        "authed_user": {"id": grant.user},
        "scope": ",".join(installed.scopes),
        "token_type": "bot",
        "access_token": installed.bot_token,
        "bot_user_id": installed.bot_user,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def check_client(call: Call, client_id: str, secret: str) -> None:
    known = call.world.credentials
    if client_id != known.client_id:
        raise SlackError("invalid_client_id")
    if secret != known.client_secret:
        raise SlackError("bad_client_secret")


@method("team.info", scope="team:read", tier=3)
def team_info(call: Call) -> Json:
    team = call.team
    shape: Json = {
        "id": team.id,
        "name": team.name,
        "domain": team.domain,
        "url": f"{call.world.base_url}/",
        "email_domain": f"{team.domain}.example",
        "icon": {"image_default": True},
    }
    return {"team": shape}


@method("bots.info", scope="users:read", tier=3)
def bots_info(call: Call) -> Json:
    if call.text("bot", call.installation.bot_id) != call.installation.bot_id:
        raise SlackError("bot_not_found")
    bot = bot_of(call.team)
    shape: Json = {
        "id": call.installation.bot_id,
        "deleted": bot.deleted,
        "name": call.world.manifest.bot_name,
        "updated": int(bot.updated),
        "app_id": call.world.credentials.app_id,
        "user_id": bot.id,
        "icons": {},
    }
    return {"bot": shape}


@method("blocks.validate", tier=4)
def blocks_validate(call: Call) -> Json:
    view, message = call.args.get("view"), call.args.get("message")
    if isinstance(view, dict):
        check("home" if view.get("type") == "home" else "modal", view)
    else:
        check("message", message.get("blocks") if isinstance(message, dict) else call.args.get("blocks"))
    return {}
