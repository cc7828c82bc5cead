"""How numbers, dates and icons are written on a page. Loaded in every template (settings.TEMPLATES, builtins)."""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from urllib.parse import urlsplit

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.formats import number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()

NOTHING = "–"
_ADDRESS = re.compile(r"(https?://[^\s;,)]+)")
#: A space that never breaks a line: between a number and its unit.
NBSP = "\u00a0"


def half_up(value: Decimal, places: int) -> Decimal:
    """Rounded as people round: 0,05 becomes 0,1. Only what is shown is rounded."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


@register.filter
def angka(value: Decimal | int | None, places: int = 1) -> str:
    """`1.234,5`: with that many decimals, in the reader's language; – where there is no number."""
    if value is None:
        return NOTHING
    return number_format(half_up(Decimal(value), places), decimal_pos=places, force_grouping=True)


@register.filter
def ringkas(value: Decimal | int | None, places: int = 2) -> str:
    """At most that many decimals, none that say nothing: `2,5`, `3`."""
    if value is None:
        return NOTHING
    rounded = half_up(Decimal(value), places)
    shown = 0 if rounded == rounded.to_integral_value() else -int(rounded.normalize().as_tuple().exponent)
    return number_format(rounded, decimal_pos=shown, force_grouping=True)


@register.filter
def bulat(value: int | None) -> str:
    """A count: `12.500`."""
    return NOTHING if value is None else number_format(value, decimal_pos=0, force_grouping=True)


@register.filter
def persen(value: Decimal | None, places: int = 1) -> str:
    """A share 0…1 as `58 %` or `58,1 %`: at most that many decimals."""
    return NOTHING if value is None else f"{ringkas(value * 100, places)}{NBSP}%"


@register.filter
def beda(value: Decimal | None, places: int = 1) -> str:
    """A change with its sign: `+9,4`, `−1,6`, `0,0`."""
    if value is None:
        return NOTHING
    rounded = half_up(value, places)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return sign + angka(abs(rounded), places)


@register.filter
def tahun(value: int) -> str:
    """A year has no thousands separator."""
    return str(value)


@register.filter
def tanggal(value: date | None) -> str:
    """`25 April 2024`; of a moment, its day in the place's zone."""
    if value is None:
        return NOTHING
    day = timezone.localtime(value) if isinstance(value, datetime) else value
    return date_format(day, "j F Y").replace(" ", NBSP)


@register.filter
def waktu(value: datetime | None) -> str:
    """`12 Agustus 2024 pukul 06.00 WIB`."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value)
    clock = date_format(local, "H.i")
    return _("%(day)s pukul %(clock)s %(zone)s") % {
        "day": tanggal(value),
        "clock": clock,
        "zone": local.tzname() or "",
    }


@register.simple_tag
def rentang(starts: date, ends: date | None) -> str:
    """`3–28 Juli 2024`, `28 Juli–3 Agustus 2024`; a single day where there is no end."""
    if ends is None or ends == starts:
        return tanggal(starts)
    if (starts.year, starts.month) == (ends.year, ends.month):
        return f"{starts.day}–{tanggal(ends)}"
    if starts.year == ends.year:
        return f"{date_format(starts, 'j F')}–{tanggal(ends)}".replace(" ", NBSP)
    return f"{tanggal(starts)}–{tanggal(ends)}"


@register.filter
def sidik(value: str) -> str:
    """The beginning of a fingerprint, in groups that can be read aloud: `9f3c 71ab`."""
    return f"{value[:4]} {value[4:8]}" if value else NOTHING


@register.filter
def lebar(share: Decimal) -> str:
    """A share 0…1 as the width of a bar in an SVG; never past its track."""
    return f"{min(max(share * 100, 0), 100):.2f}%"


@register.filter
def titik(value: float) -> str:
    """A place in an SVG: always a point for the decimal, whatever the language."""
    return f"{value:.1f}"


@register.filter
def add_to(value: float, more: float) -> str:
    """A place in an SVG, moved."""
    return f"{value + more:.1f}"


@register.filter
def tambah_satu(value: int) -> str:
    """The next page's number, for an address."""
    return str(value + 1)


@register.filter
def kurang_satu(value: int) -> str:
    """The page before, for an address."""
    return str(value - 1)


@register.filter
def ambil(names: dict[str, str], key: str) -> str:
    """The name behind a code, or nothing."""
    return names.get(key, "") if names else ""


@register.filter
def sumber(text: str) -> str:
    """A source with its address as a link behind its words, or behind the site's name where it has no words."""
    parts = _ADDRESS.split(text)
    shown: list[str] = []
    for part in parts:
        if _ADDRESS.fullmatch(part):
            words = shown.pop().rstrip(" :;,") if shown and shown[-1].strip(" :;,") else urlsplit(part).netloc
            shown.append(format_html('<a href="{}" rel="noreferrer noopener">{}</a>', part, words))
        elif part:
            shown.append(escape(part))
    return mark_safe(" ".join(shown))  # noqa: S308  (each part was escaped just above)


@lru_cache(maxsize=1)
def _sprite() -> str:
    # Its name is hashed: asked for a hundred times a page, and the same until the server is started again.
    return static("selaras/icons.svg")


@register.simple_tag
def ikon(name: str) -> SafeString:
    """An icon of the sprite, silent to readers: the words beside it say the same."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        _sprite(),
        name,
    )


@register.inclusion_tag("parts/field.html")
def isian(field: BoundField, label: str = "", hint: str = "") -> dict[str, object]:
    """A form's field with its label (the form's own unless another is given), hint and problems."""
    # A placeholder that repeats the label is gone as soon as one types, and too pale before.
    field.field.widget.attrs.pop("placeholder", None)
    return {"field": field, "label": label, "hint": hint}
