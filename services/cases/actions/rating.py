"""Rating a visit or a case: of one's own will, once, by account or by the link in a letter (R9.1-R9.4, R9.9)."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction

from services import clock
from services.cases.actions.letters import application_letter
from services.cases.models import Application, Case, Rating, RatingLink
from services.cases.queries.casefiles import law
from services.cases.queries.other_hands import office_of_another_hand
from services.cases.queries.ratings import NoSuchRating, case_to_rate, cases_of_visit, is_over, rated
from services.core import ratings
from services.core.facts import Holder
from services.core.ratings import NotYoursToRate, Said, TooLateToAdd, Touchpoint, check_rater, check_rating
from services.core.refusal import Kind, Mistake, Refusal
from services.notices.actions import NewNotice
from services.notices.kinds import NoticeKind
from services.people import queries as people
from services.people.fields import blind_index
from services.people.queries import AccountView
from services.visits import queries as visits
from services.visits.queries import VisitView


class RatedAlready(Refusal):
    """One rating of each visit, and of each case (R9.2)."""

    code = "rated_already"
    kind = Kind.CONFLICT
    sentence = "This has been rated already."


class NothingToRate(Refusal):
    """It is still under way."""

    code = "nothing_to_rate"
    kind = Kind.CONFLICT
    sentence = "This can be rated once it is over."


class LinkNoMore(Refusal):
    """No such link, or used, or too old: which of them is nobody's business."""

    code = "link_no_more"
    kind = Kind.MISSING
    sentence = "This link works no more. Sign in to rate; nothing depends on it."


@dataclass(frozen=True, slots=True)
class Subject:
    """What is rated, and by whom: a visit with the first of its cases, or a case."""

    touchpoint: Touchpoint
    case: Case
    account_id: UUID
    person_id: UUID
    visit: VisitView | None = None


@transaction.atomic
def rate_case(*, viewer: AccountView, case_id: UUID, said: Said, now: datetime) -> UUID:
    """Rate a case that is over (R9.2).

    :raises services.cases.queries.visibility.NoSuchCase:
    :raises NotYoursToRate: for officers, agents, and whoever else it was not done for.
    :raises NothingToRate, RatedAlready, services.core.ratings.RatingNotUnderstood:
    """
    case = case_to_rate(viewer=viewer, case_id=case_id)
    if not is_over(case):
        raise NothingToRate
    return _rate(Subject(Touchpoint.CASE, case, viewer.id, _person(viewer)), said, now)


@transaction.atomic
def rate_visit(*, viewer: AccountView, visit_id: UUID, said: Said, now: datetime) -> UUID:
    """Rate a visit of one's own that is over (R9.2).

    :raises NoSuchRating: if it is not one's own.
    :raises NotYoursToRate, NothingToRate, RatedAlready, services.core.ratings.RatingNotUnderstood:
    """
    visit = visits.visit(visit_id=visit_id)
    if visit is None or viewer.person_id is None or visit.person_id != viewer.person_id:
        raise NoSuchRating
    check_rater(viewer.role, is_self=True)
    cases = cases_of_visit(visit)
    if visit.completed_at is None or not cases:
        raise NothingToRate
    return _rate(Subject(Touchpoint.VISIT, cases[0], viewer.id, visit.person_id, visit), said, now)


def link_subject(*, token: str, now: datetime) -> RatingLink:
    """Return what the link in a letter lets one rate; nothing of the person or the matter is told beyond its service.

    :raises LinkNoMore: whatever is wrong with it.
    """
    found = RatingLink.objects.select_related("case").filter(token_index=_index(token)).first()
    if found is None or found.used_at is not None or clock.legal_day(now) > found.until:
        raise LinkNoMore
    return found


@transaction.atomic
def rate_by_link(*, token: str, said: Said, now: datetime) -> UUID:
    """Rate by the link in a letter, once (R9.9).

    :raises LinkNoMore: if it is unknown, used or too old.
    :raises RatedAlready, services.core.ratings.RatingNotUnderstood:
    """
    link = link_subject(token=token, now=now)
    link = (
        RatingLink.objects.select_for_update(of=("self",)).select_related("case__application").get(id=link.id)
    )
    if link.used_at is not None:
        raise LinkNoMore
    visit = visits.visit(visit_id=link.visit_id) if link.visit_id else None
    person = people.account(link.account_id).person_id
    if person is None or person != link.case.application.person_id:
        raise LinkNoMore
    made = _rate(Subject(Touchpoint(link.touchpoint), link.case, link.account_id, person, visit), said, now)
    link.used_at = now
    link.save(update_fields=["used_at"])
    return made


@transaction.atomic
def add_to_rating(*, viewer: AccountView, rating_id: UUID, words: str, now: datetime) -> None:
    """Add something to one's own rating, once, within the time set; the level stays (R9.2).

    :raises NoSuchRating: if it is not one's own.
    :raises TooLateToAdd: after that time, or the second time.
    """
    row = (
        Rating.objects.select_for_update(of=("self",))
        .filter(id=rating_id, person_id=viewer.person_id)
        .first()
    )
    if row is None or viewer.person_id is None:
        raise NoSuchRating
    until = ratings.last_day_to_add(clock.legal_day(row.rated_at), law())
    if row.added_at is not None or clock.legal_day(now) > until:
        raise TooLateToAdd(until=until.isoformat())
    plain = words.strip()
    if not plain or len(plain) > ratings.MOST_WORDS:
        sentence = "Write at most {most} characters."
        raise ratings.RatingNotUnderstood(errors=[Mistake("words", sentence, {"most": ratings.MOST_WORDS})])
    row.added, row.added_at = plain, now
    row.save(update_fields=["added", "added_at"])


def new_link(
    case: Case, touchpoint: Touchpoint, now: datetime, account_id: UUID, visit_id: UUID | None = None
) -> tuple[RatingLink, str]:
    """Return leave to rate once, to be saved, and the token that stands in the letter alone."""
    token = secrets.token_urlsafe(18)
    days = clock.profile().counter.rating_link_calendar_days
    link = RatingLink(
        token_index=_index(token), touchpoint=touchpoint, visit_id=visit_id, case_id=case.id,
        account_id=account_id, until=clock.legal_day(now) + timedelta(days=days),
    )  # fmt: skip
    return link, token


def visit_letter(*, visit_id: UUID, now: datetime) -> list[NewNotice]:
    """Return the letter that says a visit is over, and how to rate it.

    Agents never rate (R9.9, R11.4): where one filed it, the letter goes to whom it was for, and to nobody else.
    """
    visit = visits.visit(visit_id=visit_id)
    cases = cases_of_visit(visit) if visit else []
    if not cases:
        return []
    assert visit is not None  # noqa: S101 - it has cases
    application = cases[0].application
    letter = application_letter(
        application, NoticeKind.VISIT_OVER, cases[0].organisation, came_on=visit.on.isoformat(),
        centre=dict(visits.centre(code=visit.centre).name),
    )  # fmt: skip
    rater = _rater(application)
    if rater is None:
        return [letter]
    link, token = new_link(cases[0], Touchpoint.VISIT, now, rater, visit_id)
    link.save(force_insert=True)
    return [replace(letter, account_id=rater, person_id=None, written=address_of(token))]


def files_for_themselves(application: Application) -> bool:
    """Return whether whoever filed it is the person it is for, with nobody in between."""
    filed_by = application.account_id
    return filed_by is not None and application.business_id is None and application.for_person_id is None


def _rater(application: Application) -> UUID | None:
    """Return the account of the person it is for, who alone rates it; None for a business, or without an account."""
    if files_for_themselves(application):
        return application.account_id
    if application.business_id is not None or application.person_id is None:
        return None
    return next(iter(people.accounts_of(Holder("person", application.person_id))), None)


def address_of(token: str) -> str:
    """Return the address in a letter at which one may rate."""
    return f"{settings.SITE_URL}/rate/{token}/"


def _rate(subject: Subject, said: Said, now: datetime) -> UUID:
    level = check_rating(said, subject.touchpoint)
    on, case, visit = clock.legal_day(now), subject.case, subject.visit
    due = ratings.owed(level, on, law())
    row = Rating(
        id=uuid4(), touchpoint=subject.touchpoint, visit_id=visit.id if visit else None, case=case,
        person_id=subject.person_id, account_id=subject.account_id, organisation=case.organisation,
        answers=case.organisation, programme=case.programme, centre=visit.centre if visit else "", level=level,
        aspects=sorted(said.aspects), named=said.named, words=said.words.strip(), rated_at=now,
        contact_due_on=due.contact_on if due and said.named else None,
        answer_due_on=due.answer_on if due else None, last_due_on=due.last_on if due else None,
    )  # fmt: skip
    row.answers = office_of_another_hand(case.organisation, rated(row))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise RatedAlready from error
    return row.id


def _person(viewer: AccountView) -> UUID:
    if viewer.person_id is None:
        raise NotYoursToRate
    return viewer.person_id


def _index(token: str) -> str:
    return blind_index(token, purpose="rating-link")
