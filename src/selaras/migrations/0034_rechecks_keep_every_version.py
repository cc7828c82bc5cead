"""What is written of a drawn family is kept each time, and the form that was drawn stays named."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def keep_what_is_there(apps, schema_editor):
    """The form is that of the submission so far; what was filled in so far is the first version."""
    RecheckFamily, RecheckEntry = (apps.get_model("selaras", name) for name in ("RecheckFamily", "RecheckEntry"))
    for row in RecheckFamily.objects.select_related("submission").order_by("pk"):
        row.form = row.submission.uuid
        row.save(update_fields=["form"])
        if row.outcome and row.by_id is not None:
            RecheckEntry.objects.create(
                family=row, outcome=row.outcome, answers=row.answers, by_id=row.by_id, at=row.at
            )


class Migration(migrations.Migration):
    dependencies = [
        ("selaras", "0033_arrivals_carried"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecheckEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outcome", models.CharField(max_length=16)),
                ("answers", models.JSONField(default=dict)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="selaras.recheckfamily"
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
            },
        ),
        migrations.AddField(
            model_name="recheckfamily",
            name="form",
            field=models.UUIDField(help_text="of the submission that was drawn", null=True),
        ),
        migrations.RunPython(keep_what_is_there, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="recheckfamily",
            name="form",
            field=models.UUIDField(help_text="of the submission that was drawn"),
        ),
    ]
