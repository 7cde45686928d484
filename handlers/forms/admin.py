"""What the modals about settings ask."""

from datetime import time

from handlers.forms import Form, SlackId


class WorkspaceForm(Form):
    """The workspace's settings."""

    leads_channel: SlackId | None = None
    country: str = ""


class HoursForm(Form):
    """One's own working hours."""

    starts: time
    ends: time
    country: str = ""
    quiet_from: time | None = None
    quiet_until: time | None = None
