"""Shapes of plans: what one application for several services means, before anything is filled in."""

from portal.api.shapes import (
    Asked,
    BooleanField,
    CharField,
    Code,
    DateField,
    DictField,
    IntegerField,
    ListField,
    Money,
    Shape,
)


class Situation(Asked):
    """The answers to a bundle's questions, by the service that each decides; and what is left out all the same."""

    situation = DictField(child=BooleanField(), default={})
    left_out = ListField(child=Code(), default=[])


class Basket(Asked):
    """Services put together."""

    services = ListField(child=Code(), min_length=1, max_length=20)


class PlannedMember(Shape):
    """One service of the plan, by working days from the day of submission.

    `attends` is null while an answer decides it; `waits` for how many days its promise stands still for the visit.
    `late` is by how many days it may break its promise, should its office take all its time to look at copies.
    """

    service = Code()
    name = CharField()
    office = CharField()
    starts = IntegerField()
    ends = IntegerField()
    after = ListField(child=CharField())
    attends = BooleanField(allow_null=True)
    waits = IntegerField()
    late = IntegerField()
    promised = IntegerField()
    statutory = IntegerField()


class ObtainedThing(Shape):
    """Something that we obtain: from an office, or from a service of the plan that issues it."""

    name = CharField()
    office = CharField()
    service = CharField()


class TakesPart(Shape):
    """Somebody who takes part, and how they sign."""

    name = CharField()
    signs = CharField()


class Place(Shape):
    """A centre at which all of it can be done in one visit."""

    code = Code()
    name = CharField()
    address = CharField()


class TogetherPlan(Shape):
    """The plan of one application."""

    services = ListField(child=Code())
    members = PlannedMember(many=True)
    days = IntegerField()
    ends_on = DateField()
    provisional = BooleanField()
    attends = BooleanField(allow_null=True)
    visit_on = DateField(allow_null=True)
    centres = Place(many=True)
    obtained = ObtainedThing(many=True)
    asked = ListField(child=CharField())
    asked_if = ListField(child=CharField())
    needed_if = ListField(child=CharField())
    signed = ListField(child=CharField())
    sent = ListField(child=CharField())
    parties = TakesPart(many=True)
    offices = ListField(child=CharField())
    fees = Money()
    perhaps = Money()


class Plans(Shape):
    """The fewest applications in which all of it can be applied for."""

    applications = TogetherPlan(many=True)
