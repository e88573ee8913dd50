"""Certificates over the wire: one's own, whether one that is shown is genuine, and what their office makes of them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny

from portal.api.describing import sealed_pdf
from portal.api.operations import Door, operation
from portal.api.pages import Page
from portal.api.scopes import Scope
from portal.api.shapes import cases as case_shapes
from portal.api.shapes import certificates as shapes
from portal.api.shapes import drafts as draft_shapes
from portal.api.shapes import people as people_shapes
from portal.downloads import download
from portal.guesses import GuessThrottle
from services import clock
from services.cases.actions import certificates as acts
from services.cases.actions import reading
from services.cases.actions.renewing import NotRenewable, start_renewal
from services.cases.actions.sharing import ShownCertificate, show_certificate
from services.cases.queries import drafts
from services.cases.queries.certificates import KeptCertificate
from services.cases.queries.drafts import DraftView
from services.certificates import queries as certificates
from services.certificates.actions import CertificateCannotChange, papers
from services.certificates.actions.sharing import MadeCode, NotInForce, make_sharing_code, revoke_sharing_code
from services.certificates.queries import NoSuchCertificate, VerifyAnswer, checking
from services.certificates.queries.history import SealKeyView, seal_keys
from services.core.grounds import Change, GroundsNeeded
from services.core.refusal import Kind, Refusal

ABOUT_A_FORM = 64 * 1024


class Certificates(Door):
    """What was issued to oneself and to one's businesses."""

    scope = Scope.CASES_READ

    @operation("List one's certificates", tells=case_shapes.Certificate, paged=True)
    def get(self) -> Page:
        """One's own, and those of the businesses one represents; the newest first."""
        return Page(certificates.own_certificates(viewer=self.viewer, on=clock.today()))


class CertificatePaper(Door):
    """A certificate of one's own on paper."""

    scope = Scope.CASES_READ

    @sealed_pdf("Download a certificate as a sealed PDF")
    def get(self, request: Any, certificate_id: UUID) -> HttpResponse:
        """PDF/A, made at the first download, in English, Chinese or Uyghur; only of what is in force."""
        language = request.query_params.get("language", "en")
        paper = papers.open_paper(
            viewer=self.viewer, certificate_id=certificate_id, language=language, now=clock.now()
        )
        return download(paper.content, name=paper.name, kind="application/pdf")


class SealKeys(Door):
    """The keys that seal certificates."""

    permission_classes = [AllowAny]

    @operation("List the keys that seal certificates", tells=shapes.SealKeys)
    def get(self) -> dict[str, tuple[SealKeyView, ...]]:
        """A JSON Web Key Set (RFC 7517): the newest first, retired ones too, for whoever checks without asking us."""
        return {"keys": seal_keys()}


class OfficeCertificate(Door):
    """A certificate at the office that issued it."""

    scope = Scope.TASKS_WORK

    @operation("Read a certificate of one's office", tells=shapes.KeptCertificate, raises=[NoSuchCertificate])
    def get(self, number: str) -> KeptCertificate:
        """For officers who may see the case it came of; its ETag is what a change is decided on."""
        return reading.open_certificate(viewer=self.viewer, number=number, now=clock.now())


def status_change(summary: str, asks: type[shapes.NewStatus]) -> Any:
    """Make a method a change of whether a certificate holds, decided on what was looked at."""
    return operation(
        summary, asks=asks, tells=shapes.KeptCertificate, status=201, expects=acts.expect_certificate,
        raises=[NoSuchCertificate, acts.IssuersOnly, GroundsNeeded, CertificateCannotChange],
    )  # fmt: skip


class StatusChange(Door):
    """A change of whether a certificate holds: by a supervisor of its office, with a letter to the holder."""

    scope = Scope.TASKS_WORK

    def become(self, change: Change, number: str, asked: dict[str, Any]) -> KeptCertificate:
        """Change it, and return it as it stands then."""
        new_status = acts.NewStatus(change=change, **asked)
        acts.change_certificate(viewer=self.viewer, number=number, new_status=new_status, now=clock.now())
        return reading.open_certificate(viewer=self.viewer, number=number, now=clock.now())


class CertificateRevocation(StatusChange):
    """Revoking a certificate."""

    @status_change("Revoke a certificate", shapes.Revocation)
    def post(self, asked: dict[str, Any], number: str) -> KeptCertificate:
        """For good: it proves nothing any more, in no case."""
        return self.become(Change.REVOCATION, number, asked)


class CertificateSuspension(StatusChange):
    """Suspending a certificate."""

    @status_change("Suspend a certificate", shapes.Suspension)
    def post(self, asked: dict[str, Any], number: str) -> KeptCertificate:
        """Until it is reinstated it proves nothing."""
        return self.become(Change.SUSPENSION, number, asked)


class CertificateReinstatement(StatusChange):
    """Putting a suspended certificate back into force."""

    @status_change("Put a certificate back into force", shapes.Reinstatement)
    def post(self, asked: dict[str, Any], number: str) -> KeptCertificate:
        """Only one that was suspended; what is revoked does not come back."""
        return self.become(Change.REINSTATEMENT, number, asked)


class CertificateCancellation(StatusChange):
    """Cancelling a certificate."""

    @status_change("Cancel a certificate", shapes.Cancellation)
    def post(self, asked: dict[str, Any], number: str) -> KeptCertificate:
        """Because its holder gave it up, or what it is about has ended."""
        return self.become(Change.CANCELLATION, number, asked)


class CertificateVerifications(Door):
    """Checking a certificate that is shown."""

    permission_classes = [AllowAny]
    throttle_classes = [GuessThrottle]

    @operation("Check a certificate", asks=people_shapes.Shown, tells=people_shapes.Verified, keyed=False)
    def post(self, asked: dict[str, Any]) -> VerifyAnswer:
        """By number and check code, which stand in no address, or by the text of its square code.

        Of its content nothing is told; `reason` says why something is not genuine.
        """
        if asked.get("code"):
            return checking.verify_code(code=asked["code"], on=clock.today())
        shown = {name: asked.get(name, "") for name in ("number", "check_code")}
        return certificates.verify(**shown, on=clock.today())


class CertificateFileVerifications(Door):
    """Checking the file of a certificate."""

    permission_classes = [AllowAny]
    throttle_classes = [GuessThrottle]
    parser_classes = [MultiPartParser]
    most_bytes = checking.LARGEST_PDF + ABOUT_A_FORM

    @operation(
        "Check the file of a certificate", asks=people_shapes.ShownFile, tells=people_shapes.Verified,
        keyed=False, raises=[checking.FileTooLarge],
    )  # fmt: skip
    def post(self, asked: dict[str, Any]) -> VerifyAnswer:
        """A PDF as it was downloaded: genuine only to the last byte. The file is not kept."""
        return checking.verify_file(content=asked["file"].read(), on=clock.today())


class SharingCodes(Door):
    """The code by which somebody else sees one of one's certificates."""

    scope = Scope.APPLICATIONS_WRITE

    @operation(
        "Make a sharing code", tells=shapes.SharingCode, status=201, raises=[NoSuchCertificate, NotInForce]
    )
    def post(self, number: str) -> MadeCode:
        """For the holder, of the newest version: it opens the certificate once, within minutes; an open one ends."""
        newest = certificates.own_versions(viewer=self.viewer, number=number, on=clock.today())[0]
        return make_sharing_code(viewer=self.viewer, certificate_id=newest.id, now=clock.now())

    @operation("Take a sharing code back", raises=[NoSuchCertificate])
    def delete(self, number: str) -> None:
        """It opens nothing any more. Twice is once."""
        for one in certificates.own_versions(viewer=self.viewer, number=number, on=clock.today()):
            revoke_sharing_code(viewer=self.viewer, certificate_id=one.id, now=clock.now())


class CertificateRenewals(Door):
    """The renewal of one's certificate."""

    scope = Scope.APPLICATIONS_WRITE

    @operation(
        "Begin the renewal of a certificate", tells=draft_shapes.Draft, status=201,
        raises=[NoSuchCertificate, NotRenewable],
    )  # fmt: skip
    def post(self, number: str) -> DraftView:
        """An application with all that stands on the certificate; one that was begun before is told again."""
        newest = certificates.own_versions(viewer=self.viewer, number=number, on=clock.today())[0]
        begun = start_renewal(viewer=self.viewer, certificate_id=newest.id, now=clock.now())
        self.headers["Location"] = reverse("api:application", args=[begun])
        return drafts.draft(viewer=self.viewer, application_id=begun)


class NothingShown(Refusal):
    """A wrong number, a wrong code and one that is used up get the same answer."""

    code = "nothing_shown"
    kind = Kind.MISSING
    sentence = "Number and code open nothing, or not any more. Ask the holder for a new code."


class CertificateShowings(Door):
    """Looking at a certificate with its holder's sharing code."""

    permission_classes = [AllowAny]
    throttle_classes = [GuessThrottle]

    @operation(
        "See a certificate with a sharing code", asks=shapes.Sharing, tells=shapes.ShownCertificate, keyed=False,
        alone=True, raises=[NothingShown],
    )  # fmt: skip
    def post(self, asked: dict[str, Any]) -> ShownCertificate:
        """Once: what stands on it, told nowhere else. The holder sees that somebody looked."""
        shown = show_certificate(**asked, now=clock.now())
        if shown is None:
            raise NothingShown
        return shown
