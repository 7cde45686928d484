"""Slack's Web API, one file for each family of methods; importing the package fills the registry."""

from sandbox.web_api import apps, assistant, chat, conversations, files, marks, usergroups, users, views  # noqa: F401
from sandbox.web_api.registry import METHODS, perform

__all__ = ["METHODS", "perform"]
