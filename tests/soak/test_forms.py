"""The same as tests/web/doors/test_forms.py, many times. N scales how often each form is tried."""

import os

import pytest
from django.core.cache import cache

from tests.web.doors.forms import forms
from tests.web.doors.test_forms import try_all
from tests.web.doors.world import world
from tests.web.statics import collected

pytestmark = pytest.mark.django_db
EACH = 6 * int(os.environ.get("N", "1"))


def test_every_form_takes_whatever_is_typed_many_times() -> None:
    cache.clear()
    with collected():
        planted = world()
        try_all(planted, forms(planted), EACH)
