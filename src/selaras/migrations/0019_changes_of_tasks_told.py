from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("selaras", "0018_arrivals_of_phones")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="tasks_told_at",
            field=models.DateTimeField(null=True, blank=True, editable=False),
        ),
    ]
