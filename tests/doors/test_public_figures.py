"""The performance page and the public statistics: data that was counted before, on a page made for its reader alone."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from services import clock
from services.cases.actions.figures import count_figures
from services.cases.models import Case, CountedFigures
from services.cases.queries.figures import Figures
from tests.doors.a_desk import Desk, text_of, works_permit
from tests.doors.the_api import Api, told


@pytest.fixture
def figures(town):
    """Figures as a count would have left them: two programmes of many, one of four, and three refused."""
    of = {
        "trade": Figures(services=3, services_resolved=3, cases=140, resolved=97, refused=3, visits=97, visited=97),
        "papers": Figures(services=2, services_resolved=2, cases=50, resolved=40, visits=12, visited=12),
        "farming": Figures(services=1, services_resolved=1, cases=4, resolved=4),
    }  # fmt: skip
    kept = {code: one.as_record() for code, one in of.items()}
    CountedFigures.objects.create(counted_at=clock.now(), figures=kept)


def performance(client: Client | None = None):
    return (client or Client()).get("/performance/")


def test_hidden_numbers_say_that_they_are_few_and_a_number_that_tells_of_them_is_not_shown(figures):
    page = performance()

    cells = {row[0]["text"]: [cell["text"] for cell in row[1:]] for row in page.context["rows"]}
    assert set(cells) == {"Papers", "Trade"}
    assert "not shown" in cells["Papers"] and "farming" not in text_of(page)
    assert "1 programme with fewer than 10 applications is not shown." in text_of(page)
    assert "rests on fewer than 10 applications is hidden" in text_of(page)


def test_a_small_number_on_the_page_is_fewer_than_ten(figures):
    CountedFigures.objects.all().delete()
    one = Figures(services=1, cases=60, resolved=20, visits=3, visited=3)
    CountedFigures.objects.create(
        counted_at=clock.now(), figures={"trade": one.as_record(), "papers": one.as_record()}
    )

    assert "fewer than 10</td>" in text_of(performance())


def test_many_small_programmes_are_told_of_together(figures):
    CountedFigures.objects.all().delete()
    few = Figures(services=6, cases=6, resolved=6, visits=1, visited=1)
    kept = {f"programme-{number}": few.as_record() for number in range(24)}
    CountedFigures.objects.create(counted_at=clock.now(), figures=kept)

    page = performance()

    assert page.context["stats"][0] == {"words": "applications", "number": 144}
    assert page.context["rows"] == []
    assert "24 programmes with fewer than 10 applications are not shown." in text_of(page)


def test_the_api_tells_the_same_and_null_for_what_is_hidden(figures):
    answer = told(Api().get("/statistics/public"))

    assert answer["hidden"] == ["farming"]
    assert answer["total"]["refused"] is None
    assert answer["total"]["cases"] == 194
    assert answer["programmes"]["trade"]["refused"] is None
    assert answer["demonstration"] is False and answer["countedAt"]


@pytest.mark.parametrize("made_up", [True, False])
def test_made_up_figures_are_marked_as_such(figures, settings, made_up):
    settings.DEMONSTRATION = made_up

    assert ("These figures are made up" in text_of(performance())) is made_up
    assert told(Api().get("/statistics/public"))["demonstration"] is made_up


def test_no_reader_makes_the_portal_count(figures, resident):
    works_permit(resident())

    with CaptureQueriesContext(connection) as seen:
        performance()
        Api().get("/statistics/public")

    assert not any("cases_case" in one["sql"] for one in seen.captured_queries)


def test_the_page_of_somebody_signed_in_is_kept_for_nobody_else(figures, resident, officer):
    signed_in = Desk(officer("supervisor", "works-office", username="somebody-known"))

    assert "Somebody-Known" in text_of(performance(signed_in.client))
    assert "Somebody-Known" not in text_of(performance())
    assert "max-age" not in performance(signed_in.client).get("Cache-Control", "")


def test_a_supervisor_gets_exact_figures_of_this_moment(town, resident, officer):
    count_figures(now=clock.now())
    works_permit(resident())

    answer = told(Api(officer("supervisor", "works-office")).get("/statistics"))

    assert answer["total"]["cases"] == Case.objects.count() == 1
    assert answer["programmes"]["trade"]["services"] == 1
