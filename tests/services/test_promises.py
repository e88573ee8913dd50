"""Filing with a gap: promised in writing by a day, accepted and handled meanwhile, decided once it is there (R5)."""

import shutil
from datetime import date

import pytest

from services.cases.actions import drafting, evidence, handling, promising, reminders
from services.cases.actions.evidence import NotYoursToSign
from services.cases.actions.promising import ExplainInWords
from services.cases.models import Case, Promise
from services.cases.queries import cases, drafts
from services.catalogue import queries as catalogue
from services.catalogue.actions import publish
from services.core.promises import (
    Material,
    NotDeferrable,
    PromiseNotOpen,
    PromiseTooLate,
    materials_of,
)
from services.evidence.actions import TextHasChanged
from services.evidence.promising import Promised, compose_promise
from services.notices.models import Notice
from services.people import actions as people
from services.people import queries as persons
from services.people.actions import BusinessRecord, Identity, MandateTerms
from services.people.models import Account
from tests.services.a_matter import (
    PREFECTURE,
    a_picture,
    begin,
    noon,
    officer,
    open_tasks,
    state_of,
    submit,
    task_of,
    work,
)
from tests.services.a_register import NOW, NUMBER

WORKS = {"application.works": "a shed", "application.height": 3}
LAST = date(2026, 3, 16)  # ten working days were promised


@pytest.fixture
def shed(ayshe, settings, tmp_path):
    """A draft of a permit whose plan may follow."""
    publish_deferring(settings, tmp_path)
    return begin(ayshe, "works-permit", WORKS)


def publish_deferring(settings, folder, missed="withdrawn"):
    changed = shutil.copytree(PREFECTURE, folder / f"prefecture-{missed}")
    permit = changed / "trade" / "works-permit.toml"
    plan = 'any_of = ["works-plan"]\n'
    permit.write_text(permit.read_text().replace(plan, f"{plan}deferrable = true\n"))
    law = changed / "jurisdiction.toml"
    law.write_text(law.read_text().replace('missed = "withdrawn"', f'missed = "{missed}"'))
    for file in changed.glob("papers/*.toml"):
        file.unlink()
    (changed / "bundles.toml").write_text("")
    settings.CATALOGUE_DIR = changed
    publish(folder=changed, now=NOW)


def promise(viewer, application, until=LAST, *, delivery="upload", now=NOW):
    named = {
        "viewer": viewer,
        "application_id": application,
        "requirement": "plan",
        "until": until,
        "delivery": delivery,
        "now": now,
    }
    text = promising.promise_to_sign(**named).text
    promising.promise_to_follow(**named, read_digest=text.digest)


def send_plan(viewer, case, *, now):
    evidence.upload_copy(
        viewer=viewer, application_id=case.application_id, requirement="plan", type="works-plan",
        sent=a_picture(viewer), now=now,
    )  # fmt: skip
    work(now)


@pytest.fixture
def gap(ayshe, shed) -> Case:
    promise(ayshe, shed)
    return submit(ayshe, shed)


def end_reviews(now):
    for office, step in (("works-office", "review"), ("records-office", "records")):
        task = Case.objects.get().tasks.get(step=step, closed_at__isnull=True)
        handling.complete_task(viewer=officer(office), task_id=task.id, favorable=True, now=now)
    work(now)


def test_the_notice_says_what_in_which_form_by_when_and_what_follows(ayshe, shed):
    """R5.1, R5.2: the promise is in writing, and the notice is given on the spot."""
    read = promising.promise_to_sign(viewer=ayshe, application_id=shed, requirement="plan", now=NOW)
    text = read.text

    assert (read.until, read.last_day) == (LAST, LAST)
    for part in ("Works permit", "Plan of the works", "photo or a PDF", "2026-03-16", "counts as withdrawn"):
        assert part in text.text
    promise(ayshe, shed)
    kept = Promise.objects.get()
    assert (kept.text, kept.text_digest, kept.signed_by_id) == (text.text, text.digest, ayshe.id)


def test_nobody_promises_in_another_text_than_they_read(ayshe, shed):
    """R5.2"""
    with pytest.raises(TextHasChanged):
        promising.promise_to_follow(
            viewer=ayshe, application_id=shed, requirement="plan", until=LAST, read_digest="0" * 64, now=NOW
        )


@pytest.mark.parametrize("until", [date(2026, 3, 1), date(2026, 3, 17)])
def test_nothing_is_promised_past_the_promised_handling_time(ayshe, shed, until):
    """R5.4"""
    with pytest.raises(PromiseTooLate):
        promise(ayshe, shed, until)


def test_a_main_material_cannot_follow(ayshe, shed):
    """R5.1, R5.7"""
    with pytest.raises(NotDeferrable):
        promising.promise_to_sign(viewer=ayshe, application_id=shed, requirement="identity", now=NOW)


def test_with_the_promise_the_application_is_complete_and_accepted_at_once(ayshe, shed, gap):
    """R5.3: the clock runs, and offices review while they wait."""
    gap.refresh_from_db()

    assert (gap.state, gap.accepted_on, gap.promised_due) == ("in_review", date(2026, 3, 2), LAST)
    assert open_tasks(gap) == ["records-office:records", "works-office:review"]
    assert "applicant:promise" in gap.waits_for


def test_nothing_is_decided_before_it_is_there(ayshe, gap):
    """R5.3: it is no waiver; the copy is looked at, then the case goes on."""
    end_reviews(noon(4))
    work(noon(11))
    assert state_of(gap) == "in_review"
    assert open_tasks(gap) == []

    send_plan(ayshe, gap, now=noon(11))

    [task] = gap.tasks.filter(closed_at__isnull=True)
    assert task.kind == "concern"
    handling.let_pass(viewer=officer("works-office", "reviewer"), task_id=task.id, now=noon(11))
    assert state_of(gap) == "closed"


def test_what_did_not_come_counts_as_withdrawn_without_fault(gap):
    """R5.5: on the day after its last, and no minute before."""
    end_reviews(noon(4))
    work(noon(16))
    assert state_of(gap) == "in_review"

    work(noon(17))

    gap.refresh_from_db()
    assert (gap.state, gap.ending) == ("withdrawn", "promise_missed")
    assert Notice.objects.filter(case_id=gap.id, kind="withdrawn").exists()


def test_where_the_law_cancels_the_acceptance_a_person_signs_it_with_reasons(ayshe, settings, tmp_path):
    """R5.5, R15.8: the machine asks, and cancels nothing by itself."""
    publish_deferring(settings, tmp_path, missed="cancelled")
    shed = begin(ayshe, "works-permit", WORKS)
    promise(ayshe, shed)
    case = submit(ayshe, shed)
    work(noon(17))
    assert (state_of(case), case.concern) == ("in_review", "promise")

    task, reviewer = task_of(case, "concern"), officer("works-office", "reviewer")
    with pytest.raises(ExplainInWords):
        promising.cancel_acceptance(viewer=reviewer, task_id=task, explanation=" ", now=noon(17))
    promising.cancel_acceptance(viewer=reviewer, task_id=task, explanation="No plan came.", now=noon(17))

    case.refresh_from_db()
    assert (case.state, case.ending, open_tasks(case)) == ("declined", "promise_missed", [])
    letter = Notice.objects.get(case_id=case.id, kind="handling_stopped")
    assert letter.written == "No plan came."


def test_force_majeure_gives_more_time(ayshe, gap):
    """R5.4: by a reviewer, with a reason, and never past the law's own limit."""
    reviewer = officer("works-office", "reviewer")
    named = {"viewer": reviewer, "case_id": gap.id, "requirement": "plan", "now": noon(13)}
    with pytest.raises(PromiseTooLate):
        promising.give_more_time(**named, until=date(2026, 4, 1), reason="A flood.")
    with pytest.raises(ExplainInWords):
        promising.give_more_time(**named, until=date(2026, 3, 20), reason="")

    promising.give_more_time(**named, until=date(2026, 3, 20), reason="A flood.")
    work(noon(20))
    assert state_of(gap) == "in_review"
    work(noon(21))

    assert state_of(gap) == "withdrawn"
    assert Notice.objects.get(case_id=gap.id, kind="promise_extended").written == "A flood."
    with pytest.raises(PromiseNotOpen):
        promising.give_more_time(**named, until=date(2026, 3, 27), reason="A flood.")


def test_a_promise_is_reminded_of_at_half_time_and_three_days_before(gap):
    """R5.2"""
    told = {}
    for day in range(3, 17):
        reminders.send_reminders(now=noon(day))
        told[day] = Notice.objects.filter(case_id=gap.id, kind="promise_due").count()

    assert [day for day in told if told[day] > told.get(day - 1, 0)] == [9, 11]


def test_what_came_in_is_not_reminded_of(ayshe, gap):
    """R5.6: sent online at any time; nobody comes in for it."""
    send_plan(ayshe, gap, now=noon(4))
    reminders.send_reminders(now=noon(12))

    assert not Notice.objects.filter(kind="promise_due").exists()
    assert cases.case(viewer=ayshe, case_id=gap.id).visits == 0


def test_a_promise_whose_day_passed_before_filing_is_made_anew(ayshe, shed):
    """R5.4"""
    promise(ayshe, shed, date(2026, 3, 4))
    [plan] = [
        one for one in drafts.draft(viewer=ayshe, application_id=shed).requirements if one.code == "plan"
    ]
    assert (plan.standing, plan.promised_until) == ("promised", date(2026, 3, 4))

    promise(ayshe, shed, date(2026, 3, 18), now=noon(5))

    assert Promise.objects.get().due_on == date(2026, 3, 18)


def test_each_thing_to_be_proved_is_of_one_sort(ayshe, shed, gap):
    """R5.7: obtained by us, or main, or deferrable and committable."""
    definition = catalogue.definition(gap.service_version_id)
    sorts = {one.code: materials_of(one, definition) for one in definition.requirements}

    assert sorts == {"identity": {Material.AUTO}, "plan": {Material.DEFERRABLE}}


def test_an_agent_needs_an_explicit_power_to_promise(ayshe, shed):
    """R4.12, R5.1: a mandate that does not say so is none for this."""
    begun = of_a_business(ayshe)
    agent = Account.objects.create_user(username="agent").id
    identity = Identity(
        number="440524188001010014", document_kind="resident_id", full_name="Agent Test",
        birth_date=date(1980, 1, 1),
    )  # fmt: skip
    people.bind_account(account_id=agent, identity=identity, now=NOW)
    terms = MandateTerms(agent_username="agent", services=["works-permit"], valid_until=date(2026, 12, 31))
    lent = people.grant_mandate(account_id=ayshe.id, business_id=begun, terms=terms, now=NOW)
    people.accept_mandate(account_id=agent, mandate_id=lent, now=NOW)
    acting = persons.account(agent)
    application = drafting.start_application(
        viewer=acting, services=["works-permit"], business_id=begun, now=NOW
    )

    with pytest.raises(NotYoursToSign):
        promise(acting, application)


def of_a_business(viewer):
    record = BusinessRecord(
        uscc="91350100M000100Y43", name="Made-up Trade", kind="company", status="active",
        legal_representative_number=NUMBER,
    )  # fmt: skip
    return people.bind_business(account_id=viewer.id, business=record, now=NOW)


def test_the_notice_names_everything_that_is_to_follow_and_every_service_it_is_for():
    """R5.2: which items; what two services want alike is named once."""
    plan, proof = {"en": "Plan", "zh": "图纸"}, {"en": "Proof", "zh": "证明"}
    matters = [{"en": "Works permit", "zh": "施工许可"}, {"en": "Fence permit", "zh": "围栏许可"}]
    promised = Promised(
        names=[plan, proof, plan], matters=matters, until=LAST, signatory="Ayshe", on=NOW.date()
    )

    english, chinese = compose_promise(promised, "en").text, compose_promise(promised, "zh-hans").text

    assert "Works permit; Fence permit" in english and "bring in by 2026-03-16: Plan; Proof." in english
    assert "施工许可、围栏许可" in chinese and "补交：图纸、证明。" in chinese


def test_two_services_that_let_the_same_follow_are_both_named(ayshe, settings, tmp_path):
    """R5.2"""
    publish_deferring(settings, tmp_path)
    permit = settings.CATALOGUE_DIR / "trade" / "works-permit.toml"
    fence = permit.read_text().replace('code = "works-permit"', 'code = "fence-permit"', 1)
    permit.with_name("fence-permit.toml").write_text(fence.replace("Works permit", "Fence permit", 1))
    publish(folder=settings.CATALOGUE_DIR, now=NOW)
    both = drafting.start_application(viewer=ayshe, services=["works-permit", "fence-permit"], now=NOW)

    text = promising.promise_to_sign(viewer=ayshe, application_id=both, requirement="plan", now=NOW).text

    assert "Works permit; Fence permit" in text.text
