import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import services.people.fields

# What was attended before belongs to the application of its case.
KNOW_APPLICATIONS = """
UPDATE cases_attendance AS held SET application_id = known.application_id
FROM cases_case AS known WHERE known.id = held.case_id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

# A visit is at one centre; what was handed in at an office's own window was at none.
KNOW_CENTRES = """
UPDATE cases_attendance AS held SET centre = known.centre_id
FROM visits_visit AS known WHERE known.id = held.visit_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_how_promised_items_come"),
        ("visits", "0003_joint_appointments"),
        ("people", "0005_mandates_of_persons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("catalogue", "0002_legal_resources"),
    ]

    operations = [
        migrations.AddField(
            model_name="attendance",
            name="application",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.application",
            ),
        ),
        migrations.RunSQL(KNOW_APPLICATIONS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="attendance",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.application"
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=Q(approved_by__isnull=True),
                expressions=[
                    ("application", django.contrib.postgres.fields.ranges.RangeOperators.EQUAL),
                    ("on", django.contrib.postgres.fields.ranges.RangeOperators.NOT_EQUAL),
                ],
                name="application_at_most_one_visit",
            ),
        ),
        migrations.CreateModel(
            name="ActedFor",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("application_id", models.UUIDField()),
                ("number", models.CharField(max_length=24)),
                ("services", models.JSONField(default=list)),
                (
                    "done",
                    models.CharField(
                        choices=[
                            ("begun", "begun"),
                            ("answered", "answered"),
                            ("asked_offices", "asked_offices"),
                            ("proved", "proved"),
                            ("declared", "declared"),
                            ("submitted", "submitted"),
                            ("corrected", "corrected"),
                            ("withdrawn", "withdrawn"),
                            ("booked", "booked"),
                            ("cancelled", "cancelled"),
                            ("discarded", "discarded"),
                            ("taken_back", "taken_back"),
                            ("questioned", "questioned"),
                            ("promised", "promised"),
                            ("needs_told", "needs_told"),
                            ("reopened", "reopened"),
                            ("received", "received"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "acts for others",
            },
        ),
        migrations.AddField(
            model_name="application",
            name="for_person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="applications_by_agents",
                to="people.person",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("for_person__isnull", True),
                    models.Q(
                        ("business__isnull", True), ("filed_by", "agent"), ("person", models.F("for_person"))
                    ),
                    _connector="OR",
                ),
                name="application_for_another_is_about_them",
            ),
        ),
        migrations.AddField(
            model_name="actedfor",
            name="agent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="actedfor",
            name="business",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.business"
            ),
        ),
        migrations.AddField(
            model_name="actedfor",
            name="person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddIndex(
            model_name="actedfor",
            index=models.Index(
                condition=models.Q(("told_at__isnull", True)), fields=["at"], name="acted_to_tell"
            ),
        ),
        migrations.AddIndex(
            model_name="actedfor",
            index=models.Index(fields=["application_id", "at"], name="acted_in_application"),
        ),
        migrations.AddConstraint(
            model_name="actedfor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("business__isnull", False), ("person__isnull", True)),
                    models.Q(("business__isnull", True), ("person__isnull", False)),
                    _connector="OR",
                ),
                name="acted_for_a_person_or_a_business",
            ),
        ),
        migrations.AddConstraint(
            model_name="actedfor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "done__in",
                        [
                            "begun",
                            "answered",
                            "asked_offices",
                            "proved",
                            "declared",
                            "submitted",
                            "corrected",
                            "withdrawn",
                            "booked",
                            "cancelled",
                            "discarded",
                            "taken_back",
                            "questioned",
                            "promised",
                            "needs_told",
                            "reopened",
                            "received",
                        ],
                    )
                ),
                name="acted_known",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="bundle",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="case",
            name="suspended_from",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="suspended_until",
            field=models.DateField(null=True),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("suspended_until__isnull", True),
                    ("suspended_from__lte", models.F("suspended_until")),
                    _connector="OR",
                ),
                name="case_suspension_begins_before_it_ends",
            ),
        ),
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
        migrations.CreateModel(
            name="Assistance",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("organisation", models.CharField(max_length=60)),
                ("document_kind", models.CharField(max_length=20)),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "assistances",
            },
        ),
        migrations.CreateModel(
            name="AssistedFiling",
            fields=[
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="assisted",
                        serialize=False,
                        to="cases.application",
                    ),
                ),
                ("organisation", models.CharField(max_length=60)),
                ("read_version", models.PositiveIntegerField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("code_index", models.CharField(blank=True, db_index=True, max_length=64)),
                ("printed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="application",
            name="application_for_another_is_about_them",
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("for_person__isnull", True),
                    models.Q(("business__isnull", True), ("person", models.F("for_person"))),
                    _connector="OR",
                ),
                name="application_for_another_is_about_them",
            ),
        ),
        migrations.AddField(
            model_name="assistance",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="assistance",
            name="helper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="assistance",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="assistedfiling",
            name="helper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="assistance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("helper",),
                name="assistance_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="assistedfiling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_at__isnull", True), ("read_version__isnull", False), _connector="OR"
                ),
                name="assisted_confirmed_what_was_read",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="application",
            name="application_for_another_is_about_them",
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("for_person__isnull", True), ("person", models.F("for_person")), _connector="OR"
                ),
                name="application_for_another_is_about_them",
            ),
        ),
        migrations.AddField(
            model_name="attendance",
            name="centre",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.RunSQL(KNOW_CENTRES, migrations.RunSQL.noop),
        # Of an application for several services, what is missing is noted first and sent in one notice (R7.9).
        migrations.AddField(
            model_name="correctionnotice", name="application_id", field=models.UUIDField(null=True)
        ),
        migrations.AddField(
            model_name="correctionnotice", name="received_on", field=models.DateField(null=True)
        ),
        migrations.RunSQL(
            sql=(
                "UPDATE cases_correctionnotice AS notice SET application_id = held.application_id, "
                "received_on = held.received_on FROM cases_case AS held WHERE held.id = notice.case_id"
            ),
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="correctionnotice", name="sent_on", field=models.DateField(null=True)
        ),
        migrations.AlterField(
            model_name="correctionnotice", name="due_on", field=models.DateField(null=True)
        ),
        migrations.AddField(
            model_name="correctionnotice", name="goes_out_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddIndex(
            model_name="correctionnotice",
            index=models.Index(
                condition=models.Q(("sent_on__isnull", True)),
                fields=["application_id", "goes_out_at"],
                name="correction_noted",
            ),
        ),
        migrations.AddConstraint(
            model_name="correctionnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_on__isnull", False), ("sent_on__isnull", False)),
                    models.Q(
                        ("answered_on__isnull", True), ("due_on__isnull", True), ("sent_on__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="correction_sent_has_last_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="correctionnotice",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("sent_on__isnull", False)),
                expressions=[("application_id", "="), ("received_on", "="), ("sent_on", "<>")],
                name="application_one_correction_notice",
            ),
        ),
        # What everybody may read is worked out where it is counted, and kept (R15.14).
        migrations.AddField(
            model_name="countedfigures",
            name="told",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
