"""Numbers that are typed into forms are read as they are written here: 1.000 is a thousand, and 2,5 two and a half."""

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format

#: A dot that Django would take for that of thousands, and nobody writes a thousand so.
_POINTED: Final = re.compile(r"\s*-?0[0-9]*\.[0-9]{3}\s*")


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
    """A number with its decimals behind a comma. 0.125, of which Django makes 125, is asked about.

    Raises ValidationError with the words of every number that is none.
    """

    def __init__(self, **how: Any) -> None:
        super().__init__(localize=True, **how)

    def to_python(self, value: Any) -> Any:
        """Decimal, or None for what is empty."""
        if isinstance(value, str) and get_format("THOUSAND_SEPARATOR") == "." and _POINTED.fullmatch(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)
