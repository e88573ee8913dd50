"""What somebody did for somebody else: kept for whom it was done, who is told of it (R11.2)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from services.core.acting import Done


class ActedFor(models.Model):
    """One act of an agent. It outlives the draft it was done in; `told_at` is when a letter told of it."""

    id = models.BigAutoField(primary_key=True)
    # For whom: one of the two.
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    business = models.ForeignKey("people.Business", on_delete=models.PROTECT, null=True, related_name="+")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    application_id = models.UUIDField()
    number = models.CharField(max_length=24)  # the application's
    services = models.JSONField(default=list)
    done = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Done])
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "acts for others"
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True, business__isnull=False)
                | Q(person__isnull=False, business__isnull=True),
                name="acted_for_a_person_or_a_business",
            ),
            models.CheckConstraint(condition=Q(done__in=[one.value for one in Done]), name="acted_known"),
        ]
        indexes = [
            models.Index(fields=["at"], condition=Q(told_at__isnull=True), name="acted_to_tell"),
            models.Index(fields=["application_id", "at"], name="acted_in_application"),
        ]

    def __str__(self) -> str:
        return f"{self.done} in {self.number}"
