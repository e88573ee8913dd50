"""Certificates over the wire: one's own, and whether one that is shown is genuine."""

from typing import Any

from rest_framework.permissions import AllowAny

from portal.api.operations import Door, operation
from portal.api.pages import Page
from portal.api.scopes import Scope
from portal.api.shapes import cases as case_shapes
from portal.api.shapes import people as shapes
from portal.api.throttles import GuessThrottle
from services import clock
from services.certificates import queries as certificates
from services.certificates.queries import CertificateView, VerifyAnswer
from services.core.facts import Holder
from services.people import queries as people


class Certificates(Door):
    """What was issued to oneself and to one's businesses."""

    scope = Scope.CASES_READ

    @operation("List one's certificates", tells=case_shapes.Certificate, paged=True)
    def get(self) -> Page:
        """One's own, and those of the businesses one represents; the newest first."""
        on = clock.today()
        found = [one for holder in self._holders() for one in certificates.of_holder(holder=holder, on=on)]
        return Page(sorted(found, key=_issued, reverse=True))

    def _holders(self) -> list[Holder]:
        person = self.viewer.person_id
        own = [people.holder_of_person(person)] if person else []
        businesses = people.businesses_of(self.viewer.id, on=clock.today())
        represented = [one for one in businesses if one.standing is people.Standing.REPRESENTATIVE]
        return own + [Holder("business", one.id) for one in represented]


def _issued(one: CertificateView) -> Any:
    return one.issued_at


class CertificateVerifications(Door):
    """Checking a certificate that is shown."""

    permission_classes = [AllowAny]
    throttle_classes = [GuessThrottle]

    @operation("Check a certificate", asks=shapes.Shown, tells=shapes.Verified, keyed=False)
    def post(self, asked: dict[str, Any]) -> VerifyAnswer:
        """By number and check code, which stand in no address; of its content nothing is told."""
        return certificates.verify(**asked, on=clock.today())
