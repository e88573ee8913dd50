"""What we hold about somebody, what registers answered, and what the applicant said of it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from services import clock
from services.certificates import queries as certificates
from services.certificates.queries import HeldCertificate
from services.core import evidence as core
from services.core.evidence import Grade, HeldEvidence, Outcome, Source
from services.core.facts import Holder, Value
from services.evidence.models import Attempt, Evidence, Preview

REUSED = (Source.REGISTRY, Source.DECLARATION, Source.SEEN)


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A fact about a person or business, and how we come to know it."""

    value: Value = field(repr=False)
    source: Source
    type: str
    since: date


def held(
    *,
    holders: Collection[Holder],
    types: Collection[str],
    on: date,
    application_ids: Collection[UUID] = (),
    renewed: Collection[UUID] = (),
) -> tuple[HeldEvidence, ...]:
    """Return what we hold about these holders that counts on the day, in three queries however many they are.

    What belongs to one of the applications is told with its own source and the application's id: with several
    applications, each counts only its own. What may be used again (R3.17: grade A, B or D, unexpired) from
    another application is `earlier`. Disputed evidence is told, but marked. What is being `renewed` counts after its
    last day, too (R2.25), while nobody has taken it out of force.
    """
    issued = certificates.held(holders=holders, types=types, on=on, renewed=renewed)
    said_wrong = Preview.objects.filter(application_id__in=application_ids, disputed=True)
    here = Q(application_id__in=application_ids) | Q(id__in=said_wrong.values("subject_id"))
    own = _counting(holders, on, here, renewed).filter(type__in=types)
    disputed = _disputed({one.id for one in issued})
    of_issued = (_held_certificate(one, one.id in disputed) for one in issued)
    return (*of_issued, *(_held_evidence(row, application_ids) for row in own))


def evidence_of(*, evidence_id: UUID) -> HeldEvidence:
    """Return one piece of evidence as it was given, whether it counts still or not."""
    row = Evidence.objects.get(id=evidence_id)
    return _held_evidence(row, [row.application_id])


def known_facts(*, holder: Holder, on: date, types: Collection[str] = ()) -> dict[str, KnownFact]:
    """Return the facts we know about the holder: from what was issued or obtained last, and is not disputed.

    Facts of an application are never told outside it. With `types`, only what these types of evidence say.
    """
    issued = certificates.of_holder(holder=holder, on=on)
    in_force = [one for one in issued if one.status == "valid" and (not types or one.type in types)]
    disputed = _disputed({one.id for one in in_force})
    rows = _counting([holder], on, Q()).filter(disputed_at__isnull=True, reusable=True)
    rows = rows.filter(type__in=types) if types else rows
    told = [
        *(
            (one.issued_on, Source.ISSUED, one.type, one.content)
            for one in in_force
            if one.id not in disputed
        ),
        *((row.obtained_on, Source(row.source), row.type, row.facts) for row in rows),
    ]
    facts: dict[str, KnownFact] = {}
    for since, source, kind, values in sorted(told, key=lambda one: one[0]):
        known = {code: KnownFact(value, source, kind, since) for code, value in values.items()}
        facts |= {code: fact for code, fact in known.items() if code.startswith(f"{holder.kind}.")}
    return facts


def attempts(*, application_ids: Collection[UUID], on: date) -> dict[UUID, tuple[core.Attempt, ...]]:
    """Return per application what registers answered, leaving out answers that no longer hold on the day."""
    still = Q(outdated_at__isnull=True) & (Q(holds_until__isnull=True) | Q(holds_until__gte=on))
    told: dict[UUID, list[core.Attempt]] = {one: [] for one in application_ids}
    for row in Attempt.objects.filter(still, application_id__in=application_ids).order_by("at", "id"):
        holder = Holder(row.holder_kind, row.holder_id)
        on_day = clock.legal_day(row.at)
        told[row.application_id].append(
            core.Attempt(row.type, holder, Outcome(row.outcome), row.key, asked_on=on_day)
        )
    return {application_id: tuple(of_one) for application_id, of_one in told.items()}


def confirmed(*, application_id: UUID) -> frozenset[UUID]:
    """Return the evidence and certificates the applicant was shown in this application and found right."""
    said = Preview.objects.filter(application_id=application_id, disputed=False)
    return frozenset(said.values_list("subject_id", flat=True))


def holders_in(*, application_ids: Collection[UUID]) -> frozenset[Holder]:
    """Return whom the evidence of these applications is about."""
    rows = Evidence.objects.filter(application_id__in=application_ids)
    return frozenset(Holder(*one) for one in rows.values_list("holder_kind", "holder_id").distinct())


def applications_about(*, holders: Collection[Holder]) -> frozenset[UUID]:
    """Return the applications that hold evidence about any of these, whether it counts still or not."""
    # Both halves have an index of their own.
    counts_or_not = Q(_about(holders), ended_at__isnull=True) | Q(_about(holders), ended_at__isnull=False)
    rows = Evidence.objects.filter(counts_or_not)
    return frozenset(rows.values_list("application_id", flat=True).distinct())


def _about(holders: Collection[Holder]) -> Q:
    """Return the condition that a row is about one of these holders."""
    people = [holder.id for holder in holders if holder.kind == "person"]
    businesses = [holder.id for holder in holders if holder.kind == "business"]
    return Q(holder_kind="person", holder_id__in=people) | Q(holder_kind="business", holder_id__in=businesses)


def _counting(
    holders: Collection[Holder], on: date, here: Q, renewed: Collection[UUID] = ()
) -> QuerySet[Evidence]:
    """Return what has not ended: what matters `here`, and what may be used again anywhere."""
    in_time = Q(valid_until__isnull=True) | Q(valid_until__gte=on) | Q(id__in=renewed)
    again = Q(reusable=True, source__in=REUSED, disputed_at__isnull=True)
    rows = Evidence.objects.filter(_about(holders), in_time, ended_at__isnull=True)
    return rows.filter(here | again).order_by("-obtained_at", "id")


def _disputed(certificate_ids: set[UUID]) -> frozenset[UUID]:
    if not certificate_ids:
        return frozenset()
    said = Preview.objects.filter(subject_id__in=certificate_ids, disputed=True)
    return frozenset(said.values_list("subject_id", flat=True))


def _held_certificate(one: HeldCertificate, disputed: bool) -> HeldEvidence:
    return HeldEvidence(
        id=one.id,
        type=one.type,
        holder=one.holder,
        source=Source.ISSUED,
        grade=Grade.A,
        facts=one.content,
        obtained_on=one.issued_on,
        valid_until=one.valid_until,
        key=one.key,
        disputed=disputed,
        checked=True,
    )


def _held_evidence(row: Evidence, application_ids: Collection[UUID]) -> HeldEvidence:
    own = row.application_id in application_ids
    return HeldEvidence(
        id=row.id,
        type=row.type,
        holder=Holder(row.holder_kind, row.holder_id),
        source=Source(row.source) if own else Source.EARLIER,
        grade=Grade(row.grade),
        facts=row.facts,
        obtained_on=row.obtained_on,
        valid_until=row.valid_until,
        key=row.key,
        disputed=row.disputed_at is not None,
        checked=row.checked_at is not None,
        application_id=row.application_id,
    )
