"""Every bundle of the catalogue, filed as one application with all its members, and lived through to its end (R7)."""

import tomllib
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from services import clock
from services.cases.models import Attendance, Case
from services.catalogue import queries as catalogue
from services.people import queries as persons
from services.visits.models import Visit
from tests.published import put_catalogue
from tests.services.a_register import TODAY
from tests.services.a_whole_life import begin_bundle, facts_of_all, live, sign_and_submit, tell

pytestmark = pytest.mark.django_db

CATALOGUE = Path(django_settings.BASE_DIR) / "services" / "catalogue" / "definitions"
BUNDLES = tomllib.loads((CATALOGUE / "bundles.toml").read_text(encoding="utf-8"))["bundle"]
# Where the members' own examples tell of different lives: the life in which all of them are wanted.
LIVES: dict[str, dict[str, object]] = {}


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda one: one["code"])
def test_a_bundle_is_one_application_with_one_visit_at_the_most(bundle, register, account, ayse, settings):
    """R7.1, R7.5, R8.4: every member is granted, each after what it needs, and nobody comes in twice."""
    settings.CATALOGUE_DIR = CATALOGUE
    clock.start_on(day=TODAY)
    put_catalogue(CATALOGUE)
    members = [catalogue.definition(catalogue.current_version_id(code)) for code in bundle["services"]]
    facts = facts_of_all(members) | LIVES.get(bundle["code"], {})
    tell(register, members, facts, CATALOGUE)
    viewer = persons.account(account)

    application = begin_bundle(viewer, members, facts)
    sign_and_submit(viewer, application)
    live(viewer, application)

    cases = Case.objects.filter(application_id=application)
    ended = {one.service: (one.state, one.verdict or one.ending) for one in cases}
    assert ended == dict.fromkeys(bundle["services"], ("closed", "granted"))
    assert Visit.objects.filter(person_id=viewer.person_id).count() <= 1
    assert all(Attendance.objects.filter(case=one).count() <= 1 for one in cases)
