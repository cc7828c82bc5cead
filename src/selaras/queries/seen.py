"""What a form was filled from, as one word: whoever saves later is told that it has changed meanwhile."""

from __future__ import annotations

import hashlib
import json

from django.db.models import Model

from selaras.models import Agency, Cycle, CycleInstrument, Group, Lokus, Round, Stage, Team, TeamMember


def fingerprint(values: object) -> str:
    """Sixteen letters for these values: the same for the same, and for nothing else that one meets."""
    text = json.dumps(values, default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def row_seen(row: Model, *fields: str) -> str:
    """Of one row, the columns that its form shows."""
    return fingerprint([[name, getattr(row, name)] for name in fields])


def stages_seen(cycle: Cycle) -> str:
    """Of the stages of a year. One statement, as the others here."""
    rows = Stage.objects.filter(cycle=cycle).order_by("position")
    return fingerprint([list(row) for row in rows.values_list("name", "starts", "ends", "source")])


def rounds_seen(cycle: Cycle) -> str:
    """Of the rounds of a year."""
    rows = Round.objects.filter(cycle=cycle).order_by("kind", "number")
    return fingerprint([list(row) for row in rows.values_list("kind", "number", "opens", "closes")])


def instruments_seen(cycle: Cycle) -> str:
    """Of the instruments that a year is scored by."""
    rows = CycleInstrument.objects.filter(cycle=cycle).order_by("version_id")
    return fingerprint([list(row) for row in rows.values_list("version_id", "primary")])


def lokus_seen(lokus: Lokus) -> str:
    """Of what the form of a lokus shows. No statement."""
    return row_seen(lokus, "prefix", "rw", "target_size")


def team_seen(team: Team) -> str:
    """Of what the form of a team shows."""
    return row_seen(team, "kind", "name", "area", "decree_number", "decree_date", "decree_file_id")


def member_seen(member: TeamMember) -> str:
    """Of what the form of a member shows."""
    return row_seen(member, "name", "sex", "duty", "office", "agency_id")


def group_seen(group: Group) -> str:
    """Of what the form of a group shows."""
    return row_seen(group, "kind", "name", "women", "children", "valid_to")


def agency_seen(agency: Agency) -> str:
    """Of what the form of an agency shows."""
    return row_seen(agency, "short_name", "name", "valid_to")
