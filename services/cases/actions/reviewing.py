"""Looking into a case: a review or an inspection ends for or against, copies and originals are looked at."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from services.cases.actions.claiming import OpenTask, end_task, open_task
from services.cases.models import Case, TaskKind
from services.cases.queries.casefiles import holders_of
from services.core import acts
from services.core.casefile import CaseFile, StepOutcome
from services.core.evidence import Source, Standing
from services.core.refusal import Mistake, Refusal
from services.evidence.actions import About, check_upload, record_seen
from services.ledger import looking
from services.ledger.actions import Actor
from services.people.queries import AccountView, officers_of

KINDS = (TaskKind.REVIEW, TaskKind.INSPECTION, TaskKind.DELIVER)


class SecondOfficerNeeded(Refusal):
    """An inspection is done by two officers of the office (R2.14)."""

    code = "second_officer_needed"
    sentence = "Name the second officer who inspected with you."


@looking.unseen()
@transaction.atomic
def complete_task(
    *,
    viewer: AccountView,
    task_id: UUID,
    favorable: bool,
    note: str = "",
    second_officer_id: UUID | None = None,
    originals_seen: Sequence[str] = (),
    now: datetime,
) -> None:
    """End a review, an inspection or a delivery, for or against; an inspection names its second officer (R2.14).

    An unfavorable outcome goes to the lead office, where a person looks at it: it refuses nobody by itself.

    :raises NoSuchTask, AnotherHasIt, WrongTask, SecondOfficerNeeded:
    """
    opened = open_task(viewer=viewer, task_id=task_id, kinds=KINDS, now=now)
    if opened.task.kind == TaskKind.INSPECTION:
        _check_second_officer(viewer, second_officer_id)
        opened.task.second_officer_id = second_officer_id
        see_originals(opened.case, opened.file, originals_seen, opened.officer, now)
    outcome = StepOutcome.DONE if favorable else StepOutcome.AGAINST
    if favorable:
        check_copies(opened)
    step = opened.task.step
    after = acts.end_step(opened.read_again(), step=step, outcome=outcome)
    # Whoever signs together is on record together (R2.14).
    told = {"second_officer": str(second_officer_id)} if opened.task.second_officer_id else {}
    told |= {"originals": list(originals_seen)} if originals_seen else {}
    end_task(opened, after, f"{opened.task.kind}_ended", note=note, step=step, outcome=outcome, **told)


def _check_second_officer(viewer: AccountView, second_officer_id: UUID | None) -> None:
    """Do nothing if a colleague is named: another officer of the same office who works there still (R2.14)."""
    colleagues = {one.id for one in officers_of(viewer.organisation)} - {viewer.id}
    if second_officer_id not in colleagues:
        raise SecondOfficerNeeded(errors=[Mistake("second_officer", SecondOfficerNeeded.sentence)])


def check_copies(opened: OpenTask) -> None:
    """Note that the copies this officer has before them were looked at and are good (R3.17)."""
    _look_at(opened, [one.requirement for one in opened.file.settlements.values()], good=True)


def find_wanting(opened: OpenTask, requirements: Sequence[str]) -> None:
    """Note that the copies sent for these requirements were looked at and cannot be used."""
    _look_at(opened, requirements, good=False)


def _look_at(opened: OpenTask, requirements: Sequence[str], *, good: bool) -> None:
    for code in requirements:
        settlement = opened.file.settlements[code]
        for one in settlement.evidence if settlement.standing is Standing.UNCHECKED else ():
            if not one.checked and one.source is Source.UPLOAD:
                check_upload(evidence_id=one.id, clerk=opened.officer, good=good, now=opened.now)


def copied(file: CaseFile, requirement: str) -> tuple[str, ...]:
    """Return the types of evidence of which the applicant's own copies stand for the requirement."""
    settlement = file.settlements.get(requirement)
    found = settlement.evidence if settlement is not None else ()
    return tuple(dict.fromkeys(one.type for one in found if one.source is Source.UPLOAD))


def see_originals(case: Case, file: CaseFile, seen: Sequence[str], officer: Actor, now: datetime) -> None:
    """Keep that originals were seen: evidence of grade B, seen once and by no window again (R3.17).

    `seen` are requirement codes of the definition. Where copies were sent, it is their originals that were seen.
    """
    for code in seen:
        requirement = file.definition.requirement.get(code)
        if requirement is None:
            raise acts.NotRequired(what=code)
        for name in copied(file, code) or requirement.any_of[0]:
            kind = file.definition.evidence_types[name]
            holders = holders_of(case.application)
            holder = holders.of(kind, requirement.party) or holders.of(kind, "applicant")
            if holder is not None:
                key = str(file.facts.get(kind.key, "")) if kind.key else ""
                alone = holders.of(kind, requirement.party) is None
                about = About(
                    application_id=case.application_id, type=kind, holder=holder, key=key, alone=alone
                )
                record_seen(about=about, facts=file.facts, clerk=officer, now=now)
