"""The business as it would be without Slack, database or clock: facts and rules."""
