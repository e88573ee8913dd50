"""Shapes of commitments: what was found of them, and the acts that follow."""

from portal.api.shapes import (
    Asked,
    BooleanField,
    CharField,
    Code,
    DateField,
    DateTimeField,
    IntegerField,
    Said,
    Shape,
    UUIDField,
    Words,
    one_of,
)

STATES = (
    "asking", "with_office", "spared", "true", "not_verifiable", "untrue", "repaired", "revoked", "stopped",
    "overturned",
)  # fmt: skip


class CommitmentCheck(Shape):
    """The look into one commitment of a case: how far it is, and what follows from it."""

    id = UUIDField()
    evidence_id = UUIDField()
    requirement = Code(allow_blank=True)
    type = Code()
    name = Said()
    state = one_of(STATES)
    opened_on = DateField()
    due_on = DateField()
    by_register = BooleanField()
    found_at = DateTimeField(allow_null=True)
    legal_basis = CharField()
    explanation = CharField()
    reconsideration_until = DateField(allow_null=True)
    suit_until = DateField(allow_null=True)
    repair_until = DateField(allow_null=True)
    closed_until = DateField(allow_null=True)
    contested = BooleanField()
    heard = BooleanField()
    answer = CharField()
    may_put_right = BooleanField()
    may_contest = BooleanField()


class Contest(Asked):
    """What is wrong with the finding."""

    reason = Words()


class CommitmentFinding(Asked):
    """What was found; of an untrue commitment the law, plain words, and for how many months none is taken."""

    found = one_of(("true", "not_verifiable", "untrue"))
    note = Words(default="", allow_blank=True)
    legal_basis = Words(most=300, default="", allow_blank=True)
    explanation = Words(default="", allow_blank=True)
    closed_months = IntegerField(required=False)


class HandlingStop(Asked):
    """Which commitment is untrue, with the law, plain words, and for how many months none is taken."""

    evidence_id = UUIDField()
    legal_basis = Words(most=300, default="", allow_blank=True)
    explanation = Words()
    closed_months = IntegerField(required=False)


class RepairJudgement(Asked):
    """Whether what came in puts it right; a no is explained."""

    good = BooleanField()
    explanation = Words(default="", allow_blank=True)


class GrantRevocation(Asked):
    """Why what was granted is revoked, as its holder reads it."""

    explanation = Words()
    legal_basis = Words(most=300, default="", allow_blank=True)


class ContestHearing(Asked):
    """Whether the finding stands, and why."""

    stands = BooleanField()
    explanation = Words()
