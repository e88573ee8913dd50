"""Rating a case and a visit, what comes of a bad one, and who may never know or do what (R9.1-R9.10)."""

import re
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from services.cases.actions import arriving, at_window, attending, rating, rating_answers, retention
from services.cases.actions.questioning import AlreadyAnswered
from services.cases.actions.rating import LinkNoMore, NothingToRate, RatedAlready
from services.cases.actions.rating_answers import NotYoursToReview
from services.cases.models import Case, Rating, RatingLink
from services.cases.queries import ratings
from services.cases.queries.counting_ratings import public_ratings
from services.cases.queries.ratings import NoSuchRating
from services.cases.queries.visibility import NoSuchCase
from services.core.facts import Holder
from services.core.ratings import NotYoursToRate, RatingNotUnderstood, Said, TooLateToAdd
from services.ledger import looking
from services.ledger import queries as ledger
from services.notices import queries as notices
from services.people.queries import AccountView
from services.visits import actions
from services.visits.models import Visit
from tests.services.a_gift import PARTNER
from tests.services.a_matter import days, file, give, officer, submit
from tests.services.a_register import NOW
from tests.services.a_visit import book, serve
from tests.services.test_acting_for import DEED, draft_for, filed_for, lend
from tests.services.test_standing import bound

pytestmark = pytest.mark.django_db

GOOD, BAD = Said(level=5), Said(level=1, words="Three hours!", aspects=["speed"])
NAMED = Said(level=2, named=True)


@pytest.fixture
def case(ayshe: AccountView) -> Case:
    """A case whose result came at once, with the letter that says so."""
    return file(ayshe, "home-record", {"application.home": "1 Lane"})


@pytest.fixture
def visit(ayshe: AccountView) -> Visit:
    """A visit that is over, which the clerk of the records office served."""
    clerk = officer("records-office")
    deed = file(ayshe, "joint-deed", PARTNER)
    appointment, when = book(ayshe, deed)
    arriving.receive(viewer=clerk, appointment_id=appointment, comer=arriving.Comer("hall"), now=when)
    ticket = actions.call_next(centre="hall", window="desk-1", clerk=attending.actor_of(clerk), now=when)
    at_window.begin_visit(viewer=clerk, ticket_id=ticket, now=when)
    serve(clerk, appointment, when)
    at_window.close_visit(viewer=clerk, ticket_id=ticket, now=when)
    return Visit.objects.get(person_id=ayshe.person_id)


def letters(viewer, kind):
    found = [one for one in notices.inbox(viewer.id, language="en") if one.kind == kind]
    return [" ".join(notices.letter(one.id, viewer.id, "en").paragraphs) for one in found]


def token_in(letter):
    return re.search(r"/rate/([\w-]+)/", letter)[1]


def supervisor(office="records-office"):
    return officer(office, "supervisor")


def rate(viewer, case, said=GOOD, now=NOW):
    return rating.rate_case(viewer=viewer, case_id=case.id, said=said, now=now)


# --- Once, of one's own will -----------------------------------------------------------------------------


def test_a_case_is_rated_once(ayshe, case):
    """R9.2: one matter, one rating; nothing was preselected for it."""
    made = Rating.objects.get(id=rate(ayshe, case))

    assert (made.touchpoint, made.level, made.organisation, made.programme) == (
        "case",
        5,
        "records-office",
        "papers",
    )
    with pytest.raises(RatedAlready):
        rate(ayshe, case, BAD)


def test_without_a_level_nothing_is_kept(ayshe, case):
    with pytest.raises(RatingNotUnderstood):
        rate(ayshe, case, Said(level=None, words="Well."))

    assert not Rating.objects.exists()


def test_what_is_under_way_is_not_rated_yet(ayshe):
    deed = file(ayshe, "joint-deed", PARTNER)

    with pytest.raises(NothingToRate):
        rate(ayshe, deed)


def test_nobody_rates_what_was_not_done_for_them(ayshe, bo, case):
    """R9.3, R11.4: officers never rate."""
    with pytest.raises(NotYoursToRate):
        rate(officer("records-office"), case)
    with pytest.raises(NoSuchCase):
        rate(bo, case)


def test_a_visit_is_rated_once_by_whoever_came(ayshe, bo, visit):
    """R9.2: one visit and person, one rating."""
    made = Rating.objects.get(id=rating.rate_visit(viewer=ayshe, visit_id=visit.id, said=BAD, now=NOW))

    assert (made.touchpoint, made.centre) == ("visit", "hall")
    with pytest.raises(RatedAlready):
        rating.rate_visit(viewer=ayshe, visit_id=visit.id, said=GOOD, now=NOW)
    with pytest.raises(NoSuchRating):
        rating.rate_visit(viewer=bo, visit_id=visit.id, said=GOOD, now=NOW)


# --- By the link in the letter ---------------------------------------------------------------------------


def test_the_letter_with_the_result_has_a_link_that_works_once(ayshe, case):
    """R9.9: the token is kept as a keyed hash alone."""
    (letter,) = letters(ayshe, "issued")
    token = token_in(letter)

    assert token not in RatingLink.objects.get().token_index
    made = rating.rate_by_link(token=token, said=GOOD, now=NOW + days(30))

    assert Rating.objects.get(id=made).case_id == case.id
    with pytest.raises(LinkNoMore):
        rating.rate_by_link(token=token, said=GOOD, now=NOW)


def test_a_link_works_for_thirty_days(ayshe, case):
    token = token_in(letters(ayshe, "issued")[0])

    with pytest.raises(LinkNoMore):
        rating.rate_by_link(token=token, said=GOOD, now=NOW + days(31))
    with pytest.raises(LinkNoMore):
        rating.link_subject(token="nothing", now=NOW)


def test_links_that_work_no_more_are_forgotten(ayshe, case):
    assert retention.forget_links(now=NOW + days(30)) == 0
    assert retention.forget_links(now=NOW + days(31)) == 1


def test_a_mistake_does_not_use_the_link_up(ayshe, case):
    token = token_in(letters(ayshe, "issued")[0])

    with pytest.raises(RatingNotUnderstood):
        rating.rate_by_link(token=token, said=Said(level=None), now=NOW)

    assert rating.rate_by_link(token=token, said=GOOD, now=NOW)


def test_after_a_visit_there_is_a_letter_with_a_link_for_it(ayshe, visit):
    (letter,) = letters(ayshe, "visit_over")

    made = rating.rate_by_link(token=token_in(letter), said=GOOD, now=NOW)

    assert Rating.objects.get(id=made).visit_id == visit.id


def test_an_agent_gets_no_link_to_rate_by(ayshe, prefecture):
    """R9.9, R11.4: what was done for somebody is rated by them, whoever filed it."""
    agent = bound("li", "440524188001010014")
    lend(ayshe, agent, may_declare=True)
    filed_for(ayshe, agent)

    assert letters(agent, "issued")
    assert not RatingLink.objects.exists()
    assert not [one for who in (agent, ayshe) for one in letters(who, "issued") if "/rate/" in one]


def test_after_a_visit_that_an_agent_arranged_the_person_alone_is_asked_how_it_was(ayshe, prefecture):
    """R9.9"""
    agent = bound("li", "440524188001010014")
    lend(ayshe, agent, may_declare=True)
    begun = draft_for(ayshe, agent, "joint-deed", DEED)
    give(agent, begun)
    case = submit(agent, begun)
    appointment, when = book(agent, case)
    serve(officer("records-office"), appointment, when)

    (letter,) = letters(ayshe, "visit_over")
    made = rating.rate_by_link(token=token_in(letter), said=GOOD, now=when)
    assert Rating.objects.get(id=made).person_id == ayshe.person_id
    assert not letters(agent, "visit_over")


# --- Something may be added ------------------------------------------------------------------------------


def test_something_is_added_once_within_the_time_set(ayshe, bo, case):
    """R9.2"""
    made = rate(ayshe, case, BAD)

    with pytest.raises(NoSuchRating):
        rating.add_to_rating(viewer=bo, rating_id=made, words="More.", now=NOW)
    with pytest.raises(TooLateToAdd):
        rating.add_to_rating(viewer=ayshe, rating_id=made, words="More.", now=NOW + days(15))
    rating.add_to_rating(viewer=ayshe, rating_id=made, words="More.", now=NOW + days(14))
    with pytest.raises(TooLateToAdd):
        rating.add_to_rating(viewer=ayshe, rating_id=made, words="Even more.", now=NOW + days(14))

    assert (Rating.objects.get().added, Rating.objects.get().level) == ("More.", 1)


# --- What is owed ----------------------------------------------------------------------------------------


def test_a_negative_one_is_a_task_with_days(ayshe, case):
    """R9.5: one, five and fifteen working days; contact is owed to whoever gave their name."""
    made = Rating.objects.get(id=rate(ayshe, case, NAMED))

    assert (made.contact_due_on, made.answer_due_on, made.last_due_on) == (
        date(2026, 3, 3), date(2026, 3, 9), date(2026, 3, 23),
    )  # fmt: skip
    (line,) = ratings.waiting_ratings(viewer=supervisor())
    assert (line.id, line.due_on) == (made.id, date(2026, 3, 3))
    assert ratings.waiting_ratings(viewer=officer("records-office")) == ()
    assert ratings.waiting_ratings(viewer=supervisor("works-office")) == ()


def test_who_was_content_makes_nobody_work(ayshe, case):
    rate(ayshe, case, Said(level=3))

    assert ratings.waiting_ratings(viewer=supervisor()) == ()
    with pytest.raises(rating_answers.NothingToAnswer):
        rating_answers.answer_rating(
            viewer=supervisor(), rating_id=Rating.objects.get().id, words="So.", now=NOW
        )


def test_the_office_writes_and_answers_by_letter_without_knowing_who_it_was(ayshe, case):
    """R9.6, R9.8"""
    made = rate(ayshe, case, BAD)
    rating_answers.contact_rater(viewer=supervisor(), rating_id=made, words="We look into it.", now=NOW)
    rating_answers.take_longer(viewer=supervisor(), rating_id=made, now=NOW)
    rating_answers.answer_rating(viewer=supervisor(), rating_id=made, words="More windows.", now=NOW)

    assert "We look into it." in letters(ayshe, "rating_heard")[0]
    assert "More windows." in letters(ayshe, "rating_answered")[0]
    assert ratings.waiting_ratings(viewer=supervisor()) == ()
    with pytest.raises(AlreadyAnswered):
        rating_answers.answer_rating(viewer=supervisor(), rating_id=made, words="So.", now=NOW)


def test_who_rated_is_told_only_where_they_said_so_and_never_to_the_rated(ayshe, visit):
    """R9.8"""
    made = rating.rate_visit(viewer=ayshe, visit_id=visit.id, said=NAMED, now=NOW)

    with looking.an_officer_looks():
        seen = rating_answers.open_rating(viewer=supervisor(), rating_id=made, now=NOW)
    assert seen.case_number
    with looking.an_officer_looks():
        own = rating_answers.open_rating(viewer=officer("records-office"), rating_id=made, now=NOW)
    assert (own.mine, own.case_id, own.case_number) == (True, None, "")
    newest = ledger.readings_about(Holder("person", ayshe.person_id))[0]
    assert newest.purpose == "rating"


def test_whoever_served_in_vain_is_rated_too(ayshe, prefecture):
    """R9.8: they closed no task; all the same they neither learn who rated them nor answer it."""
    served = officer("records-office", "supervisor")
    appointment, when = book(ayshe, file(ayshe, "joint-deed", PARTNER))
    arriving.receive(viewer=served, appointment_id=appointment, comer=arriving.Comer("hall"), now=when)
    ticket = actions.call_next(centre="hall", window="desk-1", clerk=attending.actor_of(served), now=when)
    at_window.begin_visit(viewer=served, ticket_id=ticket, now=when)
    at_window.close_visit(viewer=served, ticket_id=ticket, cause="system_failed", now=when)
    visit = Visit.objects.get(person_id=ayshe.person_id)

    made = rating.rate_visit(viewer=ayshe, visit_id=visit.id, said=NAMED, now=when)

    with looking.an_officer_looks():
        seen = rating_answers.open_rating(viewer=served, rating_id=made, now=when)
    assert (seen.mine, seen.case_number) == (True, "")
    assert ratings.waiting_ratings(viewer=served) == ()


def test_without_a_name_nobody_is_told_which_case_it_was(ayshe, visit):
    made = rating.rate_visit(viewer=ayshe, visit_id=visit.id, said=BAD, now=NOW)

    assert rating_answers.open_rating(viewer=supervisor(), rating_id=made, now=NOW).case_id is None


def test_other_officers_find_no_rating(ayshe, case):
    made = rate(ayshe, case, BAD)

    for viewer in (officer("records-office", name="another"), supervisor("works-office"), ayshe):
        with pytest.raises(NoSuchRating):
            rating_answers.open_rating(viewer=viewer, rating_id=made, now=NOW)


# --- A wrong one (R9.7) ----------------------------------------------------------------------------------


@pytest.fixture
def rated_visit(ayshe, visit):
    return rating.rate_visit(viewer=ayshe, visit_id=visit.id, said=BAD, now=NOW)


def test_the_rated_say_why_it_is_wrong_and_somebody_else_reviews_it(rated_visit):
    clerk = officer("records-office")
    assert [one.id for one in ratings.ratings_of_my_work(viewer=clerk)] == [rated_visit]
    rating_answers.appeal_rating(viewer=clerk, rating_id=rated_visit, words="It took ten minutes.", now=NOW)

    rating_answers.review_rating(
        viewer=supervisor(), rating_id=rated_visit, words="The ticket says so.", excluded=True, now=NOW
    )

    row = Rating.objects.get()
    assert (row.is_excluded, row.level, row.review) == (True, 1, "The ticket says so.")
    assert public_ratings()["centre"] == {}
    with pytest.raises(rating_answers.NothingToReview):
        rating_answers.review_rating(
            viewer=supervisor(), rating_id=rated_visit, words="No.", excluded=False, now=NOW
        )


def test_only_those_whose_work_it_is_call_it_wrong(rated_visit):
    for viewer in (supervisor(), officer("works-office")):
        with pytest.raises(NoSuchRating):
            rating_answers.appeal_rating(viewer=viewer, rating_id=rated_visit, words="No.", now=NOW)


def test_nobody_reviews_or_answers_a_rating_of_their_own_work(ayshe):
    """R9.7: a supervisor who served at the counter is answered for by another one."""
    head = supervisor()
    deed = file(ayshe, "joint-deed", PARTNER)
    appointment, when = book(ayshe, deed)
    serve(head, appointment, when)
    came = Visit.objects.get(person_id=ayshe.person_id)
    made = rating.rate_visit(viewer=ayshe, visit_id=came.id, said=BAD, now=NOW)
    rating_answers.appeal_rating(viewer=head, rating_id=made, words="No.", now=NOW)

    assert ratings.waiting_ratings(viewer=head) == ()
    with pytest.raises(NotYoursToReview):
        rating_answers.answer_rating(viewer=head, rating_id=made, words="No.", now=NOW)
    with pytest.raises(NotYoursToReview):
        rating_answers.review_rating(viewer=head, rating_id=made, words="No.", excluded=True, now=NOW)


def test_a_rating_is_neither_changed_nor_deleted(ayshe, case):
    rate(ayshe, case, BAD)

    for act in (lambda: Rating.objects.update(level=5), lambda: Rating.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with pytest.raises(IntegrityError, match="rating_excluded_by_a_review"), transaction.atomic():
        Rating.objects.update(is_excluded=True)


# --- In public -------------------------------------------------------------------------------------------


def test_what_everybody_reads_has_no_cell_under_ten(ayshe, case, visit):
    """R9.8: two ratings say nothing to anybody."""
    rate(ayshe, case, BAD)
    rating.rate_visit(viewer=ayshe, visit_id=visit.id, said=GOOD, now=NOW + timedelta(days=1))

    told = public_ratings()
    assert set(told) == {"programme", "month", "centre", "bundle"}
    for rows in told.values():
        assert all(count in (None, 0) for levels in rows.values() for count in levels.values())
