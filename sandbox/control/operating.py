"""Control calls for what is beyond people's reach in Slack: users, channels, time, faults, installs."""

import html
import re
from dataclasses import replace
from typing import Any

import aiohttp
from yarl import URL

from sandbox import installs, people, rooms
from sandbox.clock import spoken_moment
from sandbox.control.routes import Asked, post
from sandbox.dispatch import Ack
from sandbox.firm import found_team, read_firm
from sandbox.model import Json, Team, UserGroup
from sandbox.pictures import channel_picture, user_picture
from sandbox.shapes import user_group_object
from sandbox.world import SlackError, find_channel, find_user, new_id


@post("user")
def user(asked: Asked) -> Json:
    """Add a person, or change the one whose id is given."""
    details: dict[str, Any] = dict(asked.body["user"])
    if details.get("id") in asked.team.users:
        changed = find_user(asked.team, details.pop("id"))
        people.alter(asked.world, asked.team, changed, **details)
    else:
        changed = people.add(asked.world, asked.team, **details)
    return {"user": user_picture(asked.team, changed, asked.world.clock.now())}


@post("channel")
def channel(asked: Asked) -> Json:
    private, members = bool(asked.body.get("private")), asked.body.get("members") or ()
    made = rooms.create(asked.world, asked.team, asked.user.id, asked.text("name"), private=private)
    for member in members:
        rooms.join(asked.world, asked.team, made, find_user(asked.team, member).id, inviter=asked.user.id)
    made.is_ext_shared = bool(asked.body.get("is_ext_shared"))
    return {"channel": channel_picture(asked.team, made, asked.user)}


@post("rename")
def rename(asked: Asked) -> Json:
    rooms.rename(asked.world, asked.team, asked.channel, asked.text("name"), asked.user.id)
    return {}


@post("archive")
def archive(asked: Asked) -> Json:
    archived = bool(asked.body.get("archived", True))
    by = asked.text("as", next(iter(asked.team.users)))
    rooms.archive(asked.world, asked.team, find_channel(asked.team, asked.text("channel")), by, archived)
    return {}


@post("group")
def group(asked: Asked) -> Json:
    given = {key: asked.body[key] for key in ("handle", "name", "users") if key in asked.body}
    known = asked.team.user_groups.get(asked.text("id", ""))
    if known is None:
        known = UserGroup(id=new_id("S0"), handle="", name="", created=asked.world.clock.now())
        given.setdefault("name", given["handle"])
    made = replace(known, **given)
    people.save_group(asked.world, asked.team, made)
    return {"group": user_group_object(asked.team, made)}


@post("clock")
def clock(asked: Asked) -> Json:
    hand, body = asked.world.clock, asked.body
    if body.get("reset"):
        hand.reset()
    if "freeze" in body:
        hand.freeze(bool(body["freeze"]))
    if "advance" in body:
        hand.set(hand.now() + float(body["advance"]))
    if "to" in body:
        hand.set(moment(asked, body["to"]))
    asked.sandbox.stream.tell_all({"type": "clock", **hand.face()})
    return dict(hand.face())


def moment(asked: Asked, to: Any) -> float:
    """An epoch, or words such as "tomorrow 09:00" in the acting person's zone."""
    if isinstance(to, str):
        return spoken_moment(to, asked.world.clock.now(), asked.user.tz)
    return float(to)


@post("faults")
async def faults(asked: Asked) -> Json:
    """Turn switches; `drop_socket` and `disconnect` happen once, `ack_seconds` and `retry_delays` are for tests."""
    box, switches = asked.sandbox, {key: value for key, value in asked.body.items() if key != "as"}
    if switches.pop("drop_socket", False):
        box.sockets.drop()
    if reason := switches.pop("disconnect", None):
        await box.sockets.disconnect(str(reason))
    if "ack_seconds" in switches:
        box.dispatch.ack_seconds = float(switches.pop("ack_seconds"))
    if "retry_delays" in switches:
        box.dispatch.retry_delays = tuple(float(delay) for delay in switches.pop("retry_delays"))
    box.faults.turn(switches)
    box.stream.tell_all({"type": "faults", "faults": box.faults.shown()})
    return {"faults": box.faults.shown()}


@post("redeliver")
async def redeliver(asked: Asked) -> Json:
    n = int(asked.body["n"])
    if all(delivery.n != n for delivery in asked.sandbox.dispatch.log):
        raise SlackError("no_such_delivery")
    ack: Ack = await asked.sandbox.dispatch.again(n)
    return {"ok": ack.ok, "response": ack.payload, "error": ack.reason or None}


@post("reload")
def reload(asked: Asked) -> Json:
    asked.sandbox.stream.tell_all({"type": "reload"})
    return {}


@post("revoke")
def revoke(asked: Asked) -> Json:
    installs.revoke(asked.world, asked.team)
    return {}


@post("uninstall")
def uninstall(asked: Asked) -> Json:
    installs.uninstall(asked.world, asked.team)
    return {}


@post("install")
async def install(asked: Asked) -> Json:
    """Install the app for the acting person, or, with team "new", in another workspace for its administrator.

    With `install_url`, the app's own page, the whole OAuth dance is gone through as a browser would; without it the
    token is simply made and handed back, for apps that read theirs from the environment.
    """
    box = asked.sandbox
    team = another_team(asked) if asked.body.get("team") == "new" else asked.team
    known = team.installation
    installer = asked.text("as") if team is asked.team or known is None else known.installer
    page = None
    if asked.body.get("install_url"):
        page = await walk_through(asked.text("install_url"), installer)
    else:
        installs.install(box.world, team, installer, box.world.manifest.scopes)
    if team.installation is None:
        raise SlackError("not_installed")
    return {
        "team_id": team.id,
        "installer": installer,
        "bot_token": team.installation.bot_token,
        "bot_user_id": team.installation.bot_user,
        "scopes": team.installation.scopes,
        "users": list(team.users),
        "page": page,
    }


def another_team(asked: Asked) -> Team:
    """A second firm with other names and ids."""
    number = len(asked.world.teams) + 1
    firm: Json = dict(asked.body.get("firm") or read_firm())
    about = firm.get("team", {})
    name, domain = about.get("name", "Sandbox"), about.get("domain", "sandbox")
    if not asked.body.get("firm"):
        name, domain = f"{name} {number}", f"{domain}-{number}"
    return found_team(asked.world, {**firm, "team": {"name": name, "domain": domain}})


async def walk_through(install_url: str, user: str) -> Json:
    """Follow the app's install page to our consent page, allow, and follow back to the app."""
    # As browsers do, take cookies from an address without a name, and send "secure" ones to this machine over HTTP.
    jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=[URL(install_url).origin()])
    async with aiohttp.ClientSession(cookie_jar=jar) as browser:
        async with browser.get(install_url, allow_redirects=False) as response:
            authorize = response.headers.get("Location") or consent_link(await response.text())
        async with browser.get(URL(authorize).update_query({"as": user})) as response:
            return {"status": response.status, "url": str(response.url), "text": (await response.text())[:2000]}


def consent_link(page: str) -> str:
    """The link to the authorize page in the app's install page."""
    found = re.search(r'href="([^"]*/oauth/v2/authorize[^"]*)"', page)
    if found is None:
        raise SlackError("no_authorize_link")
    return html.unescape(found[1])
