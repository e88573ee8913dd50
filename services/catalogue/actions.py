"""Publish a catalogue: read, prove, and store each changed definition as a new immutable version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from services.catalogue.cards import card_fields
from services.catalogue.folder import Folder, Written, check_examples, read_folder
from services.catalogue.models import (
    Bundle,
    LegalResource,
    Organisation,
    Programme,
    PublicService,
    ServiceVersion,
)
from services.catalogue.search import search_text
from services.catalogue.versions import content_digest, version_content
from services.core.bundles import BundleProof, prove_bundle
from services.core.definitions import Definition
from services.core.proof import Failure, NotProved, Proof, prove_definition
from services.core.reading import DefinitionRefused
from services.core.reference import Bundle as BundleDefinition


@dataclass(frozen=True, slots=True)
class Proved:
    """A definition as written, with its proof."""

    written: Written
    proof: Proof

    @property
    def definition(self) -> Definition:
        """Return the definition."""
        return self.written.definition


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What publishing changed: codes of new versions, of those left as they were, and of services taken out."""

    published: tuple[str, ...]
    unchanged: tuple[str, ...]
    withdrawn: tuple[str, ...]


def prove_folder(folder: Folder) -> tuple[Proved, ...]:
    """Return every readable definition of the folder with its proof."""
    profile = folder.law.profile
    return tuple(
        Proved(one, prove_definition(one.definition, folder.centres, profile=profile))
        for one in folder.definitions
    )


def prove_bundles(folder: Folder) -> tuple[tuple[BundleDefinition, BundleProof], ...]:
    """Return every bundle with the proof made from its members."""
    members = {one.definition.code: one.definition for one in folder.definitions}
    return tuple(
        (bundle, prove_bundle(bundle, members, folder.centres, profile=folder.law.profile))
        for bundle in folder.bundles
    )


def publish(*, folder: Path, now: datetime) -> PublishReport:
    """Validate, prove and publish the catalogue in the folder, all of it or nothing; unchanged means no new version.

    :raises DefinitionRefused: with every mistake of the first file that has any.
    :raises NotProved: with the counter-example of the first claim that breaks.
    """
    read = read_folder(folder)
    for refusal in read.refused:
        raise refusal
    proved = prove_folder(read)
    _check(read, proved)
    return _store(read, proved, now)


def _check(folder: Folder, proved: tuple[Proved, ...]) -> None:
    for one in proved:
        mistakes = list(check_examples(one.definition, folder.law))
        if mistakes:
            raise DefinitionRefused(file=one.written.file, errors=mistakes)
        if one.proof.failures:
            raise NotProved(code=one.definition.code, counter_example=one.proof.failures[0].told())
    for bundle, proof in prove_bundles(folder):
        for failure in proof.failures:
            raise NotProved(code=bundle.code, counter_example=failure.told())


@transaction.atomic
def _store(folder: Folder, proved: tuple[Proved, ...], now: datetime) -> PublishReport:
    _store_groups(folder)
    published, unchanged = [], []
    for one in proved:
        (published if _store_version(one, folder, now) else unchanged).append(one.definition.code)
    _store_bundles(folder)
    gone = PublicService.objects.filter(current__isnull=False).exclude(code__in=[*published, *unchanged])
    withdrawn = tuple(gone.values_list("code", flat=True))
    gone.update(current=None)
    return PublishReport(tuple(published), tuple(unchanged), withdrawn)


def _store_groups(folder: Folder) -> None:
    for code, table in folder.tables["legal_resources"].items():
        LegalResource.objects.update_or_create(
            code=code, defaults={"name": table["name"], "rank": table["rank"]}
        )
    for position, (code, table) in enumerate(folder.tables["organisations"].items()):
        fields: dict[str, Any] = {
            "position": position,
            "name": table["name"],
            "contact": table.get("contact", {}),
            "elsewhere": table.get("elsewhere", {}),
        }
        Organisation.objects.update_or_create(code=code, defaults=fields)
    for position, (code, table) in enumerate(folder.tables["programmes"].items()):
        fields = {key: table[key] for key in ("name", "summary", "audience")} | {"position": position}
        Programme.objects.update_or_create(code=code, defaults=fields)


def _store_version(one: Proved, folder: Folder, now: datetime) -> bool:
    """Store a new version if anything in it changed, and return whether it did."""
    definition = one.definition
    content = version_content(one.written, folder)
    digest = content_digest(content)
    programme_name: Mapping[str, str] = folder.tables["programmes"][definition.programme]["name"]
    fields = card_fields(definition) | {
        "programme_id": definition.programme,
        "organisation_id": definition.organisation,
        "search_text": search_text(definition, programme_name),
    }
    service, _ = PublicService.objects.update_or_create(code=definition.code, defaults=fields)
    last = service.versions.order_by("-number").first()
    if last is not None and last.digest == digest:
        _make_current(service, last)
        return False
    version = ServiceVersion.objects.create(
        service=service, number=last.number + 1 if last else 1, digest=digest, definition=content,
        badge=one.proof.badge, visits=one.proof.visits, papers=one.proof.files, days=one.proof.days,
        proof=proof_record(one.proof), published_at=now,
    )  # fmt: skip
    _make_current(service, version)
    return True


def _make_current(service: PublicService, version: ServiceVersion) -> None:
    if service.current_id != version.id:
        service.current = version
        service.save(update_fields=["current"])


def proof_record(proof: Proof) -> dict[str, Any]:
    """Return the proof as it is stored with a version and printed by the command."""
    return {
        "badge": proof.badge,
        "visits": proof.visits,
        "papers": 0 if not proof.failures else None,
        "files": proof.files,
        "statements": proof.statements,
        "days": proof.days,
        "branches": proof.branches,
        "failures": [failure_record(one) for one in proof.failures],
    }


def failure_record(failure: Failure) -> dict[str, str]:
    """Return a counter-example in both languages."""
    return {"claim": failure.claim, "en": failure.told("en"), "zh": failure.told("zh")}


def _store_bundles(folder: Folder) -> None:
    raw = {table["code"]: table for table in folder.tables["bundles"].get("bundle", [])}
    for position, (bundle, proof) in enumerate(prove_bundles(folder)):
        fields = {"position": position, "definition": raw[bundle.code], "proof": proof.as_record()}
        Bundle.objects.update_or_create(code=bundle.code, defaults=fields)
    Bundle.objects.exclude(code__in=raw).delete()
