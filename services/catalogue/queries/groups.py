"""What services are grouped by: programmes, the organisations that handle them, and bundles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from services.catalogue.models import Bundle, Organisation, Programme
from services.catalogue.wording import in_language
from services.core.refusal import Kind, Refusal
from services.core.together import chosen_services


class NoSuchBundle(Refusal):
    """The catalogue has no such bundle."""

    code = "no_such_bundle"
    kind = Kind.MISSING
    sentence = "There is no such bundle."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeCard:
    """A programme in a list, with how many services it has."""

    code: str
    name: str
    summary: str
    audience: str
    services: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationView:
    """An office: what it is called and how it is reached; `elsewhere`: the other place it receives in (R11.6)."""

    code: str
    name: str
    phone: str
    address: str
    elsewhere: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleView:
    """A bundle in a list; `services` are codes, in the order in which they need each other.

    `situations` asks, by the code of a member, the question on which it depends whether that member is taken.
    """

    code: str
    name: str
    event: str
    summary: str
    kind: str
    lead: str
    services: tuple[str, ...]
    situations: Mapping[str, str]
    visits: int | None


def programmes(language: str) -> tuple[ProgrammeCard, ...]:
    """Return the programmes that have services, in the catalogue's order."""
    counted = Programme.objects.annotate(open=Count("services", filter=Q(services__current__isnull=False)))
    return tuple(_programme_card(one, one.open, language) for one in counted.filter(open__gt=0))


def organisations(language: str) -> tuple[OrganisationView, ...]:
    """Return every office, in the catalogue's order."""
    return tuple(_organisation_view(one, language) for one in Organisation.objects.all())


def handling_offices(language: str) -> tuple[OrganisationView, ...]:
    """Return the offices that handle matters here, in the catalogue's order: none that only receives (R11.7)."""
    return tuple(one for one in organisations(language) if not one.elsewhere)


def receiving_places(language: str) -> tuple[OrganisationView, ...]:
    """Return the offices of other places that receive applications for this one, in the catalogue's order (R11.5)."""
    return tuple(one for one in organisations(language) if one.elsewhere)


def organisation(code: str, language: str) -> OrganisationView:
    """Return one office; one the catalogue does not list any more is called by its code."""
    found = Organisation.objects.filter(code=code).first()
    return _organisation_view(found or Organisation(code=code, name={"en": code}), language)


def bundles(language: str) -> tuple[BundleView, ...]:
    """Return every bundle, in the catalogue's order."""
    return tuple(_bundle_view(one, language) for one in Bundle.objects.all())


def bundle(code: str, language: str) -> BundleView:
    """Return one bundle.

    :raises NoSuchBundle: if there is none by this code.
    """
    found = Bundle.objects.filter(code=code).first()
    if found is None:
        raise NoSuchBundle(bundle=code)
    return _bundle_view(found, language)


def services_chosen(code: str, answers: Mapping[str, bool], left_out: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the services of a bundle that the answers to its situation questions take (R7.8).

    :raises NoSuchBundle: if there is none by this code.
    """
    found = Bundle.objects.filter(code=code).first()
    if found is None:
        raise NoSuchBundle(bundle=code)
    asked = {one["service"] for one in found.definition.get("situation", ())}
    return chosen_services(found.definition["services"], asked, answers, left_out)


def organisation_names(language: str) -> Mapping[str, str]:
    """Return what the offices are called, by code."""
    found = Organisation.objects.values_list("code", "name")
    return {code: in_language(name, language) for code, name in found}


def _programme_card(programme: Programme, services: int, language: str) -> ProgrammeCard:
    return ProgrammeCard(
        code=programme.code,
        name=in_language(programme.name, language),
        summary=in_language(programme.summary, language),
        audience=programme.audience,
        services=services,
    )


def _organisation_view(found: Organisation, language: str) -> OrganisationView:
    return OrganisationView(
        code=found.code,
        name=in_language(found.name, language),
        phone=found.contact.get("phone", ""),
        address=in_language(found.contact.get("address", {}), language),
        elsewhere=in_language(found.elsewhere, language) if found.elsewhere else "",
    )


def _bundle_view(found: Bundle, language: str) -> BundleView:
    table = found.definition
    return BundleView(
        code=found.code,
        name=in_language(table["name"], language),
        event=in_language(table["event"], language),
        summary=in_language(table.get("summary", {}), language),
        kind=table["kind"],
        lead=table["lead"],
        services=tuple(table["services"]),
        situations={one["service"]: in_language(one["ask"], language) for one in table.get("situation", ())},
        visits=found.proof.get("visits"),
    )
