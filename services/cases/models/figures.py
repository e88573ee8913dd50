"""The figures of all cases as they were counted last: what everybody may read costs one row."""

from django.db import models
from django.db.models import Q


class CountedFigures(models.Model):
    """The one row of figures; it holds numbers by programme, month, centre and bundle, and nothing of any one case.

    What is `told` is all that anybody reads: what is hidden in public is not in it (R15.14). The exact `figures` by
    programme are kept for portals of the release before, which hid them on reading.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    counted_at = models.DateTimeField()
    figures = models.JSONField(default=dict)
    told = models.JSONField(default=dict, db_default={})

    class Meta:
        verbose_name_plural = "counted figures"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="figures_stand_in_one_row")]

    def __str__(self) -> str:
        return f"figures of {self.counted_at}"
