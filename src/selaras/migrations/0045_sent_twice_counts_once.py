"""What is sent twice is kept once: boxes of papers, freezings, sheets of a rehearsal; limits outlive their evidence."""

import django.db.models.deletion
import django.utils.timezone
import selaras.models.fields
from django.conf import settings
from django.db import migrations, models


def keep_the_newest(apps, schema_editor):
    """Two devices of one marker could both count: the newer sheet replaces the older, as it does from now on."""
    GladiSheet = apps.get_model("selaras", "GladiSheet")
    seen, older = set(), []
    rows = GladiSheet.objects.filter(replaced=False).order_by("-received_at", "-pk")
    for pk, *whose in rows.values_list("pk", "gladi", "lokus", "marker", "name"):
        if tuple(whose) in seen:
            older.append(pk)
        seen.add(tuple(whose))
    GladiSheet.objects.filter(pk__in=older).update(replaced=True)


class Migration(migrations.Migration):

    dependencies = [
        ('selaras', '0044_dossiers'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', selaras.models.fields.ExactDecimalField(null=True)),
                ('option', models.CharField(blank=True, max_length=80)),
                ('content', models.CharField(max_length=64)),
                ('instrument', models.CharField(max_length=60)),
                ('indicator', models.CharField(max_length=80)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='ReactionPapers',
            fields=[
                ('uuid', models.UUIDField(primary_key=True, serialize=False)),
            ],
            options={
                'verbose_name_plural': 'reaction papers',
            },
        ),
        migrations.AddField(
            model_name='dossier',
            name='job',
            field=models.UUIDField(help_text='the freezing it came of; one that runs again makes none', null=True, unique=True),
        ),
        migrations.AlterField(
            model_name='photoconsent',
            name='by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('key__isnull', True), ('photo__isnull', True)), models.Q(('key__isnull', False), ('photo__isnull', False)), _connector='OR'), name='activity_photo_has_its_key'),
        ),
        migrations.RunPython(keep_the_newest, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='gladisheet',
            constraint=models.UniqueConstraint(condition=models.Q(('marker__isnull', False), ('replaced', False)), fields=('gladi', 'lokus', 'marker'), name='one_sheet_a_marker'),
        ),
        migrations.AddConstraint(
            model_name='gladisheet',
            constraint=models.UniqueConstraint(condition=models.Q(('marker__isnull', True), ('replaced', False)), fields=('gladi', 'lokus', 'name'), name='one_paper_sheet_a_name'),
        ),
        migrations.AddField(
            model_name='keptlimit',
            name='by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='keptlimit',
            name='lokus',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='selaras.lokus'),
        ),
        migrations.AddField(
            model_name='reactionpapers',
            name='activity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reaction_papers', to='selaras.activity'),
        ),
        migrations.AddConstraint(
            model_name='keptlimit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('option', ''), ('value__isnull', False)), models.Q(('value__isnull', True), models.Q(('option', ''), _negated=True)), _connector='OR'), name='kept_limit_is_value_or_option'),
        ),
        migrations.AddConstraint(
            model_name='keptlimit',
            constraint=models.UniqueConstraint(fields=('content', 'lokus', 'instrument', 'indicator'), name='one_kept_limit'),
        ),
    ]
