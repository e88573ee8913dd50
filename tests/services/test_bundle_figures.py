"""What everybody may read of applications for several services as one thing (R8.4, R8.9, R15.14)."""

from datetime import timedelta
from uuid import uuid4

import pgtrigger
import pytest

from services.cases.actions.figures import count_figures
from services.cases.models import Application, Attendance, Case
from services.cases.queries import statistics
from services.catalogue import queries as catalogue
from tests.services.a_matter import noon
from tests.services.a_register import NOW

MONDAY, WEDNESDAY = noon(2).date(), noon(4).date()
GRANTED = {
    "verdict": "granted", "state": "closed", "decided_on": WEDNESDAY, "ended_on": WEDNESDAY, "accepted_on": MONDAY,
    "promised_due": WEDNESDAY,
}  # fmt: skip
MEMBERS = ("works-permit", "home-record")


@pytest.fixture
def applications(ayshe):
    """Make applications for a bundle as records, so many at a time, each of two cases and with so many visits."""

    def make(number: int, bundle: str = "new-home", *, visits: int = 0, **known: dict[str, object]):
        """`first`, `second`: what is otherwise of that case."""
        both = [GRANTED | known.get("first", {}), GRANTED | known.get("second", {})]
        made = [_file(ayshe, bundle, both) for _ in range(number)]
        for cases in made:
            for day in range(visits):
                _attend(cases, ayshe, day)
        return made

    return make


def _file(ayshe, bundle, known):
    application = Application.objects.create(
        number=f"A-{uuid4().hex[:18]}", account_id=ayshe.id, person_id=ayshe.person_id, services=list(MEMBERS),
        bundle=bundle, state="submitted", submitted_at=NOW, created_at=NOW, changed_at=NOW,
    )  # fmt: skip
    with pgtrigger.ignore("cases.Case:begins_at_received"):  # these are records, and nobody lived them
        return [_case(application, service, one) for service, one in zip(MEMBERS, known, strict=True)]


def _case(application, service, known):
    version = catalogue.current_version_id(service)
    definition = catalogue.definition(version)
    return Case.objects.create(
        number=f"C-{uuid4().hex[:18]}", application=application, service_version_id=version, service=service,
        programme=definition.programme, organisation=definition.organisation, received_on=MONDAY, received_at=NOW,
        **known,
    )  # fmt: skip


def _attend(cases, ayshe, day):
    trip = uuid4()
    for case in cases:
        Attendance.objects.create(
            case=case, application_id=case.application_id, visit_id=trip, on=MONDAY + timedelta(days=day),
            exception_reason="ours" if day else "", approved_by_id=ayshe.id if day else None,
        )  # fmt: skip


def counted() -> statistics.PublicStatistics:
    count_figures(now=NOW)
    return statistics.public_statistics()


def test_an_application_for_one_thing_is_one_however_many_services_it_is_for(applications):
    """R8.4: who comes once for all of it came once."""
    applications(20)
    applications(30, visits=1)

    numbers = counted().bundles["new-home"].numbers

    assert (numbers["applications"], numbers["closed"]) == (50, 50)
    assert (numbers["without_visit"], numbers["one_visit"], numbers["more_visits"]) == (20, 30, 0)
    assert (numbers["visits"], numbers["visits_each"]) == (30, 0.6)
    assert (numbers["visits_before"], numbers["papers_before"]) == (50 * (3 + 2), 50 * (2 + 1))


def test_it_is_as_late_and_as_long_as_the_last_of_its_services(applications):
    late = {"decided_on": WEDNESDAY + timedelta(days=1), "ended_on": WEDNESDAY + timedelta(days=1)}
    applications(10)
    applications(10, second=late)

    numbers = counted().bundles["new-home"].numbers

    assert (numbers["on_time"], numbers["late"], numbers["mean_days"]) == (10, 10, 2.5)


def test_what_is_not_over_has_no_share_yet(applications):
    open_still = {"verdict": "", "state": "in_review", "decided_on": None, "ended_on": None}
    applications(12)
    applications(11, second=open_still)

    numbers = counted().bundles["new-home"].numbers

    assert (numbers["applications"], numbers["closed"], numbers["without_visit"]) == (23, 12, 12)


def test_few_who_came_twice_are_not_what_the_mean_leaves(applications):
    """R15.14: so many visits, less one for each who came, would be those who came twice."""
    applications(40, visits=1)
    applications(40)
    applications(3, visits=2)

    one = counted().bundles["new-home"]

    assert one.numbers["more_visits"] is None and "more_visits" in one.few
    assert one.numbers["visits"] is None and one.numbers["visits_each"] is None


REFUSED = {"verdict": "refused"}


def test_few_refusals_are_not_what_is_missing_of_what_was_before(applications):
    """R15.14: the catalogue says five visits each; of forty with two refused 196 would tell of them."""
    applications(38)
    applications(2, second=REFUSED)
    applications(40, "moving")

    found = counted()

    before = {"visits_before", "papers_before"}
    new_home, moving = found.bundles["new-home"], found.bundles["moving"]
    assert new_home.withheld >= before and new_home.numbers["closed"] == 40
    assert {new_home.numbers[name] for name in before} == {None}
    assert (moving.numbers["visits_before"], moving.numbers["papers_before"]) == (40 * 5, 40 * 3)
    assert found.one_things.withheld >= before  # all, less those of moving, would be these


def test_many_refusals_may_be_told_by_what_was_before(applications):
    applications(30)
    applications(10, second=REFUSED)

    numbers = counted().bundles["new-home"].numbers

    assert (numbers["visits_before"], numbers["papers_before"]) == (30 * 5 + 10 * 3, 30 * 3 + 10 * 2)


def test_few_refusals_of_one_service_are_not_told_by_the_visits_and_papers_of_two(applications):
    """R15.14: of twelve refusals, 3 of one service and 9 of another, two numbers would tell which."""
    applications(40)
    applications(9, second=REFUSED)
    applications(3, first=REFUSED)

    assert counted().bundles["new-home"].numbers["visits_before"] is None


def test_few_that_were_granted_are_not_told_by_what_was_before(applications):
    applications(9)
    applications(40, second=REFUSED)

    assert counted().bundles["new-home"].numbers["papers_before"] is None


def test_what_was_before_of_all_is_not_told_where_some_bundle_has_few(applications):
    """R15.14: of two of five applications, six visits each and five, the sum of visits would tell how many each had."""
    applications(40)
    applications(5, "moving")
    applications(5, "newborn")

    found = counted()

    assert found.bundles["new-home"].numbers["visits_before"] == 200
    assert found.one_things.numbers["visits_before"] is None


def test_many_cases_of_few_people_are_few(applications):
    """Twelve cases of six applications are six people's."""
    applications(6)
    applications(40, "moving")

    found = counted()

    assert set(found.bundles) == {"moving"}
    assert found.bundles["moving"].numbers["applications"] is None
    assert found.one_things.numbers["applications"] == 46


def test_a_service_alone_is_no_bundle(applications):
    applications(12, "")

    assert counted().bundles == {}
