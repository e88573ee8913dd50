"""Every setting of the portal, each read once from the environment; `.env.example` explains them all."""

import base64
import logging
import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import FileAwareEnv, validate

from portal import engines, logs, registers_file, safety
from portal.api import configuration

BASE_DIR = Path(__file__).resolve().parent.parent

env = FileAwareEnv()  # each NAME may also be given as NAME_FILE, the path of a file that holds it
if os.environ.get("ENVIRONMENT") != "test":
    env.read_env(str(BASE_DIR / ".env"), recurse=False)

ENVIRONMENT = env.str(
    "ENVIRONMENT", "development", validate=validate.OneOf(["development", "test", "production"])
)
PRODUCTION, TESTING = ENVIRONMENT == "production", ENVIRONMENT == "test"
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var"))).resolve()
DEBUG = env.bool("DEBUG", False)


def _own_secret(name: str) -> str:
    """Return a secret of this installation; outside production one is made at first use, under var/."""
    given: str = env.str(name, "")
    if given or PRODUCTION:
        return given
    return engines.secret_for(VAR_DIR, name)


SECRET_KEY = _own_secret("SECRET_KEY")

# --- Where the portal answers ----------------------------------------------------------------------------

SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
_site = urlsplit(SITE_URL)
SECURE = _site.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [_site.hostname or "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [SITE_URL])
USE_PROXY = env.bool("USE_PROXY", False)  # a proxy in front ends TLS and sets X-Forwarded-Proto
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

# --- The engines -----------------------------------------------------------------------------------------

EMBEDDED = not (env.str("DATABASE_URL", "") and env.str("REDIS_URL", ""))
_engines = engines.addresses(VAR_DIR) if EMBEDDED and not PRODUCTION else None
DATABASES = {
    "default": {
        **dj_database_url.parse(
            env.str("DATABASE_URL", "") or (_engines.database_url if _engines else "postgresql://")
        ),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
}
# No statement may hold a row, a lock or an open transaction for longer than a person waits for a page.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
    "-c lock_timeout=5000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000"
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "") or (_engines.redis_url if _engines else "")
CACHES = {
    "default": {
        "BACKEND": "portal.cache.ForgivingCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "onevisit",
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
}

# --- What it is made of ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "portal",
    "services.cases",
    "services.visits",
    "services.evidence",
    "services.certificates",
    "services.notices",
    "services.people",
    "services.catalogue",
    "services.ledger",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.idp.oidc",
    "django_htmx",
    "django_structlog",
    "pgtrigger",
    "csp",
]

MIDDLEWARE = [
    "portal.api.errors.ProblemDetails",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "portal.unreadable.Unreadable",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.refusals.RefusalPages",
    "django_structlog.middlewares.RequestMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.words.signed_in_as",
                "portal.helping.helping",
                "portal.demonstration_mark.demonstration",
            ],
        },
    }
]

# Pages say so when people, businesses and applications are made up.
DEMONSTRATION = env.bool("DEMONSTRATION", False)

# --- Languages and time ----------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("ug", "ئۇيغۇرچە")]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
# What a visit cost people before, the way and the wait, in hours: an assumption, shown with what it gives.
VISIT_HOURS_BEFORE = env.float("VISIT_HOURS_BEFORE", 3)
JURISDICTION_ZONE = env.str("JURISDICTION_ZONE", "Asia/Shanghai")  # in which legal days begin and end
TIME_ZONE = JURISDICTION_ZONE  # what pages show; the database keeps UTC
ALLOW_CLOCK_SHIFT = env.bool("ALLOW_CLOCK_SHIFT", not PRODUCTION)  # the demonstration moves the legal clock

# --- The catalogue, and the systems outside --------------------------------------------------------------

CATALOGUE_DIR = Path(
    env.str("CATALOGUE_DIR", str(BASE_DIR / "services" / "catalogue" / "definitions"))
).resolve()
REGISTRY_URL = env.str("REGISTRY_URL", "http://localhost:8001").rstrip("/")
REGISTRY_TIMEOUT_SECONDS = env.float("REGISTRY_TIMEOUT_SECONDS", 10.0)  # all tries together
REGISTRY_TRIES = env.int("REGISTRY_TRIES", 3)
# A register that failed so often in a row is left alone, longer each time it fails again.
REGISTRY_FAILURES_BEFORE_REST = env.int("REGISTRY_FAILURES_BEFORE_REST", 3)
REGISTRY_REST_SECONDS = env.float("REGISTRY_REST_SECONDS", 30.0)
REGISTRY_LONGEST_REST_SECONDS = env.float("REGISTRY_LONGEST_REST_SECONDS", 300.0)
# Whether REGISTRY_URL may lie in our own network, as an exchange platform or the sandbox does.
REGISTRY_PRIVATE_NETWORK = env.bool("REGISTRY_PRIVATE_NETWORK", not PRODUCTION)
TREASURY_URL = env.str("TREASURY_URL", REGISTRY_URL).rstrip("/")
OIDC_ISSUER = env.str("OIDC_ISSUER", REGISTRY_URL).rstrip("/")
# What the sandbox, which stands in for them, knows too; production refuses these words.
SANDBOX_WORDS = {
    "REGISTRY_TOKEN": "sandbox-token",
    "OIDC_CLIENT_SECRET": "portal-secret",
    "TREASURY_SECRET": "whsec_c2FuZGJveC10cmVhc3VyeS1zZWNyZXQtb25seS1mb3ItdGVzdHM=",
}
REGISTRY_TOKEN = env.str("REGISTRY_TOKEN", SANDBOX_WORDS["REGISTRY_TOKEN"])
# Where other registers are: docs/how-to/add-a-register.md.
REGISTERS = registers_file.read(env.str("REGISTERS_FILE", ""), env)
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", SANDBOX_WORDS["OIDC_CLIENT_SECRET"])
# The treasury signs its paid events with this (standardwebhooks: whsec_ and base64).
TREASURY_SECRET = env.str("TREASURY_SECRET", SANDBOX_WORDS["TREASURY_SECRET"])

# --- Keys ------------------------------------------------------------------------------------------------


def _field_keys() -> dict[str, bytes]:
    """Return the keys of encrypted fields by their id; the first encrypts, the others still decrypt."""
    keys = env.dict("FIELD_KEYS", {})
    if not keys and not PRODUCTION:
        return {"dev": bytes.fromhex(_own_secret("FIELD_KEY"))}
    try:
        return {name: base64.b64decode(key, validate=True) for name, key in keys.items()}
    except ValueError as error:
        raise ImproperlyConfigured("FIELD_KEYS: each key is base64, as in id=base64,id=base64.") from error


FIELD_KEYS = _field_keys()
# Equal identity numbers are found by a keyed hash of them, which no change of FIELD_KEYS may alter.
FIELD_INDEX_KEY = _own_secret("FIELD_INDEX_KEY").encode()
# The key that seals certificates (P-256 or Ed25519), and certificates of it, which a PDF's seal carries;
# outside production both are made at first use.
SEAL_KEY_FILE = Path(env.str("SEAL_KEY_FILE", str(VAR_DIR / "keys" / "seal.pem")))
SEAL_CERTIFICATE_FILE = Path(env.str("SEAL_CERTIFICATE_FILE", str(SEAL_KEY_FILE.with_suffix(".crt"))))

# --- Who comes in ----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Only staff have passwords, and administrators make their accounts; everybody else comes by OpenID Connect.
ACCOUNT_ADAPTER = "portal.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
# A demonstration signs in dozens of made-up officers from one address.
_SIGN_INS = env.str("SIGN_IN_RATE", "60/m/ip" if PRODUCTION else "1200/m/ip")
ACCOUNT_RATE_LIMITS = {"login": _SIGN_INS, "login_failed": "20/m/ip,5/5m/key"}
if TESTING:
    ACCOUNT_RATE_LIMITS = {"login": False}

SOCIALACCOUNT_ADAPTER = "portal.sign_in.IdentityAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "identity",
                "name": "Identity of the prefecture",
                "client_id": env.str("OIDC_CLIENT_ID", "portal"),
                "secret": OIDC_CLIENT_SECRET,
                "settings": {"server_url": OIDC_ISSUER, "scope": ["openid", "identity"]},
            }
        ],
    }
}

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "OneVisit"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
USERSESSIONS_TRACK_ACTIVITY = False  # a session is listed so that it can be ended, not followed

# Other systems and the desk's own software hold tokens we issue, each with the scopes of its role.
IDP_OIDC_PRIVATE_KEY = env.str("IDP_OIDC_PRIVATE_KEY", "")
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 3600

SESSION_COOKIE_NAME = "__Host-session" if SECURE else "onevisit-session"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "onevisit-csrf"
CSRF_COOKIE_HTTPONLY = True  # forms carry the token themselves

# --- What browsers may do with our pages -----------------------------------------------------------------

_SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": [*_SELF, "data:"],
        "font-src": _SELF,
        "connect-src": _SELF,
        "manifest-src": _SELF,
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        # Signing in is a form of ours that leads on to the identity provider: browsers check both addresses.
        "form-action": [*_SELF, "{0.scheme}://{0.netloc}".format(urlsplit(OIDC_ISSUER))],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if USE_PROXY else None
X_FRAME_OPTIONS = "DENY"

# --- Files -----------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("UPLOADS_DIR", str(VAR_DIR / "uploads"))).resolve()  # never served by address
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if TESTING:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_AUTOREFRESH = True
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
UPLOAD_MAX_BYTES = 10 * 1024 * 1024
UPLOAD_MAX_PAGES = 30  # files that make one piece of evidence together
UPLOAD_MAX_TOGETHER = 4 * UPLOAD_MAX_BYTES  # bytes of all of them
UPLOAD_MOST_PER_APPLICATION = env.int("UPLOAD_MOST_PER_APPLICATION", 60)
UPLOAD_MOST_BYTES_PER_DAY = env.int("UPLOAD_MOST_BYTES_PER_DAY", 200 * 1024 * 1024)  # of one account
CLAIMS_MOST_OPEN = env.int("CLAIMS_MOST_OPEN", 10)  # that wait for an answer, of one account
UPLOAD_SCANNER = env.str("UPLOAD_SCANNER", "")  # clamd: tcp://host:3310 or unix:///run/clamav/clamd.ctl
if UPLOAD_SCANNER and not UPLOAD_SCANNER.startswith(("tcp://", "unix:///")):
    raise ImproperlyConfigured("UPLOAD_SCANNER is neither tcp://host:port nor unix:///path.")
UPLOAD_SCANNER_SECONDS = env.float("UPLOAD_SCANNER_SECONDS", 5.0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # all of a request but its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = UPLOAD_MAX_PAGES

# --- REST ------------------------------------------------------------------------------------------------

REST_FRAMEWORK = configuration.rest_framework(proxies=1 if USE_PROXY else 0)
SPECTACULAR_SETTINGS = configuration.DOCUMENT
API_RATES = {
    "account": env.str("API_RATE_ACCOUNT", "3000/min"),
    "address": env.str("API_RATE_ADDRESS", "600/min"),
    "guess": env.str("API_RATE_GUESS", "30/min"),  # of what could be guessed, such as check codes
}
if TESTING:
    API_RATES = {}

# --- Workers: the database is the truth, the broker is a doorbell ----------------------------------------

# Celery names a unix socket otherwise than redis-py does.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 2,
    "socket_connect_timeout": 0.5,
    "health_check_interval": 30,
    "retry_on_timeout": False,
    # An act that cannot ring goes on at once; the sweep finds its case.
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_WORKER_CONCURRENCY = env.int("WORKER_PROCESSES", 2)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kilobytes
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10

# --- Logs ------------------------------------------------------------------------------------------------

DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = None
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_DEFAULT_LOG_LEVEL = logging.DEBUG
LOGGING = logs.logging_settings(env.str("LOG_LEVEL", "WARNING" if TESTING else "INFO"))
logs.configure()

# --- What production refuses -----------------------------------------------------------------------------

if PRODUCTION and (_refused := safety.complaints(globals())):
    raise ImproperlyConfigured("A production portal does not start like this:\n- " + "\n- ".join(_refused))
