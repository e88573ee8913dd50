"""The series from which businesses founded here get their codes."""

from django.db import migrations


class Migration(migrations.Migration):
    """Begin the series."""

    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE people_uscc_series", reverse_sql="DROP SEQUENCE people_uscc_series"
        )
    ]
