"""All settings, read from the environment once. Typed readers refuse nonsense, so a typo stops the start.

docs/operations.md lists every variable. Source for the security values: OWASP ASVS 4.0.3 level 2.
"""

import base64
import os
import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured


def env_text(name: str, default: str | None = None) -> str:
    """The variable's text; without a default it must be set and not blank."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} belum diisi; isi variabel lingkungan itu (lihat docs/operations.md)")
    return default


def env_flag(name: str, *, default: bool) -> bool:
    """`1`, `ya`, `true` or `0`, `tidak`, `false`; anything else is refused."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "ya", "true"}:
        return True
    if value in {"0", "tidak", "false"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} tidak dikenal; tulis 1 atau 0")


def env_secret(name: str, *, shortest: int) -> str:
    """A secret of at least `shortest` characters."""
    value = env_text(name)
    if len(value) < shortest:
        raise ImproperlyConfigured(f"{name} terlalu pendek; paling sedikit {shortest} karakter acak")
    return value


def env_counts(name: str, default: str) -> tuple[int, int, int]:
    """Three whole numbers parted by commas."""
    parts = [part.strip() for part in env_text(name, default).split(",")]
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise ImproperlyConfigured(f"{name} tidak dikenal; tulis tiga bilangan, misalnya {default}")
    days, weeks, months = map(int, parts)
    return days, weeks, months


def env_number(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number from `least` to `most`."""
    value = env_text(name, str(default))
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ImproperlyConfigured(f"{name}={value!r} tidak dapat dipakai; tulis bilangan {least} sampai {most}")
    return int(value)


def env_letters(name: str) -> tuple[str, ...]:
    """At most eight words of two to four capital letters, parted by commas; none where unset."""
    words = tuple(part.strip() for part in env_text(name, "").split(",") if part.strip())
    if len(words) > 8 or not all(re.fullmatch(r"[A-Z]{2,4}", word) for word in words):
        raise ImproperlyConfigured(
            f"{name} tidak dapat dipakai; tulis paling banyak delapan kode kantor dari dua sampai empat huruf besar, "
            "misalnya CLG,SRG"
        )
    return words


def env_keys(name: str, *, apart_from: str) -> str:
    """`1:KEY` or `1:KEY,2:KEY`, each 32 bytes in base64 and none of them in `apart_from`; '' where unset."""
    value = env_text(name, "")
    parts = [part.strip().partition(":") for part in value.split(",")] if value else []
    try:
        keys = [base64.b64decode(key, validate=True) for _, _, key in parts]
    except ValueError:
        keys = [b""]
    numbers = [version for version, _, _ in parts]
    whole = all(number.isascii() and number.isdigit() and int(number) > 0 for number in numbers)
    if not whole or len({*map(int, numbers)}) != len(parts) or any(len(key) != 32 for key in keys):
        # Only the form of it: the value is a secret.
        raise ImproperlyConfigured(
            f"{name} tidak utuh; tulis 1:KUNCI atau 1:KUNCI,2:KUNCI; tiap KUNCI ialah 32 byte acak dalam base64"
        )
    if any(key.decode() in apart_from for key in map(base64.b64encode, keys)):
        raise ImproperlyConfigured(f"{name} memuat kunci yang sama dengan kunci lain; buat kunci tersendiri")
    return value


def env_url(name: str, default: str, *, schemes: frozenset[str]) -> str:
    """A URL whose scheme is one of `schemes`."""
    value = env_text(name, default)
    if urlsplit(value).scheme not in schemes:
        # Only how it begins: the rest may hold a password.
        raise ImproperlyConfigured(
            f"{name}={value.partition('://')[0]!r}… tidak dikenal; awali dengan {', '.join(sorted(schemes))}"
        )
    return value


def env_mail(name: str) -> dict[str, str | int | bool]:
    """`smtp://` (STARTTLS) or `smtps://user:password@host:port?from=address` as Django's settings; {} where unset."""
    value = env_text(name, "")
    if not value:
        return {}
    parts = urlsplit(env_url(name, value, schemes=frozenset({"smtp", "smtps"})))
    user = unquote(parts.username or "")
    sender = dict(parse_qsl(parts.query)).get("from", user)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if not parts.hostname or port == 0 or "@" not in sender:
        # Only the form of it: the value holds a password.
        raise ImproperlyConfigured(
            f"{name} tidak utuh; tulis smtps://pengguna:sandi@server:465?from=alamat%40dinas.go.id"
        )
    sealed = parts.scheme == "smtps"
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or (465 if sealed else 587),
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": sealed,
        "EMAIL_USE_TLS": not sealed,
        "DEFAULT_FROM_EMAIL": sender,
    }


# --- where things are -----------------------------------------------------------------------------------------
PACKAGE = Path(__file__).resolve().parent
#: What runs leave: the SQLite file, media, demo secrets. The working folder's `var/` unless said otherwise.
VAR = Path(env_text("SELARAS_VAR", "var")).resolve()

# --- secrets ----------------------------------------------------------------------------------------------------
SECRET_KEY = env_secret("SELARAS_SECRET_KEY", shortest=32)
#: `1:base64,2:base64`: versions of the key that wraps every family's own key; the highest version wraps new ones.
SELARAS_DATA_KEY = env_secret("SELARAS_DATA_KEY", shortest=32)
#: The same form, of the locked room (cases/) alone; where it is not set the room stays shut and all else runs.
SELARAS_CASES_KEY = env_keys("SELARAS_CASES_KEY", apart_from=SELARAS_DATA_KEY)
#: How many days after it was reported a hand-over ticket is destroyed: its follow-up at three months must fit in.
SELARAS_CASES_KEEP_DAYS = env_number("SELARAS_CASES_KEEP_DAYS", 730, least=180, most=1825)
#: Letters that this server's offices write in SIMFONI's numbers, besides those of cases/country.json.
SELARAS_CASES_LETTERS = env_letters("SELARAS_CASES_LETTERS")

# --- this server ------------------------------------------------------------------------------------------------
DEBUG = False
#: The demo wears its ribbon and keeps its secrets in VAR; nothing else differs.
SELARAS_DEMO = env_flag("SELARAS_DEMO", default=False)
SELARAS_BASE_URL = env_url("SELARAS_BASE_URL", "http://127.0.0.1:8000", schemes=frozenset({"http", "https"}))
ALLOWED_HOSTS = [host.strip() for host in env_text("SELARAS_ALLOWED_HOSTS", "127.0.0.1,localhost").split(",")]
HTTPS = SELARAS_BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SELARAS_BASE_URL]

INSTALLED_APPS = [
    "selaras",
    "selaras.cases",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Outermost, so that answers which never reach a view (an unknown host) carry the policy too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages only (files are compressed once, at collectstatic). Random padding answers BREACH since Django 4.2.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "selaras.web.language.language_by_choice",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Closed unless a view says that it is open to strangers.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "selaras.web.sessions.note_browser",
    "django.contrib.messages.middleware.MessageMiddleware",
    "selaras.web.errors.SayProblems",
]
ROOT_URLCONF = "selaras.urls"
WSGI_APPLICATION = "selaras.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "selaras.web.surroundings.surroundings",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.l10n",
                "django.templatetags.static",
                "selaras.web.tags",
            ],
        },
    },
]

# --- data -------------------------------------------------------------------------------------------------------
_DATABASE_URL = env_url(
    "SELARAS_DATABASE_URL",
    f"sqlite:///{VAR / 'selaras.sqlite3'}",
    schemes=frozenset({"sqlite", "postgres", "postgresql"}),
)
DATABASES = {"default": dj_database_url.parse(_DATABASE_URL, conn_max_age=60)}
#: The locked room's, where it has one of its own.
_CASES_DATABASE_URL = env_text("SELARAS_CASES_DATABASE_URL", "")
if _CASES_DATABASE_URL:
    env_url("SELARAS_CASES_DATABASE_URL", "", schemes=frozenset({"sqlite", "postgres", "postgresql"}))
    DATABASES["cases"] = dj_database_url.parse(_CASES_DATABASE_URL, conn_max_age=60)
    if all(DATABASES["cases"][part] == DATABASES["default"][part] for part in ("HOST", "PORT", "NAME")):
        raise ImproperlyConfigured("SELARAS_CASES_DATABASE_URL sama dengan SELARAS_DATABASE_URL; kosongkan, atau pisah")
DATABASE_ROUTERS = ["selaras.cases.router.CasesRouter"]
for _database in DATABASES.values():
    if "sqlite" not in _database["ENGINE"]:
        continue
    # SQLite makes its file, but not the folder: on a new server `selaras migrate` is the first to want it.
    Path(_database["NAME"]).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _database["OPTIONS"] = {
        # Writers queue at BEGIN instead of failing at the first write; readers never wait (WAL).
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON;"
            # What a phone was told to be safe outlives a power cut.
            " PRAGMA synchronous=FULL;"
            # Four times the usual before the log is worked into the file: a form writes thirty pages, many the same.
            " PRAGMA wal_autocheckpoint=4000;"
            # Deleted families leave no bytes behind in free pages.
            " PRAGMA secure_delete=ON; PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY;"
        ),
    }
if not _DATABASE_URL.startswith("sqlite"):
    # What models/ready.py asks is planned once a connection: to plan how a form is stored takes longer than storing it.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("prepare_threshold", 5)
    if env_flag("SELARAS_DATABASE_POOLER", default=False):
        # The next transaction may be another connection's: what one prepared or opened there, the other has not.
        DATABASES["default"]["OPTIONS"]["prepare_threshold"] = None
        DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SELARAS_MEDIA_URL = env_url("SELARAS_MEDIA_URL", f"file://{VAR / 'media'}", schemes=frozenset({"file"}))
MEDIA_ROOT = urlsplit(SELARAS_MEDIA_URL).path
if urlsplit(SELARAS_MEDIA_URL).netloc:
    raise ImproperlyConfigured(f"SELARAS_MEDIA_URL={SELARAS_MEDIA_URL!r} tidak dikenal; tulis file:///jalur/lengkap")
#: Where the worker writes a backup a day, and how many days, weeks and months of them stay; '' for none.
SELARAS_BACKUP_DIR = env_text("SELARAS_BACKUP_DIR", "")
SELARAS_BACKUP_KEEP = env_counts("SELARAS_BACKUP_KEEP", "7,4,12")
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# A typed paper of a long survey has a field for every question of every member of the family.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# A phone splits what it sends only after 100 photos, and the form itself is a file too.
DATA_UPLOAD_MAX_NUMBER_FILES = 300
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- mail: reminders alone ----------------------------------------------------------------------------------------
SELARAS_EMAIL_URL = env_mail("SELARAS_EMAIL_URL")
EMAIL_TIMEOUT = 20
globals().update(SELARAS_EMAIL_URL)

# --- people -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "selaras.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "selaras.access.passwords.LeakedPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/masuk/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "selaras.web.accounts.AccountAdapter"
MFA_ADAPTER = "selaras.web.accounts.MfaAdapter"
CSRF_FAILURE_VIEW = "selaras.web.errors.stale_form"
# `mulai` and `undangan` are ours: 80 bits cannot be guessed, the limit keeps the log readable. A whole office opens its
# invitations from one address.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "mulai": "10/m/ip",
    "undangan": "20/m/ip",
    # A hall of guests behind one address writes itself down within minutes; the list has an end of its own.
    "hadir": "60/m/ip",
    # So does a hall of those who answer; a code has 80 bits.
    "reaksi": "60/m/ip",
    "opd": "30/m/ip",
    "opd_code": "20/m/ip",
    # A family's sheet: its code has 38 bits, and behind it stands a name with five tries.
    "lembar": "30/m/ip",
    # Of the locked room: handing over, reading, asking for an emergency.
    "serah": "20/h/user",
    "ruang": "300/h/user",
    "darurat": "10/h/user",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Selaras"
SESSION_ENGINE = "selaras.models.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True

# --- the browser ------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

#: Where "Tutup halaman ini" leads: what anybody might be reading, here the weather.
SELARAS_LEAVE_URL = env_url("SELARAS_LEAVE_URL", "https://www.bmkg.go.id/", schemes=frozenset({"https"}))

# --- language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Jakarta"

# --- files that browsers load ---------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- what the server writes down ------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"secrets": {"()": "selaras.web.logs.HideSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"selaras": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
