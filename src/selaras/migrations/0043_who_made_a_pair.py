from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("selaras", "0042_photos_made_safe"),
    ]

    operations = [
        migrations.AddField(
            model_name="duplicate",
            name="proposed_by",
            field=models.ForeignKey(db_index=False, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
    ]
