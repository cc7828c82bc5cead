"""Column types that Django lacks."""

from decimal import Decimal, localcontext
from typing import Any

from django.db import models

#: Digits in all and after the point: |x| < 10^26 leaves room for the sum of 10^13 values below 10^13.
DIGITS, PLACES = 38, 12
_UNIT = Decimal(1).scaleb(-PLACES)


class ExactDecimalField(models.Field[Decimal | None, Decimal | None]):
    """A decimal of 12 places that comes back exactly as it went in, on both databases.

    SQLite has no decimal column: Django's own field passes through a double there and loses digits after the
    fifteenth. Here it is text on SQLite and numeric on PostgreSQL. Do not sum or order by it in SQL.
    """

    description = "Exact decimal"

    def get_internal_type(self) -> str:
        return "ExactDecimalField"

    def db_type(self, connection: Any) -> str:
        return f"numeric({DIGITS}, {PLACES})" if connection.vendor == "postgresql" else "text"

    def to_python(self, value: Any) -> Decimal | None:
        if value is None:
            return None
        with localcontext() as context:
            context.prec = DIGITS
            return Decimal(value).quantize(_UNIT)

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Decimal | None:
        return self.to_python(value)

    def get_prep_value(self, value: Any) -> Decimal | None:
        return self.to_python(super().get_prep_value(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Decimal | str | None:
        exact = value if prepared else self.get_prep_value(value)
        if exact is None or connection.vendor == "postgresql":
            return exact
        return format(exact, "f")

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else format(value, "f")
