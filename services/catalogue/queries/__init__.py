"""Questions to the catalogue: what there is, what it is found by, and what a version says."""

from services.catalogue.queries.groups import (
    BundleView,
    OrganisationView,
    ProgrammeCard,
    bundles,
    organisation,
    organisations,
    programmes,
)
from services.catalogue.queries.labels import evidence_type_names, fact_labels
from services.catalogue.queries.law import cited
from services.catalogue.queries.registers import KnownRegister, known_registers
from services.catalogue.queries.services import (
    NoSuchService,
    NoSuchVersion,
    ServiceCard,
    all_cards,
    certificate_names,
    current_version_id,
    definition,
    latest_definition,
    organisation_of,
    renewing_service,
    search,
    service_cards,
    service_names,
    service_page,
    version_numbers,
)

__all__ = [
    "BundleView",
    "KnownRegister",
    "NoSuchService",
    "NoSuchVersion",
    "OrganisationView",
    "ProgrammeCard",
    "ServiceCard",
    "all_cards",
    "bundles",
    "certificate_names",
    "cited",
    "current_version_id",
    "definition",
    "evidence_type_names",
    "fact_labels",
    "known_registers",
    "latest_definition",
    "organisation",
    "organisation_of",
    "organisations",
    "programmes",
    "renewing_service",
    "search",
    "service_cards",
    "service_names",
    "service_page",
    "version_numbers",
]
