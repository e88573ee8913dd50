"""A clerk applies with somebody who has no device or account: the same rules, read back, confirmed, marked (R11.4)."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from services import clock
from services.cases.actions import assisted, assisting, conditions, drafting, gathering, submission
from services.cases.models import AssistedFiling, Case
from services.cases.queries import cards, cases, drafts, readings
from services.cases.queries.visibility import NoSuchApplication, NoSuchCase, visible_cases
from services.catalogue import queries as catalogue
from services.notices import queries as notices
from services.notices.models import Notice
from services.people import actions as people
from services.people import queries as persons
from services.people.actions import Identity, IdentityDiffers, OnlyAtTheCounter
from services.people.models import Account
from services.people.queries import AccountView
from tests.services import a_matter
from tests.services.a_commitment import commit, publish_stalls
from tests.services.a_matter import officer
from tests.services.a_register import NOW, NUMBER, TODAY

SERVICE, HOME = "home-record", {"application.home": "1 Lane"}
SHOWN = Identity(
    number=NUMBER, document_kind="resident_id", full_name="Ayshe Test", birth_date=date(1949, 12, 31)
)


@pytest.fixture
def clerk(prefecture: object) -> AccountView:
    return officer("records-office")


@pytest.fixture
def stalls(ayshe, prefecture, settings, tmp_path) -> AccountView:
    """Return Ayshe, in a town that takes commitments."""
    publish_stalls(prefecture, settings, tmp_path)
    return ayshe


@pytest.fixture
def helped(clerk: AccountView) -> AccountView:
    """Begin to apply with somebody without an account, and return them as the applicant's acts take them."""
    assisting.begin_assistance(viewer=clerk, identity=SHOWN, now=NOW)
    return assisting.helped_view(viewer=clerk, now=NOW)


def filled_in(helped: AccountView, service: str = SERVICE, answers: dict[str, str] = HOME) -> UUID:
    begun = drafting.start_application(viewer=helped, services=[service], now=NOW)
    drafting.answer_questions(viewer=helped, application_id=begun, answers=answers, now=NOW)
    drafting.request_evidence(viewer=helped, application_id=begun, now=NOW)
    gathering.gather_evidence(now=NOW)
    return begun


def filed(helped: AccountView) -> Case:
    begun = filled_in(helped)
    version = drafts.draft(viewer=helped, application_id=begun).version
    ids = assisting.submit_read_back(viewer=helped, application_id=begun, version=version, now=NOW)
    a_matter.work()
    return Case.objects.get(id=ids[0])


def bound(identity: Identity = SHOWN, username: str = "ayshe-later") -> AccountView:
    """Let the person get an account of their own, by a code from the counter."""
    account = Account.objects.create_user(username=username).id
    people.bind_account(account_id=account, identity=identity, now=NOW)
    return persons.account(account)


def test_what_is_filed_with_a_helper_is_the_persons_own_case_and_marked(helped, clerk):
    """The same rules, the same case; by whom it was filled in stands with it."""
    case = filed(helped)

    assert case.application.person_id == helped.person_id
    assert case.application.filed_by == "self"
    marked = AssistedFiling.objects.get(application=case.application)
    assert (marked.helper_id, marked.organisation) == (clerk.id, "records-office")
    assert marked.confirmed_at == NOW


def test_nothing_is_filed_before_it_was_read_back_and_confirmed(helped):
    """R11.4: a clerk entering for a person reads back and gets a confirmation."""
    begun = filled_in(helped)

    with pytest.raises(assisted.ReadBackFirst):
        submission.submit_application(viewer=helped, application_id=begun, now=NOW)


def test_what_was_changed_after_reading_back_is_read_back_again(helped):
    begun = filled_in(helped)
    version = drafts.draft(viewer=helped, application_id=begun).version
    drafting.answer_questions(
        viewer=helped, application_id=begun, answers={"application.home": "2 Lane"}, now=NOW
    )

    with pytest.raises(assisted.ReadBackFirst):
        assisting.submit_read_back(viewer=helped, application_id=begun, version=version, now=NOW)


def test_a_helper_signs_no_commitment(stalls):
    """R11.4: not in place of a proof, not to conditions, not for a party; it is proved in another way."""
    helped = replace(stalls, helped_by=officer("works-office").id)
    application = a_matter.begin(stalls, "stall-permit", {"person.insurer": "Safe"})

    for sign in (
        lambda: commit(helped, application),
        lambda: submission.sign_as_party(viewer=helped, application_id=application, now=NOW),
        lambda: conditions.commit_to_conditions(
            viewer=helped, application_id=application, service="stall-permit", read_digest="", now=NOW
        ),
    ):
        with pytest.raises(assisted.HelpersSignNothing):
            sign()
    assert commit(stalls, application)


def test_only_who_sees_documents_helps(prefecture):
    reviewer = officer("records-office", "reviewer")

    with pytest.raises(OnlyAtTheCounter):
        assisting.begin_assistance(viewer=reviewer, identity=SHOWN, now=NOW)


def test_what_is_known_of_somebody_is_compared_with_the_document(ayshe, clerk):
    other = Identity(
        number=NUMBER, document_kind="resident_id", full_name="Somebody Else", birth_date=date(1949, 12, 31)
    )

    with pytest.raises(IdentityDiffers):
        assisting.begin_assistance(viewer=clerk, identity=other, now=NOW)


def test_help_is_for_that_person_and_that_day(helped, clerk):
    with pytest.raises(assisting.NobodyHelped):
        assisting.helped_view(viewer=clerk, now=NOW + timedelta(days=1))
    with pytest.raises(assisting.NobodyHelped):
        assisting.helped_view(viewer=officer("works-office"), now=NOW)
    assisting.end_assistance(viewer=clerk, now=NOW)
    with pytest.raises(assisting.NobodyHelped):
        assisting.helped_view(viewer=clerk, now=NOW)


def test_the_person_sees_who_helped_and_why(helped, clerk):
    """R15.6"""
    me = bound()

    seen = [one.view for one in readings.my_readings(viewer=me) if one.view.purpose == "assisting"]

    assert [(one.actor_id, one.organisation) for one in seen] == [(clerk.id, "records-office")]


def test_who_gets_an_account_later_finds_what_was_filed_with_a_helper(helped):
    """R11.4: by a binding code or a digital identity; letters that were sent before are there too."""
    case = filed(helped)
    me = bound()

    assert visible_cases(me).get() == case
    assert cases.case(viewer=me, case_id=case.id).card.id == case.id
    kinds = {one.kind for one in notices.inbox(me.id, language="en")}
    assert {"received", "issued"} <= kinds
    assert notices.letters_of(case.id, language="en", account_id=me.id) != ()


def test_who_has_an_account_finds_it_there(ayshe, clerk):
    assisting.begin_assistance(viewer=clerk, identity=SHOWN, now=NOW)
    helped = assisting.helped_view(viewer=clerk, now=NOW)

    assert helped.id == ayshe.id
    case = filed(helped)
    assert visible_cases(ayshe).get() == case


def test_a_stranger_finds_nothing_of_it(helped):
    case = filed(helped)
    stranger = bound(Identity(
        number="440524188001010014", document_kind="resident_id", full_name="Li Test", birth_date=date(1980, 1, 1),
    ), "li")  # fmt: skip

    assert not visible_cases(stranger).exists()
    with pytest.raises(NoSuchApplication):
        drafts.draft(viewer=stranger, application_id=case.application_id)
    assert notices.inbox(stranger.id, language="en") == ()


def test_the_sheet_brings_the_case_up_again_at_any_desk(helped, clerk):
    """With number, code and the person's document; a newer sheet takes the place of an older one."""
    case = filed(helped)
    elsewhere = officer("works-office")
    old = assisting.print_sheet(viewer=helped, application_id=case.application_id, now=NOW)
    code = assisting.print_sheet(viewer=helped, application_id=case.application_id, now=NOW)
    sheet = {"number": case.application.number, "document_kind": "resident_id", "document_number": NUMBER}

    for wrong in (
        {"code": old}, {"code": code, "number": "A-000"}, {"code": code, "document_number": "440524188001010014"},
    ):  # fmt: skip
        with pytest.raises(assisting.SheetCodeRefused):
            assisting.bring_up(viewer=elsewhere, **{**sheet, **wrong}, now=NOW)
    found = assisting.bring_up(viewer=elsewhere, **sheet, code=code.lower(), now=NOW)

    assert found == case.application_id
    assert assisting.helped_view(viewer=elsewhere, now=NOW).person_id == helped.person_id


def test_who_applied_alone_has_no_sheet(ayshe):
    case = a_matter.file(ayshe, SERVICE, HOME)

    with pytest.raises(NoSuchApplication):
        assisting.print_sheet(viewer=ayshe, application_id=case.application_id, now=NOW)


# --- Received at another place ----------------------------------------------------------------------------


@pytest.fixture
def received(prefecture) -> Case:
    """File with somebody at the window of an office that has nothing to decide in it."""
    window = officer("works-office")
    assisting.begin_assistance(viewer=window, identity=SHOWN, now=NOW)
    return filed(assisting.helped_view(viewer=window, now=NOW))


def test_what_is_received_elsewhere_is_received_that_day_in_the_name_of_who_decides(received):
    """R11.6, R6.3: the time it takes to hand it over is the government's."""
    letter = Notice.objects.get(kind="received", case_id=received.id)

    assert received.received_on == TODAY
    assert (received.organisation, letter.values["organisation"]) == ("records-office", "records-office")


@pytest.mark.parametrize(("days", "there"), [(0, True), (7, True), (8, False)])
def test_a_receiving_place_sees_it_for_five_working_days_after_hand_over(days, there, received):
    """R11.7: a Monday's is there until the next Monday; then it is not, and nobody has to remember to close it."""
    if days:
        clock.shift(days=days)

    shown = cards.received_here(viewer=officer("works-office"))

    assert [one.id for one in shown] == ([received.id] if there else [])


def test_a_receiving_place_neither_opens_nor_decides(received):
    """R11.7"""
    window = officer("works-office")
    with pytest.raises(NoSuchCase):
        cases.case(viewer=window, case_id=received.id)
    assert cards.received_here(viewer=officer("works-office", "reviewer")) == ()
    assert cards.received_here(viewer=officer("records-office")) == ()


def test_a_hall_of_another_place_receives_for_us_and_handles_nothing(prefecture):
    """R11.5, R11.6: received elsewhere, decided at home, on the day it was received there."""
    hall = officer("far-hall")
    assisting.begin_assistance(viewer=hall, identity=SHOWN, now=NOW)
    case = filed(assisting.helped_view(viewer=hall, now=NOW))

    assert (case.organisation, case.received_on) == ("records-office", TODAY)
    assert [one.id for one in cards.received_here(viewer=hall)] == [case.id]
    assert not visible_cases(hall).exists()
    assert [one.code for one in catalogue.receiving_places("en")] == ["far-hall"]
