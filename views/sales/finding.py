"""The records that somebody asked for by a name or a code, each with the button that opens it."""

from collections.abc import Mapping
from typing import Any

from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.finding import RecordsFound
from domain.sales.pages import Found
from views import kit
from views.kit import Block, Mrkdwn
from views.sales.accounts import account_line
from views.sales.deals import deal_line
from views.sales.leads import lead_line
from views.shown import shows


@shows(RecordsFound)
def records_found(facts: Mapping[str, Any], playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    """Accounts, then leads, then deals."""
    leads = facts["leads"]
    lines = [
        *(account_line(Found(line=line), playbook) for line in facts["accounts"]),
        *(lead_line(lead, leads.now, playbook, shows_owner=True) for lead in leads.leads),
        *(deal_line(deal, playbook, shows_owner=True) for deal in facts["deals"].deals),
    ]
    return [kit.section(sentence), *kit.fitting(lines)]
