"""What has fallen out of the process, as the shared tests need them."""

from dataclasses import replace

from domain.sales.exceptions import ExceptionalDeal, ExceptionList, Exceptions, Lapse
from tests.firm import PLAYBOOK
from tests.nouns.deals import deal_of
from tests.views.facts import Drawings, Facts, Sample
from views import messages
from views.sales import exceptions

OF_DEALS = tuple(lapse for lapse in Lapse if lapse not in {Lapse.ANSWER_LATE, Lapse.NO_NEXT_DATE})


def exceptions_of(given: Sample) -> ExceptionList:
    """Leads and deals with everything wrong with them that can be, at once."""
    deal, leads = deal_of(given), given.exceptions.leads
    stage = next(stage for stage in PLAYBOOK.stages if stage.id == "first_talk")
    one = ExceptionalDeal(deal=deal, lapses=OF_DEALS, stage=stage)
    deals = Exceptions(
        worst=(one,) * len(leads.worst),
        others=leads.others,
        counts=dict.fromkeys(OF_DEALS, 10**6) if leads.counts else {},
    )
    return replace(given.exceptions, deals=deals)


DRAWINGS: Drawings = {
    "exceptions.exceptions_digest": lambda s: (
        "message",
        exceptions.exceptions_digest(
            exceptions_of(s), PLAYBOOK, messages.write("ExceptionsDigest", {"exceptions_for": exceptions_of(s)})
        ),
    ),
    "exceptions.exceptions_modal": lambda s: ("modal", exceptions.exceptions_modal(exceptions_of(s), PLAYBOOK)),
    "exceptions.exceptions_list": lambda s: ("message", exceptions.exceptions_list(exceptions_of(s), PLAYBOOK)),
}

FACTS: Facts = {
    "ExceptionsDigest": lambda s: {"exceptions_for": exceptions_of(s)},
}
