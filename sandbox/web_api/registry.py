"""The table of Web API methods: each with its function, the scope it asks for and its rate tier."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.model import Json
from sandbox.web_api.call import Call
from sandbox.world import SlackError

Function = Callable[[Call], Json]


@dataclass(frozen=True)
class Method:
    name: str
    function: Function
    scopes: tuple[str, ...]
    tier: int  # calls per minute the way Slack groups them: 1, 2, 3, 4; 0 is special
    auth: bool


METHODS: dict[str, Method] = {}


Register = Callable[[Function], Function]


def method(name: str, *, scope: str | tuple[str, ...] = (), tier: int = 3, auth: bool = True) -> Register:
    """Register a method; with several scopes any one of them will do."""
    scopes = (scope,) if isinstance(scope, str) else scope

    def register(function: Function) -> Function:
        METHODS[name] = Method(name, function, scopes, tier, auth)
        return function

    return register


def perform(name: str, call: Call) -> Json:
    """Carry a call out and answer in Slack's form; a refusal is an answer, too."""
    known = METHODS.get(name)
    try:
        if known is None:
            raise SlackError("unknown_method", req_method=name)
        if known.auth:
            call.authenticate()
            call.need(*known.scopes)
        return {"ok": True, **known.function(call)}
    except SlackError as refusal:
        return {"ok": False, "error": refusal.error, **refusal.extra}
