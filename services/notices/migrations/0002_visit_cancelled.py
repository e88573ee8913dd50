"""Whoever is no longer expected is told by a letter of its own."""

from django.db import migrations, models

KINDS = [
    "received",
    "accepted",
    "correction_requested",
    "visit_needed",
    "visit_booked",
    "visit_missed",
    "visit_cancelled",
    "fee_due",
    "fee_reminder",
    "granted",
    "refused",
    "issued",
    "delivered",
    "withdrawn",
    "lapsed",
    "declined",
    "signature_asked",
    "evidence_disputed",
    "overdue_reason",
]


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="notice", name="notice_kind_known"),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(choices=[(kind, kind) for kind in KINDS], max_length=30),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", KINDS)), name="notice_kind_known"
            ),
        ),
    ]
