"""Call registers, but not those that are known to be down: a dead register costs no worker its ten seconds twice.

The table of outages is the truth for all workers. A register that failed so often in a row rests; when the rest is
over one question at a time is let through to it, and its first answer ends the outage. Down and distrusted are alike.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from services import errands
from services.core.evidence import UNANSWERED, Outcome
from services.evidence.models import Outage
from services.evidence.queries.loaded import answers_from_loaded
from services.evidence.registries import Question, RegisterAnswer, ask_registers
from services.evidence.registries.exchange import RESTING

log = structlog.get_logger(__name__)

# A failure that was under way while the register began to rest does not lengthen the rest.
NOTE_FAILURE = """
INSERT INTO evidence_outage AS held (register, outcome, since, last_at, failures, rests_until)
VALUES (%(register)s, %(outcome)s, %(now)s, %(now)s, 1, CASE WHEN %(most)s <= 1 THEN %(now)s + %(first)s END)
ON CONFLICT (register) DO UPDATE SET
    outcome = excluded.outcome, last_at = GREATEST(held.last_at, excluded.last_at), failures = held.failures + 1,
    tried_until = NULL,
    rests_until = CASE WHEN held.failures + 1 >= %(most)s THEN
        %(now)s + LEAST(%(first)s * power(2, LEAST(held.failures + 1 - %(most)s, 16)), %(longest)s) END
WHERE held.rests_until IS NULL OR held.rests_until <= %(now)s
RETURNING failures
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the registers before they are called: which failed last, and which rest or are on trial."""

    failing: frozenset[str] = frozenset()
    resting: frozenset[str] = frozenset()
    on_trial: set[str] = field(default_factory=set)

    def lets_through(self, register: str) -> bool:
        """Return whether a question may go to the register now: on trial, only the first may."""
        if register in self.on_trial:
            self.on_trial.remove(register)
            return True
        return register not in self.resting


def call(*, questions: Sequence[Question], now: datetime) -> tuple[RegisterAnswer, ...]:
    """Return the answers in the order of the questions: what was loaded here tells first, then its register is called.

    Called outside a transaction: registers may take their time.
    """
    loaded = answers_from_loaded(questions)
    called = iter(_call([one for one, told in zip(questions, loaded, strict=True) if told is None], now))
    return tuple(told or next(called) for told in loaded)


def _call(questions: Sequence[Question], now: datetime) -> tuple[RegisterAnswer, ...]:
    """Return the registers' answers; one at rest is down without a call."""
    known = _known({one.type.code for one in questions}, now)
    goes = [known.lets_through(one.type.code) for one in questions]
    asked = [one for one, may in zip(questions, goes, strict=True) if may]
    answers = ask_registers(questions=asked)
    _note(asked, answers, known, now)
    told = iter(answers)
    return tuple(next(told) if went else RESTING for went in goes)


def _known(registers: Collection[str], now: datetime) -> Known:
    failing = dict(Outage.objects.filter(register__in=registers).values_list("register", "rests_until"))
    if not any(failing.values()):
        return Known(frozenset(failing))
    resting = frozenset(one for one, until in failing.items() if until is not None)
    return Known(frozenset(failing), resting, _taken_on_trial(resting, now))


@transaction.atomic
def _taken_on_trial(resting: Collection[str], now: datetime) -> set[str]:
    """Take those whose rest is over, each for the one who came first; others find them resting still."""
    free = Q(tried_until__isnull=True) | Q(tried_until__lte=now)
    over = Outage.objects.filter(free, register__in=resting, rests_until__lte=now)
    taken = {one.register for one in over.select_for_update(skip_locked=True)}
    # Whoever took it and died gives it back by this time.
    until = now + timedelta(seconds=2 * settings.REGISTRY_TIMEOUT_SECONDS)
    Outage.objects.filter(register__in=taken).update(tried_until=until)
    return taken


def _note(
    questions: Sequence[Question], answers: Sequence[RegisterAnswer], known: Known, now: datetime
) -> None:
    """Keep which registers failed and which answer again; one that answered anything at all has not failed."""
    outcomes: dict[str, set[Outcome]] = {}
    for question, answer in zip(questions, answers, strict=True):
        outcomes.setdefault(question.type.code, set()).add(answer.outcome)
    for register, found in sorted(outcomes.items()):
        if found <= UNANSWERED:
            _failed(register, Outcome.DISTRUSTED if Outcome.DISTRUSTED in found else Outcome.DOWN, now)
        elif register in known.failing:
            _answers_again(register, rested=register in known.resting)


def _answers_again(register: str, *, rested: bool) -> None:
    Outage.objects.filter(register=register).delete()
    if rested:
        log.info("register_answers_again", register=register)
        errands.send(errands.Errand.HASTEN_EVIDENCE, register=register)


def _failed(register: str, outcome: Outcome, now: datetime) -> None:
    numbers = {
        "most": settings.REGISTRY_FAILURES_BEFORE_REST,
        "first": timedelta(seconds=settings.REGISTRY_REST_SECONDS),
        "longest": timedelta(seconds=settings.REGISTRY_LONGEST_REST_SECONDS),
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE_FAILURE, {"register": register, "outcome": str(outcome), "now": now, **numbers})
        told = cursor.fetchone()
    if told is not None and told[0] == settings.REGISTRY_FAILURES_BEFORE_REST:
        log.warning("register_rests", register=register, outcome=str(outcome))
