"""R2.25: the holder of a licence hears in time that it ends, renews it with all that stands on it, and is not let down
by an office that stays silent."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services.cases.actions import drafting, reviewing, submission
from services.cases.actions.certificates import NewStatus, change_certificate
from services.cases.actions.renewing import NotRenewable, remind_of_ends, start_renewal
from services.cases.models import Case, Task
from services.cases.queries import cases, drafts
from services.cases.queries.renewals import own_renewal
from services.certificates import queries as certificates
from services.certificates.models import Certificate
from services.certificates.queries import NoSuchCertificate
from services.core.evidence import Grade, Source, Standing
from services.core.grounds import Change
from services.ledger import queries as ledger
from services.ledger.queries import Head
from services.notices import queries as notices
from services.notices.models import Notice
from services.people.queries import AccountView
from tests.services.a_licence import LAST_DAY, STALL, a_stall_licence, moment, publish_stalls
from tests.services.a_matter import file, officer, state_of, task_of, work

IN_TIME = moment(LAST_DAY - timedelta(days=30))
TOO_LATE = moment(LAST_DAY - timedelta(days=29))
AFTER = moment(LAST_DAY + timedelta(days=1))


@pytest.fixture
def stalls(ayshe, settings, tmp_path) -> AccountView:
    publish_stalls(settings, tmp_path)
    return ayshe


@pytest.fixture
def licence(stalls) -> Certificate:
    return a_stall_licence(stalls)


def renew(viewer, licence, *, now=IN_TIME) -> Case:
    draft = start_renewal(viewer=viewer, certificate_id=licence.id, now=now)
    submission.submit_application(viewer=viewer, application_id=draft, now=now)
    work(now)
    return Case.objects.get(application_id=draft)


def newest(licence) -> Certificate:
    return Certificate.objects.filter(number=licence.number).order_by("-version").first()


# --- Everything prefilled --------------------------------------------------------------------------------


def test_the_draft_has_the_licence_as_evidence_and_all_that_stands_on_it_answered(stalls, licence):
    draft = drafts.draft(
        viewer=stalls, application_id=start_renewal(viewer=stalls, certificate_id=licence.id, now=IN_TIME)
    )

    [base] = draft.requirements
    assert (base.standing, [(one.source, one.grade) for one in base.evidence]) == (
        Standing.SETTLED, [(Source.ISSUED, Grade.A)],
    )  # fmt: skip
    assert {one.fact.code: (one.value, one.answered) for one in draft.questions} == {
        "application.works": ("Tea", True)
    }
    assert draft.complete


def test_it_is_begun_once(stalls, licence):
    first = start_renewal(viewer=stalls, certificate_id=licence.id, now=IN_TIME)
    drafting.answer_questions(
        viewer=stalls, application_id=first, answers={"application.works": "Tea and cake"}, now=IN_TIME
    )

    assert start_renewal(viewer=stalls, certificate_id=licence.id, now=IN_TIME) == first
    assert drafts.draft(viewer=stalls, application_id=first).questions[0].value == "Tea and cake"


def test_until_when_to_apply_is_told_and_bars_nobody(stalls, licence):
    renewal = own_renewal(viewer=stalls, certificate_id=licence.id, on=LAST_DAY)

    assert (renewal.service, renewal.apply_by, renewal.presumed) == ("stall-renewal", IN_TIME.date(), True)
    assert start_renewal(viewer=stalls, certificate_id=licence.id, now=moment(LAST_DAY))


def test_what_has_ended_or_nothing_renews_cannot_be_renewed(stalls, licence):
    with pytest.raises(NotRenewable):
        start_renewal(viewer=stalls, certificate_id=licence.id, now=AFTER)
    home = Certificate.objects.get(case_id=file(stalls, "home-record", {"application.home": "1 Lane"}).id)
    with pytest.raises(NotRenewable):
        start_renewal(viewer=stalls, certificate_id=home.id, now=IN_TIME)


def test_nobody_renews_anothers(licence):
    with pytest.raises(NoSuchCertificate):
        start_renewal(viewer=officer("works-office"), certificate_id=licence.id, now=IN_TIME)


def test_granted_by_an_officer_it_is_a_new_version_under_the_same_number(stalls, licence):
    """R12.2."""
    case = renew(stalls, licence)
    reviewing.complete_task(
        viewer=officer("works-office"), task_id=task_of(case, "review"), favorable=True, note="", now=IN_TIME
    )
    work(IN_TIME)

    licence.refresh_from_db()
    new = newest(licence)
    assert (licence.status, new.status, new.version) == ("superseded", "valid", 2)
    # R2.25: the days that were left of the old term are not lost; the new one begins with its end.
    assert (new.issued_on, new.valid_until) == (IN_TIME.date(), date(2028, 3, 2))
    shown = certificates.own_versions(viewer=stalls, number=licence.number, on=IN_TIME.date())
    assert [(one.version, one.status) for one in shown] == [(2, "valid"), (1, "superseded")]


def test_terms_are_not_put_on_top_of_each_other_by_coming_early(stalls, licence):
    """R2.25: before the first reminder there is nothing to renew yet; the new term begins with the decision."""
    early = moment(LAST_DAY - timedelta(days=91))
    case = renew(stalls, licence, now=early)
    reviewing.complete_task(
        viewer=officer("works-office"), task_id=task_of(case, "review"), favorable=True, note="", now=early
    )
    work(early)

    assert (early.date(), newest(licence).valid_until) == (date(2026, 12, 1), date(2027, 12, 1))


# --- No decision by the last day -------------------------------------------------------------------------


def test_an_office_that_stays_silent_has_renewed_it(stalls, licence):
    case = renew(stalls, licence)
    assert state_of(case) == "in_review"
    work(moment(LAST_DAY, hour=15))
    assert state_of(case) == "in_review"

    work(moment(LAST_DAY, hour=16))  # midnight in the jurisdiction

    assert state_of(case) == "closed"
    new = newest(licence)
    assert (new.version, new.status, new.valid_until) == (2, "valid", date(2028, 3, 2))
    assert (new.issued_on, new.content) == (LAST_DAY + timedelta(days=1), licence.content)


def test_it_stands_in_the_ledger_with_its_reason_and_the_chain_is_whole(stalls, licence):
    case = renew(stalls, licence)
    work(AFTER)

    case.refresh_from_db()
    entries = {one.event: one for one in ledger.entries_of(case.id)}
    assert entries["deemed_renewed"].role == "worker"
    assert entries["deemed_renewed"].detail == {
        "outcome": "granted", "states": ["decided"], "until": "2028-03-02",
    }  # fmt: skip
    assert entries["issued"].detail["certificate"] == str(newest(licence).id)
    assert ledger.verify_case(case.id, Head(case.ledger_sequence, case.ledger_head)) is None
    assert (case.decision.verdict, case.decision.reasons, case.decision.signed_by) == (
        "granted", ["deemed_renewed"], None,
    )  # fmt: skip


def test_the_holder_gets_one_letter_and_nobody_has_anything_left_to_do(stalls, licence):
    case = renew(stalls, licence)
    before = Notice.objects.filter(case_id=case.id).count()
    work(AFTER)

    [letter] = Notice.objects.filter(case_id=case.id).order_by("created_at")[before:]
    text = "\n".join(notices.letter(letter.id, stalls.id, "en").paragraphs)
    assert letter.kind == "deemed_renewed"
    assert "had not decided by its last day" in text and "2 March 2028" in text
    assert not Task.objects.filter(case=case, closed_at__isnull=True).exists()


def test_twice_is_once(stalls, licence):
    renew(stalls, licence)
    work(AFTER)
    work(AFTER + timedelta(days=3))

    assert Certificate.objects.filter(number=licence.number).count() == 2


def test_applied_for_too_late_silence_renews_nothing_and_the_case_goes_on(stalls, licence):
    case = renew(stalls, licence, now=TOO_LATE)
    work(AFTER)

    assert state_of(case) == "in_review"
    assert newest(licence).version == 1
    # The licence serves its own renewal after its last day: nothing is asked for anew.
    assert case.settlements["base"]["standing"] == "settled"
    reviewing.complete_task(
        viewer=officer("works-office"), task_id=task_of(case, "review"), favorable=True, note="", now=AFTER
    )
    work(AFTER)
    assert (state_of(case), newest(licence).version) == ("closed", 2)


def test_a_licence_that_was_taken_away_meanwhile_is_not_renewed_by_silence(stalls, licence):
    case = renew(stalls, licence)
    status = NewStatus(
        change=Change.REVOCATION,
        ground="obtained_by_deceit",
        legal_basis="Homes Act art. 5",
        explanation="Not yours.",
    )
    change_certificate(
        viewer=officer("works-office", "supervisor"), number=licence.number, new_status=status, now=IN_TIME
    )
    work(AFTER)

    assert state_of(case) == "in_review"
    assert newest(licence).status == "revoked"


def test_the_case_shows_the_last_day_and_is_due_by_then(stalls, licence):
    case = renew(stalls, licence)

    clock = cases.case(viewer=stalls, case_id=case.id).clock
    assert clock.renews_after == LAST_DAY
    assert clock.promised_due <= clock.statutory_due <= LAST_DAY


# --- Reminders -------------------------------------------------------------------------------------------


def told(now) -> int:
    return remind_of_ends(now=now)


def test_ninety_sixty_and_thirty_five_days_before_the_end_each_once(stalls, licence):
    days = [
        day for day in range(95, -2, -1)
        if told(moment(LAST_DAY - timedelta(days=day))) + told(moment(LAST_DAY - timedelta(days=day)))
    ]  # fmt: skip

    assert days == [90, 60, 35]
    assert Notice.objects.filter(kind="certificate_ends", account=stalls.id).count() == 3


def test_of_those_that_went_by_unseen_only_the_last_is_told(licence):
    assert told(moment(LAST_DAY - timedelta(days=50))) == 1
    assert told(moment(LAST_DAY - timedelta(days=50))) == 0
    assert told(moment(LAST_DAY - timedelta(days=35))) == 1


def test_the_letter_names_the_renewal_its_last_day_and_the_certificate(stalls, licence):
    told(moment(LAST_DAY - timedelta(days=90)))

    sent = Notice.objects.get(kind="certificate_ends")
    letter = notices.letter(sent.id, stalls.id, "en")
    text = "\n".join(letter.paragraphs)
    for words in (
        licence.number,
        "2 March 2027",
        "Renewal of a stall licence",
        "31 January 2027",
        "counts it as renewed",
    ):
        assert words in text, words
    assert letter.certificate_id == licence.id
    assert "摆摊许可证" in "\n".join(notices.letter(sent.id, stalls.id, "zh-hans").paragraphs)


def test_whoever_has_applied_is_not_reminded(stalls, licence):
    renew(stalls, licence)

    assert told(IN_TIME) == 0


def test_who_renews_one_licence_is_still_reminded_of_the_other(ayshe, settings, tmp_path):
    """R2.25: a second stall has a licence of its own, and an end of its own."""
    publish_stalls(settings, tmp_path, keyed=True)
    tea = a_stall_licence(ayshe)
    wool = file(ayshe, "stall-licence", {**STALL, "application.works": "Wool"})
    renew(ayshe, tea)

    assert told(IN_TIME) == 1
    sent = Notice.objects.get(kind="certificate_ends")
    assert sent.values["certificate"] == Certificate.objects.get(case_id=wool.id).number


def test_nor_whoever_holds_it_no_more(stalls, licence):
    Certificate.objects.filter(id=licence.id).update(status="superseded")

    assert told(moment(LAST_DAY - timedelta(days=35))) == 0


def test_a_tick_without_anything_due_is_one_question(licence):
    with CaptureQueriesContext(connection) as asked:
        told(moment(LAST_DAY - timedelta(days=91)))

    assert len([one for one in asked if "certificates_certificate" in one["sql"]]) == 1
