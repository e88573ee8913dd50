"""Where the law says nothing of an order, none matters; and what begins later is never due earlier."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import permutations
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.core import acts
from services.core.casefile import CaseFile, StepOutcome
from services.core.claims import Claim
from services.core.deadlines import acceptance_ends, fee_ends, patience_ends
from services.core.definitions import Mode
from services.core.evidence import Standing
from services.core.routing import route_case
from tests.core.a_service import answered, definition, held, law, proof_of, received, requirement, shelf, step
from tests.core.lives import World, applicants, events, route_at_rest
from tests.core.test_proof_by_enumeration import DOMAINS, read_table, small_tables

BOUNDED = settings(
    max_examples=120, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
MOST_TURNS = 30
Happening = Callable[[CaseFile], CaseFile]
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 1))


def _independent(case: CaseFile) -> Iterator[Happening]:
    """Yield what can happen to the case at the same time: offices that are done, and a fee that is paid."""
    for code, record in case.steps.items():
        if record.outcome is StepOutcome.OPEN and case.definition.step[code].mode is not Mode.AUTO:
            counter = case.definition.step[code].mode is Mode.COUNTER
            end = acts.attend_visit if counter else acts.end_step
            yield lambda there, code=code, end=end: end(there, step=code, outcome=StepOutcome.DONE)
    if case.fee_due and case.fee_asked_on is not None:
        yield acts.pay


def _outcome(case: CaseFile) -> tuple[Any, ...]:
    ends = {code: record.outcome for code, record in case.steps.items()}
    return case.state, case.verdict, case.concern, case.visits, case.fee_paid, ends


@BOUNDED
@given(small_tables(), st.randoms(use_true_random=False))
def test_offices_at_work_side_by_side_may_end_in_any_order(written: dict[str, Any], chance: Any) -> None:
    service = read_table(written)
    if any(failure.claim is Claim.ENDS for failure in proof_of(service).failures):
        return
    used = {fact: values for fact, values in DOMAINS.items() if fact in str(service.conditions)}
    world = World(service, law(), chance.choice(list(applicants(used))), frozenset({"person.birth_date"}))
    case = world.received()
    for _ in range(MOST_TURNS):
        route = route_at_rest(case, law())
        several = list(_independent(route.case))
        if 1 < len(several) < 4 and not any(
            one.standing is Standing.FETCHING for one in route.case.unsettled
        ):
            outcomes = [_outcome(_all(route.case, order)) for order in permutations(several)]
            assert outcomes == outcomes[:1] * len(outcomes)
        nexts = [] if route.case.ended else list(events(world, route))
        if not nexts:
            return
        case = chance.choice(nexts)


def _all(case: CaseFile, happenings: tuple[Happening, ...]) -> CaseFile:
    """Return the case after all of these, routed after each; what ended meanwhile is not done any more."""
    for happening in happenings:
        case = route_case(happening(case), law()).case if not case.ended else case
    return case


def test_registers_may_answer_in_any_order() -> None:
    service = definition(step("look", "review"), requirement=[requirement("deed"), requirement("household")])
    deed, home = (
        (held("deed"), answered("deed", "found")),
        (held("household"), answered("household", "found")),
    )

    def after(*order: Any) -> CaseFile:
        case, things = received(service), []
        for one in order:
            things += one
            case = route_case(case.after(shelves={"applicant": shelf(*things)}), law()).case
        return case

    assert _outcome(after(deed, home)) == _outcome(after(home, deed))


@settings(max_examples=200, derandomize=True, database=None, deadline=None)
@given(start=DAYS, later=st.integers(0, 60), days=st.integers(0, 60), more=st.integers(0, 20))
def test_what_begins_later_or_takes_longer_is_never_due_earlier(
    start: date, later: int, days: int, more: int
) -> None:
    case = received(definition(step("look", "review")), on=start).after(received_on=start)
    after = case.after(received_on=start + timedelta(days=later))

    assert law().working_days(start, days) <= law().working_days(start + timedelta(days=later), days + more)
    assert fee_ends(start, law()) <= fee_ends(start + timedelta(days=later), law())
    assert acceptance_ends(case, law()) <= acceptance_ends(after, law())
    assert patience_ends(case, law()) <= patience_ends(after, law())
    assert start <= acceptance_ends(case, law())
