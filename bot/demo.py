"""`rainmaker demo`: the bot on SQLite beside a Slack-compatible workspace in the browser, with a small fictional firm.

The workspace is a process of its own, which the bot meets over HTTP and WebSocket like any Slack.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.app import Rainmaker, build, serve
from bot.manifest import manifest
from bot.settings import read_settings
from domain.core.people import Actor, Role, RoleGrant
from domain.sales.accounts import NewContact
from domain.sales.leads import Lead, NewLead
from handlers.core.people import profile_of

START_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class DemoLead:
    """A lead of the fictional firm: what was said, by whom it was captured and claimed, and how it was screened."""

    new: NewLead
    captured_by: str
    claimed_by: str | None = None


ROLES: dict[Role, tuple[str, ...]] = {
    Role.ADMIN: ("anna.keller",),
    Role.MANAGEMENT: ("anna.keller",),
    Role.DELIVERY: ("deepa.nair",),
    Role.FINANCE: ("erik.lund",),
}
GUIDE = {
    "as": "ben.hughes",
    "channel": "leads",
    "tips": [
        {
            "title": "Capture a lead",
            "text": "One command does it.",
            "button": "Fill in",
            "write": "/rain-lead Acme Ltd, referral, wants a cost review",
        },
        {
            "title": "Act as somebody else",
            "text": "Claim a lead as Carla.",
            "button": "Be Carla",
            "act_as": "carla.romano",
        },
        {
            "title": "Move the clock",
            "text": "Reminders fall due.",
            "button": "Skip ahead",
            "move_clock": "tomorrow 09:00",
        },
    ],
}
"""Where one begins in the demo, and what its page suggests to try."""
SALES_GROUP = "sales-team"
LEADS_CHANNEL = "leads"

LEADS = (
    DemoLead(
        captured_by="ben.hughes",
        claimed_by="ben.hughes",
        new=NewLead(
            company="Fjordline Ferries",
            source="conference",
            said="Met their COO at the logistics fair: crew planning eats two days a week, they want it halved by summer.",
            industry="Transport",
            contact=NewContact(
                name="Ingrid Solheim", email="ingrid.solheim@fjordline.example", phone="+47 22 12 34 56"
            ),
            answers={"need": "clear", "budget": "likely", "decider": "yes", "timing": "quarter", "fit": "core"},
        ),
    ),
    DemoLead(
        captured_by="carla.romano",
        new=NewLead(
            company="Harbour & Pine Hotels",
            source="referral",
            said="A partner passed them on: three houses, one back office, and nobody trusts the numbers.",
            industry="Hospitality",
            contact=NewContact(name="Tom Bradley", email="tom@harbourpine.example"),
            answers={"need": "clear", "budget": "unknown", "decider": "near", "timing": "year", "fit": "core"},
        ),
    ),
    DemoLead(
        captured_by="farah.aziz",
        new=NewLead(
            company="Solis Energy Cooperative", source="web", said="Asked on the website for a workshop on pricing."
        ),
    ),
    DemoLead(
        captured_by="ben.hughes",
        claimed_by="carla.romano",
        new=NewLead(
            company="Old Mill Bakeries",
            source="outbound",
            said="Polite, no plans before next year.",
            answers={"need": "vague", "budget": "no", "decider": "near", "timing": "open", "fit": "partly"},
        ),
    ),
)


async def run_demo(port: int, data: Path, stop_signal: Callable[[], asyncio.Event]) -> None:
    """Run workspace and bot until stopped; what is in `data` goes on where it was left."""
    stopped = stop_signal()
    workspace, told = await start_workspace(
        port, data, write(data, "manifest", manifest()), write(data, "guide", GUIDE)
    )
    try:
        rain = build(
            read_settings(
                _env_file=None,
                slack_bot_token=told["bot_token"],
                slack_app_token=told["app_token"],
                slack_signing_secret=told["signing_secret"],
                slack_api_url=told["api_url"],
                rainmaker_database_url=f"sqlite:///{data / 'rainmaker.db'}",
                rainmaker_clock_url=f"{told['control']}clock",
                rainmaker_first_admin=told["installer"],
                rainmaker_port=0,
            ),
            greets=False,  # its firm is set up already
        )
        serving = asyncio.create_task(serve(rain, http=False, stopped=stopped, when_running=lambda: _open(rain, told)))
        await asyncio.wait(
            [serving, asyncio.create_task(_ended(workspace, stopped))], return_when=asyncio.FIRST_COMPLETED
        )
        stopped.set()
        await serving
    finally:
        if workspace.returncode is None:
            workspace.terminate()
        await workspace.wait()


def write(data: Path, name: str, content: dict[str, Any]) -> Path:
    """Put the app's manifest or the guide where the sandbox reads it."""
    data.mkdir(parents=True, exist_ok=True)
    file = data / f"{name}.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


async def start_workspace(
    port: int, data: Path, manifest_file: Path, guide_file: Path
) -> tuple[asyncio.subprocess.Process, dict[str, str]]:
    """Start the sandbox as a process of its own; returns it and how to reach it."""
    workspace = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--manifest", str(manifest_file)),
        *("--port", str(port), "--data", str(data / "workspace.json"), "--guide", str(guide_file)),
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C reaches the bot first, which then ends the workspace
    )
    assert workspace.stdout is not None
    line = await asyncio.wait_for(workspace.stdout.readline(), START_SECONDS)
    if not line:
        raise SystemExit(
            f"The demo's workspace could not start. Give it another port: rainmaker demo --port {port + 1}"
        )
    return workspace, json.loads(line)


async def _ended(workspace: asyncio.subprocess.Process, stopped: asyncio.Event) -> None:
    await workspace.wait()
    stopped.set()


async def _open(rain: Rainmaker, told: dict[str, str]) -> None:
    await fill_firm(rain, told["team_id"], told["installer"])
    sys.stdout.write(
        f"\n  Rainmaker is running. Open {told['page']}\n  Ctrl-C stops it; starting again goes on where you left.\n\n"
    )
    sys.stdout.flush()


async def fill_firm(rain: Rainmaker, workspace_id: str, installer: str) -> None:
    """Give the fictional firm its people, roles and first leads, unless that was done before."""
    admin = await rain.desks.people.introduce(workspace_id, installer)
    assert admin is not None
    settings = await rain.desks.people.settings(admin)
    if settings.workspace.leads_channel:
        return
    client = rain.client_of(settings.workspace)
    people = await _meet_everybody(rain, client, workspace_id)
    await _give_roles(rain, client, admin, people)
    channels = (await client.conversations_list(limit=200))["channels"]
    leads_channel = next(channel["id"] for channel in channels if channel["name"] == LEADS_CHANNEL)
    await rain.desks.people.set_workspace(admin, leads_channel, "GB")
    for demo_lead in LEADS:
        captured = await rain.desks.leads.capture(
            await _as(rain, workspace_id, people[demo_lead.captured_by]), demo_lead.new
        )
        if demo_lead.claimed_by and isinstance(captured, Lead):
            await rain.desks.leads.claim(await _as(rain, workspace_id, people[demo_lead.claimed_by]), captured.id)


async def _meet_everybody(rain: Rainmaker, client: AsyncWebClient, workspace_id: str) -> dict[str, str]:
    """Learn all members; returns their Slack ids by handle."""
    users: list[dict[str, Any]] = (await client.users_list(limit=200))["members"]
    for user in users:
        await rain.desks.people.learn(workspace_id, profile_of(user, workspace_id))
    return {user["name"]: user["id"] for user in users}


async def _give_roles(rain: Rainmaker, client: AsyncWebClient, admin: Actor, people: dict[str, str]) -> None:
    groups = (await client.usergroups_list(include_users=True))["usergroups"]
    sales = next(group for group in groups if group["handle"] == SALES_GROUP)
    grants = [RoleGrant(role=role, grantee=people[name]) for role, names in ROLES.items() for name in names]
    grants.append(RoleGrant(role=Role.SALES, grantee=sales["id"], is_group=True))
    await rain.desks.people.set_roles(admin, tuple(grants), {sales["id"]: list(sales["users"])})


async def _as(rain: Rainmaker, workspace_id: str, slack_id: str) -> Actor:
    actor = await rain.desks.people.introduce(workspace_id, slack_id)
    assert actor is not None
    return actor.within("demo", None)
