"""A commitment is looked into after the decision: the register first, then an officer, where it is drawn."""

from datetime import date

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from services.cases.actions import answering_checks, checking, looking, reminders
from services.cases.actions.certificates import IssuersOnly
from services.cases.actions.checking import AnotherHears, NotTheirTurn, Untrue
from services.cases.actions.deciding import ReviewersDecide
from services.cases.actions.promising import ExplainInWords
from services.cases.models import Case, CommitmentCheck, Task
from services.certificates.models import Certificate
from services.core.checks import SPREAD, ClosedTooLong, agrees, is_drawn
from services.evidence.actions import SentFile, UploadHarmful
from services.evidence.models import Quarantined
from services.ledger.models import Entry
from services.notices.models import Notice
from tests.services.a_commitment import commit, granted_on_a_commitment, insured_with, publish_stalls
from tests.services.a_matter import a_picture, begin, noon, officer, state_of, submit, task_of, work
from tests.services.a_register import NOW, says
from tests.services.a_scanner import EICAR, scanning
from tests.services.together import together

UNTRUE = Untrue(explanation="No insurer knows the stall.")


@pytest.fixture
def stalls(ayshe, prefecture, settings, tmp_path):
    publish_stalls(prefecture, settings, tmp_path)
    return ayshe


@pytest.fixture
def looked_at(stalls) -> Case:
    """A permit granted on a commitment that no register can tell, with the office."""
    return granted_on_a_commitment(stalls)


@pytest.fixture
def untrue(looked_at) -> Case:
    checking.find_untrue(viewer=reviewer(), task_id=task_of(looked_at, "check"), written=UNTRUE, now=noon(4))
    return looked_at


def reviewer():
    return officer("works-office", "reviewer")


def supervisor(name="chief"):
    return officer("works-office", "supervisor", name)


def the_check() -> CommitmentCheck:
    return CommitmentCheck.objects.get()


def test_a_grant_on_a_commitment_opens_its_check_due_in_sixty_working_days(looked_at):
    """R4.9"""
    assert state_of(looked_at) == "closed"
    check = the_check()

    assert (check.state, check.requirement, check.due_on) == ("with_office", "insurance", date(2026, 5, 28))
    assert Task.objects.get(case=looked_at, kind="check").due_on == check.due_on


def test_a_register_that_agrees_ends_it_without_anybody(stalls, prefecture):
    """R4.9: registry first, and the declarant is not called in."""
    application = begin(stalls, "stall-permit", {"person.insurer": "Safe"})
    commit(stalls, application)
    insured_with(prefecture, "Safe")

    case = submit(stalls, application)

    check = the_check()
    assert (check.state, check.by_register, check.found_by_id) == ("true", True, None)
    assert not Task.objects.filter(case=case, kind="check").exists()
    assert Entry.objects.filter(case_id=case.id, event="commitment_checked", detail__found="true").exists()


def test_a_register_that_says_otherwise_makes_a_task_and_no_finding(stalls, prefecture):
    """R4.9, R15.8: the machine finds nothing against anybody."""
    application = begin(stalls, "stall-permit", {"person.insurer": "Safe"})
    commit(stalls, application)
    insured_with(prefecture, "Another")

    submit(stalls, application)

    assert (the_check().state, the_check().found_by_id) == ("with_office", None)


def test_a_register_that_is_down_is_waited_for_half_the_time(stalls, prefecture):
    """R4.9"""
    application = begin(stalls, "stall-permit", {"person.insurer": "Safe"})
    commit(stalls, application)
    prefecture.answers["/registers/insurance-record/query"] = [says(b"no", status=503)]
    submit(stalls, application)
    assert the_check().state == "asking"

    looking.look_into(check_id=the_check().id, now=noon(16, month=4))

    assert the_check().state == "with_office"


def test_who_is_not_drawn_is_spared(ayshe, prefecture, settings, tmp_path):
    """R4.9: the share of the matter, by its risk; the draw is the case's own and can be repeated."""
    publish_stalls(prefecture, settings, tmp_path, rate="0.0000001")

    granted_on_a_commitment(ayshe)

    assert the_check().state == "spared"


def test_where_a_matter_is_exempt_nothing_is_checked_and_the_notice_says_so(
    ayshe, prefecture, settings, tmp_path
):
    """R4.9"""
    exempt = 'exempt = { en = "the register is open to all.", zh = "登记信息公开可查。" }'
    publish_stalls(prefecture, settings, tmp_path, rate="0", exempt=exempt)

    case = granted_on_a_commitment(ayshe)

    [paper] = Case.objects.get().application.cases.all()
    assert (paper.id, CommitmentCheck.objects.count()) == (case.id, 0)
    from services.evidence.queries import declarations

    [signed] = declarations(application_ids=[case.application_id])
    assert "After the decision nothing is checked: the register is open to all." in signed.text


@pytest.mark.parametrize(
    ("draw", "rate", "drawn"),
    [
        (0, "1", True), (SPREAD - 1, "1", True), (0, "0", False), (SPREAD // 2 - 1, "0.5", True),
        (SPREAD // 2, "0.5", False), (SPREAD // 10, "0.05", False),
    ],
)  # fmt: skip
def test_the_share_is_drawn_from_a_given_number(draw, rate, drawn):
    assert is_drawn(draw, rate) is drawn


@pytest.mark.parametrize(
    ("told", "same"),
    [({"a": 1, "b": 2}, True), ({"a": 1}, True), ({}, True), ({"a": 2}, False), ({"a": None}, True)],
)
def test_a_register_agrees_where_nothing_both_know_differs(told, same):
    assert agrees({"a": 1, "b": 2}, told) is same


@pytest.mark.parametrize("found", ["true", "not_verifiable"])
def test_an_officer_finds_it_true_or_not_verifiable(looked_at, found):
    """R4.9: neither counts for anything against anybody."""
    checking.settle_check(
        viewer=reviewer(), task_id=task_of(looked_at, "check"), found=found, note="Asked.", now=noon(4)
    )

    assert (the_check().state, the_check().closed_until) == (found, None)
    assert not Notice.objects.filter(kind="commitment_untrue").exists()


def test_an_untrue_one_is_signed_with_remedies_and_put_right_in_twenty_days(untrue):
    """R4.10, R2.16"""
    check = the_check()

    assert (check.state, check.found_by_id, check.repair_until) == (
        "untrue", reviewer().id, date(2026, 4, 1),
    )  # fmt: skip
    assert (check.reconsideration_until, check.closed_until) == (date(2026, 5, 6), date(2027, 3, 4))
    letter = Notice.objects.get(kind="commitment_untrue")
    assert (letter.values["until"], letter.written) == ("2026-04-01", "No insurer knows the stall.")
    assert state_of(untrue) == "closed"
    assert Certificate.objects.get().status == "valid"


def test_a_clerk_finds_nothing_untrue(looked_at):
    """R4.10, R15.8"""
    with pytest.raises(ReviewersDecide):
        checking.find_untrue(
            viewer=officer("works-office"), task_id=task_of(looked_at, "check"), written=UNTRUE, now=NOW
        )
    with pytest.raises(ExplainInWords):
        checking.find_untrue(
            viewer=reviewer(), task_id=task_of(looked_at, "check"), written=Untrue(), now=NOW
        )


def test_the_database_knows_no_finding_without_a_person(looked_at):
    """R15.8"""
    with pytest.raises(IntegrityError), transaction.atomic():
        CommitmentCheck.objects.update(state="untrue")


def test_put_right_with_a_proof_that_an_officer_finds_good(stalls, untrue):
    """R4.10"""
    answering_checks.put_right(
        viewer=stalls, case_id=untrue.id, check_id=the_check().id, sent=a_picture(stalls), now=noon(9)
    )
    work(noon(9))
    checking.judge_repair(viewer=reviewer(), task_id=task_of(untrue, "check"), good=True, now=noon(10))

    assert the_check().state == "repaired"
    assert Certificate.objects.get().status == "valid"
    assert (
        Notice.objects.get(kind="commitment_heard")
        .values["reasons"][0]["en"]
        .startswith("It has been put right")
    )


def test_a_harmful_proof_is_kept_apart_and_leaves_the_time_that_is_left(stalls, untrue, settings, tmp_path):
    """As every other copy: refused with its name, on record in the case, its bytes where nobody opens them."""
    settings.UPLOAD_SCANNER, settings.UPLOAD_SCANNER_SECONDS = f"unix://{tmp_path}/clamd.ctl", 5
    clean = a_picture(stalls)
    sent = SentFile(name="cover.png", content=clean.content + EICAR, account_id=stalls.id)

    with scanning(f"{tmp_path}/clamd.ctl"), pytest.raises(UploadHarmful):
        answering_checks.put_right(
            viewer=stalls, case_id=untrue.id, check_id=the_check().id, sent=sent, now=noon(9)
        )

    assert Quarantined.objects.get().harm == "Eicar-Test-Signature"
    assert Entry.objects.filter(case_id=untrue.id, event="copy_quarantined").count() == 1
    assert (the_check().state, the_check().proof_id) == ("untrue", None)


def test_a_proof_that_is_no_good_leaves_the_time_that_is_left(stalls, untrue):
    """R4.10"""
    answering_checks.put_right(
        viewer=stalls, case_id=untrue.id, check_id=the_check().id, sent=a_picture(stalls), now=noon(9)
    )
    task = task_of(untrue, "check")
    with pytest.raises(ExplainInWords):
        checking.judge_repair(viewer=reviewer(), task_id=task, good=False, now=noon(10))
    checking.judge_repair(
        viewer=reviewer(), task_id=task, good=False, explanation="It is another's.", now=noon(10)
    )

    assert (the_check().state, the_check().proof_id) == ("untrue", None)


def test_the_register_itself_puts_it_right(stalls, untrue, prefecture):
    """R4.10: nobody brings what an office holds (R3.1)."""
    insured_with(prefecture, "Safe")
    answering_checks.put_right(viewer=stalls, case_id=untrue.id, check_id=the_check().id, now=noon(9))
    work(noon(9))

    assert (the_check().state, the_check().by_register) == ("repaired", True)


def test_what_is_not_put_right_is_revoked_by_a_supervisor_and_never_by_the_clock(untrue):
    """R4.10, R15.8, R12.1"""
    reminders.send_reminders(now=noon(1, month=4))
    assert not Task.objects.filter(kind="check", closed_at__isnull=True).exists()
    reminders.send_reminders(now=noon(2, month=4))
    reminders.send_reminders(now=noon(2, month=4))
    task = task_of(untrue, "check")
    assert Certificate.objects.get().status == "valid"
    with pytest.raises(IssuersOnly):
        checking.revoke_grant(viewer=reviewer(), task_id=task, explanation="Late.", now=noon(2, month=4))

    checking.revoke_grant(viewer=supervisor(), task_id=task, explanation="Late.", now=noon(2, month=4))

    revoked = Certificate.objects.get()
    assert (revoked.status, the_check().state) == ("revoked", "revoked")
    assert Notice.objects.get(kind="certificate_changed").written == "Late."
    assert verified(untrue)


def verified(case):
    from services.cases.queries.records import record_by_number

    return record_by_number(number=case.number).whole


def test_nothing_is_revoked_before_the_time_is_over_or_while_it_is_contested(stalls, untrue):
    """R4.10, R4.11"""
    answering_checks.contest_finding(
        viewer=stalls, case_id=untrue.id, check_id=the_check().id, reason="It is insured.", now=noon(5)
    )
    task = task_of(untrue, "check")
    for day in (noon(6), noon(2, month=4)):
        with pytest.raises(NotTheirTurn):
            checking.revoke_grant(viewer=supervisor(), task_id=task, explanation="Late.", now=day)


def test_a_finding_is_contested_once_and_heard_by_another_supervisor(stalls, looked_at):
    """R4.11: overturned, nothing is left of it."""
    finder = supervisor("finder")
    checking.find_untrue(viewer=finder, task_id=task_of(looked_at, "check"), written=UNTRUE, now=noon(4))
    named = {"viewer": stalls, "case_id": looked_at.id, "check_id": the_check().id, "now": noon(5)}
    answering_checks.contest_finding(**named, reason="It is insured.")
    with pytest.raises(NotTheirTurn):
        answering_checks.contest_finding(**named, reason="Again.")
    task = task_of(looked_at, "check")
    heard = {"task_id": task, "explanation": "It is indeed.", "now": noon(6)}
    for wrong in (finder, reviewer()):
        with pytest.raises(AnotherHears):
            checking.hear_contest(viewer=wrong, stands=False, **heard)

    checking.hear_contest(viewer=supervisor(), stands=False, **heard)

    assert the_check().state == "overturned"
    commit(stalls, begin(stalls, "stall-permit", {"person.insurer": "Safe"}))


def test_a_finding_that_stands_gives_the_whole_time_again(stalls, untrue):
    """R4.10, R4.11"""
    answering_checks.contest_finding(
        viewer=stalls, case_id=untrue.id, check_id=the_check().id, reason="It is insured.", now=noon(5)
    )
    checking.hear_contest(
        viewer=supervisor(),
        task_id=task_of(untrue, "check"),
        stands=True,
        explanation="It is not.",
        now=noon(11),
    )

    assert (the_check().state, the_check().repair_until) == ("untrue", date(2026, 4, 9))


@pytest.mark.parametrize("months", [-1, 37])
def test_no_finding_closes_the_way_for_more_than_three_years(looked_at, months):
    """R4.11: in the core, and in the database."""
    with pytest.raises(ClosedTooLong):
        checking.find_untrue(
            viewer=reviewer(), task_id=task_of(looked_at, "check"),
            written=Untrue(explanation="No.", closed_months=months), now=NOW,
        )  # fmt: skip
    checking.find_untrue(
        viewer=reviewer(), task_id=task_of(looked_at, "check"),
        written=Untrue(explanation="No.", closed_months=36), now=NOW,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        CommitmentCheck.objects.update(closed_until=date(2029, 3, 5))


def test_what_the_register_tells_afresh_goes_in_place_of_what_it_told_before(stalls, prefecture):
    """R4.10: a record that was another at the first look, and was mended since, puts it right."""
    application = begin(stalls, "stall-permit", {"person.insurer": "Safe"})
    commit(stalls, application)
    insured_with(prefecture, "Another")
    case = submit(stalls, application)
    checking.find_untrue(viewer=reviewer(), task_id=task_of(case, "check"), written=UNTRUE, now=noon(4))

    insured_with(prefecture, "Safe")
    answering_checks.put_right(viewer=stalls, case_id=case.id, check_id=the_check().id, now=noon(9))
    work(noon(9))

    assert (the_check().state, the_check().by_register) == ("repaired", True)


@pytest.mark.django_db(transaction=True)
def test_what_was_not_put_right_is_given_to_an_officer_once_however_many_workers_look(untrue):
    """R4.10: whoever comes second waits for the first, and finds the task there."""

    def look() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        return checking.look_at_orders(now=noon(10, 4))

    with transaction.atomic():
        # Another worker has it: as an act holds a case, and not so that a row that refers to it would wait.
        Case.objects.select_for_update(no_key=True).get(id=untrue.id)
        [waited] = together(1, look)
    assert isinstance(waited, OperationalError)

    together(2, lambda: checking.look_at_orders(now=noon(10, 4)))
    assert Task.objects.filter(case=untrue, kind="check", closed_at__isnull=True).count() == 1
