"""The process itself, as the shared tests need them."""

from domain.playbook import sections
from domain.playbook.playbook import Playbook
from domain.playbook.versions import PlaybookVersion
from tests.firm import WHOLE
from tests.views.facts import AT, Drawings, Facts, Sample, stage_of
from views import kit, messages
from views.process import sections as process


def version_of(given: Sample, *, is_new: bool = False) -> PlaybookVersion:
    """Today's playbook, or one whose stages are all called otherwise."""
    title = (given.failure.strip() or "x")[:75]
    stages = tuple(stage.model_copy(update={"title": title, "purpose": title}) for stage in WHOLE.sales.stages)
    sales = WHOLE.sales.model_copy(update={"stages": stages})
    other = Playbook(sales=sales, delivery=WHOLE.delivery, care=WHOLE.care)
    said = other if is_new else WHOLE
    return PlaybookVersion(digest=said.digest, content=said.content, loaded_at=AT, current_since=AT)


DRAWINGS: Drawings = {
    "sections.process_list": lambda s: ("message", process.process_list(version_of(s, is_new=True).playbook)),
    "sections.process_hits": lambda s: (
        "message",
        process.process_hits(sections.search(WHOLE, "client") * len(s.touches), WHOLE, s.failure),
    ),
    "sections.section_page": lambda s: ("modal", process.section_page(stage_of(s, "quote"), WHOLE)),
    "sections.section_page of a routine": lambda s: (
        "modal",
        process.section_page(WHOLE.care.routines[0], WHOLE, note=kit.say("Note: {what}", what=s.failure)),
    ),
    "sections.playbook_changed": lambda s: (
        "message",
        process.playbook_changed(
            version_of(s),
            version_of(s, is_new=True),
            messages.write("PlaybookChanged", {"running": 2}),
            has_outdated=bool(s.touches),
        ),
    ),
}

FACTS: Facts = {
    "PlaybookChanged": lambda s: {
        "running": 2,
        "old_version": version_of(s),
        "new_version": version_of(s, is_new=True),
    },
}
