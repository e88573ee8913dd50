"""The performance page and the public statistics: data that was counted before, on a page made for its reader alone."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from services import clock
from services.cases.actions.figures import count_figures
from services.cases.models import Case, CountedFigures
from services.cases.queries.counting_bundles import BundleFigures
from services.cases.queries.figures import Figures
from services.visits.queries import PlaceCounts
from tests.counted import keep
from tests.doors.a_desk import Desk, text_of, works_permit
from tests.doors.the_api import Api, told


@pytest.fixture
def figures(town):
    """Figures as a count would have left them: two programmes of many, one of four, and three refused."""
    of = {
        "trade": Figures(services=3, services_resolved=3, cases=140, resolved=97, refused=3, visits=97),
        "papers": Figures(services=2, services_resolved=2, cases=50, resolved=40, visits=12),
        "farming": Figures(services=1, services_resolved=1, cases=4, resolved=4),
    }  # fmt: skip
    keep(programmes=of)


def performance(client: Client | None = None):
    return (client or Client()).get("/performance/")


def test_hidden_numbers_say_that_they_are_few_and_a_number_that_tells_of_them_is_not_shown(figures):
    page = performance()

    [by_programme] = page.context["cuts"]
    cells = {row[0]["text"]: [cell["text"] for cell in row[1:]] for row in by_programme.rows}
    assert set(cells) == {"Papers", "Trade"}
    assert "not shown" in cells["Papers"] and "farming" not in text_of(page)
    assert "1 programme with fewer than 10 applications is not shown." in text_of(page)
    assert "rests on fewer than 10 applications is hidden" in text_of(page)


def test_a_small_number_on_the_page_is_fewer_than_ten(figures):
    one = Figures(
        services=1, cases=60, resolved=60, closed=60, without_visit=57, one_visit=3, visits=3, days_counted=60,
    )  # fmt: skip
    keep(programmes={"trade": one, "papers": one})

    assert "fewer than 10</td>" in text_of(performance())


def test_many_small_programmes_are_told_of_together(figures):
    few = Figures(services=6, cases=6, resolved=6, visits=1)
    keep(programmes={f"programme-{number}": few for number in range(24)})

    page = performance()

    assert page.context["stats"][0] == {"words": "applications", "number": 144}
    assert page.context["cuts"] == []
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


def test_what_is_hidden_is_found_where_it_is_counted_and_every_door_only_reads_it(figures):
    """R15.14: finding it takes long. What is told stands in the row: the doors tell that, whatever is said there."""
    row = CountedFigures.objects.get()
    numbers = dict(row.told["total"]["numbers"])
    assert numbers["cases"] == 194 and numbers["refused"] is None
    row.told["total"]["numbers"] = [*(numbers | {"cases": 195, "refused": 4}).items()]
    row.told["total"] |= {"few": [], "withheld": []}
    row.save()

    csv = Client().get("/performance/figures.csv").content.decode().replace('"', "")
    answer = told(Api().get("/statistics/public"))
    assert performance().context["stats"][0]["number"] == 195
    assert "refused,4," in csv and "cases,195," in csv
    assert (answer["total"]["cases"], answer["total"]["refused"]) == (195, 4)


@pytest.mark.parametrize("kept", [False, True])
def test_before_anything_was_counted_every_door_answers(town, kept):
    """Also where the release before counted, which told nothing."""
    if kept:
        CountedFigures.objects.create(counted_at=clock.now(), figures={"trade": Figures(cases=3).as_record()})

    assert performance().status_code == 200 and performance().context["any"] is False
    assert Client().get("/performance/figures.csv").status_code == 200
    answer = told(Api().get("/statistics/public"))
    assert (answer["total"]["cases"], answer["programmes"], answer["countedAt"]) == (0, {}, None)


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


# Charts, and all of it to take away


RATED = {"1": 10, "2": 20, "3": 30, "4": 50, "5": 90, "ratings": 200}


@pytest.fixture
def year(town):
    """Figures of two programmes, a month, a centre and a bundle; one programme with few second visits."""
    many = Figures(
        services=3, services_resolved=3, cases=300, resolved=260, visits=60, closed=280, without_visit=220,
        one_visit=60, on_time=266, late=14, visits_before=520, papers_before=1300, visits_of_resolved=60,
    )  # fmt: skip
    few = Figures(
        services=2, cases=100, resolved=80, closed=95, without_visit=60, one_visit=32, more_visits=3, second_visits=3,
        by_authority=3, system_failed=3, on_time=95, visits=38, visits_of_resolved=30, visits_before=180,
        papers_before=270,
    )  # fmt: skip
    once = Figures(
        closed=95, one_visit=92, more_visits=3, resolved=70, on_time=81, late=14, visits_of_resolved=90,
    )  # fmt: skip
    never = Figures(closed=280, without_visit=280, resolved=270, on_time=280)
    new_home = BundleFigures(
        applications=80, closed=60, one_visit=45, without_visit=15, on_time=60, visits=45, working_days=180,
        visits_before=300, papers_before=240,
    )  # fmt: skip
    keep(
        programmes={"trade": many, "papers": few},
        months={"2026-03": Figures.sum_of([many, few])},
        centres={"services-centre": once, "": never},
        bundles={"new-home": new_home},
        ratings={
            "programme": {"": RATED, "trade": RATED, "papers": RATED | {"1": None, "2": None}},
            "bundle": {"": RATED, "new-home": RATED},
        },
        places={
            "services-centre": PlaceCounts(visits=90, served=80, prompt=60, minutes=800, booked=70, days=140)
        },
    )  # fmt: skip


def test_charts_show_visits_punctuality_and_waiting_and_say_the_same_in_words_and_in_a_table(year):
    page = text_of(performance())

    assert "How often people came in, by programme" in page and "79% without a visit" in page
    assert "95% on time" in page and "75% within 15 minutes" in page
    assert "70% satisfied" in page
    assert page.count("<title id=") == page.count("<desc id=") == 7
    assert page.count("The same as a table") == 7
    assert "March 2026" in page


def test_a_bar_with_a_piece_of_few_cases_is_not_drawn(year):
    """Three second visits are nobody's to see, also not as the width of a bar."""
    charts = {one.code: one for one in performance().context["charts"]}

    bars = {bar.name: bar for bar in charts["visits"].bars}
    assert bars["Papers"].parts == () and bars["Papers"].told == "not shown"
    assert bars["Trade"].parts != ()


def test_what_was_spared_names_what_is_assumed(year, settings):
    settings.VISIT_HOURS_BEFORE = 4

    page = text_of(performance())

    assert "4 hours, the way and the wait" in page
    saved = {one["words"]: one["number"] for one in performance().context["saved"]}
    assert saved["hours saved"] == str((520 + 180 - 90) * 4)


@pytest.mark.parametrize("made_up", [True, False])
def test_every_figure_can_be_taken_away_as_a_table_that_says_whether_it_is_real(year, settings, made_up):
    settings.DEMONSTRATION = made_up
    answer = Client().get("/performance/figures.csv")
    rows = [line.split(",") for line in answer.content.decode().replace('"', "").splitlines()]

    assert rows[0] == ["data", "by", "code", "figure", "value", "hidden"]
    assert {row[0] for row in rows[1:]} == {"demonstration" if made_up else "real"}
    told = {(row[1], row[2], row[3]): (row[4], row[5]) for row in rows[1:]}
    assert told["programme", "trade", "closed"] == ("280", "")
    assert told["programme", "papers", "more_visits"] == ("", "few")
    assert told["centre", "services-centre", "minutes"] == ("10.0", "")
    assert ("month", "2026-03", "closed") in told
    assert told["ratings by programme", "papers", "dissatisfied"] == ("", "withheld")
    assert "attachment" in answer["Content-Disposition"]


def test_the_api_tells_the_same_by_month_and_centre(year):
    answer = told(Api().get("/statistics/public"))

    assert answer["programmes"]["trade"]["withoutVisit"] == 220
    assert answer["programmes"]["papers"]["moreVisits"] is None
    assert answer["centres"]["services-centre"]["meanMinutes"] == 10.0
    assert "2026-03" in answer["months"]


def test_everything_is_told_in_the_same_columns_by_programme_month_centre_and_event(year, settings):
    """R8.9: an event's application for several services is one, and its visit too (R8.4)."""
    settings.VISIT_HOURS_BEFORE = 4
    cuts = performance().context["cuts"]

    assert [one.title for one in cuts] == [
        "By programme",
        "By month",
        "By centre",
        "By life or business event",
    ]
    heads = [[column["label"] for column in one.columns][1:] for one in cuts]
    assert heads.count(heads[0]) == 4
    [new_home] = cuts[3].rows
    told = dict(zip(["Event", *heads[3]], [cell["text"] for cell in new_home], strict=True))
    assert (told["Applications"], told["Finished"], told["With one visit"], told["Visits now"]) == (
        80,
        60,
        45,
        45,
    )
    assert told["Hours saved"] == str((300 - 45) * 4)
    assert (told["Mean working days"], told["Ratings"], told["Satisfied"], told["Files now"]) == (
        3.0,
        200,
        140,
        "–",
    )


def test_the_page_says_what_a_visit_is(year):
    page = text_of(performance())

    assert "A visit is counted once for a centre and a day" in page
    assert "an event's application for several services is one" in page


def test_a_second_visit_is_told_with_its_cause_unless_it_is_of_few(year):
    """R8.5, R15.14: three of one cause are not told, nor whose fault they were."""
    faults = {one["words"]: one for one in performance().context["faults"]}

    offices = faults["because of an office's mistake, or a failure"]
    causes = {one["words"]: one["number"] for one in offices["causes"]}
    assert (offices["number"], causes["a system did not work"]) == ("fewer than 10", "fewer than 10")
    assert causes["nobody had told them what to bring"] == 0
    assert "a system did not work: <bdi>fewer than 10</bdi>" in text_of(performance())


def test_figures_by_event_and_by_centre_can_be_taken_away(year):
    rows = [
        line.split(",") for line in Client().get("/performance/figures.csv").content.decode().splitlines()
    ]
    answer = told(Api().get("/statistics/public"))

    csv = {tuple(one.strip('"') for one in row[1:4]): row[4].strip('"') for row in rows[1:]}
    assert (
        csv["bundle", "new-home", "visits_each"] == "0.75" == str(answer["bundles"]["new-home"]["visitsEach"])
    )
    assert csv["bundles", "", "applications"] == "80" == str(answer["allBundles"]["applications"])
    assert (
        csv["centre", "services-centre", "on_time"]
        == "81"
        == str(answer["attended"]["services-centre"]["onTime"])
    )
    assert csv["ratings by bundle", "new-home", "satisfied"] == "140"
    assert answer["ratings"]["bundle"]["new-home"]["satisfied"] == 140
    assert len(rows[1:]) == len({tuple(row[:4]) for row in rows[1:]})


@pytest.mark.parametrize(
    ("language", "begins", "words"), [("ug", "100%", "كەلمەي"), ("zh-hans", "0", "无需到场")]
)
def test_charts_read_in_the_direction_of_the_language(year, language, begins, words):
    client = Client(HTTP_ACCEPT_LANGUAGE=language)

    page = text_of(performance(client))

    assert f'class="chart-name" x="{begins}"' in page and words in page
