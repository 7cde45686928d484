"""The `rainmaker playbook` command: check the files of a playbook."""

from pathlib import Path
from typing import Annotated

import typer

from bot.terminal import err
from domain.playbook_files import PlaybookRefused
from domain.playbook_loading import load_part, load_playbook

playbook = typer.Typer(no_args_is_help=True, help="The process as data.")


@playbook.command("check")
def check(
    paths: Annotated[list[Path], typer.Argument(help="Playbooks, or single files, such as playbook/sales.toml.")],
) -> None:
    """Check playbooks; says in words what is wrong and where. A file by itself is not compared with the others."""
    is_refused = False
    for path in paths:
        try:
            typer.echo(f"{path}: {_checked(path)} Nothing wrong.")
        except PlaybookRefused as refused:
            err.print(str(refused), style="red", markup=False, highlight=False)
            is_refused = True
    if is_refused:
        raise typer.Exit(2)


def _checked(path: Path) -> str:
    if not path.is_dir():
        load_part(path)
        return "The file by itself."
    found = load_playbook(path)
    steps = len(list(found.steps()))
    return f"{len(found.stages)} stages, {steps} steps, {len(found.approvals)} approval rules; version {found.digest[:12]}."
