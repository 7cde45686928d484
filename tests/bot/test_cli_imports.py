"""`rainmaker import` and `rainmaker export`, on a SQLite file."""

import asyncio
import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import text
from typer.testing import CliRunner

from bot.cli import app
from domain.sales.leads import NewLead, PossibleDuplicates
from storage.engine.database import open_database
from storage.unit_of_work import Store
from tests.firm import FirmDesks, FrozenClock, found_firm
from tests.scenes import SqliteScenes, empty

Run = Callable[..., Result]

CLIENTS = (
    "account,sector,office_location,revenue\n"
    "Acme Ltd,technolgy,United States,12\n"
    "Betasoloin,medical,Philipines,7\n"
    ",retail,Japan,3\n"
    "Betasolion,medical,,1\n"
)
MAPPED = ("--map", "account=name", "--map", "sector=industry", "--map", "office_location=country")


def found(path: Path, *workspaces: str) -> None:
    """Let workspaces of the database install Rainmaker."""

    async def body() -> None:
        database = open_database(f"sqlite:///{path}")
        for workspace_id in workspaces:
            await found_firm(Store(database, FrozenClock()), FrozenClock(), workspace_id)
        await database.close()

    asyncio.run(body())


@pytest.fixture
def database_file(tmp_path: Path, sqlite_scenes: SqliteScenes) -> Path:
    """A database in which one workspace has installed Rainmaker."""
    path = tmp_path / "rainmaker.db"
    shutil.copy(asyncio.run(sqlite_scenes.source(empty)), path)
    found(path, "T0LONDON")
    return path


@pytest.fixture
def run(database_file: Path, tmp_path: Path) -> Run:
    """The `rainmaker` command on that database, in a wide terminal that is none."""
    env = {"RAINMAKER_DATABASE_URL": f"sqlite:///{database_file}", "COLUMNS": "160"}

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments), env=env)

    return invoke


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    path = tmp_path / "clients.csv"
    path.write_text(CLIENTS)
    return path


def columns_of(output: str, title: str) -> list[str]:
    """The cells of the row of numbers under a table's title."""
    lines = output[output.rindex(f" {title}") :].splitlines()
    return [cell.strip() for cell in lines[4].strip("│ ").split("│")]


def contents(path: Path) -> list[tuple[object, ...]]:
    """Every account, lead and audit event."""

    async def body() -> list[tuple[object, ...]]:
        database = open_database(f"sqlite:///{path}")
        try:
            return await database.read(
                lambda connection: [
                    tuple(row)
                    for table in (
                        "accounts",
                        "account_keys",
                        "contacts",
                        "leads",
                        "reminders",
                        "outbox",
                        "audit_events",
                        "counters",
                        "deals",
                        "imports",
                        "operations",
                        "operation_steps",
                    )
                    for row in connection.execute(text(f"SELECT * FROM {table}"))
                ]
            )
        finally:
            await database.close()

    return asyncio.run(body())


def test_accounts_are_imported_and_everything_odd_is_said(run: Run, clients: Path) -> None:
    result = run("import", "accounts", str(clients), *MAPPED)
    assert result.exit_code == 1, result.output  # one row was refused
    for said in (
        "clients.csv: 4 rows in UTF-8, separated by commas.",
        "Taken over: account → name, sector → industry, office_location → country.",
        "Not taken over: revenue.",
        "looks like technology",
        "it looks like Philippines",
        "looks like A-2 “Betasoloin” (similar name)",
        "The name is blank.",
    ):
        assert said in result.stdout
    assert columns_of(result.stdout, "Accounts") == ["3", "0", "0", "1"]


def test_a_misspelt_name_is_recognised_among_imported_accounts(run: Run, clients: Path, database_file: Path) -> None:
    clients.write_text("name\nBetasoloin\n")
    assert run("import", "accounts", str(clients)).exit_code == 0

    async def capture() -> object:
        database = open_database(f"sqlite:///{database_file}")
        firm: FirmDesks = await found_firm(Store(database, FrozenClock()), FrozenClock(), "T0LONDON")
        result = await firm.leads.capture(firm.seller, NewLead(company="Betasolion", source="web"))
        await database.close()
        return result

    result = asyncio.run(capture())
    assert isinstance(result, PossibleDuplicates)
    assert [match.account.name for match in result.matches] == ["Betasoloin"]


def test_the_same_file_again_changes_nothing(run: Run, clients: Path, database_file: Path) -> None:
    run("import", "accounts", str(clients), *MAPPED)
    before = contents(database_file)
    result = run("import", "accounts", str(clients), *MAPPED)
    assert columns_of(result.stdout, "Accounts") == ["0", "0", "3", "1"]
    assert contents(database_file) == before


def test_a_dry_run_writes_nothing_at_all(run: Run, clients: Path, database_file: Path, tmp_path: Path) -> None:
    before, bytes_before = contents(database_file), database_file.read_bytes()
    corrections = tmp_path / "refused.csv"
    result = run("import", "accounts", str(clients), *MAPPED, "--dry-run", "--refused", str(corrections))
    assert "This was a dry run: nothing was written." in result.stdout
    assert columns_of(result.stdout, "Accounts, dry run") == ["3", "0", "0", "1"]
    assert (contents(database_file), database_file.read_bytes()) == (before, bytes_before)
    assert not corrections.exists()


def test_refused_rows_are_written_to_be_corrected_and_imported_again(run: Run, clients: Path, tmp_path: Path) -> None:
    corrections = tmp_path / "refused.csv"
    run("import", "accounts", str(clients), *MAPPED, "--refused", str(corrections))
    (header, row) = csv.reader(io.StringIO(corrections.read_text("utf-8-sig")))
    assert header == ["refused because", "account", "sector", "office_location", "revenue"]
    assert row == ["The name is blank.", "", "retail", "Japan", "3"]
    corrections.write_text(corrections.read_text("utf-8-sig").replace(",,", ",Nameless no more,"))
    result = run("import", "accounts", str(corrections), *MAPPED, "--ignore", "revenue")
    assert (result.exit_code, columns_of(result.stdout, "Accounts")) == (0, ["1", "0", "0", "0"])
    assert "Not taken over" not in result.stdout


def test_leads_are_imported_with_one_channel_for_all(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_bytes("company;said;owner\nMüller AG;möchte ein Angebot;Sam Seller\n".encode("cp1252"))
    result = run("import", "leads", str(path), "--channel", "Partner referral")
    assert result.exit_code == 0, result.output
    assert "it was read as Windows-1252" in result.stdout
    assert columns_of(result.stdout, "Leads") == ["1", "0", "0", "0"]
    exported = tmp_path / "exported.csv"
    assert run("export", "leads", str(exported)).exit_code == 0
    header, lead = csv.reader(io.StringIO(exported.read_text("utf-8-sig")))
    found = dict(zip(header, lead, strict=True))
    assert (found["own_key"], found["company"], found["account_key"]) == ("L-1", "Müller AG", "A-1")
    assert (found["channel"], found["said"], found["owner"]) == ("referral", "möchte ein Angebot", "Sam Seller")


def test_an_export_does_not_replace_a_file_unless_told_to(run: Run, clients: Path) -> None:
    result = run("export", "accounts", str(clients))
    assert (result.exit_code, clients.read_text()) == (2, CLIENTS)
    assert "exists already" in result.stderr
    assert run("export", "accounts", str(clients), "--overwrite").exit_code == 0
    assert clients.read_text("utf-8-sig").startswith("own_key,name,")


@pytest.mark.parametrize(
    ("content", "arguments", "said"),
    [
        (None, [], "cannot be read: No such file or directory."),
        (b"", [], "clients.csv: The file is empty."),
        (b"PK\x03\x04", [], "not a CSV file but an Excel workbook"),
        (b"\nname\n", [], "The first row must name the columns"),
        (b"Acme\nZenith\n", [], "No column is name."),
        (b"name\nAcme\n", ["--map", "firm=name"], "There is no column firm."),
        (b"name\nAcme\n", ["--map", "name=revenue"], "There is no field revenue."),
        (b"name\nAcme\n", ["--as", "U0NOBODY"], "I cannot find U0NOBODY in this workspace."),
        (b"name\nAcme\n", ["--as", "U0LONDONSELL"], "Only management or admin may import records."),
        (b"name\nAcme\n", ["--workspace", "T0PARIS"], "not installed in T0PARIS; it is in T0LONDON."),
        (b"name\nAcme\n", ["--refused", "/nowhere/refused.csv"], "There is no folder /nowhere."),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(
    run: Run, clients: Path, content: bytes | None, arguments: list[str], said: str
) -> None:
    clients.unlink()
    if content is not None:
        clients.write_bytes(content)
    result = run("import", "accounts", str(clients), *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in " ".join(result.stderr.split())
    assert "Traceback" not in result.output


def test_leads_must_come_from_somewhere(run: Run, clients: Path) -> None:
    clients.write_text("company\nAcme\n")
    assert "Say with --channel where these leads came from: conference" in run("import", "leads", str(clients)).stderr
    result = run("import", "leads", str(clients), "--channel", "pigeon")
    assert (result.exit_code, "There is no channel pigeon" in result.stderr) == (2, True)


DEALS = (
    "opportunity,product,account,deal_stage,close_date,close_value\n"
    "O1,GTXPro,Acme Ltd,Won,20-10-16,1054\n"
    "O2,GTX Pro,Acme Ltd,Engaging,,\n"
    "O3,GTX Pro,,Lost,13-13-16,0\n"
    'O4,GTX Pro,,Lost,,"1,054"\n'
)
MAPPED_DEALS = (
    *("--key", "opportunity", "--map", "deal_stage=stage", "--map", "close_date=closed_on", "--currency", "USD"),
    *("--map", "close_value=amount", "--value", "product:GTXPro=GTX Pro", "--date-format", "close_date=day-first"),
)


@pytest.fixture
def deals(tmp_path: Path) -> Path:
    path = tmp_path / "deals.csv"
    path.write_text(DEALS)
    return path


def test_deals_are_imported_listed_and_taken_back(run: Run, deals: Path, database_file: Path, tmp_path: Path) -> None:
    before = tmp_path / "before.csv"
    run("export", "deals", str(before))
    result = run("import", "deals", str(deals), *MAPPED_DEALS, "--report", str(tmp_path / "report.csv"))
    assert result.exit_code == 1, result.output
    for said in (
        "Read as meant: product GTXPro → GTX Pro, in 1 row.",
        "13-13-16 is no day there is: day 13 of month 13 in 2016.",
        "1,054 may be two numbers; say --decimal point or comma.",
        "There was no such account; A-1 “Acme Ltd” was made.",
        "This is import I-1; `rainmaker import undo 1` takes it back.",
    ):
        assert said in result.stdout
    assert columns_of(result.stdout, "Deals") == ["2", "0", "0", "2"]
    assert len((tmp_path / "report.csv").read_text("utf-8-sig").splitlines()) == 5
    assert "deals.csv" in run("import", "list").stdout
    undone = run("import", "undo", "I-1")
    assert (undone.exit_code, "Undone: Imported deals.csv." in undone.stdout) == (0, True)
    after = tmp_path / "after.csv"
    run("export", "deals", str(after))
    assert after.read_bytes() == before.read_bytes()
    assert "undone by Ada Admin" in run("import", "list").stdout


def test_a_second_import_says_what_changed_from_what_to_what(run: Run, deals: Path) -> None:
    run("import", "deals", str(deals), *MAPPED_DEALS)
    deals.write_text(DEALS.replace("Engaging,,", "Won,21-10-16,99.5"))
    result = run("import", "deals", str(deals), *MAPPED_DEALS, "--dry-run")
    assert columns_of(result.stdout, "Deals, dry run") == ["0", "1", "1", "2"]
    for said in ("│ D-2 “GTX Pro” │ amount    │          │ 99.50 USD  │", "│ outcome   │ open     │ won        │"):
        assert said in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--key", "id"], "There is no column id."),
        (["--value", "product=x"], "--value takes COLUMN:FROM=TO"),
        (["--value", "close_date:a=b"], "The column close_date is not imported"),
        (["--date-format", "sideways"], "There is no date format sideways; it may be iso, day-first"),
        (["--map", "close_value=amount"], "Say with --currency in which currency the amounts are"),
        (["--currency", "gold"], "There is no currency gold"),
        (["--decimal", "dot"], "--decimal is point or comma, not dot."),
        (["--report", "/nowhere/report.csv"], "There is no folder /nowhere."),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_done(
    run: Run, deals: Path, arguments: list[str], said: str
) -> None:
    result = run("import", "deals", str(deals), *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in " ".join(result.stderr.split())


@pytest.mark.parametrize(("number", "said"), [("7", "I cannot find I-7"), ("x", "x is no number of an import")])
def test_only_an_import_there_is_can_be_taken_back(run: Run, number: str, said: str) -> None:
    result = run("import", "undo", number)
    assert (result.exit_code, said in result.stderr) == (2, True)


def test_what_is_in_use_is_named_when_an_import_is_taken_back(run: Run, clients: Path, deals: Path) -> None:
    run("import", "accounts", str(clients), *MAPPED)
    run("import", "deals", str(deals), *MAPPED_DEALS)
    result = run("import", "undo", "1")
    assert result.exit_code == 1, result.output
    assert "1 were kept, because they are in use or somebody has worked on them since:" in result.stdout
    assert "A-1 “Acme Ltd”" in result.stdout
    again = run("import", "undo", "1")
    assert (again.exit_code, "has undone this already" in again.stderr) == (2, True)


def test_the_workspace_is_asked_for_only_where_there_are_several(run: Run, clients: Path, database_file: Path) -> None:
    found(database_file, "T0BERLIN")
    refused = run("import", "accounts", str(clients), *MAPPED)
    assert (refused.exit_code, "T0BERLIN, T0LONDON" in refused.stderr) == (2, True)
    result = run("import", "accounts", str(clients), *MAPPED, "--workspace", "T0BERLIN")
    assert columns_of(result.stdout, "Accounts") == ["3", "0", "0", "1"]


def test_a_database_without_tables_is_not_written_to(clients: Path, tmp_path: Path) -> None:
    empty = {"RAINMAKER_DATABASE_URL": f"sqlite:///{tmp_path / 'empty.db'}"}
    result = CliRunner().invoke(app, ["import", "accounts", str(clients), *MAPPED], env=empty)
    assert (result.exit_code, "run `rainmaker db upgrade` first" in result.stderr) == (2, True)
