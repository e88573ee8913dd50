"""Draft an application: begin, answer, have evidence fetched, promise an original, throw the draft away."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from services import clock
from services.cases.actions.acting import note_acted
from services.cases.actions.assisted import mark_assisted
from services.cases.actions.gathering import ask_for_draft
from services.cases.actions.joining import check_one_application
from services.cases.actions.parties import businesses_named, enter_parties, forget_named
from services.cases.models import Application, ApplicationState
from services.cases.numbers import new_number
from services.cases.queries.casefiles import law
from services.cases.queries.drafts import definitions_of
from services.cases.queries.rests import cases_of_the_same, evidence_in
from services.cases.queries.visibility import application_for, works_on
from services.catalogue import queries as catalogue
from services.core.acting import Done
from services.core.facts import BUILT_IN, AnswerNotUnderstood, Fact, Holder, Value, is_empty, read_answer
from services.core.mandates import Deed
from services.core.refusal import Kind, Mistake, Refusal
from services.evidence import actions as evidence
from services.people import queries as people
from services.people.actions import WhoAreYou
from services.people.queries import AccountView, Standing

# Idle drafts that one tick of the clock throws away.
AT_ONCE = 100


class NotADraft(Refusal):
    """What was submitted cannot be changed any more."""

    code = "not_a_draft"
    kind = Kind.CONFLICT
    sentence = "This application has been submitted; its answers stand."


class ChangedMeanwhile(Refusal):
    """Somebody changed it since it was looked at."""

    code = "changed_meanwhile"
    kind = Kind.STALE
    sentence = "This was changed in another window. Look at it again before you change it."


class NotAsked(Refusal):
    """Only what the service asks can be answered (R1.9)."""

    code = "not_asked"
    sentence = "Some of this is not asked by the service."


class NotForThisBusiness(Refusal):
    """The account may not act for the business in this service."""

    code = "not_for_this_business"
    kind = Kind.FORBIDDEN
    sentence = "You may not act for this business in this service. Its representative can give you a mandate."


class ForWhom(Refusal):
    """The service is for businesses, or for persons, and the application says otherwise."""

    code = "for_whom"
    sentence = "This service is for {audience}. Choose whom you apply for."


class NotForGuardians(Refusal):
    """Nobody files this for a child or a ward."""

    code = "not_for_guardians"
    sentence = "A guardian does not file this. Begin it for yourself."


@transaction.atomic
def start_application(
    *,
    viewer: AccountView,
    services: Sequence[str],
    business_id: UUID | None = None,
    person_id: UUID | None = None,
    as_guardian: bool = False,
    language: str = "en",
    bundle: str = "",
    now: datetime,
) -> UUID:
    """Begin a draft for oneself, or for a business one represents or has a mandate of, or a person who gave one.

    Return its id. An account that is bound to nobody can draft for itself; it fetches nothing and files nothing (design
    §6).

    :raises NotForThisBusiness: without standing for the business in every one of the services.
    :raises services.people.queries.NotInYourMandate: without a mandate of the person for every one of them (R11.2).
    :raises ForWhom: if a service is not for this kind of applicant.
    :raises NotForGuardians: as a guardian, where none of the services is about a child or a ward.
    :raises NothingChosen, NotOneVisit: without any service, or without a place that can do all of it in one visit.
    """
    codes = list(dict.fromkeys(services))
    if as_guardian and (business_id or person_id or not _guardian_files(codes)):
        raise NotForGuardians
    _check_audience(codes, for_business=business_id is not None)
    check_one_application(codes)
    other = person_id if person_id != viewer.person_id else None
    filed_by = "guardian" if as_guardian else _filed_by(viewer, business_id, other, codes, now)
    if viewer.helped_by is not None and business_id is None:
        other = viewer.person_id
    application = Application.objects.create(
        number=new_number("A"), account_id=viewer.id, person_id=other or viewer.person_id, business_id=business_id,
        for_person_id=other, filed_by=filed_by, services=codes, bundle=bundle[:80], language=language, created_at=now,
        changed_at=now,
    )  # fmt: skip
    note_acted(viewer, application_for(viewer, application.id), Done.BEGUN, now=now)
    if viewer.helped_by is not None:
        mark_assisted(application, helper_id=viewer.helped_by)
    return application.id


def _check_audience(codes: Sequence[str], *, for_business: bool) -> None:
    """Do nothing if all of it is for this kind of applicant; who founds a business goes on in its name (R7.5)."""
    members = [catalogue.definition(catalogue.current_version_id(code)) for code in codes]
    founds = any(one.output.founds for one in members) and not for_business
    for applicant in (one.applicant for one in members):
        fits = applicant == "either" or (applicant == "business") == for_business
        if not fits and not (founds and applicant == "business"):
            raise ForWhom(audience={"business": "businesses", "person": "persons"}[applicant])


def _guardian_files(codes: Sequence[str]) -> bool:
    definitions = (catalogue.definition(catalogue.current_version_id(code)) for code in codes)
    return any(one.guardian_files for one in definitions)


def _filed_by(
    viewer: AccountView, business_id: UUID | None, other: UUID | None, codes: Sequence[str], now: datetime
) -> str:
    if other is not None:
        on, holder = clock.legal_day(now), Holder("person", other)
        if business_id is not None or viewer.person_id is None:
            raise NotForThisBusiness if business_id is not None else WhoAreYou
        people.check_deed(Deed.BEGIN, account_id=viewer.id, holder=holder, services=codes, on=on)
        return "agent"
    if business_id is None:
        return "self"
    standings = {_standing(viewer, business_id, code, now) for code in codes}
    return "agent" if Standing.AGENT in standings else "self"


def _standing(viewer: AccountView, business_id: UUID, code: str, now: datetime) -> Standing:
    on = clock.legal_day(now)
    standing = people.may_act_for(account_id=viewer.id, business_id=business_id, service_code=code, on=on)
    if standing is None:
        raise NotForThisBusiness
    return standing


def open_draft(viewer: AccountView, application_id: UUID, version: int | None = None) -> Application:
    """Return the draft, locked for a change.

    :raises NotADraft: if it was submitted.
    :raises ChangedMeanwhile: if `version` is given and is not its present one.
    """
    application = application_for(viewer, application_id, lock=True)
    if application.state != ApplicationState.DRAFT or not works_on(viewer, application):
        raise NotADraft
    if version is not None and version != application.version:
        raise ChangedMeanwhile
    return application


@transaction.atomic
def answer_questions(
    *,
    viewer: AccountView,
    application_id: UUID,
    answers: Mapping[str, Value],
    version: int | None = None,
    now: datetime,
) -> int:
    """Write answers into the draft, an empty one takes the answer back; return the draft's new version.

    :raises NotAsked: for facts that none of its services asks.
    :raises AnswerNotUnderstood: with a sentence at each answer to put right; nothing is written then.
    :raises services.cases.actions.parties.PartyNotNamed: if the number given for a party cannot be one.
    """
    application = open_draft(viewer, application_id, version)
    known = askable_facts(application)
    strangers = [Mistake(code, "This is not asked.") for code in answers if code not in known]
    if strangers:
        raise NotAsked(errors=strangers)
    application.answers = {**application.answers, **_read(known, answers, clock.legal_day(now))}
    for code in [code for code, raw in answers.items() if is_empty(raw)]:
        application.answers.pop(code, None)
    version = _changed(application, now)
    note_acted(viewer, application, Done.ANSWERED, now=now)
    if application.fetch_asked_at:
        if _names_somebody(application, answers):
            # Whoever is named only now is asked about like everybody else.
            enter_parties(application, now=now)
        if _names_a_thing(application, answers):
            ask_for_draft(application=application, now=now)
    return version


def _names_somebody(application: Application, answers: Iterable[str]) -> bool:
    """Return whether an answer says who a party is."""
    parties = (party for one in definitions_of(application) for party in one.parties)
    return any(fact in answers for party in parties for fact in party.identified_by)


def _names_a_thing(application: Application, answers: Iterable[str]) -> bool:
    """Return whether an answer says which vehicle, contract or the like registers are to be asked about."""
    wanted = (
        one.evidence_types[code]
        for one in definitions_of(application)
        for requirement in one.requirements
        for entry in requirement.any_of
        for code in entry
    )
    return any(kind.key in answers for kind in wanted if kind.key)


def askable_facts(application: Application) -> dict[str, Fact]:
    """Return every fact that may be answered here: those asked, and those a register would have told.

    What has no question is for registers alone to tell: no word of the applicant's takes its place.
    """
    facts: dict[str, Fact] = {}
    for definition in definitions_of(application):
        facts |= {code: fact for code, fact in definition.facts.items() if fact.ask and code not in BUILT_IN}
    return facts


def _read(known: Mapping[str, Fact], answers: Mapping[str, Value], on: date) -> dict[str, Value]:
    values, mistakes = {}, []
    for code, raw in answers.items():
        if is_empty(raw):
            continue
        try:
            values[code] = read_answer(known[code], raw, on=on)
        except AnswerNotUnderstood as refusal:
            mistakes += refusal.errors
    if mistakes:
        raise AnswerNotUnderstood(errors=mistakes)
    return values


def _changed(application: Application, now: datetime) -> int:
    application.version += 1
    application.changed_at = now
    application.save()
    return application.version


@transaction.atomic
def request_evidence(*, viewer: AccountView, application_id: UUID, now: datetime) -> int:
    """Ask the portal to fetch what offices hold, for this application (R16.1); return the draft's version.

    :raises WhoAreYou: if the account is bound to nobody: nothing is fetched about a stranger.
    """
    application = open_draft(viewer, application_id)
    if viewer.person_id is None:
        raise WhoAreYou
    application.person_id = application.for_person_id or viewer.person_id
    application.fetch_asked_at = now
    version = _changed(application, now)
    note_acted(viewer, application, Done.ASKED_OFFICES, now=now)
    enter_parties(application, now=now)
    ask_for_draft(application=application, now=now)
    return version


@transaction.atomic
def promise_original(
    *, viewer: AccountView, application_id: UUID, requirement: str, promised: bool = True, now: datetime
) -> int:
    """Promise to show an original at the visit that is needed anyway, or take the promise back."""
    application = open_draft(viewer, application_id)
    known = {one.code for definition in definitions_of(application) for one in definition.requirements}
    if requirement not in known:
        raise NotAsked(errors=[Mistake(requirement, "This is not required.")])
    others = [code for code in application.promised if code != requirement]
    application.promised = [*others, requirement] if promised else others
    note_acted(viewer, application, Done.PROMISED, now=now)
    return _changed(application, now)


@transaction.atomic
def discard_draft(*, viewer: AccountView, application_id: UUID) -> None:
    """Throw a draft away, with everything typed into it and everything gathered for it (R15.10).

    :raises NotADraft: if it was submitted.
    """
    draft = open_draft(viewer, application_id)
    note_acted(viewer, draft, Done.DISCARDED, now=clock.now())
    _discard([draft])


@transaction.atomic
def discard_idle_drafts(*, now: datetime) -> int:
    """Throw away the drafts that nobody has touched for so long (R15.10), and return how many; what is held waits.

    Only those whose applicant was told so in time (`retention.warn_idle_drafts`), and has not touched them since.
    """
    profile = law().profile
    since = now - timedelta(days=profile.draft_calendar_days)
    told = now - timedelta(days=profile.retention.draft_warning_calendar_days)
    idle = Application.objects.filter(
        state=ApplicationState.DRAFT,
        changed_at__lt=since,
        warned_at__lte=told,
        warned_at__gte=F("changed_at"),
    )
    drafts = list(idle.select_for_update(skip_locked=True).order_by("changed_at")[:AT_ONCE])
    _discard(drafts)
    return len(drafts)


def _discard(drafts: Sequence[Application]) -> None:
    if not drafts:
        return
    ids = [draft.id for draft in drafts]
    evidence.forget(application_ids=ids, keep=_rested_on(drafts))
    named = businesses_named(drafts)
    Application.objects.filter(id__in=ids).delete()
    forget_named(named)


def _rested_on(drafts: Sequence[Application]) -> set[UUID]:
    """Return the evidence that cases of anybody whom it is about rest on; they wait until the drafts are gone."""
    return evidence_in(cases_of_the_same(drafts).select_for_update(of=("self",)).order_by("id"))
