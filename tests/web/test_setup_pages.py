"""Every page of a year's settings, filled: one title, no id twice, every label belongs to a field, nothing inline."""

import re

import pytest

from selaras.models import Group, Role, Team, TeamMember
from tests import build
from tests.web.cast import inside

pytestmark = pytest.mark.django_db
PAGES = ("atur/", "atur/lokus/", "tim/", "tim/{team}/?ubah={member}", "kelompok/", "opd/", "prestasi/")


def test_pages_are_whole() -> None:
    cycle = build.cycle()
    lokus = build.lokus(cycle)
    build.lokus(cycle, "36.72.05.1001", "SJ")
    dinkes = build.agency("Dinkes")
    team = Team.objects.create(cycle=cycle, kind="pokja", name="Pokja I", area="36.72")
    member = TeamMember.objects.create(team=team, position=1, name="Ani Uji", sex="P", duty="ketua", agency=dinkes)
    Group.objects.create(place=lokus.place, area=lokus.area, kind="kwt", name="Melati", women=20)
    client = inside(build.member(Role.SECRETARIAT, "36.72"))
    addresses = [f"/tahun/{cycle.slug}/{page.format(team=team.pk, member=member.pk)}" for page in PAGES]
    found = {}
    for address in [*addresses, "/tahun/baru/?wilayah=36.72&tahun=2026", f"/tahun/{cycle.slug}/"]:
        text = client.get(address).content.decode()
        ids = re.findall(r'\sid="([^"]*)"', text)
        labelled = set(re.findall(r'<label for="([^"]*)"', text))
        found[address] = (
            text.count("<h1"),
            text.count("<main"),
            sorted({each for each in ids if ids.count(each) > 1}),
            sorted(labelled - set(ids)),
            re.findall(r"\sstyle=|<script|\son\w+=", text),
        )

    assert found == dict.fromkeys(found, (1, 1, [], [], []))
