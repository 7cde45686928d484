"""The `rainmaker playbook` commands: check the files of a playbook, and write the operating manual made from them."""

from pathlib import Path
from typing import Annotated

import typer

from bot.settings import read_settings
from bot.terminal import err
from domain.playbook.files import PlaybookRefused
from domain.playbook.loading import load_part, load_playbook
from views.playbook.manual import manual

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


@playbook.command("manual")
def write_manual(
    out: Annotated[Path, typer.Option(help="Folder for the pages; those of an earlier manual are replaced.")] = Path(
        "docs/manual"
    ),
) -> None:
    """Write the operating manual and the flow chart of the playbook the settings name, as Markdown."""
    pages = manual(load_playbook(read_settings().rainmaker_playbook))
    out.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (out / name).write_text(text, encoding="utf-8")
    typer.echo(f"{out}: {len(pages)} pages.")
