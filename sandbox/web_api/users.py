"""users.*: people as the app's scopes let it see them."""

from sandbox.model import Json, User
from sandbox.shapes import profile_object, user_object
from sandbox.web_api.call import Call
from sandbox.web_api.registry import method
from sandbox.world import SlackError, is_external


def sees_email(call: Call) -> bool:
    return "users:read.email" in call.installation.scopes


def shown(call: Call, user: User) -> Json:
    now = call.world.clock.now()
    return user_object(call.team, user, now, email=sees_email(call), locale=call.flag("include_locale"))


@method("users.info", scope="users:read", tier=4)
def info(call: Call) -> Json:
    return {"user": shown(call, call.user())}


@method("users.list", scope="users:read", tier=2)
def list_users(call: Call) -> Json:
    page, after = call.page(
        [user for user in call.team.users.values() if not is_external(call.team, user)], default=1000
    )
    return {
        "members": [shown(call, user) for user in page],
        "cache_ts": int(call.world.clock.now()),
        "response_metadata": after,
    }


@method("users.lookupByEmail", scope="users:read.email", tier=3)
def lookup_by_email(call: Call) -> Json:
    email = call.text("email").lower()
    for user in call.team.users.values():
        if user.email.lower() == email and not (user.deleted or is_external(call.team, user)):
            return {"user": shown(call, user)}
    raise SlackError("users_not_found")


@method("users.profile.get", scope="users.profile:read", tier=4)
def get_profile(call: Call) -> Json:
    user = call.user() if call.args.get("user") else call.bot
    return {"profile": profile_object(call.team, user, email=sees_email(call))}


@method("users.getPresence", scope="users:read", tier=3)
def get_presence(call: Call) -> Json:
    return {"presence": "away" if call.user().deleted else "active"}
