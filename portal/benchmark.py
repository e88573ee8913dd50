"""How fast a case is routed, beside what both engines can do at most: prepared, measured and told as ratios."""

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import redis
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from stdnum.cn import ric

from services import clock
from services.cases.actions import drafting, routing, submission
from services.cases.models import Case
from services.catalogue import queries as catalogue
from services.core.definitions import Definition, Example, Mode
from services.core.facts import BUILT_IN, Holder
from services.core.reference import EvidenceType
from services.core.states import CaseState, Role
from services.evidence.actions import About, record_seen
from services.ledger.actions import Actor
from services.people import actions as people
from services.people import queries as persons

WORKERS = 2
ROWS_PER_TRANSACTION = 12
SETS_PER_PIPELINE = 64
# What a batch spends its time with, in its order; each ends where the function of routing's returns.
PHASES = {"case_files": "reading", "turn_case": "deciding", "save_turns": "writing", "_route": "commit"}


class Unfinished(Exception):
    """Not every case was routed to its end: there is nothing to tell a speed of."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one worker did, and for how long: seconds by phase, where it had any."""

    done: int
    seconds: float
    cpu_seconds: float = 0.0
    queries: int = 0
    phases: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the same engines take from Python in the same run, with nothing of ours in between."""

    transactions_a_second: float
    sets_a_second: float


def automatic_service() -> tuple[Definition, Example]:
    """Return a service that no person touches, with a worked example in which it is granted and nothing is asked."""
    for card in catalogue.all_cards("en"):
        definition = catalogue.definition(catalogue.current_version_id(card.code))
        automatic = all(step.mode in (Mode.AUTO, Mode.ISSUE) and not step.days for step in definition.steps)
        if automatic and _is_of_one_person(definition):
            for example in definition.examples:
                if example.ends == "granted" and not example.asks and not example.absent:
                    return definition, example
    raise LookupError("The catalogue has no service that is granted without anybody's doing.")


def _is_of_one_person(definition: Definition) -> bool:
    """Tell whether nobody else, no payment and no register comes in: what an earlier case left is all it takes."""
    alone = definition.applicant != "business" and not definition.fee and not definition.parties
    always = not any(one.when for one in definition.requirements)
    return alone and always and all(kind.about == "person" and not kind.key for kind in _needed(definition))


def _needed(definition: Definition) -> list[EvidenceType]:
    """Return the evidence that is needed by the way the definition prefers."""
    return [definition.evidence_types[code] for one in definition.requirements for code in one.any_of[0]]


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
    for kind in _needed(definition):
        about = About(application_id=uuid4(), type=kind, holder=Holder("person", person_id))
        record_seen(about=about, facts=example.facts, clerk=officer, now=clock.now())
    return persons.account(account.id)


def route_all() -> tuple[list[Measured], float]:
    """Route what was filed with so many workers at once; return what each did and the wall time of all.

    :raises Unfinished: if a case was not closed.
    """
    began = time.perf_counter()
    measured = _in_workers(_route_worker)
    wall = time.perf_counter() - began
    if left := Case.objects.exclude(state=CaseState.CLOSED).count():
        raise Unfinished(f"{left} of {Case.objects.count()} cases were not closed by routing them.")
    return measured, wall


def _route_worker() -> Measured:
    queries = 0

    def count(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*args)

    routed, began, cpu = 0, time.perf_counter(), time.process_time()
    with connection.execute_wrapper(count), _timed() as phases:
        while done := routing.route_cases(now=clock.now()):
            routed += done
    return Measured(routed, time.perf_counter() - began, time.process_time() - cpu, queries, dict(phases))


@contextmanager
def _timed() -> Iterator[Counter[str]]:
    """Tell how many seconds go into each phase of a batch, from outside: routing itself carries no stopwatch.

    A phase lasts from the end of the one before it, so that nothing in between is lost: claiming is part of reading,
    and ringing for what comes next is part of the commit.
    """
    spent: Counter[str] = Counter()
    plain = {name: getattr(routing, name) for name in PHASES}
    last = 0.0

    def timed(name: str, *args: Any, **more: Any) -> Any:
        nonlocal last
        if name == "_route":
            last = time.perf_counter()
        answer = plain[name](*args, **more)
        before, last = last, time.perf_counter()
        spent[PHASES[name]] += last - before
        return answer

    try:
        for name in PHASES:
            setattr(routing, name, partial(timed, name))
        yield spent
    finally:
        for name, function in plain.items():
            setattr(routing, name, function)


def raw_limits(seconds: float) -> Limits:
    """Measure for so many seconds each what PostgreSQL and Valkey take from as many workers at once."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE benchmark_raw (id bigserial PRIMARY KEY, at timestamptz, words text)")
    transactions = _in_workers(_raw_transactions, seconds)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE benchmark_raw")
    return Limits(_a_second(transactions), _a_second(_in_workers(_raw_sets, seconds)))


def _raw_transactions(seconds: float) -> Measured:
    """Insert twelve rows and commit, again and again."""
    rows = ",".join(["(now(), 'what one audited step of a case would write')"] * ROWS_PER_TRANSACTION)
    statement = f"INSERT INTO benchmark_raw (at, words) VALUES {rows}"  # noqa: S608 - nothing here comes from outside
    with connection.cursor() as cursor:
        return _repeated(lambda: cursor.execute(statement), 1, seconds)


def _raw_sets(seconds: float) -> Measured:
    """Set keys in pipelines as long as a batch of cases; they are gone a minute later, whatever happens."""
    key = f"benchmark:{os.getpid()}"
    with redis.Redis.from_url(settings.REDIS_URL) as valkey:
        pipeline = valkey.pipeline(transaction=False)

        def send() -> None:
            for number in range(SETS_PER_PIPELINE):
                pipeline.set(f"{key}:{number}", "what a bell would carry", ex=60)
            pipeline.execute()

        return _repeated(send, SETS_PER_PIPELINE, seconds)


def _repeated(act: Callable[[], object], counts_for: int, seconds: float) -> Measured:
    done, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        act()
        done += counts_for
    return Measured(done, time.perf_counter() - began)


def _a_second(measured: Sequence[Measured]) -> float:
    return sum(one.done / one.seconds for one in measured)


def _in_workers(work: Callable[..., Measured], *args: Any) -> list[Measured]:
    """Run the work in forked processes, each with a connection of its own."""
    connection.close()
    context = multiprocessing.get_context("fork")
    with context.Pool(WORKERS) as pool:
        return [one.get() for one in [pool.apply_async(work, args) for _ in range(WORKERS)]]


def report(definition: Definition, measured: Sequence[Measured], wall: float, limits: Limits) -> list[str]:
    """Return the figures as lines to print."""
    cases = Case.objects.count()
    rate, cpu = cases / wall, sum(one.cpu_seconds for one in measured) / cases * 1000
    queries = sum(one.queries for one in measured) / cases
    phases = {
        name: sum(one.phases.get(name, 0) for one in measured) / cases * 1000 for name in PHASES.values()
    }
    of_postgres, of_valkey = rate / limits.transactions_a_second, rate / limits.sets_a_second
    return [
        f"{cases} cases of {definition.code}, {len(definition.steps)} steps, evidence held, all closed; "
        f"{WORKERS} workers, batches of {routing.BATCH}, load average {os.getloadavg()[0]:.1f}",
        f"routed from submitted to closed   {rate:8.0f} cases/s   {cpu:6.2f} ms of worker CPU a case   "
        f"{queries:5.2f} queries a case",
        f"where the time goes               {', '.join(f'{name} {ms:.2f}' for name, ms in phases.items())} ms a case",
        f"PostgreSQL, 12-row transactions   {limits.transactions_a_second:8.0f} tx/s      ratio {of_postgres:.3f}",
        f"Valkey, pipelined SETs            {limits.sets_a_second:8.0f} SET/s     ratio {of_valkey:.5f}",
    ]
