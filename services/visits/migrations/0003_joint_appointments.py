"""An appointment may be for several applications, and several people may have to come to it."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

import services.visits.models


def take_over(apps, schema_editor):
    """Keep of every appointment what it is for, and who comes."""
    item, attendee = (apps.get_model("visits", name) for name in ("Item", "Attendee"))
    for row in apps.get_model("visits", "Appointment").objects.iterator():
        held = row.status == "booked"
        item.objects.create(appointment=row, application_id=row.application_id, is_held=held)
        attendee.objects.create(
            appointment=row, person_id=row.person_id, starts_at=row.starts_at, ends_at=row.ends_at,
            is_held=held, visit_id=row.visit_id,
        )  # fmt: skip


def give_back(apps, schema_editor):
    """Nothing: the columns that come back are filled from nowhere; there is no way back with appointments."""
    if apps.get_model("visits", "Appointment").objects.exists():
        raise RuntimeError("An appointment for several applications cannot be kept as one for a single one.")


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0002_appointment_version"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attendee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person_id", models.UUIDField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("is_held", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("application_id", models.UUIDField()),
                ("is_held", models.BooleanField(default=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="appointment",
            name="appointment_one_per_application",
        ),
        migrations.RemoveConstraint(
            model_name="appointment",
            name="appointment_person_in_one_place",
        ),
        migrations.RemoveIndex(
            model_name="appointment",
            name="appointment_of_application",
        ),
        migrations.AddField(
            model_name="attendee",
            name="appointment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="attendees", to="visits.appointment"
            ),
        ),
        migrations.AddField(
            model_name="attendee",
            name="visit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attendees",
                to="visits.visit",
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="appointment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="items", to="visits.appointment"
            ),
        ),
        migrations.RunPython(take_over, give_back),
        migrations.RemoveField(
            model_name="appointment",
            name="application_id",
        ),
        migrations.AddConstraint(
            model_name="attendee",
            constraint=models.UniqueConstraint(fields=("appointment", "person_id"), name="attendee_once"),
        ),
        migrations.AddConstraint(
            model_name="attendee",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("is_held", True)),
                expressions=[("person_id", "="), (services.visits.models.Span("starts_at", "ends_at"), "&&")],
                name="appointment_person_in_one_place",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["application_id"], name="appointment_of_application"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_held", True)),
                fields=("application_id",),
                name="appointment_one_per_application",
            ),
        ),
    ]
