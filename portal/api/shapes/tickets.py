"""Shapes of the line of a centre, and of ratings."""

from portal.api.shapes import (
    Asked,
    BooleanField,
    CharField,
    Code,
    DateField,
    DateTimeField,
    IntegerField,
    ListField,
    Shape,
    UUIDField,
    Words,
    one_of,
)
from services.core.closing import Cause, Ended
from services.core.ratings import ASPECTS, Level
from services.core.tickets import TicketState
from services.people.queries import DOCUMENT_KINDS
from services.visits.actions import HELP


class Ticket(Shape):
    """A place in the line: a number and nobody's name. `minutes`: about how long it still waits, null if unknown."""

    id = UUIDField()
    number = IntegerField()
    centre = Code()
    on = DateField()
    state = one_of(TicketState)
    appointment_id = UUIDField(allow_null=True)
    window = CharField()
    language = CharField()
    help = ListField(child=one_of(HELP))
    arrived_at = DateTimeField()
    due_at = DateTimeField(allow_null=True)
    case_ids = ListField(child=UUIDField())
    minutes = IntegerField(allow_null=True)


class DocumentShown(Asked):
    """A document that somebody shows at the reception; it is looked up, and kept nowhere."""

    kind = one_of(DOCUMENT_KINDS)
    number = CharField(max_length=40)


class TicketAsked(Asked):
    """Who has come: by the code of their booking, or unasked by the documents of who is here, theirs first.

    Without either it is a question, and nobody is asked who they are.
    """

    booking_code = CharField(max_length=20, default="", allow_blank=True)
    documents = DocumentShown(many=True, default=list)
    language = CharField(max_length=10, default="", allow_blank=True)
    help = ListField(child=one_of(HELP), default=list)


class CallAsked(Asked):
    """The window that is free."""

    window = Code()


class ClosingAsked(Asked):
    """Why something that could be done stays open, if anything does; of a question, how it ended."""

    cause = one_of(Cause, default="", allow_blank=True)
    ended = one_of(Ended, default="", allow_blank=True)
    referred_to = Code(default="", allow_blank=True)


class RatingAsked(Asked):
    """How it went: one of five levels, 5 the best; everything else is optional. `named`: a supervisor may know who."""

    level = IntegerField(min_value=min(Level), max_value=max(Level))
    aspects = ListField(child=one_of(tuple(dict.fromkeys(sum(ASPECTS.values(), ())))), default=list)
    words = Words(default="", allow_blank=True)
    named = BooleanField(default=False)


class RatingKept(Shape):
    """The rating that was kept."""

    rating_id = UUIDField()


class Rating(Shape):
    """A rating as it was given, with what came of it."""

    id = UUIDField()
    touchpoint = one_of(("visit", "case"))
    level = IntegerField()
    aspects = ListField(child=CharField())
    words = CharField()
    rated_on = DateField()
    added = CharField()
    answer = CharField()
    answered_at = DateTimeField(allow_null=True)


class Rateable(Shape):
    """The case, or a visit to it: what was said of it, or whether one may."""

    touchpoint = one_of(("visit", "case"))
    id = UUIDField()
    rating = Rating(allow_null=True)
    may_rate = BooleanField()
