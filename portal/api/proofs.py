"""The applicant's side of evidence over the wire: have it fetched, confirm or dispute it, declare, send, promise."""

from typing import Any
from uuid import UUID

from django.conf import settings
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from portal.api.applications import Mine
from portal.api.operations import operation
from portal.api.parsers import StrictJSONParser
from portal.api.shapes import drafts as shapes
from services.cases.actions import drafting, evidence, sending
from services.cases.actions.giving import DecidedAlready, NothingOpen, SignersFirst
from services.cases.actions.versions import expect_application
from services.cases.queries.drafts import DraftView
from services.core.acts import NotRequired
from services.evidence.actions import (
    AlreadyDisputed,
    NoCopyTaken,
    NoSuchDeclaration,
    NotDeclarable,
    NothingSent,
    ReasonForDispute,
    StillArriving,
    TextHasChanged,
    TooManyBytes,
    TooManyUploads,
    UploadFoundWanting,
    UploadHarmful,
)
from services.evidence.binding import TooManyPages
from services.evidence.cleaning import UploadNotReadable, UploadTooLarge, check_size
from services.people.actions import WhoAreYou

ABOUT_A_FORM = 64 * 1024
TOO_LATE = (SignersFirst, NothingOpen, DecidedAlready)


class EvidenceRequests(Mine):
    """Asking for what offices hold."""

    @operation(
        "Have offices asked for what they hold", tells=shapes.Draft, status=201, expects=expect_application,
        raises=[drafting.NotADraft, WhoAreYou],
    )  # fmt: skip
    def post(self, application_id: UUID) -> DraftView:
        """Workers ask; read the application again while it says `fetching`."""
        drafting.request_evidence(viewer=self.viewer, application_id=application_id, now=self.now)
        return self.draft(application_id)


class Declarations(Mine):
    """Declarations in place of a proof."""

    @operation(
        "Read the declaration to sign", wants=shapes.DeclarationWanted, tells=shapes.DeclarationText,
        raises=[NotRequired, NotDeclarable, *TOO_LATE],
    )  # fmt: skip
    def get(self, wanted: dict[str, Any], application_id: UUID) -> Any:
        """In the application's language; its digest is what a signature names."""
        return evidence.text_to_sign(
            viewer=self.viewer, application_id=application_id, **wanted, now=self.now
        )

    @operation(
        "Sign a declaration", asks=shapes.Signed, tells=shapes.Given, status=201, expects=expect_application,
        raises=[NotRequired, evidence.NotYoursToSign, NotDeclarable, TextHasChanged, *TOO_LATE],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], application_id: UUID) -> dict[str, UUID]:
        """With the digest of the text that was read."""
        signed = evidence.sign_declaration(
            viewer=self.viewer, application_id=application_id, **asked, now=self.now
        )
        return {"evidence_id": signed}


class Declaration(Mine):
    """A declaration that was signed."""

    @operation(
        "Take a declaration back", tells=shapes.Draft, expects=expect_application,
        raises=[NoSuchDeclaration, *TOO_LATE],
    )  # fmt: skip
    def delete(self, application_id: UUID, evidence_id: UUID) -> DraftView:
        """Any time before the decision; the requirement is met in its usual way then, and no limit starts anew."""
        evidence.withdraw_declaration(
            viewer=self.viewer, application_id=application_id, evidence_id=evidence_id, now=self.now
        )
        return self.draft(application_id)


class Uploads(Mine):
    """Copies the applicant sends."""

    parser_classes = [MultiPartParser, StrictJSONParser]
    most_bytes = settings.UPLOAD_MAX_BYTES + ABOUT_A_FORM

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Say how large a file may be, before a byte of it is read."""
        check_size(int(request.META.get("CONTENT_LENGTH") or 0) - ABOUT_A_FORM)
        super().initial(request, *args, **kwargs)

    @operation(
        "Send a copy", asks=shapes.Upload, tells=shapes.Given, status=201, alone=True, versioned=True,
        raises=[NotRequired, NoCopyTaken, UploadNotReadable, UploadTooLarge, TooManyPages, UploadHarmful,
                UploadFoundWanting, TooManyUploads, TooManyBytes, NothingSent, StillArriving, *TOO_LATE],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], application_id: UUID) -> dict[str, UUID]:
        """A photo or a PDF, behind the pages sent before; without `file`, those alone: one piece of evidence."""
        sent = asked.pop("file", None)
        found = sending.hand_in(
            viewer=self.viewer, application_id=application_id, **asked, files=[sent] if sent else [],
            now=self.now, version=self.version,
        )  # fmt: skip
        return {"evidence_id": found}


class OriginalsPromises(Mine):
    """Promises to show an original at the visit."""

    @operation(
        "Promise to show an original", asks=shapes.Promise, tells=shapes.Draft, status=201,
        expects=expect_application, raises=[drafting.NotADraft, drafting.NotAsked],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], application_id: UUID) -> DraftView:
        """At the visit that is needed anyway; with `promised` false the promise is taken back."""
        drafting.promise_original(viewer=self.viewer, application_id=application_id, **asked, now=self.now)
        return self.draft(application_id)


class Confirmations(Mine):
    """Saying that what was obtained is right."""

    @operation(
        "Confirm what was obtained", tells=shapes.Draft, status=201, expects=expect_application,
        raises=[NotRequired, AlreadyDisputed, *TOO_LATE],
    )  # fmt: skip
    def post(self, application_id: UUID, evidence_id: UUID) -> DraftView:
        """It was shown, and it is right."""
        evidence.confirm_evidence(
            viewer=self.viewer, application_id=application_id, evidence_id=evidence_id, now=self.now
        )
        return self.draft(application_id)


class Disputes(Mine):
    """Saying that what was obtained is wrong."""

    @operation(
        "Dispute what was obtained", asks=shapes.Dispute, tells=shapes.Draft, status=201,
        expects=expect_application, raises=[NotRequired, ReasonForDispute, *TOO_LATE],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], application_id: UUID, evidence_id: UUID) -> DraftView:
        """The office is told, the applicant's own material counts, and nothing stalls."""
        evidence.dispute_evidence(
            viewer=self.viewer, application_id=application_id, evidence_id=evidence_id, **asked, now=self.now
        )
        return self.draft(application_id)
