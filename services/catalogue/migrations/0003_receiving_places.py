from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_legal_resources")]

    operations = [
        migrations.AddField(
            model_name="organisation", name="elsewhere", field=models.JSONField(default=dict)
        ),
    ]
