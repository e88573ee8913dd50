"""What the applicant can give now, for a draft or a case that is not decided, and the record of having given it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services import clock
from services.cases.actions.acting import note_acted
from services.cases.actions.handling import actor_of
from services.cases.actions.turns import save_turns
from services.cases.models import Application, ApplicationState, Case
from services.cases.queries.casefiles import case_files, holders_of
from services.cases.queries.drafts import check_applicant, files_of
from services.cases.queries.visibility import application_for
from services.cases.turn import Act, turn_case
from services.core.acting import Done
from services.core.acts import NotRequired
from services.core.casefile import CaseFile
from services.core.definitions import Definition, Requirement
from services.core.facts import Value
from services.core.refusal import Kind, Refusal
from services.core.waiting import UNDECIDED, may_be_given
from services.evidence.actions import About
from services.people.actions import WhoAreYou
from services.people.queries import AccountView


class SignersFirst(Refusal):
    """While others sign, what they sign does not change under their hands."""

    code = "signers_first"
    kind = Kind.CONFLICT
    sentence = "Others are signing this application as it is. Take it back before you change what you give."


class NothingOpen(Refusal):
    """Only what is still open, or asked for anew, can be given (R1.5)."""

    code = "nothing_open"
    kind = Kind.CONFLICT
    sentence = "Nothing can be given for this now: it is not asked for, or the case has ended."


class DecidedAlready(Refusal):
    """What a decision rests on is changed by its remedies, not by its applicant (R2.16)."""

    code = "decided_already"
    kind = Kind.CONFLICT
    sentence = (
        "This is decided, and what the decision rests on stands. If it is wrong, ask for reconsideration or go to "
        "court: the case page says until when. A certificate with a mistake is put right by the office that issued it."
    )


# What of these acts is told by its own name to whom an agent does it for; everything else gives proof (R11.2).
DONE: Mapping[str, Done] = {
    "evidence_disputed": Done.QUESTIONED,
    "declaration_withdrawn": Done.TAKEN_BACK,
}


@dataclass(frozen=True, slots=True)
class Matter:
    """One requirement of an application, what its evidence is about, and what is known."""

    application: Application
    definition: Definition
    requirement: Requirement | None  # none where it stands for steps, and for no proof
    about: About
    facts: Mapping[str, Value]
    commitments_closed: bool = False


def own_application(viewer: AccountView, application_id: UUID) -> Application:
    """Return the application, locked for a change; a co-signer has no say in what the applicant proves."""
    application = application_for(viewer, application_id, lock=True)
    check_applicant(viewer, application)
    return application


def undecided_cases(
    application: Application,
    concerns: Callable[[CaseFile], bool],
    now: datetime,
    *,
    all_of_them: bool = False,
) -> list[Case]:
    """Return the undecided cases that are concerned, locked with their application; of a draft there are none yet.

    `all_of_them`: none of those concerned may be decided.

    :raises NotRequired: if nothing here is concerned.
    :raises SignersFirst, NothingOpen, DecidedAlready:
    """
    if application.state == ApplicationState.AWAITING_SIGNATURES:
        raise SignersFirst
    cases = list(application.cases.select_for_update().order_by("number"))
    files = files_of(application, on=clock.legal_day(now))
    concerned = [file for file in files if concerns(file)]
    if not concerned:
        raise NotRequired(what="this evidence")
    if application.state == ApplicationState.DRAFT:
        return []
    open_ones = {file.definition.code for file in concerned if file.state in UNDECIDED}
    if not open_ones or (all_of_them and any(file.verdict for file in concerned)):
        raise _too_late(concerned)
    return [case for case in cases if case.service in open_ones]


def _too_late(files: Sequence[CaseFile]) -> Refusal:
    return DecidedAlready() if any(file.verdict for file in files) else NothingOpen()


def matter_of(
    viewer: AccountView, application_id: UUID, requirement: str, type: str, now: datetime
) -> Matter:
    """Return what is to be given, if it can be given now: only what the definition requires (R1.5).

    :raises NotRequired: if no service here takes it.
    :raises SignersFirst, NothingOpen, DecidedAlready:
    """
    application = own_application(viewer, application_id)
    if viewer.person_id is None:
        raise WhoAreYou
    if application.state == ApplicationState.DRAFT and application.person_id is None:
        application.person_id = viewer.person_id
        application.save(update_fields=["person"])
        application.person = None
        application.refresh_from_db(fields=["person"])
    if application.state == ApplicationState.AWAITING_SIGNATURES:
        raise SignersFirst
    # Held until the end: what is open now is not decided meanwhile.
    list(application.cases.select_for_update().order_by("number").values_list("id"))
    files = files_of(application, on=clock.legal_day(now))
    wanted = [file for file in files if _takes(file.definition, requirement, type)]
    if not wanted:
        raise NotRequired(what=requirement)
    is_draft = application.state == ApplicationState.DRAFT
    file = next((one for one in wanted if is_draft or may_be_given(one, requirement)), None)
    if file is None:
        raise _too_late(wanted)
    return _about(application, file, file.definition.requirement[requirement], type)


def requires(definition: Definition, type: str) -> bool:
    """Return whether evidence of this type can meet one of the service's requirements."""
    required = any(type in entry for one in definition.requirements for entry in one.any_of)
    return required or type == definition.commitments.offer


def _takes(definition: Definition, requirement: str, type: str) -> bool:
    one = definition.requirement.get(requirement)
    return one is not None and any(type in entry for entry in one.any_of)


def _about(application: Application, file: CaseFile, requirement: Requirement, type: str) -> Matter:
    kind = file.definition.evidence_types[type]
    holders = holders_of(application)
    holder = holders.of(kind, requirement.party) or holders.of(kind, "applicant")
    if holder is None:
        raise WhoAreYou
    key = str(file.facts.get(kind.key, "")) if kind.key else ""
    alone = holders.of(kind, requirement.party) is None
    about = About(application_id=application.id, type=kind, holder=holder, key=key, alone=alone)
    shelf = file.shelves.get(requirement.party)
    closed = shelf is not None and shelf.commitments_closed
    return Matter(application, file.definition, requirement, about, file.facts, closed)


def note_given(viewer: AccountView, matter: Matter, evidence_id: UUID, now: datetime) -> None:
    """Let the cases that need what was given go on from it, with the act in their ledger."""
    # A draft has no cases yet, and the matter was found in it under the same lock: nothing is read again.
    concerned: list[Case] = []
    if matter.application.state != ApplicationState.DRAFT:
        concerned = undecided_cases(
            matter.application, lambda file: matter.requirement.code in file.definition.requirement, now
        )
    given = {"requirement": matter.requirement.code, "evidence": str(evidence_id)}
    note(viewer, matter.application, concerned, "evidence_given", given, now)


def note(
    viewer: AccountView,
    application: Application,
    cases: Sequence[Case],
    event: str,
    detail: Mapping[str, object],
    now: datetime,
) -> None:
    """Make a new version of the application, and let its cases go on, with the act in their ledger."""
    note_acted(viewer, application, DONE.get(event, Done.PROVED), now=now)
    note_act(Act(actor_of(viewer), event, detail), application, cases, now)


def note_act(act: Act, application: Application, cases: Sequence[Case], now: datetime) -> None:
    """Make a new version of the application, and let its cases go on from the act, whoever did it."""
    note_change(application, now)
    for case in cases:
        case.application = application
    files = case_files(cases, on=clock.legal_day(now))
    save_turns([turn_case(case, files[case.id], act) for case in cases], now=now)


def note_change(application: Application, now: datetime) -> None:
    """Make a new version of the application: whoever looked at the one before looks again."""
    application.version += 1
    application.changed_at = now
    application.save(update_fields=["version", "changed_at"])
