"""The product as a Django app: what is set once, when all apps are there and no page has been read in yet."""

from django.apps import AppConfig

from selaras.web.form_words import set_words
from selaras.web.numbers import set_reading


class SelarasConfig(AppConfig):
    """The one app that everything but the locked room belongs to."""

    name = "selaras"
    label = "selaras"

    def ready(self) -> None:
        """Fields of forms say what they expect, in our words, and read numbers as they are written here."""
        set_words()
        set_reading()
