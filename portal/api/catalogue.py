"""The catalogue over the wire: what there is, in words and as data; open to everybody."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language
from rest_framework.permissions import AllowAny

from portal.api.operations import Door, operation
from portal.api.pages import Page, page
from portal.api.shapes import catalogue as shapes
from portal.api.shapes import plans as plan_shapes
from services import clock
from services.cases.queries.together import plans_together
from services.catalogue import queries as catalogue
from services.catalogue.queries import BundleView, NoSuchBundle, NoSuchService, ServiceCard
from services.core.definitions import Definition


class Open(Door):
    """A resource for everybody."""

    permission_classes = [AllowAny]

    @property
    def language(self) -> str:
        """Return the language of the answer."""
        return get_language() or "en"


class Services(Open):
    """What can be applied for."""

    @operation(
        "List the services, or search them", wants=shapes.ServicesWanted, tells=shapes.ServiceCard, paged=True
    )
    def get(self, wanted: dict[str, Any]) -> Page:
        """`q` finds by name in any language, by pinyin or code, best first; otherwise all, by code."""
        if wanted.get("q"):
            return Page(catalogue.search(wanted["q"], self.language, limit=wanted["limit"]))
        return page(
            self.request, lambda limit: self._after(wanted, limit), limit=wanted["limit"], mark="after", last="code"
        )  # fmt: skip

    def _after(self, wanted: dict[str, Any], limit: int) -> list[ServiceCard]:
        programme, after = wanted.get("programme"), wanted.get("after", "")
        cards = (
            catalogue.service_cards(programme, self.language)
            if programme
            else catalogue.all_cards(self.language)
        )
        return sorted((one for one in cards if one.code > after), key=lambda one: one.code)[:limit]


class Service(Open):
    """One service."""

    @operation("Read a service in plain words", tells=shapes.ServicePage, raises=[NoSuchService])
    def get(self, code: str) -> Any:
        """What it gives, to whom, how long, its fee, what we obtain and what we ask."""
        return catalogue.service_page(code, self.language)


class ServiceDefinition(Open):
    """One service as data."""

    @operation("Read a service as data", tells=shapes.Definition, raises=[NoSuchService])
    def get(self, code: str) -> Definition:
        """Its questions with their types, requirements, conditions and steps, as a new application gets them."""
        return catalogue.definition(catalogue.current_version_id(code))


class Programmes(Open):
    """Groups of services."""

    @operation("List the programmes", tells=shapes.Programme, paged=True)
    def get(self) -> Page:
        """In the catalogue's order."""
        return Page(catalogue.programmes(self.language))


class Organisations(Open):
    """Offices."""

    @operation("List the offices", tells=shapes.Organisation, paged=True)
    def get(self) -> Page:
        """In the catalogue's order."""
        return Page(catalogue.organisations(self.language))


class Bundles(Open):
    """Several services as one thing."""

    @operation("List the bundles", tells=shapes.Bundle, paged=True)
    def get(self) -> Page:
        """In the catalogue's order."""
        return Page(catalogue.bundles(self.language))


class Bundle(Open):
    """One bundle."""

    @operation("Read a bundle", tells=shapes.Bundle, raises=[NoSuchBundle])
    def get(self, code: str) -> BundleView:
        """Its services in the order in which they need each other, and the question on which each is taken."""
        return catalogue.bundle(code, self.language)


class BundlePlan(Open):
    """What a bundle means in somebody's situation."""

    @operation(
        "See the plan of a bundle", asks=plan_shapes.Situation, tells=plan_shapes.Plans, keyed=False,
        raises=[NoSuchBundle],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], code: str) -> dict[str, Any]:
        """By the answers to its questions, before anything is filled in; nothing of it is kept."""
        chosen = catalogue.services_chosen(code, asked["situation"], asked["left_out"])
        return _plans(chosen, self.language)


class ServicesPlan(Open):
    """What putting services together means."""

    @operation(
        "See the plan of several services", asks=plan_shapes.Basket, tells=plan_shapes.Plans, keyed=False,
        raises=[NoSuchService],
    )  # fmt: skip
    def post(self, asked: dict[str, Any]) -> dict[str, Any]:
        """As the fewest applications in which each has one visit at the most; nothing of it is kept."""
        return _plans(asked["services"], self.language)


def _plans(services: Sequence[str], language: str) -> dict[str, Any]:
    return {"applications": plans_together(services=services, language=language, today=clock.today())}
