"""What a benchmark says of each case, and whether all its bars were reached."""

import json
import math
from typing import Any


class Verdict:
    """Prints one JSON line for each case, and remembers whether all bars were reached."""

    def __init__(self) -> None:
        self.is_good = True

    def tell(
        self, case: str, value: float, unit: str, peer: float = 0, floor: float | None = None, **bars: float
    ) -> None:
        """One case; `floor` is the least share of the peer, `most` the highest value, `least` the lowest."""
        ratio = round(value / peer, 3) if peer and math.isfinite(value) else None
        shown = round(value, 1) if math.isfinite(value) else None
        line: dict[str, Any] = {"case": case, "value": shown, "unit": unit, "peer": round(peer, 1), "ratio": ratio}
        print(json.dumps(line | {"floor": floor} | bars), flush=True)
        too_low = floor is not None and (ratio is None or ratio < floor)
        is_within = bars.get("least", value) <= value <= bars.get("most", value)
        self.is_good = self.is_good and not too_low and is_within
