"""How often a property is tried that needs a database for each example: a few times in `make test`, many times in `.ci/run`."""

import os

from hypothesis import HealthCheck, settings

FEW, MANY = 12, 60

tried_on_a_database = settings(
    max_examples=MANY if os.environ.get("RAINMAKER_NO_SKIPS") else FEW,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
