"""Shapes of the catalogue: services, their definitions, programmes, offices and bundles."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from portal.api.operations import Listed
from portal.api.shapes import (
    BooleanField,
    CharField,
    Code,
    DecimalField,
    DictField,
    IntegerField,
    JSONField,
    ListField,
    Money,
    Said,
    Shape,
    one_of,
)
from services.core.definitions import KINDS, Handover, Mode
from services.core.facts import FactType


class ServicesWanted(Listed):
    """Which services to list."""

    q = CharField(required=False, max_length=100)
    programme = Code(required=False)
    after = Code(required=False)


class ServiceCard(Shape):
    """A service in a list."""

    code = Code()
    name = CharField()
    summary = CharField()
    programme = Code()
    organisation = Code()
    kind = one_of(KINDS)
    audience = CharField()
    badge = CharField()
    visits = IntegerField()
    version = IntegerField()
    promised_days = IntegerField()
    fee = Money(allow_null=True)


class Line(Shape):
    """One thing said of a service, and when it holds."""

    text = CharField()
    when = CharField()


class EvidenceLine(Shape):
    """One thing that must be proved, and which office holds it."""

    name = CharField()
    holder = CharField()
    instead = ListField(child=CharField())
    when = CharField()
    party = CharField()


class StepLine(Shape):
    """One step of the way."""

    code = Code()
    name = CharField()
    organisation = CharField()
    mode = one_of(Mode)
    days = IntegerField()
    when = CharField()


class FeeLine(Shape):
    """What is charged, by which law."""

    amount = Money()
    item = CharField()
    legal_basis = CharField()
    when = CharField()


class Result(Shape):
    """What one gets, and how."""

    name = CharField()
    is_certificate = BooleanField()
    handover = one_of(Handover)


class Before(Shape):
    """What the old way took, as the catalogue assumes."""

    visits = IntegerField()
    papers = IntegerField()


class ServicePage(Shape):
    """A service in plain words."""

    code = Code()
    name = CharField()
    summary = CharField()
    programme = Code(source="programme_code")
    organisation = Code(source="organisation_code")
    organisation_name = CharField(source="organisation")
    kind = one_of(KINDS)
    audience = CharField()
    applicant = CharField()
    version = IntegerField()
    badge = CharField()
    promised_days = IntegerField()
    statutory_days = IntegerField()
    fee = FeeLine(allow_null=True)
    obtained = EvidenceLine(many=True)
    declarations = EvidenceLine(many=True)
    uploads = EvidenceLine(many=True)
    questions = Line(many=True)
    parties = Line(many=True)
    steps = StepLine(many=True)
    result = Result()
    legal_basis = ListField(child=CharField())
    before = Before()


class Choice(Shape):
    """One of the answers to choose from."""

    code = Code()
    text = Said(source="texts")


class Column(Shape):
    """A column of a question whose answer is rows."""

    code = Code()
    type = one_of(FactType)
    label = Said()
    format = CharField()
    max_length = IntegerField()
    minimum = DecimalField(max_digits=20, decimal_places=None, allow_null=True)
    maximum = DecimalField(max_digits=20, decimal_places=None, allow_null=True)
    choices = Choice(many=True)


class ByCode(serializers.ListSerializer):
    """Tells a mapping by code as the list of what it holds."""

    def to_representation(self, data: Any) -> list[Any]:
        """Return each thing told."""
        return super().to_representation(list(data.values()) if isinstance(data, Mapping) else data)


class Fact(Column):
    """Something that can be known, and how it is asked for."""

    class Meta:
        """Facts are kept by code."""

        list_serializer_class = ByCode

    ask = Said()
    hint = Said()
    columns = Column(many=True)
    min_rows = IntegerField()
    max_rows = IntegerField()


class Question(Shape):
    """A question of a service: its fact, and the condition under which it is asked."""

    fact = Code()
    optional = BooleanField()
    when = Code()
    needed_for = CharField()


class EvidenceKind(Shape):
    """A kind of evidence: whose it is, where it lives, what it proves and which other ways there are to it."""

    class Meta:
        """Kinds of evidence are kept by code."""

        list_serializer_class = ByCode

    code = Code()
    name = Said()
    organisation = Code()
    about = CharField()
    source = CharField(source="home")
    declaration = CharField()
    upload = BooleanField()
    validity_months = IntegerField()
    proves = ListField(child=Code())
    key = Code()


class Requirement(Shape):
    """What must be proved: any one entry of evidence; an entry is met by all it names."""

    code = Code()
    any_of = ListField(child=ListField(child=Code()))
    party = Code()
    when = Code()
    original_at = Code()
    deferrable = BooleanField()


class Step(Shape):
    """One piece of work by one office."""

    code = Code()
    name = Said()
    organisation = Code()
    mode = one_of(Mode)
    after = ListField(child=Code())
    when = Code()
    days = IntegerField()
    check = Code()
    purpose = CharField()
    minutes = IntegerField()


class Condition(Shape):
    """A named condition: the sentence that is true when it holds, and its expression over facts."""

    class Meta:
        """Conditions are kept by code."""

        list_serializer_class = ByCode

    code = Code()
    says = Said()
    expression = JSONField()


class Party(Shape):
    """Somebody beside the applicant."""

    role = Code()
    kind = CharField()
    name = Said()
    signs = CharField()
    identified_by = ListField(child=Code())
    when = Code()


class Output(Shape):
    """What comes of it: a certificate or something said in words; a case can also found a business.

    `gives` says which answer becomes which fact of the certificate, where they are not called alike. `ends` names the
    applicant's certificates that are cancelled with it.
    """

    certificate = Code()
    result = Said()
    handover = one_of(Handover)
    founds = CharField()
    gives = DictField(child=Code())
    ends = ListField(child=Code())


class Example(Shape):
    """A worked example: an applicant, what registers do not know of them, and what must happen to them."""

    says = Said()
    facts = DictField(child=JSONField())
    absent = ListField(child=Code())
    outcomes = DictField(child=CharField())
    conditions = DictField(child=BooleanField())
    asks = ListField(child=Code())
    visits = IntegerField()
    ends = CharField()


class Definition(Shape):
    """A service as data: everything that decides what is asked and what happens."""

    code = Code()
    name = Said()
    summary = Said()
    programme = Code()
    organisation = Code()
    kind = one_of(KINDS)
    applicant = CharField()
    legal_basis = ListField(child=CharField())
    four_eyes = BooleanField()
    statutory_days = IntegerField(source="statutory")
    promised_days = IntegerField(source="promised")
    conditions = Condition(many=True)
    questions = Question(many=True)
    parties = Party(many=True)
    requirements = Requirement(many=True)
    steps = Step(many=True)
    output = Output()
    facts = Fact(many=True)
    evidence_types = EvidenceKind(many=True)
    examples = Example(many=True)


class Programme(Shape):
    """A group of services."""

    code = Code()
    name = CharField()
    summary = CharField()
    audience = CharField()
    services = IntegerField()


class Organisation(Shape):
    """An office, and how it is reached."""

    code = Code()
    name = CharField()
    phone = CharField()
    address = CharField()
    elsewhere = CharField(help_text="Of which other place, if it only receives applications for this one.")


class Bundle(Shape):
    """Several services as one thing."""

    code = Code()
    name = CharField()
    event = CharField()
    summary = CharField()
    kind = CharField()
    lead = Code()
    services = ListField(child=Code())
    situations = DictField(child=CharField())
    visits = IntegerField(allow_null=True)
