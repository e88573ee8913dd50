"""How the portal logs: one JSON line a matter, with the request's id, and without anybody's personal data."""

import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

# PostgreSQL and Python quote the offending row or value after these words; rows hold personal data.
QUOTED = re.compile(r"(DETAIL:|CONTEXT:|Failing row contains|Key \().*", re.DOTALL)
LEFT_OUT = "[quoted row left out]"
PERSONAL_KEYS = frozenset({"ip", "user_agent", "query", "body"})

STACK_TRACES = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=30)
)


def without_personal_data(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop what could name a person: addresses of callers, query strings, rows quoted by the database."""
    for key in PERSONAL_KEYS & event.keys():
        del event[key]
    if isinstance(event.get("request"), str):
        event["request"] = event["request"].partition("?")[0]
    for key in ("event", "error"):
        if isinstance(event.get(key), str):
            event[key] = QUOTED.sub(LEFT_OUT, event[key])
    for raised in event.get("exception") or ():
        raised["exc_value"] = QUOTED.sub(LEFT_OUT, raised["exc_value"])
    return event


SHARED = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    STACK_TRACES,
    without_personal_data,
)


def configure() -> None:
    """Let structlog hand its lines to the standard library, so that all lines leave by one way."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def logging_settings(level: str) -> dict[str, Any]:
    """Return Django's LOGGING: everything to standard output, as JSON."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json", "stream": sys.stdout}},
        "root": {"handlers": ["out"], "level": level},
        "loggers": {
            # The middleware logs each request once, with its stack trace; Django's own lines repeat it.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"level": "ERROR"},
            "celery.beat": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
        },
    }
