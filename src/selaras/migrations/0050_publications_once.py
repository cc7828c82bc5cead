"""What is published of hand-overs comes out once: the rule of a year, what a city chose not to publish."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def once(apps, _schema) -> None:
    """Of what came out several times a year the last counts, and the others are kept: they are in everybody's files.
    That year is one period; the next is by half-years again, for nobody chose otherwise.

    Reasons that say how large the counts were become one that does not.
    """
    publication, rule = apps.get_model("selaras", "Publication"), apps.get_model("selaras", "PublicationRule")
    last = {(row.place_code, row.year): row for row in publication.objects.filter(kind="hand_overs").order_by("number")}
    for (place_code, year), row in last.items():
        rows = publication.objects.filter(kind="hand_overs", place_code=place_code, year=year)
        rows.exclude(pk=row.pk).update(kind="superseded")
        rule.objects.create(place_code=place_code, year=year, threshold=row.threshold, every="year")
        if (place_code, year + 1) not in last:
            rule.objects.create(place_code=place_code, year=year + 1, threshold=row.threshold, every="half")
    recap = apps.get_model("selaras", "Recap")
    recap.objects.filter(reason__in=["too_few", "too_telling"]).update(reason="choice")


class Migration(migrations.Migration):
    dependencies = [
        ("selaras", "0049_restricted_families"),
    ]

    operations = [
        migrations.AlterField(
            model_name="publication",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reports", "laporan"),
                    ("hand_overs", "rujukan"),
                    ("superseded", "rujukan, terbitan yang sudah diganti"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="PublicationRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place_code", models.CharField(help_text="the city", max_length=64)),
                ("year", models.PositiveSmallIntegerField()),
                ("threshold", models.PositiveSmallIntegerField(default=5)),
                (
                    "every",
                    models.CharField(
                        choices=[("quarter", "tiap triwulan"), ("half", "tiap semester"), ("year", "tiap tahun")],
                        default="half",
                        max_length=8,
                    ),
                ),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ("place_code", "year"),
            },
        ),
        migrations.CreateModel(
            name="Unpublished",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place_code", models.CharField(help_text="the city", max_length=64)),
                ("year", models.PositiveSmallIntegerField()),
                ("period", models.CharField(blank=True, help_text="h1, h2, q1…q4; '' is the year", max_length=2)),
                ("reason", models.CharField(help_text="of a closed list", max_length=20)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ("place_code", "year", "period"),
            },
        ),
        migrations.AddField(
            model_name="publication",
            name="part",
            field=models.CharField(
                choices=[("first", "diterima dan diteruskan"), ("follow_up", "ditindaklanjuti setelah tiga bulan")],
                default="first",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="period",
            field=models.CharField(blank=True, help_text="of hand-overs: h1, h2, q1…q4; '' is the year", max_length=2),
        ),
        migrations.AddField(
            model_name="publicationrule",
            name="set_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="unpublished",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="publicationrule",
            constraint=models.UniqueConstraint(fields=("place_code", "year"), name="one_rule_a_year"),
        ),
        migrations.AddConstraint(
            model_name="publicationrule",
            constraint=models.CheckConstraint(condition=models.Q(("threshold__gte", 5)), name="rule_upward_only"),
        ),
        migrations.AddConstraint(
            model_name="unpublished",
            constraint=models.UniqueConstraint(fields=("place_code", "year", "period"), name="one_no_a_period"),
        ),
        migrations.RunPython(once, migrations.RunPython.noop),
    ]
