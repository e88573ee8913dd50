"""What everybody may read of all cases: counted by the clock, read from one row, and nobody singled out (R15.14)."""

from datetime import timedelta
from uuid import uuid4

import pgtrigger
import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from services.cases.actions.figures import FRESH, count_figures
from services.cases.models import Application, Attendance, Case, CountedFigures
from services.cases.queries import statistics
from services.catalogue import queries as catalogue
from services.core.evidence import Source
from services.errands import ROUTES, SECONDS_BETWEEN, Errand
from services.visits.models import Visit
from tests.services.a_matter import noon, officer
from tests.services.a_register import NOW

MONDAY, WEDNESDAY = noon(2).date(), noon(4).date()
GRANTED = {"verdict": "granted", "state": "closed", "decided_on": WEDNESDAY, "ended_on": WEDNESDAY}
REFUSED = {"verdict": "refused", "state": "closed", "decided_on": WEDNESDAY, "ended_on": WEDNESDAY}
WITHDRAWN = {"state": "withdrawn", "ending": "own_wish", "ended_on": WEDNESDAY}


@pytest.fixture
def cases(ayshe):
    """Make cases of a service as records, so many at a time, each attended as often as its `visits` say."""

    def make(number: int, service: str = "works-permit", *, sources: tuple[str, ...] = (), **known: object):
        made = records(number, service, sources, known)
        for case in made:
            for time in range(known.get("visits", 0)):
                attended(case, uuid4(), again_by=ayshe if time else None)
        return made

    def records(number: int, service: str, sources: tuple[str, ...], known: dict[str, object]):
        version = catalogue.current_version_id(service)
        definition = catalogue.definition(version)
        papers = [{"id": str(uuid4()), "type": "any", "source": source, "grade": "A"} for source in sources]
        applications = Application.objects.bulk_create(
            Application(
                number=f"A-{uuid4().hex[:18]}", account_id=ayshe.id, person_id=ayshe.person_id,
                services=[service], state="submitted", submitted_at=NOW, created_at=NOW, changed_at=NOW,
            )
            for _ in range(number)
        )  # fmt: skip
        with pgtrigger.ignore("cases.Case:begins_at_received"):  # these are records, and nobody lived them
            return Case.objects.bulk_create(
            Case(**{
                "number": f"C-{uuid4().hex[:18]}", "application": one, "service_version_id": version,
                "service": service, "programme": definition.programme, "organisation": definition.organisation,
                "state": "received", "received_on": MONDAY, "received_at": NOW,
                "settlements": {"any": {"standing": "settled", "evidence": papers}, "open": {"standing": "open"}},
            } | known)
            for one in applications
        )  # fmt: skip

    return make


def attended(case, visit_id, *, again_by=None, on=None, centre="services-centre"):
    """Write down that the case was attended at the visit; again, if a supervisor agreed to it."""
    return Attendance.objects.create(
        case=case, application_id=case.application_id, visit_id=visit_id, centre=centre,
        on=on or (WEDNESDAY if again_by else MONDAY), approved_by_id=again_by.id if again_by else None,
        exception_reason="ours" if again_by else "",
    )  # fmt: skip


def visit(case, *, on=WEDNESDAY, fault="", cause=""):
    """Return the id of a visit of somebody who came for the case."""
    return Visit.objects.create(
        centre_id="services-centre", on=on, person_id=uuid4(), application_id=case.application_id, arrived_at=NOW,
        received_by=uuid4(), fault=fault, cause=cause,
    ).id  # fmt: skip


def counted() -> statistics.PublicStatistics:
    count_figures(now=NOW)
    return statistics.public_statistics()


def all_figures() -> statistics.Statistics:
    return statistics.statistics(viewer=officer("records-office", "supervisor"))


def test_everything_is_counted_by_programme_and_in_all(cases):
    cases(3, visits=1, sources=("upload", "upload", "seen"), **GRANTED)
    cases(2, sources=("registry",), **REFUSED)
    cases(1, **WITHDRAWN)
    cases(4, "home-record", sources=("declaration",), **GRANTED)

    found = all_figures()

    trade, papers = found.programmes["trade"], found.programmes["papers"]
    assert (trade.cases, trade.resolved, trade.refused, trade.otherwise_ended) == (6, 3, 2, 1)
    assert (trade.visits, trade.files, trade.originals, trade.mean_days) == (3, 6, 3, 2.0)
    assert (papers.services, papers.services_resolved, papers.statements) == (1, 1, 4)
    assert (papers.visits_before, papers.papers_before) == (8, 4)
    assert (found.total.cases, found.total.resolved, found.total.sources["registry"]) == (10, 7, 2)


def test_a_second_visit_is_counted_once_a_case(cases):
    cases(2, visits=3, **GRANTED)

    assert all_figures().total.second_visits == 2


def test_whoever_comes_for_everything_at_once_comes_once(cases, centres):
    """R8.4: one centre on one day is one visit, of however many cases and programmes; each programme has had it."""
    works, homes = cases(4, **GRANTED), cases(4, "home-record", **GRANTED)
    for one, other in zip(works, homes, strict=True):
        trip = visit(one)
        attended(one, trip)
        attended(other, trip)
    cases(2, visits=1, **GRANTED)

    found = all_figures()

    assert (found.programmes["trade"].visits, found.programmes["papers"].visits) == (6, 4)
    assert (found.total.visits, found.total.visits_of_resolved) == (6, 6)


def test_what_was_spared_rests_on_visits_and_not_on_cases(cases, centres):
    """R8.4, R8.5: twelve who came once for two things each made twelve visits, and are spared all the others."""
    for one, other in zip(cases(12, **GRANTED), cases(12, "home-record", **GRANTED), strict=True):
        trip = visit(one)
        attended(one, trip)
        attended(other, trip)

    numbers = counted().total.numbers

    assert (numbers["visits"], numbers["visits_of_resolved"], numbers["visits_before"]) == (
        12,
        12,
        12 * (3 + 2),
    )


def test_two_days_or_two_centres_are_two_visits(cases, centres):
    """R8.4"""
    [one] = cases(1, **GRANTED)
    attended(one, visit(one, on=MONDAY))
    attended(cases(1, **GRANTED)[0], visit(one, on=WEDNESDAY))

    assert all_figures().total.visits == 2


def test_finished_cases_are_counted_by_how_often_they_were_attended_and_whether_they_were_on_time(cases):
    """R8.9: shares of closed cases attended never, once and more often; what is under way has no share yet."""
    promised = {"accepted_on": MONDAY, "promised_due": WEDNESDAY}
    cases(5, **GRANTED | promised)
    cases(3, visits=1, **GRANTED | promised)
    cases(2, visits=2, **REFUSED | promised | {"decided_on": WEDNESDAY + timedelta(days=1)})
    cases(4, visits=1)

    found = all_figures().programmes["trade"]

    assert (found.closed, found.without_visit, found.one_visit, found.more_visits) == (10, 5, 3, 2)
    assert (found.on_time, found.late) == (8, 2)
    assert found.visits_of_resolved == 3


def test_what_ended_is_counted_by_its_month(cases):
    cases(12, **GRANTED)
    cases(11, visits=1, **GRANTED | {"ended_on": WEDNESDAY + timedelta(days=31)})
    cases(3)

    months = counted().months

    assert list(months) == ["2026-03", "2026-04"]
    assert [one.numbers["closed"] for one in months.values()] == [12, 11]
    assert months["2026-04"].numbers["one_visit"] == 11
    assert months["2026-03"].numbers["papers_before"] == 12 * 2


def test_a_month_of_few_is_not_told_and_takes_another_with_it(cases):
    cases(40, **GRANTED)
    cases(4, **GRANTED | {"ended_on": WEDNESDAY + timedelta(days=31)})

    found = counted()

    assert set(found.months) == {"2026-03"}
    assert found.months["2026-03"].numbers["closed"] is None or found.total.numbers["closed"] is None


def test_a_second_visit_is_told_with_whose_mistake_it_was_and_with_its_cause(cases, ayshe, centres):
    """R8.5, R8.7: by an office's fault, by the applicant's, or by nobody's; and what it was, where that was said."""
    told = [("authority", "system_failed"), ("authority", ""), ("applicant", "person_left"), ("", "")]
    for number, case in enumerate(cases(48, **GRANTED)):
        fault, cause = told[number % 4]
        attended(case, visit(case, fault=fault, cause=cause), again_by=ayshe)

    numbers = counted().total.numbers

    assert [numbers[name] for name in ("second_visits", "by_authority", "by_applicant", "by_nobody")] == [
        48,
        24,
        12,
        12,
    ]
    assert (numbers["system_failed"], numbers["authority_unsaid"], numbers["person_left"]) == (12, 12, 12)
    assert (numbers["not_told"], numbers["not_brought"], numbers["applicant_unsaid"]) == (0, 0, 0)


@pytest.mark.parametrize("few", ["system_failed", "person_left", ""])
def test_a_cause_of_few_is_not_what_is_left_of_the_others(cases, ayshe, centres, few):
    """R15.14: so many second visits, less those of which the cause is told, would be those of which it is not."""
    many = [("authority", "system_failed"), ("authority", "not_told"), ("applicant", "person_left"), ("", "")]
    for fault, cause in many:
        for case in cases(3 if cause == few else 30, **GRANTED):
            attended(case, visit(case, fault=fault, cause=cause), again_by=ayshe)

    numbers = counted().total.numbers

    assert numbers[few or "by_nobody"] is None
    faults = ("second_visits", "by_authority", "by_applicant", "by_nobody")
    causes = ("by_authority", "system_failed", "not_told") if few == "system_failed" else faults
    assert sum(numbers[name] is None for name in causes) != 1


def test_the_mistake_may_stand_at_the_first_visit_which_left_something_open(cases, ayshe, centres):
    """R8.5: the system failed, and the visit was closed with that; the second one was nobody's mistake."""
    for case in cases(12, visits=0, **GRANTED):
        attended(case, visit(case, on=MONDAY, fault="authority", cause="nobody_able"))
        attended(case, visit(case), again_by=ayshe)

    numbers = counted().total.numbers

    assert (numbers["second_visits"], numbers["by_authority"], numbers["nobody_able"]) == (12, 12, 12)


def test_what_ended_is_counted_by_the_centre_where_it_was_attended(cases):
    """R8.9: in the same columns as by programme and by month; cases nobody came in for are of no centre."""
    cases(12, visits=1, **GRANTED)
    cases(15, **GRANTED)

    found = counted()

    assert set(found.centres) == {"services-centre"}
    numbers = found.centres["services-centre"].numbers
    assert (numbers["closed"], numbers["one_visit"], numbers["visits_of_resolved"]) == (12, 12, 12)
    assert (numbers["visits_before"], numbers["mean_days"]) == (12 * 3, 2.0)


def test_the_database_counts_and_no_case_is_read(cases):
    """Two of the questions find the supervisor; the definitions of versions are read once a process."""
    cases(30, sources=("upload",), **GRANTED)
    all_figures()

    with CaptureQueriesContext(connection) as few:
        all_figures()
    cases(300, sources=("upload",), **GRANTED)
    with CaptureQueriesContext(connection) as many:
        all_figures()

    assert len(few) == len(many) <= 9
    assert not any('"settlements"' in one["sql"] for one in many.captured_queries)


def test_who_reads_the_public_figures_makes_nobody_count(cases):
    cases(12, **GRANTED)
    count_figures(now=NOW)

    with CaptureQueriesContext(connection) as seen:
        statistics.public_statistics()

    assert len(seen) == 1 and "cases_countedfigures" in seen.captured_queries[0]["sql"]


def test_before_the_first_count_there_is_nothing_to_read(cases):
    cases(12, **GRANTED)

    found = statistics.public_statistics()

    assert (found.total.numbers["cases"], found.programmes, found.counted_at) == (0, {}, None)


def test_figures_that_are_young_are_not_counted_again(cases):
    cases(12, **GRANTED)
    assert count_figures(now=NOW) == 1
    cases(1, **GRANTED)

    assert count_figures(now=NOW + FRESH / 2) == 0
    assert statistics.public_statistics().total.numbers["cases"] == 12
    assert count_figures(now=NOW + FRESH) == 1
    assert statistics.public_statistics().total.numbers["cases"] == 13


def test_a_legal_clock_that_was_set_back_stops_no_count(cases):
    count_figures(now=NOW + timedelta(days=3))

    assert count_figures(now=NOW) == 1


def test_there_is_one_row_of_figures(db):
    with pytest.raises(IntegrityError):
        CountedFigures.objects.create(id=2, counted_at=NOW)


def test_the_clock_sends_for_them():
    assert SECONDS_BETWEEN[Errand.COUNT_FIGURES] == 60
    assert ROUTES[Errand.COUNT_FIGURES] == "clock"


def test_a_number_that_rests_on_fewer_than_ten_cases_is_hidden_in_a_large_programme(cases):
    cases(40, sources=("registry",), **GRANTED)
    cases(3, visits=1, sources=("seen", "seen", "seen", "seen"), **GRANTED)

    shown = counted().programmes["trade"]

    assert shown.numbers["cases"] == 43
    assert (shown.numbers["visits"], shown.numbers["originals"], shown.sources["seen"]) == (None, None, None)
    assert {"visits", "originals", "seen"} <= shown.few


def test_many_originals_of_few_people_are_few(cases):
    """Twelve originals of three people are three people's."""
    cases(40, **GRANTED)
    cases(3, sources=("seen",) * 4, **GRANTED)

    assert counted().programmes["trade"].numbers["originals"] is None


def test_a_small_programme_is_named_and_takes_what_would_tell_of_it_along(cases):
    cases(4, "home-record", **GRANTED)
    cases(40, **GRANTED)

    found = counted()

    assert found.hidden == ("papers",)
    assert found.programmes["trade"].numbers["cases"] is None
    assert "cases" in found.programmes["trade"].withheld
    assert found.total.numbers["cases"] == 44


def test_nothing_is_hidden_where_nobody_could_be_singled_out(cases):
    cases(20, "home-record", sources=(Source.REGISTRY,), **GRANTED)
    cases(40, sources=(Source.REGISTRY,), **GRANTED)

    found = counted()

    assert (found.total.few, found.total.withheld) == (frozenset(), frozenset())
    assert (found.total.numbers["resolved"], found.total.numbers["second_visits"]) == (60, 0)
