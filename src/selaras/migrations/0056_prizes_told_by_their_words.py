"""Prizes from before they said their programme: what their own words name, and nothing else is on record."""

import re

from django.db import migrations

#: As pages had guessed until then.
WRITTEN = {
    "p2wkss": re.compile(r"p2[\s-]*wkss|peningkatan\s+peran(an)?\s+wanita\s+menuju\s+keluarga\s+sehat", re.IGNORECASE),
    "krppa": re.compile(r"[kd]rppa|ramah\s+perempuan\s+dan\s+peduli\s+anak", re.IGNORECASE),
}


def named(text):
    return {key for key, written in WRITTEN.items() if written.search(text)}


def tell(apps, _schema) -> None:
    """Where that is one programme; else it stays unknown, and pages that assume one by its place's year say so."""
    achievement = apps.get_model("selaras", "Achievement")
    for row in achievement.objects.filter(programme=""):
        keys = named(row.title) or named(row.level)
        if len(keys) == 1:
            row.programme = keys.pop()
            row.save(update_fields=["programme"])


class Migration(migrations.Migration):
    dependencies = [
        ("selaras", "0055_prizes_of_a_programme"),
    ]

    operations = [
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
