"""The proof that a definition keeps its promise, for every branch and everything that can go wrong in it.

Six claims: at most one visit; nobody is told to bring paper; results come without another visit; every case ends; the
offices' days fit the limits; nothing is asked that is already held. A definition that breaks one is refused with the
applicant for whom it breaks. Visits and papers are proved without assumption; days assume that registers answer the
same day, that staff use the days they have, and that the applicant's own waiting is not counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from services.core.appointments import Centre
from services.core.branches import branches
from services.core.claims import CLAIMS, Claim, View, not_on_the_spot, proved_facts
from services.core.committed import committed
from services.core.definitions import Definition, Mode
from services.core.facts import Texts
from services.core.jurisdiction import ClockProfile
from services.core.reference import Home
from services.core.refusal import Refusal
from services.core.schedule import days_needed

__all__ = ["Badge", "Claim", "Failure", "NotProved", "Proof", "prove_definition", "proved_facts"]


class Badge(StrEnum):
    """What the service page promises."""

    NO_VISIT = "no_visit"
    OFFICER_COMES = "officer_comes"
    ONE_VISIT = "one_visit"


@dataclass(frozen=True, slots=True)
class Failure:
    """A claim that does not hold: a sentence template, its values, and the applicant for whom it breaks."""

    claim: Claim
    sentence: str
    values: Mapping[str, object] = field(hash=False)
    applicant: tuple[Texts, ...] = field(hash=False, default=())

    def told(self, language: str = "en") -> str:
        """Return the counter-example in one sentence."""
        who = "; ".join(says.get(language) or says["en"] for says in self.applicant)
        return f"{self.claim}: {self.sentence.format_map(self.values)}" + (
            f" For whom: {who}." if who else ""
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """What was shown of a definition, over how many branches; `failures` is empty when every claim holds.

    `files` and `statements` are the most that an applicant gives at filing; `days` are working days on the longest
    path.
    """

    badge: Badge
    visits: int
    files: int
    statements: int
    days: int
    branches: int
    failures: tuple[Failure, ...] = ()


class NotProved(Refusal):
    """The definition breaks a claim, so it is not published."""

    code = "not_proved"
    sentence = "{code} is not published. {counter_example}"


def prove_definition(definition: Definition, centres: Sequence[Centre], *, profile: ClockProfile) -> Proof:
    """Return the proof, or the failures each with its counter-example: the first branch in which it breaks.

    The general limits of the law come from the jurisdiction's `profile`.
    """
    views = [View(definition, branch, centres, profile) for branch in branches(definition)]
    on_the_spot = committed(definition)
    also = [View(on_the_spot, view.branch, centres, profile) for view in views] if on_the_spot else []
    failures: dict[tuple[object, ...], Failure] = {}
    for view in [*views, *also]:
        for claim, check in CLAIMS:
            for sentence, values in check(view):
                named = (value for value in values.values() if isinstance(value, str))
                found = Failure(claim, sentence, values, view.applicant)
                failures.setdefault((claim, sentence, *named), found)
    for view in also:
        for sentence, values in not_on_the_spot(view):
            failures.setdefault((sentence,), Failure(Claim.DAYS, sentence, values, view.applicant))
    visits = max(len(view.counters) for view in views)
    inspected = any(view.active_steps(Mode.INSPECTION) for view in views)
    return Proof(
        badge=Badge.ONE_VISIT if visits else Badge.OFFICER_COMES if inspected else Badge.NO_VISIT,
        visits=visits,
        files=max(view.given_at_filing(Home.UPLOAD) for view in views),
        statements=max(view.given_at_filing(Home.DECLARATION) for view in views),
        days=max(days_needed(definition, view.branch) for view in views),
        branches=len(views),
        failures=tuple(failures.values()),
    )
