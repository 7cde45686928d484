"""The playbooks that were ever loaded in this workspace, and which of them is in force."""

from datetime import datetime
from typing import Any

from domain.core.language import _
from domain.core.refusals import NotFound
from domain.playbook.playbook import Playbook
from domain.playbook.versions import PlaybookVersion
from storage.engine.prepared import Fixed
from storage.engine.scope import Scope, select_here, update_here
from storage.schema import playbook_versions

_LATEST_FIRST = select_here(playbook_versions).order_by(playbook_versions.c.current_since.desc())

_LATEST_DIGEST = Fixed(
    select_here(playbook_versions, playbook_versions.c.digest)
    .order_by(playbook_versions.c.current_since.desc())
    .limit(1)
)


class PlaybookVersionRepository:
    """Versions of the playbook in this workspace."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def get(self, digest: str) -> PlaybookVersion:
        """The version of this digest. Raises NotFound."""
        row = self.scope.row(select_here(playbook_versions).where(playbook_versions.c.digest == digest))
        if row is None:
            raise NotFound(_("this version of the playbook"))
        return _version(row)

    def current(self) -> PlaybookVersion | None:
        """The version in force, or None before there was any."""
        row = self.scope.row(_LATEST_FIRST.limit(1))
        return _version(row) if row else None

    def current_digest(self) -> str | None:
        """The digest of the version in force, or None before there was any."""
        return self.scope.scalar(_LATEST_DIGEST)  # type: ignore[no-any-return]

    def kept(self, digest: str) -> str | None:
        """The digest, or None where this workspace has no such version."""
        version = select_here(playbook_versions, playbook_versions.c.digest)
        return self.scope.scalar(version.where(playbook_versions.c.digest == digest))  # type: ignore[no-any-return]

    def put_in_force(self, playbook: Playbook, instead_of: PlaybookVersion | None) -> bool:
        """Let a playbook take the place of the one that was found in force; False where another process has done so meanwhile."""
        values = {"digest": playbook.digest, "content": playbook.content}
        if self.scope.add_new(playbook_versions, loaded_at=self.now, current_since=self.now, **values):
            return True
        if instead_of is None:
            return False
        again = update_here(playbook_versions).where(
            playbook_versions.c.digest == playbook.digest, playbook_versions.c.current_since < instead_of.current_since
        )
        return self.scope.change(again.values(current_since=self.now)) > 0


def _version(row: Any) -> PlaybookVersion:
    return PlaybookVersion(
        digest=row.digest, content=row.content, loaded_at=row.loaded_at, current_since=row.current_since
    )
