"""Ratings of visits and cases, links to rate by, and what somebody could not get done."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import services.people.fields


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0014_figures_by_month_and_centre"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RatingLink",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("token_index", models.CharField(max_length=64, unique=True)),
                (
                    "touchpoint",
                    models.CharField(choices=[("visit", "visit"), ("case", "case")], max_length=5),
                ),
                ("visit_id", models.UUIDField(null=True)),
                ("until", models.DateField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NotDone",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("organisation", models.CharField(max_length=60)),
                ("words", services.people.fields.EncryptedTextField()),
                ("said_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("answer", services.people.fields.EncryptedTextField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="not_done", to="cases.case"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "not done",
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=["organisation", "due_on", "id"],
                        name="not_done_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer__isnull", True),
                                ("answered_at__isnull", True),
                                ("answered_by__isnull", True),
                            ),
                            models.Q(
                                ("answer__isnull", False),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="not_done_answered_by_somebody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                (
                    "touchpoint",
                    models.CharField(choices=[("visit", "visit"), ("case", "case")], max_length=5),
                ),
                ("visit_id", models.UUIDField(null=True, unique=True)),
                ("person_id", models.UUIDField()),
                ("organisation", models.CharField(max_length=60)),
                ("answers", models.CharField(max_length=60)),
                ("programme", models.CharField(max_length=80)),
                ("centre", models.CharField(blank=True, default="", max_length=80)),
                ("level", models.PositiveSmallIntegerField()),
                (
                    "aspects",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
                ("named", models.BooleanField(default=False)),
                ("words", services.people.fields.EncryptedTextField(blank=True, default="")),
                ("rated_at", models.DateTimeField()),
                ("added", services.people.fields.EncryptedTextField(blank=True, default="")),
                ("added_at", models.DateTimeField(null=True)),
                ("contact_due_on", models.DateField(null=True)),
                ("answer_due_on", models.DateField(null=True)),
                ("last_due_on", models.DateField(null=True)),
                ("contacted_at", models.DateTimeField(null=True)),
                ("contact", services.people.fields.EncryptedTextField(blank=True, default="")),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer", services.people.fields.EncryptedTextField(blank=True, default="")),
                ("appealed_at", models.DateTimeField(null=True)),
                ("appeal", services.people.fields.EncryptedTextField(blank=True, default="")),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("review", services.people.fields.EncryptedTextField(blank=True, default="")),
                ("is_excluded", models.BooleanField(default=False)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "appealed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to="cases.case"
                    ),
                ),
                (
                    "contacted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True), ("level__lt", 3)),
                        fields=["answers", "answer_due_on", "id"],
                        name="rating_to_answer",
                    ),
                    models.Index(fields=["case"], name="rating_of_case"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__gte", 1), ("level__lte", 5)), name="rating_of_five_levels"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("touchpoint", "visit"), ("visit_id__isnull", False)),
                            models.Q(("touchpoint", "case"), ("visit_id__isnull", True)),
                            _connector="OR",
                        ),
                        name="rating_of_a_visit_or_a_case",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("touchpoint", "case")),
                        fields=("case",),
                        name="rating_once_per_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__gte", 3),
                            models.Q(("answer_due_on__isnull", False), ("last_due_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="rating_negative_is_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_at__isnull", True),
                            models.Q(
                                ("appealed_at__isnull", False),
                                ("reviewed_by__isnull", False),
                                models.Q(("reviewed_by", models.F("appealed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="rating_reviewed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_excluded", False), ("reviewed_at__isnull", False), _connector="OR"
                        ),
                        name="rating_excluded_by_a_review",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rating",
            trigger=pgtrigger.compiler.Trigger(
                name="rating_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="d8b5222ed1ff471519d83098b188257f2ccb1c0f",
                    operation="DELETE",
                    pgid="pgtrigger_rating_is_kept_b0ae1",
                    table="cases_rating",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rating",
            trigger=pgtrigger.compiler.Trigger(
                name="rating_is_read_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."touchpoint" IS DISTINCT FROM (NEW."touchpoint") OR OLD."visit_id" IS DISTINCT FROM (NEW."visit_id") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."organisation" IS DISTINCT FROM (NEW."organisation") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."aspects" IS DISTINCT FROM (NEW."aspects") OR OLD."named" IS DISTINCT FROM (NEW."named") OR OLD."rated_at" IS DISTINCT FROM (NEW."rated_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="abb2933a8479a7446fa80988724649aa11dfc9a3",
                    operation="UPDATE",
                    pgid="pgtrigger_rating_is_read_only_e6b80",
                    table="cases_rating",
                    when="BEFORE",
                ),
            ),
        ),
    ]
