"""What may be one application, with one visit at the most; and who founds a business by it goes on (R7.1, R8.4)."""

import pytest

from services import clock
from services.cases.actions import drafting
from services.cases.actions.joining import NothingChosen, NotOneVisit
from services.cases.models import Application, Case
from services.cases.queries.visibility import application_for, visible_cases
from services.catalogue import queries as catalogue
from services.notices.models import Notice
from services.people import queries as persons
from tests.published import put_catalogue
from tests.services.a_register import NOW, TODAY
from tests.services.a_whole_life import begin_bundle, facts_of_all, live, sign_and_submit, tell
from tests.services.test_acting_for import lend
from tests.services.test_every_bundle import CATALOGUE
from tests.services.test_standing import bound

pytestmark = pytest.mark.django_db

AT_THE_HALL, AT_THE_HARBOUR, ONLINE = "joint-deed", "pilot-card", "home-record"
TRADE = ["individual-business-registration", "taxpayer-information-confirmation"]


def test_services_without_a_place_in_common_are_no_one_application(ayshe):
    """R8.4: nobody could be offered one visit for both; each part is named, to be applied for by itself."""
    with pytest.raises(NotOneVisit) as refused:
        drafting.start_application(viewer=ayshe, services=[AT_THE_HALL, AT_THE_HARBOUR, ONLINE], now=NOW)

    parts = [one.values["services"] for one in refused.value.errors]
    assert parts == [f"{AT_THE_HALL}, {ONLINE}", AT_THE_HARBOUR]
    assert not Application.objects.exists()


def test_what_nobody_attends_goes_with_any(ayshe):
    assert drafting.start_application(viewer=ayshe, services=[AT_THE_HARBOUR, ONLINE], now=NOW)


def test_nothing_is_no_application(ayshe):
    """R7.8: any member can be left out, and one is left at least."""
    with pytest.raises(NothingChosen):
        drafting.start_application(viewer=ayshe, services=[], now=NOW)


def test_an_agent_founds_a_business_for_a_person_who_keeps_the_whole_of_it(register, account, ayse, settings):
    """R7.5, R11.2: the rest goes on in the name of what was founded, under the mandate that the person gave."""
    settings.CATALOGUE_DIR = CATALOGUE
    clock.start_on(day=TODAY)
    put_catalogue(CATALOGUE)
    members = [catalogue.definition(catalogue.current_version_id(code)) for code in TRADE]
    facts = facts_of_all(members)
    tell(register, members, facts, CATALOGUE)
    owner, agent = persons.account(account), bound("li", "110105198506153215")
    lend(owner, agent, powers=("file", "view"), may_declare=True)

    application = begin_bundle(agent, members, facts, person_id=owner.person_id)
    sign_and_submit(agent, application)
    live(agent, application)

    cases = Case.objects.filter(application_id=application)
    assert {one.service: (one.state, one.verdict) for one in cases} == dict.fromkeys(
        TRADE, ("closed", "granted")
    )
    filed = Application.objects.get(id=application)
    assert filed.business.representative_id == filed.for_person_id == owner.person_id
    for viewer in (owner, agent):
        assert application_for(viewer, application, lock=True)
        assert visible_cases(viewer).count() == len(TRADE)
    told = Notice.objects.filter(case_id=cases.get(service=TRADE[1]).id)
    assert {one.account_id for one in told} == {owner.id, agent.id}
