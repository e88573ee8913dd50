"""Pauses and extensions; the database holds every change of state to the table of moves."""

import uuid

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import services.people.fields


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_records"),
        ("notices", "0003_more_kinds_of_letters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="extension",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField()),
                ("reasons", services.people.fields.EncryptedTextField()),
                ("granted_on", models.DateField()),
                ("due_before", models.DateField()),
                ("told_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hearing", "hearing"),
                            ("tender", "tender"),
                            ("auction", "auction"),
                            ("inspection", "inspection"),
                            ("testing", "testing"),
                            ("quarantine", "quarantine"),
                            ("appraisal", "appraisal"),
                            ("expert-review", "expert-review"),
                        ],
                        max_length=20,
                    ),
                ),
                ("legal_basis", models.CharField(max_length=300)),
                ("planned_days", models.PositiveSmallIntegerField()),
                ("started_on", models.DateField()),
                ("ended_on", models.DateField(null=True)),
                ("told_on", models.DateField()),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="case",
            name="state_has_entry",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="state_has_entry",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE trodden text[]; sealed boolean; place text; ahead text;",
                    func="\n    IF NEW.state IS NOT DISTINCT FROM OLD.state THEN\n        RETURN NEW;\n    END IF;\n    SELECT array_agg(move.state ORDER BY entry.sequence, move.number) FILTER (WHERE move.state IS NOT NULL),\n           bool_or(entry.sequence = NEW.ledger_sequence AND entry.digest = NEW.ledger_head)\n    INTO trodden, sealed\n    FROM ledger_entry AS entry\n    LEFT JOIN LATERAL jsonb_array_elements_text(entry.detail -> 'states')\n        WITH ORDINALITY AS move (state, number) ON true\n    WHERE entry.case_id = NEW.id\n        AND entry.sequence > OLD.ledger_sequence AND entry.sequence <= NEW.ledger_sequence;\n    IF sealed IS NOT TRUE THEN\n        RAISE EXCEPTION 'case % cannot become % without its ledger entry', NEW.id, NEW.state\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    place := OLD.state;\n    FOREACH ahead IN ARRAY array_append(coalesce(trodden, '{}'), NEW.state::text) LOOP\n        CONTINUE WHEN ahead = place;\n        IF place || '>' || ahead <> ALL (ARRAY['received>correction_requested', 'received>accepted', 'received>declined', 'received>withdrawn', 'received>lapsed', 'correction_requested>received', 'correction_requested>withdrawn', 'accepted>in_review', 'accepted>withdrawn', 'accepted>lapsed', 'in_review>paused', 'in_review>decided', 'in_review>declined', 'in_review>withdrawn', 'in_review>lapsed', 'paused>in_review', 'paused>withdrawn', 'decided>issued', 'decided>delivered', 'decided>lapsed', 'issued>delivered', 'delivered>closed', 'closed>archived']) THEN\n            RAISE EXCEPTION 'case % is % and cannot become %', NEW.id, place, ahead\n                USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        place := ahead;\n    END LOOP;\n    IF 'paused' IN (OLD.state, NEW.state) AND (NEW.state = 'paused') IS DISTINCT FROM EXISTS (\n        SELECT 1 FROM cases_pause WHERE case_id = NEW.id AND ended_on IS NULL)\n    THEN\n        RAISE EXCEPTION 'case % is paused exactly while it has an open pause', NEW.id\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="c09d3cd35c9310bff1d8a9045bae5b4a5938fd2c",
                    operation="UPDATE",
                    pgid="pgtrigger_state_has_entry_f5441",
                    table="cases_case",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="begins_at_received",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NEW.state <> 'received' THEN\n        RAISE EXCEPTION 'case % begins at received, not at %', NEW.id, NEW.state\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="1216acb09a41f765113c8877098ea478aa87a690",
                    operation="INSERT",
                    pgid="pgtrigger_begins_at_received_4e389",
                    table="cases_case",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="approved_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="letter",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="notices.notice"
            ),
        ),
        migrations.AddField(
            model_name="pause",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="pauses", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="pause",
            name="letter",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="notices.notice"
            ),
        ),
        migrations.AddField(
            model_name="pause",
            name="paused_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__gte", 1)), name="extension_has_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(("granted_on__lte", models.F("due_before"))),
                name="extension_comes_in_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "hearing",
                            "tender",
                            "auction",
                            "inspection",
                            "testing",
                            "quarantine",
                            "appraisal",
                            "expert-review",
                        ],
                    )
                ),
                name="pause_on_the_closed_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(("legal_basis", ""), _negated=True), name="pause_has_a_legal_basis"
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(("planned_days__gte", 1), ("planned_days__lte", 250)),
                name="pause_has_a_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True), ("ended_on__gte", models.F("started_on")), _connector="OR"
                ),
                name="pause_ends_after_its_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on__isnull", True)),
                fields=("case",),
                name="pause_one_open_per_case",
            ),
        ),
    ]
