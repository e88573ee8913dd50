"""How fast a case is routed, beside what the same engines can do at most: prepared, measured and told as ratios."""

import multiprocessing
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.db import connection
from stdnum.cn import ric

from services import clock
from services.cases.actions import drafting, routing, submission
from services.catalogue import queries as catalogue
from services.core.definitions import Definition, Example, Mode
from services.core.facts import BUILT_IN, Holder
from services.core.states import Role
from services.evidence.actions import About, record_seen
from services.ledger.actions import Actor
from services.people import actions as people
from services.people import queries as persons

WORKERS = 2
ROWS_PER_TRANSACTION = 12
SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What one worker did."""

    cases: int
    seconds: float
    cpu_seconds: float
    queries: int


def automatic_service() -> tuple[Definition, Example]:
    """Return a service that no person touches, with a worked example in which it is granted and nothing is asked."""
    for card in catalogue.all_cards("en"):
        definition = catalogue.definition(catalogue.current_version_id(card.code))
        automatic = all(step.mode in (Mode.AUTO, Mode.ISSUE) and not step.days for step in definition.steps)
        if automatic and definition.applicant != "business" and not definition.fee and not definition.parties:
            for example in definition.examples:
                if example.ends == "granted" and not example.asks and not example.absent:
                    return definition, example
    raise LookupError("The catalogue has no service that is granted without anybody's doing.")


def prepare(cases: int, people_count: int) -> Definition:
    """File so many applications of people whose evidence we hold; return the service."""
    definition, example = automatic_service()
    viewers = [_person(number, definition, example) for number in range(people_count)]
    asked = {question.fact for question in definition.questions}
    answers = {fact: value for fact, value in example.facts.items() if fact in asked and fact not in BUILT_IN}
    for number in range(cases):
        viewer, now = viewers[number % len(viewers)], clock.now()
        application = drafting.start_application(viewer=viewer, services=[definition.code], now=now)
        drafting.answer_questions(viewer=viewer, application_id=application, answers=answers, now=now)
        submission.submit_application(viewer=viewer, application_id=application, now=now)
    return definition


def _person(number: int, definition: Definition, example: Example) -> persons.AccountView:
    """Enter a made-up person, with the evidence that this service requires already seen by a clerk."""
    account = get_user_model().objects.create_user(username=f"benchmark-{number:05}")
    born = date(1980, 1, 1) + timedelta(days=number // 1000)
    digits = f"990100{born:%Y%m%d}{number % 1000:03}"
    identity = people.Identity(
        number=digits + ric.calc_check_digit(f"{digits}0"),
        document_kind="resident_id",
        full_name="Made Up",
        birth_date=born,
    )
    person_id = people.bind_account(account_id=account.id, identity=identity, now=clock.now())
    officer = Actor(uuid4(), Role.CLERK, "Benchmark")
    for one in definition.requirements:
        kind = definition.evidence_types[one.any_of[0][0]]
        about = About(application_id=uuid4(), type=kind, holder=Holder("person", person_id))
        record_seen(about=about, facts=example.facts, clerk=officer, now=clock.now())
    return persons.account(account.id)


def route_all() -> tuple[list[Measured], float]:
    """Route what was filed with so many workers at once; return what each did and the wall time of all."""
    began = time.perf_counter()
    measured = _in_workers(_route_worker)
    return measured, time.perf_counter() - began


def _route_worker() -> Measured:
    queries = 0

    def count(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*args)

    routed, began, cpu = 0, time.perf_counter(), time.process_time()
    with connection.execute_wrapper(count):
        while done := routing.route_cases(now=clock.now()):
            routed += done
    return Measured(routed, time.perf_counter() - began, time.process_time() - cpu, queries)


def raw_limit() -> float:
    """Return the transactions per second of the same PostgreSQL from Python, each one insert of twelve rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS benchmark_raw (id bigserial PRIMARY KEY, at timestamptz, words text)"
        )
    measured = _in_workers(_raw_worker)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE benchmark_raw")
    return sum(one.cases / one.seconds for one in measured)


def _raw_worker() -> Measured:
    rows = ",".join(["(now(), 'what one audited step of a case would write')"] * ROWS_PER_TRANSACTION)
    statement = f"INSERT INTO benchmark_raw (at, words) VALUES {rows}"  # noqa: S608 - nothing here comes from outside
    done, began, cpu = 0, time.perf_counter(), time.process_time()
    with connection.cursor() as cursor:
        while time.perf_counter() - began < SECONDS:
            cursor.execute(statement)
            done += 1
    return Measured(done, time.perf_counter() - began, time.process_time() - cpu, done)


def _in_workers(work: Callable[[], Measured]) -> list[Measured]:
    """Run the work in forked processes, each with a connection of its own."""
    connection.close()
    context = multiprocessing.get_context("fork")
    with context.Pool(WORKERS) as pool:
        return [one.get() for one in [pool.apply_async(work) for _ in range(WORKERS)]]


def report(definition: Definition, measured: list[Measured], wall: float, raw: float) -> list[str]:
    """Return the figures as lines to print."""
    cases = sum(one.cases for one in measured)
    rate, cpu = cases / wall, sum(one.cpu_seconds for one in measured) / cases * 1000
    queries = sum(one.queries for one in measured) / cases
    load = os.getloadavg()[0]
    return [
        f"{cases} cases of {definition.code}, {len(definition.steps)} steps, evidence held, {WORKERS} workers, "
        f"batches of {routing.BATCH}",
        f"routed from submitted to closed   {rate:8.0f} cases/s   {cpu:6.2f} ms of worker CPU a case   "
        f"{queries:5.2f} queries a case",
        f"raw 12-row transactions           {raw:8.0f} tx/s       same PostgreSQL, same run, {WORKERS} connections",
        f"ratio                             {rate / raw:8.2f}   (load average {load:.1f})",
    ]
