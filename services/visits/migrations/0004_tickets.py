import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0003_joint_appointments"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="language",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="appointment",
            name="help",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20), blank=True, default=list, size=None
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "booked"), models.Q(("help", []), ("language", "")), _connector="OR"
                ),
                name="appointment_over_keeps_no_needs_of_a_person",
            ),
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("on", models.DateField()),
                ("number", models.PositiveSmallIntegerField()),
                ("needs", models.JSONField(default=list)),
                ("language", models.CharField(blank=True, default="", max_length=10)),
                (
                    "help",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("called", "called"),
                            ("serving", "serving"),
                            ("done", "done"),
                            ("left", "left"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("arrived_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("state_at", models.DateTimeField()),
                ("received_by", models.UUIDField()),
                ("called_by", models.UUIDField(null=True)),
                (
                    "ended_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "answered"),
                            ("applied", "applied"),
                            ("booked", "booked"),
                            ("referred", "referred"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("referred_to", models.CharField(blank=True, default="", max_length=80)),
                ("taken_up_by", models.UUIDField(null=True)),
                (
                    "appointment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tickets",
                        to="visits.appointment",
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="visits.centre"
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="visits.window",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["called", "serving", "waiting"])),
                        fields=["centre", "on"],
                        name="ticket_open",
                    ),
                    models.Index(
                        condition=models.Q(("ended_as", "referred"), ("taken_up_by__isnull", True)),
                        fields=["referred_to"],
                        name="ticket_handed_over",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("centre", "on", "number"), name="ticket_number_of_the_day"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["called", "serving", "waiting"])),
                        fields=("appointment",),
                        name="ticket_one_per_appointment",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["called", "serving"])),
                        fields=("window",),
                        name="ticket_one_at_a_window",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "called", "serving", "done", "left"])),
                        name="ticket_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_as", "referred"), models.Q(("referred_to", ""), _negated=True)),
                            models.Q(models.Q(("ended_as", "referred"), _negated=True), ("referred_to", "")),
                            _connector="OR",
                        ),
                        name="ticket_referred_to_an_office",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["called", "serving"]), _negated=True),
                            models.Q(("called_by__isnull", False), ("window__isnull", False)),
                            _connector="OR",
                        ),
                        name="ticket_called_to_a_window",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["done", "left"]), _negated=True),
                            models.Q(("help", []), ("language", "")),
                            _connector="OR",
                        ),
                        name="ticket_over_keeps_no_needs_of_a_person",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="ticket",
            name="served_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="is_passed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="visit",
            name="served_by",
            field=ArrayField(models.UUIDField(), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name="visit",
            name="cause",
            field=models.CharField(
                blank=True,
                choices=[
                    ("person_left", "person_left"),
                    ("not_brought", "not_brought"),
                    ("not_told", "not_told"),
                    ("system_failed", "system_failed"),
                    ("nobody_able", "nobody_able"),
                ],
                db_default="",
                default="",
                max_length=13,
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cause", ""),
                    models.Q(
                        (
                            "cause__in",
                            ["person_left", "not_brought", "not_told", "system_failed", "nobody_able"],
                        ),
                        models.Q(("fault", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="visit_cause_is_a_fault",
            ),
        ),
    ]
