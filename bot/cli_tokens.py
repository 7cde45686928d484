"""`rainmaker tokens`: the keys that encrypt the bot tokens in the database."""

import typer
from cryptography.fernet import Fernet

from bot.settings import read_settings
from bot.terminal import demand_newest, desks_on, refusals_in_words, with_database
from bot.token_keys import add_key, drop_old_keys, key_file
from domain.core.refusals import RuleBroken
from storage.engine.database import Database

tokens = typer.Typer(no_args_is_help=True, help="The keys that encrypt bot tokens.")


@tokens.command()
def key() -> None:
    """Print a new key, for RAINMAKER_TOKEN_KEYS."""
    typer.echo(Fernet.generate_key().decode())


@tokens.command()
def rotate() -> None:
    """Encrypt all tokens with a new key, or where RAINMAKER_TOKEN_KEYS is set, with the first of these."""
    settings = read_settings()
    made = None if settings.rainmaker_token_keys else key_file(settings)
    with refusals_in_words():
        if made is None and not settings.rainmaker_token_keys:
            raise RuleBroken("There is no key yet: set RAINMAKER_TOKEN_KEYS to what `rainmaker tokens key` prints.")
        if made:
            add_key(made)
        count = with_database(_seal_all)
    if made:
        drop_old_keys(made)
    typer.echo(f"The tokens of {count} workspaces are encrypted with the new key.")


async def _seal_all(database: Database) -> int:
    await demand_newest(database)
    upkeep = desks_on(database).upkeep
    workspace_ids = await upkeep.workspace_ids()
    for workspace_id in workspace_ids:
        await upkeep.seal_token(workspace_id)
    return len(workspace_ids)
