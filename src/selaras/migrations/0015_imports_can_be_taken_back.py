from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("selaras", "0014_activities_can_be_taken_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="household",
            name="brought_by",
            field=models.UUIDField(help_text="the ImportBatch that brought it, for taking it back", null=True),
        ),
        migrations.AlterField(
            model_name="importbatch",
            name="state",
            field=models.CharField(
                choices=[
                    ("uploaded", "diunggah"),
                    ("checked", "diperiksa"),
                    ("published", "diterbitkan"),
                    ("discarded", "dibuang"),
                    ("undone", "diurungkan"),
                ],
                default="uploaded",
                max_length=10,
            ),
        ),
    ]
