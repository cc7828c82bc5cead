"""Where the room's tables are: in a database of their own where SELARAS_CASES_DATABASE_URL names one."""

from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

LABEL = "cases"


def room() -> str:
    """The alias of the room's database."""
    return LABEL if LABEL in settings.DATABASES else DEFAULT_DB_ALIAS


class CasesRouter:
    """Tickets there, all else here; nothing of one ever points at the other."""

    def db_for_read(self, model: Any, **_hints: Any) -> str | None:
        return room() if model._meta.app_label == LABEL else None

    def db_for_write(self, model: Any, **_hints: Any) -> str | None:
        return self.db_for_read(model)

    def allow_relation(self, one: Any, other: Any, **_hints: Any) -> bool:
        labels = [each._meta.app_label == LABEL for each in (one, other)]
        return labels[0] is labels[1]

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        return db == (room() if app_label == LABEL else DEFAULT_DB_ALIAS)
