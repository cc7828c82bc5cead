from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("selaras", "0019_changes_of_tasks_told")]

    operations = [
        migrations.RemoveIndex(model_name="currentanswers", name="answers_with_gaps"),
        migrations.AddIndex(
            model_name="currentanswers",
            index=models.Index(
                fields=["round", "lokus", "blank"],
                condition=models.Q(("blank__gt", 0)),
                name="answers_with_gaps",
            ),
        ),
    ]
