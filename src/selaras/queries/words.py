"""Labels in the language of whoever looks. They are stored, written on paper and typed into sheets in Indonesian."""

from django.utils.translation import gettext


def told(label: str) -> str:
    """Our label in the language of the page; what a city has named otherwise is no text of ours, and stays."""
    # Of an empty text, gettext would give the head of its catalogue.
    return gettext(label) if label else ""
