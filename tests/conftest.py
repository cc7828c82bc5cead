"""What every test stands on: secrets that protect nothing, and the database that the environment names."""

import os
import tempfile

# Before Django reads its settings. The keys are fixed so that a failure can be repeated.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "selaras.settings")
os.environ.setdefault("SELARAS_SECRET_KEY", "only-for-tests-" * 4)
os.environ.setdefault("SELARAS_DATA_KEY", "1:" + "dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3Qtdnc=")
os.environ.setdefault("SELARAS_VAR", tempfile.mkdtemp(prefix="selaras-test-"))
os.environ.setdefault("SELARAS_ALLOWED_HOSTS", "127.0.0.1,localhost,testserver")


def pytest_configure() -> None:
    """SQLite tests run on a file with its write-ahead log, as the product does, not in memory."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        database.setdefault("TEST", {})["NAME"] = f"{os.environ['SELARAS_VAR']}/test.sqlite3"
