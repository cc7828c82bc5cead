"""No period of hand-overs comes out twice: after its own step, for PostgreSQL changes no table that was just written."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('selaras', '0051_server_in_words'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "hand_overs")),
                fields=("place_code", "year", "period", "part"),
                name="hand_overs_come_out_once",
            ),
        ),
    ]
