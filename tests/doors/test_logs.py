"""The logs say what happened, in one JSON line, and nothing about anybody."""

import io
import json
import logging
import logging.config

import pytest
import structlog
from django.db import IntegrityError, connection

from portal import logs

CANARY = "Zhang Canary"


@pytest.fixture
def written() -> io.StringIO:
    """What the portal's own settings of logging write."""
    stream = io.StringIO()
    chosen = logs.logging_settings("INFO")
    chosen["handlers"]["out"]["stream"] = stream
    handler = logging.config.DictConfigurator(chosen)
    handler.configure()
    yield stream
    logging.config.dictConfig(logs.logging_settings("WARNING"))


def lines(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_carries_its_time_its_level_and_its_words(written):
    structlog.get_logger("portal.test").info("case_routed", case="c-1")

    (line,) = lines(written)
    assert (line["event"], line["level"], line["case"]) == ("case_routed", "info", "c-1")
    assert line["timestamp"].endswith("Z")


def test_query_strings_and_callers_addresses_are_left_out(written):
    structlog.get_logger("portal.test").info(
        "request_finished", request=f"GET /search?name={CANARY}", ip="192.0.2.1", user_agent=CANARY
    )

    (line,) = lines(written)
    assert line["request"] == "GET /search"
    assert not {"ip", "user_agent"} & line.keys()


@pytest.mark.django_db(transaction=True)
def test_a_row_the_database_quotes_is_left_out(written):
    try:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE kept (name text PRIMARY KEY)")
            for _ in range(2):
                cursor.execute("INSERT INTO kept VALUES (%s)", [CANARY])
    except IntegrityError as error:
        logging.getLogger("celery.app.trace").exception("Task raised unexpected: %s", error)
    finally:
        connection.close()

    assert CANARY not in written.getvalue()
    assert "duplicate key value violates unique constraint" in written.getvalue()
