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
from services.certificates.queries import VerifyAnswer


class Certificates(Door):
    """What was issued to oneself and to one's businesses."""

    scope = Scope.CASES_READ

    @operation("List one's certificates", tells=case_shapes.Certificate, paged=True)
    def get(self) -> Page:
        """One's own, and those of the businesses one represents; the newest first."""
        return Page(certificates.own_certificates(viewer=self.viewer, on=clock.today()))


class CertificateVerifications(Door):
    """Checking a certificate that is shown."""

    permission_classes = [AllowAny]
    throttle_classes = [GuessThrottle]

    @operation("Check a certificate", asks=shapes.Shown, tells=shapes.Verified, keyed=False)
    def post(self, asked: dict[str, Any]) -> VerifyAnswer:
        """By number and check code, which stand in no address; of its content nothing is told."""
        return certificates.verify(**asked, on=clock.today())
