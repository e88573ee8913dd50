"""Each reading names its legal basis, and those that were refused are kept too."""

from django.db import migrations, models
from django.db.models import Q

# What was read before this cannot be given a basis: it is sealed. From here on there is none without.
ADD = """ALTER TABLE ledger_reading ADD CONSTRAINT reading_has_a_legal_basis CHECK (basis <> '') NOT VALID"""
REMOVE = "ALTER TABLE ledger_reading DROP CONSTRAINT reading_has_a_legal_basis"


class Migration(migrations.Migration):
    """Add both columns, and refuse a reading without its law."""

    dependencies = [("ledger", "0003_certificates_shown")]

    operations = [
        migrations.AddField("reading", "basis", models.TextField(default="")),
        migrations.AddField("reading", "refused", models.BooleanField(default=False)),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ADD, reverse_sql=REMOVE)],
            state_operations=[
                migrations.AddConstraint(
                    "reading",
                    models.CheckConstraint(condition=~Q(basis=""), name="reading_has_a_legal_basis"),
                )
            ],
        ),
    ]
