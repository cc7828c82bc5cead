"""Numbers that are typed into forms are read as their page writes them, 1.000 and 2,5 or 1,000 and 2.5; what may be
another number than it would be read as is asked about."""

import re
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format

#: As Indonesian writes them: thousands behind dots, decimals behind a comma; behind a dot too where they are no three.
_WRITTEN: Final = re.compile(
    r"(?P<sign>-?)(?:(?P<grouped>[1-9][0-9]{0,2}(?:\.[0-9]{3})+)|(?P<plain>[0-9]+))"
    r"(?:,(?P<part>[0-9]+))?|(?P<dotted>-?[0-9]+\.[0-9]{1,2})"
)


def as_here(text: str) -> str:
    """A number that was typed on a page of any language, as Indonesian writes it: `1,250.5` on an English page is
    `1.250,5`. Words around it stay."""
    if get_format("THOUSAND_SEPARATOR") == ".":
        return text
    return re.sub(r"(?<=[0-9])[.,](?=[0-9])", lambda sign: {".": ",", ",": "."}[sign[0]], text)


class _Grouped:
    """What Django asks to take decimals that say nothing from a whole number: here it takes the dots of thousands."""

    _dotted: Final = re.compile(r"-?[1-9][0-9]{0,2}(?:\.[0-9]{3})+")

    def sub(self, _by: str, text: str) -> str:
        return text.replace(".", "") if self._dotted.fullmatch(text.strip()) else text


def set_reading() -> None:
    """From here on a whole number is read so in every form; 1.00 and 0.125 are asked about.

    Django takes ".000" for decimals that say nothing and reads a one.
    """
    forms.IntegerField.re_decimal = _Grouped()  # type: ignore[assignment]  # only its `sub` is asked


class LocalDecimalField(forms.DecimalField):
    """A number that may have decimals. 0.125 on an Indonesian page, of which Django makes 125, is asked about, and so
    is 1234.567; an English page writes commas and dots the other way round.

    Raises ValidationError with the words of every number that is none.
    """

    def __init__(self, **how: Any) -> None:
        super().__init__(localize=True, **how)

    def to_python(self, value: Any) -> Any:
        """Decimal, or None for what is empty."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        found = _WRITTEN.fullmatch(as_here(value.strip()))
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        whole = (found["grouped"] or found["plain"] or "").replace(".", "")
        part = f".{found['part']}" if found["part"] else ""
        return super().to_python(Decimal(found["dotted"] or f"{found['sign']}{whole}{part}"))
