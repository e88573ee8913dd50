"""Every setting of the sandbox, each read once from the environment; for tests and demonstrations only."""

import os
from datetime import date
from pathlib import Path

import dj_database_url
from environs import FileAwareEnv, validate

from portal import engines

BASE_DIR = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent

# The words both sides must agree on stand in the same file as the portal's.
env = FileAwareEnv()
if os.environ.get("ENVIRONMENT") != "test":
    env.read_env(str(BASE_DIR / ".env"), recurse=False)

# Where the embedded engines live, when no address of another server is set.
VAR_DIR = Path(env.str("VAR_DIR", "") or BASE_DIR / "var")

# --- The world it stands in for --------------------------------------------------------------------------

# What can be known about people and businesses, and by which registers: read as data, at seeding only.
CATALOGUE_DIR = Path(env.str("CATALOGUE_DIR", "") or BASE_DIR / "services" / "catalogue" / "definitions")
# The day the made-up world stands still at, and the word all its chance comes from.
WORLD_DATE: date = env.date("SANDBOX_WORLD_DATE", date(2026, 3, 1))
WORLD_SEED = env.str("SANDBOX_SEED", "onevisit")
# How many live in it: `large` (2,500 people, 500 businesses), or `small`, which is quick to set up for tests.
WORLD_SIZE = env.str("SANDBOX_SIZE", "large", validate=validate.OneOf(("large", "small")))

# --- Who it speaks with ----------------------------------------------------------------------------------

PORTAL_URL = env.str("PORTAL_URL", "http://localhost:8000").rstrip("/")
# Who asks a register or moves a switch shows this word.
SANDBOX_TOKEN = env.str("SANDBOX_TOKEN", "") or env.str("REGISTRY_TOKEN", "sandbox-token")
# Signs bills on the way in and paid events on the way out; the portal has the same one.
TREASURY_SECRET = env.str("TREASURY_SECRET", "whsec_c2FuZGJveC10cmVhc3VyeS1zZWNyZXQtb25seS1mb3ItdGVzdHM=")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", "portal")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", "portal-secret")
# The one password of every made-up person.
PEOPLE_PASSWORD = env.str("SANDBOX_PASSWORD", "made-up-person")

# --- Django ----------------------------------------------------------------------------------------------

SECRET_KEY = env.str("SANDBOX_SECRET_KEY", "the sandbox keeps nothing that is worth a secret")
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "portal.sandbox.urls"
WSGI_APPLICATION = "portal.sandbox.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
APPEND_SLASH = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.idp.oidc",
    "portal.sandbox",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.sandbox.identity.ForgetWhoWasVouchedFor",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# The same server as the portal's, in a schema of its own.
SCHEMA = "sandbox"
_address = env.str("DATABASE_URL", "") or engines.addresses(VAR_DIR).database_url
DATABASES = {"default": dj_database_url.parse(_address, conn_max_age=60)}
DATABASES["default"].setdefault("OPTIONS", {})["options"] = f"-c search_path={SCHEMA}"

# Authorization codes pass through the cache, and every web process must find them.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "sandbox_cache"}}

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# Cookies do not tell ports apart: on one host the portal's must not be overwritten.
SESSION_COOKIE_NAME = "sandbox_session"
CSRF_COOKIE_NAME = "sandbox_csrf"

# Signing in here sends the browser on to the portal, which browsers count as part of the form's way.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "form-action": ["'self'", PORTAL_URL],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# --- The identity provider -------------------------------------------------------------------------------

AUTH_USER_MODEL = "sandbox.Resident"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["portal.sandbox.identity.PublicPasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "portal.sandbox.identity.NoNewAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
# A demonstration signs in hundreds of people from one machine.
ACCOUNT_RATE_LIMITS = False
IDP_OIDC_ADAPTER = "portal.sandbox.identity.IdentityClaims"
OIDC_REDIRECT_PATH = "/accounts/oidc/identity/login/callback/"
