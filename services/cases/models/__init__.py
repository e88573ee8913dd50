"""Records of the cases room, by noun."""

from services.cases.models.acting import ActedFor
from services.cases.models.applications import Application, ApplicationState, Party, RememberedAnswer
from services.cases.models.assisting import Assistance, AssistedFiling
from services.cases.models.cases import Attendance, Bill, Case, CorrectionNotice, Decision, Task, TaskKind
from services.cases.models.commitments import AGAINST, CheckState, CommitmentCheck, Promise
from services.cases.models.figures import CountedFigures
from services.cases.models.idempotency import IdempotencyKey
from services.cases.models.limits import Extension, Pause
from services.cases.models.queue import OutboxItem, Ready, Reminder
from services.cases.models.ratings import NotDone, Rating, RatingLink
from services.cases.models.rights import AskedFor, Outcome, PersonalCopy, ReadingQuestion

__all__ = [
    "AGAINST",
    "ActedFor",
    "Application",
    "ApplicationState",
    "AskedFor",
    "Assistance",
    "AssistedFiling",
    "Attendance",
    "Bill",
    "Case",
    "CheckState",
    "CommitmentCheck",
    "CorrectionNotice",
    "CountedFigures",
    "Decision",
    "Extension",
    "IdempotencyKey",
    "NotDone",
    "OutboxItem",
    "Outcome",
    "Party",
    "Pause",
    "PersonalCopy",
    "Promise",
    "Rating",
    "RatingLink",
    "ReadingQuestion",
    "Ready",
    "RememberedAnswer",
    "Reminder",
    "Task",
    "TaskKind",
]
