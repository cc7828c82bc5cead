"""Prizes from before they said their programme: what their words name, else what their place ran in that year."""

import re

from django.db import migrations
from django.db.models import Q

#: As pages had guessed until then.
WRITTEN = {
    "p2wkss": re.compile(r"p2[\s-]*wkss|peningkatan\s+peran(an)?\s+wanita\s+menuju\s+keluarga\s+sehat", re.IGNORECASE),
    "krppa": re.compile(r"[kd]rppa|ramah\s+perempuan\s+dan\s+peduli\s+anak", re.IGNORECASE),
}


def named(text):
    return {key for key, written in WRITTEN.items() if written.search(text)}


def tell(apps, _schema) -> None:
    """Where that is one programme; where it is several, or nothing is known, it stays unknown."""
    achievement, cycle = apps.get_model("selaras", "Achievement"), apps.get_model("selaras", "Cycle")
    for row in achievement.objects.filter(programme=""):
        keys = named(row.title) or named(row.level)
        if not keys:
            years = cycle.objects.filter(Q(place=row.place_id) | Q(loci__place=row.place_id), year=row.year)
            keys = set().union(*(named(name) for name in years.values_list("programme", flat=True)))
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
