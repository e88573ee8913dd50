"""Services: their cards, their pages, what they are found by, and the definition a case is pinned to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from services.catalogue.models import PublicService, ServiceVersion
from services.catalogue.pages import ServicePage, page_of
from services.catalogue.queries.groups import organisation_names
from services.catalogue.queries.law import cited
from services.catalogue.versions import definition_of
from services.catalogue.wording import in_language, normalized
from services.core.definitions import Definition
from services.core.refusal import Kind, Refusal
from services.core.renewal import renewal_requirement

FOUND_AT_ONCE = 20
LONGEST_SEARCH = 100
# pg_trgm's own threshold of 0.6 misses "yinye zhizao" for yingye zhizhao, 0.4 finds it.
ALIKE = "0.4"

SEARCH = """
SELECT service.code
FROM catalogue_publicservice AS service
CROSS JOIN LATERAL (
    SELECT avg(CASE WHEN strpos(search_text, word) > 0 THEN 1
                    ELSE word_similarity(word, search_text) END) AS likeness
    FROM unnest(%(words)s::text[]) AS word
) AS found
WHERE service.current_id IS NOT NULL
  AND (search_text LIKE ANY (%(patterns)s::text[]) OR search_text %%> ANY (%(words)s::text[]))
  AND found.likeness >= %(alike)s::float
ORDER BY strpos(left(search_text, 200), %(whole)s) > 0 DESC, found.likeness DESC,
         word_similarity(%(whole)s, left(search_text, 200)) DESC, service.code
LIMIT %(limit)s
"""


class NoSuchService(Refusal):
    """Nothing by this code can be applied for."""

    code = "no_such_service"
    kind = Kind.MISSING
    sentence = "There is no service “{service}”."


class NoSuchVersion(Refusal):
    """No version of a service has this id."""

    code = "no_such_version"
    kind = Kind.MISSING
    sentence = "There is no such version of a service."


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCard:
    """A service in a list; `badge` and `version` are those of the proof it was published with."""

    code: str
    name: str
    summary: str
    programme: str
    organisation: str
    kind: str
    audience: str
    badge: str
    visits: int
    version: int
    promised_days: int
    fee: Decimal | None


def current_version_id(code: str) -> UUID:
    """Return the version of a service that a new application gets.

    :raises NoSuchService: if nothing by this code can be applied for.
    """
    found = _open_services().filter(code=code).values_list("current_id", flat=True).first()
    if found is None:
        raise NoSuchService(service=code)
    return found


@lru_cache(maxsize=1024)
def definition(version_id: UUID) -> Definition:
    """Return the definition a version was published with. It never changes, so it is read once a process.

    :raises NoSuchVersion: if there is none.
    """
    content = ServiceVersion.objects.filter(id=version_id).values_list("definition", flat=True).first()
    if content is None:
        raise NoSuchVersion
    return definition_of(content)


def latest_definition(code: str) -> Definition | None:
    """Return the newest definition of a service, also of one no longer offered; None if it never had one."""
    versions = ServiceVersion.objects.filter(service_id=code).order_by("-number")
    version_id = versions.values_list("id", flat=True).first()
    return definition(version_id) if version_id else None


def version_numbers(version_ids: list[UUID]) -> dict[UUID, int]:
    """Return the numbers of versions, in one query."""
    return dict(ServiceVersion.objects.filter(id__in=version_ids).values_list("id", "number"))


def service_names(codes: Iterable[str], language: str) -> dict[str, str]:
    """Return what services are called, by code, in one query; also those no longer offered."""
    found = PublicService.objects.filter(code__in=set(codes)).values_list("code", "name")
    return {code: in_language(name, language) for code, name in found}


def organisation_of(code: str) -> str:
    """Return the code of the office that leads a service; nothing for a service that is not there."""
    return PublicService.objects.filter(code=code).values_list("organisation_id", flat=True).first() or ""


def certificate_names(codes: Iterable[str], language: str) -> dict[str, str]:
    """Return what certificates are called, by their type; one that nothing issues any more by its code."""
    names = {}
    for code in set(codes):
        issued_by = PublicService.objects.filter(current__definition__definition__output__certificate=code)
        version_id = issued_by.values_list("current_id", flat=True).first()
        kinds = definition(version_id).evidence_types if version_id else {}
        names[code] = in_language(kinds[code].name, language) if code in kinds else code
    return names


def renewing_service(type: str, holder_kind: str) -> str:
    """Return the service that renews certificates of the type for such a holder, by code; nothing if none does.

    It issues what it requires, for another term (R2.25).
    """
    issuing = (
        _open_services().filter(current__definition__definition__output__certificate=type).order_by("code")
    )
    for code, version_id in issuing.values_list("code", "current_id"):
        found = definition(version_id)
        if renewal_requirement(found) is not None and found.applicant in (holder_kind, "either"):
            return code
    return ""


def service_cards(programme: str, language: str) -> tuple[ServiceCard, ...]:
    """Return the services of a programme by name; none for a programme that is not there."""
    cards = _cards(_open_services().filter(programme_id=programme), language)
    return tuple(sorted(cards, key=lambda card: card.name))


def all_cards(language: str) -> tuple[ServiceCard, ...]:
    """Return every service that can be applied for, by code."""
    return tuple(_cards(_open_services().order_by("code"), language))


def search(text: str, language: str, *, limit: int = FOUND_AT_ONCE) -> tuple[ServiceCard, ...]:
    """Return the services a text is likely to mean, best first: by name in any language, pinyin, or code.

    Slips of the hand are forgiven. Nothing is found for a text without letters or digits.
    """
    whole = normalized(text[:LONGEST_SEARCH])
    if not whole:
        return ()
    words = whole.split()
    patterns = ["%" + word.replace("_", r"\_") + "%" for word in words]
    asked = {"whole": whole, "words": words, "patterns": patterns, "alike": ALIKE, "limit": limit}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [ALIKE])
        cursor.execute(SEARCH, asked)
        codes = [code for (code,) in cursor.fetchall()]
    return _cards_in_order(codes, language)


def service_page(code: str, language: str) -> ServicePage:
    """Return everything a person wants to know of a service before applying.

    :raises NoSuchService: if nothing by this code can be applied for.
    """
    version_id = current_version_id(code)
    found = _open_services().select_related("programme", "current").defer("current__definition")
    service = found.get(code=code)
    described = definition(version_id)
    return page_of(
        described,
        version=service.current.number,
        badge=service.current.badge,
        programme=in_language(service.programme.name, language),
        organisations=organisation_names(language),
        cited=_cited(described, language),
        language=language,
    )


def _cited(described: Definition, language: str) -> dict[str, str]:
    written = [*described.legal_basis, *([described.fee.legal_basis] if described.fee else [])]
    return dict(zip(written, cited(written, language), strict=True))


def _open_services() -> QuerySet[PublicService]:
    return PublicService.objects.filter(current__isnull=False)


def _cards(services: QuerySet[PublicService], language: str) -> Iterator[ServiceCard]:
    # Neither definitions nor proofs: a list of all services would else read megabytes.
    with_version = services.select_related("current").defer(
        "current__definition", "current__proof", "search_text"
    )
    return (_card(service, language) for service in with_version)


def _cards_in_order(codes: list[str], language: str) -> tuple[ServiceCard, ...]:
    found = _cards(_open_services().filter(code__in=codes), language)
    return tuple(sorted(found, key=lambda card: codes.index(card.code)))


def _card(service: PublicService, language: str) -> ServiceCard:
    return ServiceCard(
        code=service.code,
        name=in_language(service.name, language),
        summary=in_language(service.summary, language),
        programme=service.programme_id,
        organisation=service.organisation_id,
        kind=service.kind,
        audience=service.audience,
        badge=service.current.badge,
        visits=service.current.visits,
        version=service.current.number,
        promised_days=service.promised_days,
        fee=service.fee,
    )
