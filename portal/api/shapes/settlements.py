"""Shapes of settlements: each requirement with its proofs, what was tried, and what happens now."""

from portal.api.shapes import (
    BooleanField,
    CharField,
    Code,
    DateField,
    DateTimeField,
    IntegerField,
    ListField,
    Said,
    Shape,
    UUIDField,
    one_of,
)
from portal.api.shapes.drafts import Way
from services.core.evidence import Grade, Outcome, Source, Standing
from services.evidence.queries import Ended


class Proof(Shape):
    """What settles a requirement; `told_by` is where an earlier matter had it from."""

    id = UUIDField()
    type = Code()
    name = Said()
    source = one_of(Source)
    told_by = one_of(Source)
    organisation = Code()
    grade = one_of(Grade)
    obtained_at = DateTimeField()
    issued_on = DateField(allow_null=True)
    valid_until = DateField(allow_null=True)
    reusable = BooleanField()
    checked_at = DateTimeField(allow_null=True)
    checked_at_office = Code()
    disputed = BooleanField()
    confirmed = BooleanField()
    unscanned = BooleanField()


class Try(Shape):
    """Something that was tried before, with its time and how it ended."""

    at = DateTimeField()
    type = Code()
    source = one_of(Source)
    organisation = Code()
    result = one_of((*Outcome, *Ended))
    took_ms = IntegerField()
    note = CharField()


class Settlement(Shape):
    """One requirement: how it stands, by what, what was tried, what is spared, and what happens now."""

    code = Code()
    service = Code()
    name = Said()
    party = Code()
    standing = one_of(Standing)
    proofs = Proof(many=True)
    tried = Try(many=True)
    spared = ListField(child=Said())
    fetching = ListField(child=Said())
    again_at = DateTimeField(allow_null=True)
    ways = Way(many=True)
    meets_at = CharField()


class SettlementSheet(Shape):
    """Every requirement; from `decided_on` on nothing of it changes."""

    application_id = UUIDField()
    decided_on = DateField(allow_null=True)
    proved = IntegerField()
    settlements = Settlement(many=True)
