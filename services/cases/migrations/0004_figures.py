from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_decided_facts")]

    operations = [
        migrations.CreateModel(
            name="CountedFigures",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("counted_at", models.DateTimeField()),
                ("figures", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name_plural": "counted figures",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="figures_stand_in_one_row")
                ],
            },
        ),
    ]
