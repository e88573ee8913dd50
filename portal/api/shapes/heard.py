"""Shapes of what people say of a visit or a case, of what they could not get done, and of what is answered."""

from portal.api.shapes import (
    Asked,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    IntegerField,
    Said,
    Shape,
    UUIDField,
    Words,
    one_of,
)
from services.core.ratings import Touchpoint
from services.core.states import CaseState


class WordsAsked(Asked):
    """In one's own words."""

    words = Words()


class ReviewAsked(WordsAsked):
    """The review of a rating that was appealed against; `excluded`: it counts no more, and stays on record."""

    excluded = BooleanField()


class NotDone(Shape):
    """What somebody could not get done, with the answer once there is one."""

    id = UUIDField()
    case_number = CharField()
    service_name = Said()
    state = one_of(CaseState)
    words = CharField()
    said_at = DateTimeField()
    due_on = DateField()
    late = BooleanField()
    answer = CharField(allow_null=True)
    answered_at = DateTimeField(allow_null=True)


class WaitingReport(Shape):
    """A report that waits for an answer; its words are opened apart, on record."""

    id = UUIDField()
    case_number = CharField()
    said_at = DateTimeField()
    due_on = DateField()
    days_left = IntegerField()


class WaitingRating(Shape):
    """A rating that waits for the office: its words are opened apart, on record."""

    id = UUIDField()
    touchpoint = one_of(Touchpoint)
    level = IntegerField()
    rated_on = DateField()
    due_on = DateField(allow_null=True)
    named = BooleanField()
    appealed = BooleanField()


class OfficeRating(Shape):
    """A rating as an office works on it; the case only where the rater gave their name."""

    id = UUIDField(source="view.id")
    touchpoint = one_of(Touchpoint, source="view.touchpoint")
    level = IntegerField(source="view.level")
    words = CharField(source="view.words")
    rated_on = DateField(source="view.rated_on")
    named = BooleanField()
    case_number = CharField()
    contact_due_on = DateField(allow_null=True)
    answer_due_on = DateField(allow_null=True)
    last_due_on = DateField(allow_null=True)
    contacted_at = DateTimeField(allow_null=True)
    answer = CharField(source="view.answer")
    answered_at = DateTimeField(allow_null=True, source="view.answered_at")
    appealed_at = DateTimeField(allow_null=True)
    appeal = CharField()
    reviewed_at = DateTimeField(allow_null=True)
    review = CharField()
