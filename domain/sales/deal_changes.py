"""What changed of a deal, before and after, as the audit log keeps it."""

from datetime import date

from domain.sales.deals import Deal


def differences(before: Deal, now: Deal) -> tuple[dict[str, object], dict[str, object]]:
    """The names of what changed, with what they said before and what they say now."""
    old, new = _said(before), _said(now)
    changed = [name for name in old if old[name] != new[name]]
    return {name: old[name] for name in changed}, {name: new[name] for name in changed}


def _said(deal: Deal) -> dict[str, object]:
    assert deal.progress is not None
    names = "stage variant playbook client_type expected_on next_step next_at lost_for".split()
    said = {name: getattr(deal.progress, name) for name in names}
    return {name: _plain(value) for name, value in said.items()} | {
        "title": deal.title,
        "amount": f"{deal.value.amount} {deal.value.currency}" if deal.value else None,
        "owner_id": deal.owner.id if deal.owner else None,
        "outcome": deal.outcome.value,
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
