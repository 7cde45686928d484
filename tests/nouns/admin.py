"""What admins set, as the shared tests need them."""

from tests.views.facts import Drawings
from views.core import admin

DRAWINGS: Drawings = {
    "admin.roles_modal": lambda s: ("modal", admin.roles_modal(s.settings, s.groups)),
    "admin.workspace_modal": lambda s: ("modal", admin.workspace_modal(s.settings)),
    "admin.hours_modal": lambda s: ("modal", admin.hours_modal(s.settings)),
}
