"""Who is who, over the wire: the account, the businesses it acts for, mandates, and letters."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language
from rest_framework.permissions import IsAuthenticated

from portal.api.operations import Door, operation
from portal.api.pages import Page, page
from portal.api.scopes import Scope, scopes_of
from portal.api.shapes import people as shapes
from services import clock
from services.cases.actions.representing import claim_business
from services.evidence.queries import claims
from services.evidence.queries.claims import ClaimView
from services.notices import queries as notices
from services.people import actions
from services.people import queries as people
from services.people.actions import MandateTerms
from services.people.queries import MandateView


class Account(Door):
    """The account that asks."""

    permission_classes = [IsAuthenticated]

    @operation("Read who one is", tells=shapes.Account)
    def get(self) -> dict[str, Any]:
        """The account, its role and office, and what this token or session may do."""
        scopes = sorted(scopes_of(self.request.user, self.request.auth))
        identified = self.viewer.person_id is not None
        return {
            "username": self.viewer.username,
            "viewer": self.viewer,
            "identified": identified,
            "scopes": scopes,
        }


class Own(Door):
    """A resource about oneself."""

    scope = {"GET": Scope.CASES_READ, "POST": Scope.APPLICATIONS_WRITE, "DELETE": Scope.APPLICATIONS_WRITE}


class Businesses(Own):
    """The businesses one may act for."""

    @operation("List the businesses one may act for", tells=shapes.Business, paged=True)
    def get(self) -> Page:
        """Those one represents, then those by mandate."""
        return Page(people.businesses_of(self.viewer.id, on=clock.today()))

    @operation(
        "Claim a business", asks=shapes.NewBusinessClaim, tells=shapes.BusinessClaim, status=202,
        raises=[actions.WhoAreYou],
    )  # fmt: skip
    def post(self, asked: dict[str, Any]) -> ClaimView:
        """A worker asks the business register whether it names one as its legal representative; Location tells."""
        claim_id = claim_business(viewer=self.viewer, **asked, now=clock.now())
        self.headers["Location"] = reverse("api:business_claim", args=[claim_id])
        return claims.claim(claim_id=claim_id, account_id=self.viewer.id)


class BusinessClaim(Own):
    """What the business register answers to a claim."""

    @operation(
        "Read what became of a claim to a business", tells=shapes.BusinessClaim, raises=[claims.NoSuchClaim]
    )
    def get(self, claim_id: UUID) -> ClaimView:
        """Until it is `bound`, with the business's id, or the register says otherwise; for a month."""
        return claims.claim(claim_id=claim_id, account_id=self.viewer.id)


class Mandates(Own):
    """Mandates to act for somebody else."""

    @operation("List the mandates that have not ended", tells=shapes.Mandate, paged=True)
    def get(self) -> Page:
        """Those offered to oneself, and those given for oneself or one's businesses."""
        return Page(people.mandates_of(self.viewer.id))

    @operation(
        "Grant a mandate", asks=shapes.NewMandate, tells=shapes.Mandate, status=201,
        raises=[actions.NotItsRepresentative, actions.MandateRefused, actions.WhoAreYou],
    )  # fmt: skip
    def post(self, asked: dict[str, Any]) -> MandateView:
        """It holds once the agent accepts it."""
        business_id = asked.pop("business_id")
        terms = MandateTerms(**asked)
        granted = actions.grant_mandate(
            account_id=self.viewer.id, business_id=business_id, terms=terms, now=clock.now()
        )
        return people.mandate(account_id=self.viewer.id, mandate_id=granted)


class MandateAcceptance(Own):
    """Accepting a mandate."""

    @operation(
        "Accept a mandate", expects=actions.expect_mandate,
        raises=[actions.NoSuchMandate, actions.MandateChanged, actions.WhoAreYou],
    )  # fmt: skip
    def post(self, mandate_id: UUID) -> None:
        """Twice is once."""
        actions.accept_mandate(account_id=self.viewer.id, mandate_id=mandate_id, now=clock.now())


class Mandate(Own):
    """One mandate."""

    @operation("Read a mandate", tells=shapes.Mandate, raises=[actions.NoSuchMandate])
    def get(self, mandate_id: UUID) -> MandateView:
        """For both its sides, until it has ended; its ETag is what it is accepted or ended with."""
        return people.mandate(account_id=self.viewer.id, mandate_id=mandate_id)

    @operation(
        "End a mandate", expects=actions.expect_mandate,
        raises=[actions.NoSuchMandate, actions.MandateChanged],
    )  # fmt: skip
    def delete(self, mandate_id: UUID) -> None:
        """At once, by either side."""
        actions.end_mandate(account_id=self.viewer.id, mandate_id=mandate_id, now=clock.now())


class Notices(Own):
    """Letters to the account."""

    @operation("List one's letters", wants=shapes.NoticesWanted, tells=shapes.Notice, paged=True)
    def get(self, wanted: dict[str, Any]) -> Page:
        """The newest first."""
        before, language = wanted.get("before"), get_language() or "en"

        def find(limit: int) -> Sequence[Any]:
            return notices.inbox(self.viewer.id, language=language, before=before, limit=limit)

        return page(self.request, find, limit=wanted["limit"], mark="before")


class Notice(Own):
    """One letter."""

    @operation("Read a letter", tells=shapes.Letter, raises=[notices.NoSuchLetter])
    def get(self, notice_id: UUID) -> Any:
        """In the language the request asks for."""
        return notices.letter(notice_id, self.viewer.id, get_language() or "en")
