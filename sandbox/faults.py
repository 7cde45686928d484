"""What can go wrong on purpose: slowness, refusals, lost calls and answers, rate limits; all off until switched on."""

import random
import time
from collections import deque
from dataclasses import dataclass, field, fields

from sandbox.model import Json
from sandbox.web_api.registry import METHODS

PER_MINUTE = {1: 5, 2: 20, 3: 50, 4: 100, 0: 300}  # Slack's tiers; tier 1 with the small burst Slack tolerates
POSTING = ("chat.postMessage", "chat.postEphemeral", "chat.meMessage")
BURST = 5  # messages a channel takes at once before one a second is the rule


@dataclass(kw_only=True)
class Faults:
    """The switches. Rates are chances between 0 and 1; `method` narrows all of them to one Web API method.

    `tier_factor` multiplies the calls a minute that the tiers allow, so that an hour of trouble can be lived through in a minute; what
    a channel takes a second stays as it is. `refusals` maps methods to the word with which they are refused, as where the workspace's
    own settings forbid something: {"conversations.create": "restricted_action"}.
    """

    rate_limits: bool = False
    tier_factor: float = 1.0
    latency_ms: int | list[int] = 0
    error_rate: float = 0.0
    lost_call_rate: float = 0.0
    lost_response_rate: float = 0.0
    rate_429: float = 0.0
    refusals: dict[str, str] = field(default_factory=dict)
    method: str | None = None
    seed: int | None = None
    _random: random.Random = field(default_factory=random.Random, repr=False, compare=False)

    def turn(self, switches: Json) -> None:
        """Set the named switches; raises ValueError for an unknown one."""
        unknown = switches.keys() - self.shown().keys()
        if unknown:
            raise ValueError(f"unknown faults: {', '.join(sorted(unknown))}")
        for name, value in switches.items():
            setattr(self, name, value)
        if "seed" in switches:
            self._random = random.Random(self.seed)

    def shown(self) -> Json:
        return {switch.name: getattr(self, switch.name) for switch in fields(self) if not switch.name.startswith("_")}

    def latency(self, method: str) -> float:
        """Seconds this call has to wait."""
        if not self.latency_ms or not self._meant(method):
            return 0.0
        spread = self.latency_ms
        return (self._random.uniform(*spread) if isinstance(spread, list) else spread) / 1000

    def strikes(self, fault: str, method: str) -> bool:
        """Whether error_rate, lost_call_rate, lost_response_rate or rate_429 hits this call."""
        rate: float = getattr(self, fault)
        return rate > 0 and self._meant(method) and self._random.random() < rate

    def _meant(self, method: str) -> bool:
        return self.method in (None, method)


class RateLimits:
    """Slack's limits for each workspace: calls a minute by tier, and one posted message a second and channel."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, ...], deque[float]] = {}

    def wait(self, method: str, token: str, channel: str, tier_factor: float = 1.0) -> int:
        """Seconds to put into Retry-After, or 0 when the call may go through (and is counted)."""
        now = time.monotonic()
        if method in POSTING:
            return self._take(("post", token, channel), now, BURST, float(BURST))
        known = METHODS.get(method)
        if known is None:
            return 0
        return self._take((method, token), now, int(PER_MINUTE[known.tier] * tier_factor), 60.0)

    def _take(self, key: tuple[str, ...], now: float, most: int, window: float) -> int:
        recent = self._calls.setdefault(key, deque())
        while recent and recent[0] <= now - window:
            recent.popleft()
        if len(recent) >= most:
            return int(recent[0] + window - now) + 1
        recent.append(now)
        return 0
