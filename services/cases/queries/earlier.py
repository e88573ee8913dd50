"""The services of one application that others in it come after, and how far they are (R7.5)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from services.cases.models import Application, Case, CorrectionNotice
from services.cases.queries.progress import steps_from
from services.catalogue import queries as catalogue
from services.core.casefile import StepOutcome
from services.core.definitions import Definition, Mode
from services.core.routing import PRECONDITION_REFUSED
from services.core.sequence import Predecessor, in_sequence, requires
from services.core.states import ENDED, CaseState, Verdict

Earlier = Mapping[tuple[UUID, str], tuple[Predecessor, ...]]


def earlier_in_draft(application: Application, known: Iterable[Definition] = ()) -> Earlier:
    """Return, by application and service of a draft, what it comes after; `known`: definitions read already."""
    if len(application.services) < 2:
        return {}
    read = {one.code: one for one in known}
    members = [read.get(code) or _current(code) for code in application.services]
    by_code = {one.code: one for one in members}
    return {
        (application.id, code): tuple(
            replace(_pending(by_code[one]), ground=not requires(by_code[code], by_code[one]))
            for one in before
        )
        for code, before in in_sequence(members).items()
    }


def _current(code: str) -> Definition:
    return catalogue.definition(catalogue.current_version_id(code))


def _pending(definition: Definition) -> Predecessor:
    output = definition.output
    return Predecessor(definition.code, output.certificate, founds=bool(output.founds))


@dataclass(frozen=True, slots=True)
class Kin:
    """The other cases of the applications at hand: what each comes after, and which others call somebody in."""

    earlier: Earlier = field(default_factory=dict)
    calling: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    # By application the days of receipt of which a notice of correction has gone out (R7.9).
    asked: Mapping[UUID, frozenset[date]] = field(default_factory=dict)

    def is_joint(self, case: Case) -> bool:
        """Return whether another case of the application may have its applicant come in, too."""
        return bool(self.calling.get(case.application_id, frozenset()) - {case.id})

    def of(self, case: Case) -> dict[str, object]:
        """Return what the law is told of a case's kin."""
        return {
            "earlier": self.earlier.get((case.application_id, case.service), ()),
            "joint": self.is_joint(case),
            "together": len(case.application.services) > 1,
            "notice_out": self.is_asked(case),
        }

    def is_asked(self, case: Case) -> bool:
        """Return whether the one notice for what came in with the case has gone out."""
        return case.received_on in self.asked.get(case.application_id, frozenset())


def kin_of(cases: Sequence[Case]) -> Kin:
    """Return what these cases have to do with others of their applications; in two queries, if there are any."""
    several = {case.application_id for case in cases if len(case.application.services) > 1}
    if not several:
        return Kin()
    together: dict[UUID, list[Case]] = {}
    for row in Case.objects.filter(application_id__in=several).order_by("application_id"):
        together.setdefault(row.application_id, []).append(row)
    order = {case.application_id: list(case.application.services) for case in cases}
    found: dict[tuple[UUID, str], tuple[Predecessor, ...]] = {}
    for application_id, rows in together.items():
        rows.sort(key=lambda row: order[row.application_id].index(row.service))
        found |= _of_application(application_id, rows)
    calling = {one: frozenset(row.id for row in rows if _may_call(row)) for one, rows in together.items()}
    return Kin(found, calling, _asked(several))


def _asked(applications: Collection[UUID]) -> dict[UUID, frozenset[date]]:
    sent = CorrectionNotice.objects.filter(application_id__in=applications, sent_on__isnull=False)
    found: dict[UUID, frozenset[date]] = {}
    for application, received_on in sent.values_list("application_id", "received_on"):
        found[application] = found.get(application, frozenset()) | {received_on}
    return found


def _may_call(case: Case) -> bool:
    """Return whether somebody may yet have to come in for the case."""
    if CaseState(case.state) in ENDED or case.verdict == Verdict.REFUSED:
        return False
    steps = steps_from(case.progress)
    counters = catalogue.definition(case.service_version_id).steps_of(Mode.COUNTER)
    return any(one.code not in steps or steps[one.code].outcome is StepOutcome.OPEN for one in counters)


def _of_application(
    application_id: UUID, rows: Sequence[Case]
) -> dict[tuple[UUID, str], tuple[Predecessor, ...]]:
    definitions = {row.service: catalogue.definition(row.service_version_id) for row in rows}
    by_code = {row.service: row for row in rows}
    return {
        (application_id, code): tuple(
            replace(
                _predecessor(by_code[one], definitions[one]),
                ground=not requires(definitions[code], definitions[one]),
            )
            for one in before
        )
        for code, before in in_sequence(list(definitions.values())).items()
    }


def _predecessor(case: Case, definition: Definition) -> Predecessor:
    issued_on = _issued_on(case, definition)
    refused = case.verdict == Verdict.REFUSED or case.ending == PRECONDITION_REFUSED
    return Predecessor(
        service=case.service,
        certificate=definition.output.certificate,
        founds=bool(definition.output.founds),
        issued_on=issued_on,
        refused=refused,
        ended=issued_on is None and (refused or CaseState(case.state) in ENDED),
        ended_on=case.ended_on if issued_on is None else None,
        at_counter=_is_at_counter(case, definition),
    )


def _issued_on(case: Case, definition: Definition) -> date | None:
    record = steps_from(case.progress).get(definition.issue_step.code)
    return record.since if record is not None and record.outcome is StepOutcome.DONE else None


def _is_at_counter(case: Case, definition: Definition) -> bool:
    """Return whether its applicant is called in, and nothing that takes days lies between the visit and the result."""
    steps = steps_from(case.progress)
    for step in definition.steps_of(Mode.COUNTER):
        record = steps.get(step.code)
        if record is not None and record.outcome is StepOutcome.OPEN:
            later = (one for one in definition.steps if step.code in definition.earlier[one.code])
            return not any(one.takes_days and one.mode is not Mode.DELIVER for one in later)
    return False
