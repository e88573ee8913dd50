

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0006_claims_to_a_business"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)),
                fields=["holder_id"],
                name="evidence_ended_of_holder",
            ),
        ),
    ]
