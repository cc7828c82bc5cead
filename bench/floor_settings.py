"""The product's settings with one address and one table more."""

from selaras.settings import *  # noqa: F403
from selaras.settings import INSTALLED_APPS as _OURS

INSTALLED_APPS = [*_OURS, "bench"]
ROOT_URLCONF = "bench.floor"
