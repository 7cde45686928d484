"""All desks on one store: what the bot, the terminal, tests and benchmarks ask for use cases."""

from domain.playbook.playbook import Playbook
from storage.unit_of_work import Store
from usecases.core.absences import AbsenceDesk
from usecases.core.home import HomeDesk
from usecases.core.maintenance import UpkeepDesk
from usecases.core.operations import OperationDesk
from usecases.core.outbox import DeliveryDesk
from usecases.core.people import PeopleDesk
from usecases.core.reminders import ReminderDesk
from usecases.core.tasks import TaskDesk
from usecases.core.timers import TimerDesk
from usecases.desk import Nudge, nobody
from usecases.files.exports import ExportDesk
from usecases.files.imports import ImportDesk
from usecases.files.slack_imports import AskedImportDesk
from usecases.process.feedback import FeedbackDesk
from usecases.process.manual import ProcessDesk
from usecases.sales.accounts import AccountDesk
from usecases.sales.channels import DealChannelDesk
from usecases.sales.deals import DealDesk
from usecases.sales.exceptions import ExceptionDesk
from usecases.sales.finding import FindingDesk
from usecases.sales.lead_edits import LeadEditDesk
from usecases.sales.leads import LeadDesk
from usecases.sales.meetings import MeetingDesk
from usecases.sales.pipeline import PipelineDesk
from usecases.sales.promises import PromiseDesk
from usecases.sales.touches import TouchDesk


class Desks:
    """Every desk there is, each by the name under which listeners ask for it."""

    def __init__(self, store: Store, playbook: Playbook, nudge: Nudge = nobody) -> None:
        on = (store, playbook, nudge)
        self.absences = AbsenceDesk(*on)
        self.home = HomeDesk(*on)
        self.operations = OperationDesk(*on)
        self.outbox = DeliveryDesk(*on)
        self.people = PeopleDesk(*on)
        self.reminders = ReminderDesk(*on)
        self.tasks = TaskDesk(*on)
        self.timers = TimerDesk(*on)
        self.upkeep = UpkeepDesk(*on)

        self.accounts = AccountDesk(*on)
        self.deal_channels = DealChannelDesk(*on)
        self.deals = DealDesk(*on)
        self.exceptions = ExceptionDesk(*on)
        self.finding = FindingDesk(*on)
        self.lead_edits = LeadEditDesk(*on)
        self.leads = LeadDesk(*on)
        self.meetings = MeetingDesk(*on)
        self.pipeline = PipelineDesk(*on)
        self.promises = PromiseDesk(*on)
        self.touches = TouchDesk(*on)

        self.feedback = FeedbackDesk(*on)
        self.process = ProcessDesk(*on)

        self.exports = ExportDesk(*on)
        self.import_runs = ImportDesk(*on)
        self.imports = AskedImportDesk(*on)
