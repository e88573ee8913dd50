import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

# What was attended before belongs to the application of its case.
KNOW_APPLICATIONS = """
UPDATE cases_attendance AS held SET application_id = known.application_id
FROM cases_case AS known WHERE known.id = held.case_id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_how_promised_items_come"), ("visits", "0003_joint_appointments")]

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
    ]
