"""The figures of all cases as they were counted last: what everybody may read costs one row."""

from django.db import models
from django.db.models import Q


class CountedFigures(models.Model):
    """The one row of figures; it holds numbers by programme, month, centre and bundle, and nothing of any one case."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    counted_at = models.DateTimeField()
    figures = models.JSONField(default=dict)  # by programme, and in all
    months = models.JSONField(default=dict)
    centres = models.JSONField(default=dict, db_default={})
    bundles = models.JSONField(default=dict, db_default={})
    places = models.JSONField(default=dict)
    ratings = models.JSONField(default=dict)  # as they are told in public, by what they are divided

    class Meta:
        verbose_name_plural = "counted figures"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="figures_stand_in_one_row")]

    def __str__(self) -> str:
        return f"figures of {self.counted_at}"
