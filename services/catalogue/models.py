"""The catalogue's records: offices, programmes, services with their published versions, and bundles.

All of it is written by publishing, by nothing else. A published version never changes: a trigger refuses.
"""

import uuid

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

DIGEST_LENGTH = 64


class Organisation(models.Model):
    """A public organisation: an office that handles cases or keeps a register."""

    code = models.CharField(max_length=60, primary_key=True)
    position = models.PositiveSmallIntegerField()  # as the catalogue lists them
    name = models.JSONField()  # language → text
    contact = models.JSONField(default=dict)  # phone → text, address → language → text
    elsewhere = models.JSONField(default=dict)  # language → the other place it is of, where it only receives

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.code


class LegalResource(models.Model):
    """An act of law that services rest on, by its name in each language."""

    code = models.CharField(max_length=120, primary_key=True)
    name = models.JSONField()
    rank = models.CharField(max_length=12)

    def __str__(self) -> str:
        return self.code


class Programme(models.Model):
    """A group of services, shown together."""

    code = models.CharField(max_length=60, primary_key=True)
    position = models.PositiveSmallIntegerField()
    name = models.JSONField()
    summary = models.JSONField()
    audience = models.CharField(max_length=10)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.code


class PublicService(models.Model):
    """What one can apply for. Its card is copied here from the current version, so that lists are quick."""

    code = models.CharField(max_length=80, primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="services")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="services")
    # None: withdrawn from the catalogue; cases under its versions go on.
    current = models.OneToOneField(
        "ServiceVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="current_of"
    )
    name = models.JSONField()
    summary = models.JSONField()
    kind = models.CharField(max_length=20)
    audience = models.CharField(max_length=10)
    promised_days = models.PositiveSmallIntegerField()
    fee = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    search_text = models.TextField()

    class Meta:
        indexes = [
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="service_search"),
        ]

    def __str__(self) -> str:
        return self.code


class ServiceVersion(models.Model):
    """One published definition of a service, with all it names, and the proof it was published with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    service = models.ForeignKey(PublicService, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=DIGEST_LENGTH)
    definition = models.JSONField()  # definition, facts, evidence_types: `services.catalogue.versions`
    badge = models.CharField(max_length=20)
    visits = models.PositiveSmallIntegerField()
    papers = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    proof = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="service_version_number"),
            models.CheckConstraint(condition=Q(visits__lte=1), name="service_version_at_most_one_visit"),
            models.CheckConstraint(condition=Q(number__gte=1), name="service_version_counts_from_one"),
        ]
        triggers = [
            pgtrigger.Protect(name="published_for_good", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.service_id} version {self.number}"


class Bundle(models.Model):
    """Several services as one thing, for one event in a life or a business, and its proof."""

    code = models.CharField(max_length=80, primary_key=True)
    position = models.PositiveSmallIntegerField()
    definition = models.JSONField()
    proof = models.JSONField(default=dict)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.code
