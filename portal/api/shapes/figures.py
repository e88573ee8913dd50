"""Shapes of figures, of the legal clock, and of what is still in hand."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.fields import FloatField

from portal.api.shapes import (
    Asked,
    BooleanField,
    CharField,
    Code,
    DateField,
    DateTimeField,
    DictField,
    IntegerField,
    ListField,
    Shape,
    one_of,
)
from services.evidence.queries.registers import RECENT_DAYS, Condition


class Figures(Shape):
    """The figures of one programme, or of all; what was before is assumed by the catalogue."""

    services = IntegerField()
    services_resolved = IntegerField()
    cases = IntegerField()
    resolved = IntegerField()
    refused = IntegerField()
    otherwise_ended = IntegerField()
    visits = IntegerField()
    second_visits = IntegerField()
    visits_before = IntegerField()
    papers_before = IntegerField()
    files = IntegerField()
    originals = IntegerField()
    statements = IntegerField()
    mean_days = FloatField(allow_null=True)
    closed = IntegerField()
    without_visit = IntegerField()
    one_visit = IntegerField()
    more_visits = IntegerField()
    on_time = IntegerField()
    late = IntegerField()
    sources = DictField(child=IntegerField())


class Statistics(Shape):
    """Figures in all and by programme."""

    total = Figures()
    programmes = DictField(child=Figures())


def _number(name: str) -> IntegerField:
    return IntegerField(source=f"numbers.{name}", allow_null=True)


class PublicFigures(Shape):
    """Figures that single out nobody: null where one rests on fewer than ten cases, or would give such a one away."""

    services = _number("services")
    services_resolved = _number("services_resolved")
    cases = _number("cases")
    resolved = _number("resolved")
    refused = _number("refused")
    otherwise_ended = _number("otherwise_ended")
    visits = _number("visits")
    second_visits = _number("second_visits")
    visits_before = _number("visits_before")
    papers_before = _number("papers_before")
    files = _number("files")
    originals = _number("originals")
    statements = _number("statements")
    mean_days = FloatField(source="numbers.mean_days", allow_null=True)
    closed = _number("closed")
    without_visit = _number("without_visit")
    one_visit = _number("one_visit")
    more_visits = _number("more_visits")
    on_time = _number("on_time")
    late = _number("late")
    visits_of_resolved = _number("visits_of_resolved")
    by_authority = _number("by_authority")
    by_applicant = _number("by_applicant")
    by_nobody = _number("by_nobody")
    not_told = _number("not_told")
    system_failed = _number("system_failed")
    nobody_able = _number("nobody_able")
    authority_unsaid = _number("authority_unsaid")
    not_brought = _number("not_brought")
    person_left = _number("person_left")
    applicant_unsaid = _number("applicant_unsaid")
    sources = DictField(child=IntegerField(allow_null=True))


class PublicEnded(Shape):
    """Of the cases that ended in a month, or were attended at a centre: visits, punctuality, days, what was before."""

    closed = _number("closed")
    without_visit = _number("without_visit")
    one_visit = _number("one_visit")
    more_visits = _number("more_visits")
    on_time = _number("on_time")
    late = _number("late")
    resolved = _number("resolved")
    mean_days = FloatField(source="numbers.mean_days", allow_null=True)
    visits_before = _number("visits_before")
    visits_of_resolved = _number("visits_of_resolved")
    papers_before = _number("papers_before")


class PublicBundle(Shape):
    """Of the applications for one thing of several services, each counted once: visits, punctuality, days, before."""

    applications = _number("applications")
    closed = _number("closed")
    without_visit = _number("without_visit")
    one_visit = _number("one_visit")
    more_visits = _number("more_visits")
    on_time = _number("on_time")
    late = _number("late")
    visits = _number("visits")
    visits_each = FloatField(source="numbers.visits_each", allow_null=True)
    mean_days = FloatField(source="numbers.mean_days", allow_null=True)
    visits_before = _number("visits_before")
    papers_before = _number("papers_before")


class PublicPlace(Shape):
    """How a centre does: those called to a window, within 15 minutes or later; mean minutes and days of waiting."""

    visits = _number("visits")
    served = _number("served")
    prompt = _number("prompt")
    booked = _number("booked")
    mean_minutes = FloatField(source="numbers.minutes", allow_null=True)
    mean_days = FloatField(source="numbers.days", allow_null=True)


class PublicRatings(Shape):
    """Ratings: satisfied or very satisfied, fairly satisfied, and not; null where a level is hidden."""

    ratings = _number("ratings")
    satisfied = _number("satisfied")
    fairly = _number("fairly")
    dissatisfied = _number("dissatisfied")


class PublicStatistics(Shape):
    """Figures for everybody; `hidden` programmes have too few cases; those of a `demonstration` are made up.

    A visit is counted once for a centre and a day: those of the programmes may be more than those of the total.
    `attended` are the cases by the centre where they were, `centres` how people waited there.
    """

    demonstration = BooleanField()
    counted_at = DateTimeField(source="found.counted_at", allow_null=True)
    total = PublicFigures(source="found.total")
    programmes = DictField(child=PublicFigures(), source="found.programmes")
    months = DictField(child=PublicEnded(), source="found.months")
    attended = DictField(child=PublicEnded(), source="found.centres")
    bundles = DictField(child=PublicBundle(), source="found.bundles")
    all_bundles = PublicBundle(source="found.one_things")
    centres = DictField(child=PublicPlace(), source="found.places")
    all_centres = PublicPlace(source="found.everywhere")
    ratings = DictField(child=DictField(child=PublicRatings()), source="found.ratings")
    hidden = ListField(child=Code(), source="found.hidden")


class RegistersWanted(Asked):
    """How far back the calls of registers are counted."""

    days = IntegerField(min_value=1, max_value=3660, default=RECENT_DAYS)


class Register(Shape):
    """How a register does: `since` when it fails, and until when nobody calls it; the median is in milliseconds."""

    code = Code()
    name = CharField()
    organisation = Code(allow_blank=True)
    condition = one_of(Condition)
    since = DateTimeField(allow_null=True)
    rests_until = DateTimeField(allow_null=True)
    calls = IntegerField(source="lately.calls")
    failures = IntegerField(source="lately.failures")
    median_ms = IntegerField(source="lately.median_ms", allow_null=True)
    answered_at = DateTimeField(source="lately.answered_at", allow_null=True)


class LegalClock(Shape):
    """The legal moment and day."""

    now = DateTimeField()
    today = DateField()


class ClockMovement(Asked):
    """By how many days to move the legal clock ahead; or, once, the day on which it is to start."""

    days = IntegerField(min_value=1, max_value=366, required=False)
    start_on = DateField(required=False)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return what was asked, if it is one of the two."""
        if len(asked) != 1:
            raise serializers.ValidationError(_("Say either days or startOn."))
        return asked


class WorkInHand(Shape):
    """What is still to be done today; with all of it at none, only another day brings anything."""

    today = DateField()
    cases_to_route = IntegerField()
    errands_to_run = IntegerField()
    errands_put_off = IntegerField()
    tasks_due = IntegerField()
    visitors_expected = IntegerField()
    offices_due = ListField(child=Code())
    next_due_on = DateField(allow_null=True)
    next_at = DateTimeField(allow_null=True)
