"""A prize says of which programme it is, and a champion's figure of which version its aspect was."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("selaras", "0054_visits_on_their_day"),
    ]

    operations = [
        migrations.AddField(
            model_name="achievement",
            name="programme",
            field=models.CharField(blank=True, default="", help_text="p2wkss", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="championfigure",
            name="version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="selaras.instrumentversion",
            ),
        ),
    ]
