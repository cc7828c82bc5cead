from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('selaras', '0050_publications_once'),
    ]

    operations = [
        migrations.AlterField(
            model_name='breach',
            name='cause',
            field=models.CharField(choices=[('lost', 'HP, laptop, atau kertas hilang'), ('sent', 'terkirim kepada yang salah'), ('seen', 'dilihat orang yang tidak berhak'), ('intruded', 'server atau akun dimasuki orang lain'), ('backup', 'cadangan bocor atau hilang'), ('changed', 'data berubah atau terhapus'), ('other', 'lain-lain')], max_length=10),
        ),
    ]
