"""Time that does not count: paused for what the law lists, told in writing, over by itself; extended once, in time."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from services.cases.actions import following, handling, pausing, reading
from services.cases.actions.pausing import LeadOfficeOnly, NoSuchPause
from services.cases.actions.second_visits import SupervisorsOnly
from services.cases.models import Extension, Pause, Task
from services.cases.queries import cases, desk
from services.core.pauses import ExtensionNotLawful, PauseNotLawful
from services.core.states import CannotMove
from services.ledger import queries as ledger
from services.ledger.queries import Head
from services.notices import queries as notices
from services.notices.models import Notice
from tests.services.a_matter import days, file, noon, officer, state_of, task_of, work
from tests.services.a_register import NOW

WORKS = {"application.works": "a tower", "application.height": 30}
TESTING = {"kind": "testing", "legal_basis": "Works Act art. 9", "planned_days": 5}
OTHER_TESTING = TESTING | {"planned_days": 3}


@pytest.fixture
def clerk(prefecture):
    return officer("works-office")


@pytest.fixture
def supervisor(prefecture):
    return officer("works-office", "supervisor")


@pytest.fixture
def case(ayshe, clerk):
    """A case in review: accepted on Monday 2 March, promised for the 16th, by law until the 30th."""
    case = file(ayshe, "works-permit", WORKS)
    handling.accept_case(viewer=clerk, task_id=task_of(case, "acceptance"), now=NOW)
    return case


@pytest.fixture
def paused(case, clerk):
    pausing.pause_case(viewer=clerk, case_id=case.id, **TESTING, now=NOW)
    return case


def limits_of(case):
    case.refresh_from_db()
    return case.promised_due, case.statutory_due


def test_a_pause_moves_both_limits_on_by_what_was_told(paused):
    """R2.21"""
    assert state_of(paused) == "paused"
    assert limits_of(paused) == (date(2026, 3, 23), date(2026, 4, 7))


def test_the_applicant_is_told_of_a_pause_in_writing_with_its_law_and_length(paused, ayshe):
    """R2.21"""
    pause = Pause.objects.get(case=paused)

    letter = notices.letter(pause.letter_id, ayshe.id, "en")

    words = " ".join(letter.paragraphs)
    for told in ("testing", "5 working days", "Works Act art. 9", "9 March 2026", "23 March 2026"):
        assert told in words
    assert pause.told_on == pause.started_on == date(2026, 3, 2)


def test_the_ledger_says_who_paused_and_what_and_holds_together(paused, clerk):
    (entry,) = [one for one in ledger.entries_of(paused.id) if one.event == "paused"]

    assert (entry.actor_id, entry.detail["kind"], entry.detail["days"], entry.detail["states"]) == (
        clerk.id, "testing", 5, ["paused"],
    )  # fmt: skip
    paused.refresh_from_db()
    assert ledger.verify_case(paused.id, Head(paused.ledger_sequence, paused.ledger_head)) is None


def test_a_pause_ends_by_itself_with_the_length_that_was_told(paused):
    """R2.23"""
    work(noon(9))
    assert state_of(paused) == "paused"

    work(noon(10))

    assert state_of(paused) == "in_review"
    assert Pause.objects.get(case=paused).ended_on == date(2026, 3, 9)
    assert limits_of(paused) == (date(2026, 3, 23), date(2026, 4, 7))
    assert Notice.objects.filter(kind="resumed", case_id=paused.id).count() == 1


def test_a_worker_who_comes_late_does_not_make_the_pause_longer(paused):
    """R2.23: the overrun counts against the office."""
    work(noon(18))

    assert Pause.objects.get(case=paused).ended_on == date(2026, 3, 9)
    assert limits_of(paused) == (date(2026, 3, 23), date(2026, 4, 7))


def test_an_office_that_is_done_earlier_lets_the_time_count_again(paused, clerk):
    pausing.resume_case(viewer=clerk, case_id=paused.id, now=noon(4))

    assert state_of(paused) == "in_review"
    assert limits_of(paused) == (date(2026, 3, 18), date(2026, 4, 1))
    with pytest.raises(CannotMove):
        pausing.resume_case(viewer=clerk, case_id=paused.id, now=noon(4))


def test_two_pauses_one_after_the_other_add_up_and_never_twice(paused, clerk):
    """R2.23"""
    pausing.resume_case(viewer=clerk, case_id=paused.id, now=noon(4))

    pausing.pause_case(viewer=clerk, case_id=paused.id, **TESTING | {"planned_days": 2}, now=noon(4))

    assert limits_of(paused) == (date(2026, 3, 20), date(2026, 4, 3))


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"kind": "site-survey"}, "kind"),
        ({"kind": "registry-down"}, "kind"),
        ({"legal_basis": "  "}, "legal_basis"),
        ({"legal_basis": "x" * 301}, "legal_basis"),
        ({"planned_days": 0}, "planned_days"),
        ({"planned_days": 251}, "planned_days"),
    ],
)
def test_what_the_law_does_not_list_or_tell_leaves_the_clock_running(case, clerk, wrong, place):
    """R2.21, R2.22"""
    with pytest.raises(PauseNotLawful) as refusal:
        pausing.pause_case(viewer=clerk, case_id=case.id, **TESTING | wrong, now=NOW)

    assert [one.place for one in refusal.value.errors] == [place]
    assert (state_of(case), Notice.objects.filter(kind="paused").count()) == ("in_review", 0)


def test_only_the_lead_office_pauses_and_only_what_is_in_review(case, paused, clerk, ayshe):
    with pytest.raises(LeadOfficeOnly):
        pausing.pause_case(viewer=officer("records-office"), case_id=case.id, **TESTING, now=NOW)
    with pytest.raises(LeadOfficeOnly):
        pausing.pause_case(viewer=ayshe, case_id=case.id, **TESTING, now=NOW)
    with pytest.raises(CannotMove):
        pausing.pause_case(viewer=clerk, case_id=case.id, **TESTING, now=NOW)


def test_another_pause_is_not_the_one_the_case_is_in(paused, case, clerk):
    with pytest.raises(NoSuchPause):
        pausing.resume_case(viewer=clerk, case_id=case.id, pause_id=case.id, now=NOW)


def test_tasks_stay_while_the_time_stands_still_and_none_of_them_is_late(paused, clerk):
    """R10.5"""
    before = {one.step: one.due_on for one in Task.objects.filter(case=paused, closed_at__isnull=True)}
    assert before == {"review": date(2026, 3, 12), "records": date(2026, 3, 11)}

    handling.complete_task(
        viewer=clerk,
        task_id=Task.objects.get(case=paused, step="review", closed_at__isnull=True).id,
        favorable=True,
        now=noon(5),
    )

    assert state_of(paused) == "paused"
    (card,) = desk.tasks(viewer=officer("records-office"))
    assert (card.step, card.paused, card.color) == ("records", True, "none")


def test_days_that_a_pause_did_not_need_are_taken_back_from_the_tasks(paused, clerk):
    pausing.resume_case(viewer=clerk, case_id=paused.id, now=noon(3))

    due = {one.step: one.due_on for one in Task.objects.filter(case=paused, closed_at__isnull=True)}
    steps = {one.code: one.until for one in cases.case(viewer=clerk, case_id=paused.id).steps}
    assert due == {"review": date(2026, 3, 6), "records": date(2026, 3, 5)}
    assert {code: steps[code] for code in due} == due


def test_paused_days_do_not_count_on_the_offices_clock(paused, clerk):
    """R10.5"""
    from services import clock

    clock.shift(days=14)  # Monday 16 March: ten working days since acceptance, five of them paused

    work(clock.now())

    shown = reading.open_case(viewer=clerk, case_id=paused.id, now=clock.now()).sheet.clock
    assert (shown.due, shown.days_left, shown.color) == (date(2026, 3, 23), 5, "notice")


def test_withdrawing_ends_the_pause_too(paused, ayshe):
    following.withdraw_case(viewer=ayshe, case_id=paused.id, now=noon(4))

    assert state_of(paused) == "withdrawn"
    assert Pause.objects.get(case=paused).ended_on == date(2026, 3, 4)


def test_the_limit_is_extended_once_by_a_supervisor_with_reasons_that_are_told(
    case, supervisor, clerk, ayshe
):
    """R2.11"""
    words = {"days": 10, "reasons": "The site is under water."}
    with pytest.raises(SupervisorsOnly):
        pausing.extend_case(viewer=clerk, case_id=case.id, **words, now=NOW)

    pausing.extend_case(viewer=supervisor, case_id=case.id, **words, now=NOW)

    assert limits_of(case) == (date(2026, 3, 30), date(2026, 4, 14))
    letter = notices.letter(Extension.objects.get(case=case).letter_id, ayshe.id, "en")
    assert "The site is under water." in " ".join(letter.paragraphs)
    assert "14 April 2026" in " ".join(letter.paragraphs)
    with pytest.raises(ExtensionNotLawful, match="once only"):
        pausing.extend_case(viewer=supervisor, case_id=case.id, **words, now=NOW)


@pytest.mark.parametrize(
    ("wrong", "place"), [({"days": 11}, "days"), ({"days": 0}, "days"), ({"reasons": " "}, "reasons")]
)
def test_an_extension_keeps_to_the_law(case, supervisor, wrong, place):
    """R2.11: how long it may be stands in the jurisdiction's profile."""
    words = {"days": 10, "reasons": "The site is under water."} | wrong
    with pytest.raises(ExtensionNotLawful) as refusal:
        pausing.extend_case(viewer=supervisor, case_id=case.id, **words, now=NOW)

    assert [one.place for one in refusal.value.errors] == [place]


def test_an_extension_after_the_limit_is_too_late_but_a_pause_moves_the_limit(paused, supervisor):
    words = {"days": 10, "reasons": "The site is under water."}
    work(NOW + days(37))
    with pytest.raises(ExtensionNotLawful, match="too late"):
        pausing.extend_case(viewer=supervisor, case_id=paused.id, **words, now=NOW + days(37))

    pausing.extend_case(viewer=supervisor, case_id=paused.id, **words, now=NOW + days(36))

    assert limits_of(paused)[1] == date(2026, 4, 21)


def test_a_supervisor_of_another_office_extends_nothing(case):
    with pytest.raises(LeadOfficeOnly):
        pausing.extend_case(
            viewer=officer("records-office", "supervisor"), case_id=case.id, days=5, reasons="x", now=NOW
        )


def test_the_database_knows_no_second_open_pause_and_no_second_extension(paused, supervisor):
    pausing.extend_case(viewer=supervisor, case_id=paused.id, days=5, reasons="The site.", now=NOW)
    pause, extension = Pause.objects.get(case=paused), Extension.objects.get(case=paused)

    for row in (
        Pause(
            case=paused, kind="leave", legal_basis="x", planned_days=1, started_on=noon(2), told_on=noon(2)
        ),
        Pause(
            case=paused, kind="testing", legal_basis="x", planned_days=1, started_on=noon(2), told_on=noon(2)
        ),
        Extension(case=paused, days=1, reasons="x", granted_on=noon(2), due_before=noon(9), told_on=noon(2)),
    ):
        row.letter_id = Notice.objects.exclude(id__in=[pause.letter_id, extension.letter_id]).first().id
        setattr(row, "paused_by_id" if isinstance(row, Pause) else "approved_by_id", supervisor.id)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
