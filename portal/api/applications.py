"""Applications over the wire: begun, answered, planned, submitted, signed, or thrown away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from portal.api.operations import Door, operation
from portal.api.pages import Page, page
from portal.api.scopes import Scope
from portal.api.shapes import cases as case_shapes
from portal.api.shapes import drafts as shapes
from services import clock
from services.cases.actions import drafting, submission
from services.cases.actions.joining import NothingChosen, NotOneVisit
from services.cases.actions.versions import expect_application
from services.cases.queries import acting, applications, cards, drafts, one_notice, plans
from services.cases.queries.drafts import DraftView
from services.cases.queries.visibility import NoSuchApplication
from services.catalogue import queries as catalogue
from services.core.facts import AnswerNotUnderstood
from services.evidence.actions import TextHasChanged
from services.people.actions import WhoAreYou
from services.people.queries import NotInYourMandate


class Mine(Door):
    """A resource of the applicant's own."""

    scope = Scope.APPLICATIONS_WRITE

    @property
    def now(self) -> datetime:
        """Return the legal moment."""
        return clock.now()

    def draft(self, application_id: UUID) -> DraftView:
        """Return the application as it stands now."""
        return drafts.draft(viewer=self.viewer, application_id=application_id)


class Applications(Mine):
    """The applicant's applications."""

    @operation(
        "List what is not submitted yet",
        wants=shapes.ApplicationsWanted,
        tells=shapes.ApplicationCard,
        paged=True,
    )
    def get(self, wanted: dict[str, Any]) -> Page:
        """Drafts, and what waits for one's own or another's signature, the last changed first."""

        def find(limit: int) -> Sequence[Any]:
            return applications.open_applications(
                viewer=self.viewer, before=wanted.get("before"), limit=limit
            )

        return page(self.request, find, limit=wanted["limit"], mark="before")

    @operation(
        "Begin an application", asks=shapes.NewApplication, tells=shapes.Draft, status=201,
        raises=[
            drafting.ForWhom, drafting.NotForThisBusiness, NotInYourMandate, NothingChosen, NotOneVisit,
            catalogue.NoSuchBundle,
        ],
    )  # fmt: skip
    def post(self, asked: dict[str, Any]) -> DraftView:
        """For services, or what a bundle's questions choose; for oneself, or whom one may act for."""
        situation, left_out = asked.pop("situation"), asked.pop("left_out")
        if asked["bundle"]:
            asked["services"] = catalogue.services_chosen(asked["bundle"], situation, left_out)
        application_id = drafting.start_application(viewer=self.viewer, **asked, now=self.now)
        self.headers["Location"] = reverse("api:application", args=[application_id])
        return self.draft(application_id)


class Application(Mine):
    """One application."""

    @operation("Read an application", tells=shapes.Draft, raises=[NoSuchApplication])
    def get(self, application_id: UUID) -> DraftView:
        """Its questions with what is known, its requirements with how they stand, its parties, and what is missing."""
        return self.draft(application_id)

    @operation("Throw a draft away", expects=expect_application, raises=[drafting.NotADraft])
    def delete(self, application_id: UUID) -> None:
        """With everything typed into it."""
        drafting.discard_draft(viewer=self.viewer, application_id=application_id)


class ApplicationAnswers(Mine):
    """The answers of a draft."""

    @operation(
        "Answer questions", asks=shapes.Answers, tells=shapes.Draft, expects=expect_application,
        raises=[drafting.NotADraft, drafting.NotAsked, AnswerNotUnderstood],
    )  # fmt: skip
    def patch(self, asked: dict[str, Any], application_id: UUID) -> DraftView:
        """Facts that are not named keep their answers; with any mistake nothing is written."""
        drafting.answer_questions(
            viewer=self.viewer, application_id=application_id, answers=asked["answers"], now=self.now
        )
        return self.draft(application_id)


class ApplicationActs(Mine):
    """What agents did in an application."""

    @operation("List what was done by mandate", tells=shapes.ActedFor, paged=True, raises=[NoSuchApplication])
    def get(self, application_id: UUID) -> Page:
        """Each act with both names, the oldest first; none where everybody acted for themselves."""
        return Page(acting.acts_in(viewer=self.viewer, application_id=application_id))


class ApplicationPlan(Mine):
    """The way an application will go."""

    @operation("See the way it will go", tells=shapes.Plan, paged=True)
    def get(self, application_id: UUID) -> Page:
        """Per service: steps, offices and days, whether anybody has to come, what we fetch, what is asked."""
        return Page(plans.plans(viewer=self.viewer, application_id=application_id))


class ApplicationSubmission(Mine):
    """Filing an application."""

    @operation(
        "Submit an application", asks=shapes.Submission, tells=shapes.Filed, status=201, expects=expect_application,
        raises=[drafting.NotADraft, submission.NotComplete, WhoAreYou, NotInYourMandate],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], application_id: UUID) -> dict[str, Any]:
        """Its cases begin at once, or when the last co-signer has signed; submitting again tells the same cases."""
        filed = submission.submit_application(
            viewer=self.viewer, application_id=application_id, **asked, now=self.now
        )
        return {"state": "submitted" if filed else "awaiting_signatures", "case_ids": filed}

    @operation(
        "Take an application back",
        tells=shapes.Draft,
        expects=expect_application,
        raises=[drafting.NotADraft],
    )
    def delete(self, application_id: UUID) -> DraftView:
        """While a co-signer has yet to sign; what was signed so far was signed for another text."""
        submission.take_back_application(viewer=self.viewer, application_id=application_id, now=self.now)
        return self.draft(application_id)


class ApplicationInvitation(Mine):
    """What a co-signer is asked to sign."""

    @operation("Read what one is asked to sign", tells=shapes.Invitation)
    def get(self, application_id: UUID) -> Any:
        """For whom the applicant named as a party: the matter and who asks, nothing of the applicant's own."""
        return applications.invitation(viewer=self.viewer, application_id=application_id)


class ApplicationSignatures(Mine):
    """Signatures of co-signers."""

    @operation(
        "Sign as a party", asks=shapes.Signature, tells=shapes.Filed, status=201, expects=expect_application,
        raises=[submission.NothingToSign, TextHasChanged],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], application_id: UUID) -> dict[str, Any]:
        """In one's own account, with what was read; the last signature submits the application."""
        filed = submission.sign_as_party(
            viewer=self.viewer, application_id=application_id, **asked, now=self.now
        )
        return {"state": "submitted" if filed else "awaiting_signatures", "case_ids": filed}


class ApplicationCases(Mine):
    """The cases of an application."""

    scope = Scope.CASES_READ

    @operation("List the cases of an application", tells=case_shapes.CaseCard, paged=True)
    def get(self, application_id: UUID) -> Page:
        """In the order of its services; none before it is submitted."""
        return Page(cards.cases_of_application(viewer=self.viewer, application_id=application_id))


class ApplicationNotices(Mine):
    """What offices asked for in an application, all of them together."""

    scope = Scope.CASES_READ

    @operation("List the notices of correction", tells=case_shapes.ApplicationNotice, paged=True)
    def get(self, application_id: UUID) -> Page:
        """One for all that came in on one day, the last first: what is missing by case, and the last day for it."""
        return Page(one_notice.notices(viewer=self.viewer, application_id=application_id))
