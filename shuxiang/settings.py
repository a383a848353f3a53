"""One settings file, read from the environment.

Every variable that an operator may set is listed in docs/运维手册.md.
"""

from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from notices.channels import channels_of
from shuxiang.content_policy import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY
from shuxiang.environment import count, env, flag, kept_secret
from shuxiang.kept_forms import KEPT_FORMS as KEPT_FORMS

BASE_DIR = Path(__file__).resolve().parent.parent
# Database, media, static files and the broker's folders of one instance live
# here, so that two instances with different folders never meet.
DATA_DIR = Path(env.str("SHUXIANG_DATA", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
PRODUCTION = flag("SHUXIANG_PRODUCTION", default=False)
DEBUG = flag("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG 不能在生产环境（SHUXIANG_PRODUCTION=1）中打开。")
SECRET_KEY = env.str("SECRET_KEY", default="") or ("" if PRODUCTION else kept_secret(DATA_DIR / "secret_key"))
if not SECRET_KEY:
    raise ImproperlyConfigured("生产环境必须设置环境变量 SECRET_KEY。")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "shuxiang.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "js_lib_bootstrap5",
    "shuxiang.apps.ShuxiangConfig",
    "organization",
    "notices",
    "reading",
    "activities",
    "submissions",
    "assessment",
    "programme",
]

MIDDLEWARE = [
    "shuxiang.middleware.HeadersMiddleware",
    "shuxiang.middleware.SizeMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "organization.middleware.AddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "organization.middleware.IdleMiddleware",
    "organization.middleware.PasswordMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "shuxiang.urls"
WSGI_APPLICATION = "shuxiang.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- database ---------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
DATABASE = DATABASES["default"]
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    # Writers queue instead of failing: an immediate lock, and a long wait for it.
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        # Temporary files, among them the undo notes of single statements, are kept in memory: no crash needs them.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000;"
        # What is deleted is overwritten: the sheets of a questionnaire leave no older order behind.
        " PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;",
    }
else:
    DATABASE["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASE["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# --- people and sessions ----------------------------------------------------

AUTH_USER_MODEL = "organization.Cadre"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "organization.passwords.OfficePasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("employee_number", "name", "phone")}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]  # fmt: skip
AUTHENTICATION_BACKENDS = ["organization.services.locks.LockBackend", "organization.backends.CadreBackend"]
# 0 days: a password never expires.
PASSWORD_DAYS = count("SHUXIANG_PASSWORD_DAYS", default=90, least=0)
IDLE_MINUTES = count("SHUXIANG_IDLE_MINUTES", default=30, least=2)
LOCK_FAILURES = count("SHUXIANG_LOCK_FAILURES", default=5, least=1)
LOCK_MINUTES = count("SHUXIANG_LOCK_MINUTES", default=15, least=1)
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

# --- language ---------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- files ------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
# Nothing is ever served from MEDIA_ROOT by address: the media view checks permission first.
MEDIA_URL = "media/"
# Where nginx finds MEDIA_ROOT under an internal address, it sends the files: X-Accel-Redirect.
MEDIA_ACCEL = env.str("MEDIA_ACCEL", default="")
STATIC_MANIFEST = flag("SHUXIANG_STATIC_MANIFEST", default=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o640
# Files on their way in; on the same disk as those that stay. What killed processes leave there is tidied.
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "tmp"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True, mode=0o700)
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "shuxiang.uploads.SpoolHandler"]

# Of one request as a whole; what a form takes, it says itself.
REQUEST_MAX_BYTES = count("REQUEST_MAX_BYTES", default=110 * 1024 * 1024, least=1024 * 1024)
# Of one form without its files: a text much too long is told at its field, not refused as a whole.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# Limits of the files of works, shown beside their fields. Pictures that cannot be decoded at a smaller size take
# more memory and may have fewer pixels.
AUDIO_MAX_BYTES = count("AUDIO_MAX_BYTES", default=100 * 1024 * 1024, least=1024)
AUDIO_MAX_MINUTES = count("AUDIO_MAX_MINUTES", default=60, least=1)
IMAGE_MAX_BYTES = count("IMAGE_MAX_BYTES", default=20 * 1024 * 1024, least=1024)
IMAGE_MAX_PIXELS = count("IMAGE_MAX_PIXELS", default=50_000_000, least=10_000)
IMAGE_MAX_WHOLE_PIXELS = count("IMAGE_MAX_WHOLE_PIXELS", default=24_000_000, least=10_000)
IMAGE_MAX_SIDE = count("IMAGE_MAX_SIDE", default=12_000, least=100)
DOCUMENT_MAX_BYTES = count("DOCUMENT_MAX_BYTES", default=10 * 1024 * 1024, least=1024)
DOCUMENT_MAX_UNZIPPED_BYTES = count("DOCUMENT_MAX_UNZIPPED_BYTES", default=50 * 1024 * 1024, least=1024)
# Of a file of a digital resource (电子书、有声书).
DIGITAL_MAX_BYTES = count("DIGITAL_MAX_BYTES", default=100 * 1024 * 1024, least=1024)
# Of a file that is handed out with an activity, a theme or a call; of an office document, what it holds unzipped too.
MATERIAL_MAX_BYTES = count("MATERIAL_MAX_BYTES", default=50 * 1024 * 1024, least=1024)
MATERIAL_MAX_UNZIPPED_BYTES = count("MATERIAL_MAX_UNZIPPED_BYTES", default=200 * 1024 * 1024, least=1024)
TEXT_MAX_CHARACTERS = count("TEXT_MAX_CHARACTERS", default=20_000, least=1)
# Seconds by the clock until a file or a register must have been read: while somebody waits for it, and in the
# background. On a busy server they are far more than those of the processor, which have limits of their own.
FILE_PATIENCE, FILE_PATIENCE_IN_BACKGROUND = 60, 400
# Days in which somebody named on a collective work answers alone; then the liaison may, with a reason.
CONFIRM_DAYS = count("CONFIRM_DAYS", default=7, least=0)
# Working days until a suggestion or complaint from the box must be answered, by the holiday table.
FEEDBACK_REPLY_DAYS = count("FEEDBACK_REPLY_DAYS", default=10, least=1, most=250)
# Limits of one register or workbook that comes in.
WORKBOOK_MAX_BYTES = env.int("WORKBOOK_MAX_BYTES", default=10 * 1024 * 1024)
WORKBOOK_MAX_WEB_ROWS = env.int("WORKBOOK_MAX_WEB_ROWS", default=20_000)
WORKBOOK_MAX_UNZIPPED_BYTES = env.int("WORKBOOK_MAX_UNZIPPED_BYTES", default=100 * 1024 * 1024)
# A workbook of more people is written in the background: about this many take two seconds.
WORKBOOK_PEOPLE_AT_ONCE = env.int("WORKBOOK_PEOPLE_AT_ONCE", default=500)

# --- background work --------------------------------------------------------

BROKER_DIR = DATA_DIR / "broker"
# With any broker: the clock keeps here when it rang last.
BROKER_DIR.mkdir(parents=True, exist_ok=True)
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost")
if CELERY_BROKER_URL.startswith("filesystem://"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "processed_folder": str(BROKER_DIR / "processed"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": True,
    }
    for folder in ("queue", "processed", "control"):
        (BROKER_DIR / folder).mkdir(exist_ok=True)
    # With files a pool shares one pipe under one lock: a killed child keeps it, and the others wait for ever.
    CELERY_WORKER_POOL = "solo"
else:
    # A page must not hang on a broker that does not answer.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
        "max_retries": 1,
        "interval_start": 0,
    }
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
# Rows hold the results; nobody sends commands to the worker.
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULE_FILENAME = str(BROKER_DIR / "schedule")
# Files whose locks say who is at work, where the database has no locks of its own.
LOCKS_DIR = DATA_DIR / "locks"

# Whether links of digital resources are asked once a week if they still answer.
DIGITAL_LINK_CHECK = flag("DIGITAL_LINK_CHECK", default=True)

# --- notices outward ---------------------------------------------------------

# Addresses of apprise, separated by blanks; none means that nothing leaves the portal.
NOTICE_DIGEST_URLS = env.str("NOTICE_DIGEST_URLS", default="").split()
channels_of(NOTICE_DIGEST_URLS)  # stops the start on nonsense
NOTICE_DIGEST_HOUR = count("NOTICE_DIGEST_HOUR", default=8, least=0, most=23)
# Where people log in, as the digest says it.
PORTAL_ADDRESS = env.str("PORTAL_ADDRESS", default="")

# --- safety -----------------------------------------------------------------

# The proxy's X-Forwarded-* headers count only where there is one: otherwise anybody could send them.
BEHIND_PROXY = flag("BEHIND_PROXY", default=False)
X_FRAME_OPTIONS = "DENY"
# Locked by person and address together: by the address alone one colleague locks out the office.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_FAILURE_LIMIT = LOCK_FAILURES
AXES_COOLOFF_TIME = timedelta(minutes=LOCK_MINUTES)
AXES_RESET_ON_SUCCESS = True
# Trying on does not prolong the lock.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_HANDLER = "organization.services.locks.LockHandler"
AXES_USERNAME_CALLABLE = "organization.services.locks.lock_key"
AXES_CLIENT_IP_CALLABLE = "organization.services.audit.client_address"
AXES_LOCKOUT_CALLABLE = "organization.services.locks.keep_page"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken"]
# Access events are our own table, and locks our own page of the admin.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = flag("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
    SECURE_HSTS_PRELOAD = flag("SECURE_HSTS_PRELOAD", default=True)
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"discreet": {"()": "shuxiang.logs.Discreet"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]}},
    "loggers": {"axes": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
