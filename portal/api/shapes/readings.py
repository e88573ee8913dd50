"""Shapes of who read one's data, and of questions about it."""

from enum import StrEnum

from portal.api.operations import Listed
from portal.api.shapes import (
    Asked,
    BooleanField,
    CharField,
    Cited,
    Code,
    DateField,
    DateTimeField,
    IntegerField,
    ListField,
    Said,
    Shape,
    UUIDField,
    Words,
    one_of,
)
from services.cases.actions.questioning import MOST_WORDS
from services.core.states import Role


class Request(StrEnum):
    """What can be asked about one's data."""

    CORRECT = "correct"
    DELETE = "delete"
    EXPLAIN = "explain"


class Outcome(StrEnum):
    """What became of it."""

    DONE = "done"
    REFUSED = "refused"


class ReadingsWanted(Listed):
    """How the list is asked for."""

    before = IntegerField(required=False, min_value=1)
    application_id = UUIDField(required=False)
    business_id = UUIDField(required=False)


class Matter(Shape):
    """The application of one's own for which it was read."""

    id = UUIDField()
    number = CharField()
    names = ListField(child=Said())


class ReadingQuestion(Shape):
    """What was asked about a reading, and the answer, once there is one."""

    id = UUIDField()
    words = CharField()
    asked_at = DateTimeField()
    due_on = DateField()
    answer = CharField()
    answered_at = DateTimeField(allow_null=True)
    late = BooleanField()


class Reading(Shape):
    """One reading: by which office and in which role, never by whose name; what for, by which law, which fields."""

    id = IntegerField()
    at = DateTimeField(source="view.at")
    organisation = Code(source="view.organisation")
    role = one_of(Role, source="view.role")
    purpose = Code(source="view.purpose")
    legal_basis = Cited(source="view.basis")
    fields_read = ListField(child=CharField(), source="view.fields")
    source = CharField(source="view.source")
    refused = BooleanField(source="view.refused")
    sealed = BooleanField(source="view.sealed")
    matter = Matter(allow_null=True)
    question = ReadingQuestion(allow_null=True)


class NewQuestion(Asked):
    """A question in one's own words; with the business, if the reading is about one."""

    words = Words(most=MOST_WORDS)
    business_id = UUIDField(required=False)


class NewAnswer(Asked):
    """The office's answer, in words; to a request to correct or delete also whether it was done."""

    words = Words(most=MOST_WORDS)
    outcome = one_of(Outcome, required=False)


class NewDataRequest(Asked):
    """What the office that leads a case is asked to do about one's data, in one's own words."""

    case_id = UUIDField()
    asked_for = one_of(Request)
    words = Words(most=MOST_WORDS)


class DataRequest(Shape):
    """What was asked, and the answer, once there is one."""

    id = UUIDField()
    case_id = UUIDField()
    asked_for = one_of(Request)
    organisation = Code()
    words = CharField()
    asked_at = DateTimeField()
    due_on = DateField()
    outcome = CharField()
    answer = CharField()
    answered_at = DateTimeField(allow_null=True)
    late = BooleanField()


class WaitingQuestion(Shape):
    """A question or request in an office's list."""

    id = UUIDField()
    asked_for = CharField()
    asked_at = DateTimeField()
    due_on = DateField()
    days_left = IntegerField()
    card = CharField()


class DeskQuestion(Shape):
    """A question with the reading that it is about."""

    id = UUIDField(source="question.id")
    asked_for = CharField(source="question.asked_for")
    words = CharField(source="question.words")
    asked_at = DateTimeField(source="question.asked_at")
    due_on = DateField(source="question.due_on")
    answered_at = DateTimeField(source="question.answered_at", allow_null=True)
    read_at = DateTimeField(source="reading.at", allow_null=True)
    reader = CharField()
    purpose = Code(source="reading.purpose", allow_null=True)
    case_id = UUIDField(allow_null=True)


class PersonalCopy(Shape):
    """A copy of one's data: being made, there until a day, or deleted again."""

    id = UUIDField()
    asked_at = DateTimeField()
    made_at = DateTimeField(allow_null=True)
    until = DateField(allow_null=True)
    size = IntegerField()
    sha256 = CharField()
    here = BooleanField()
