"""Looking into commitments after the decision: who is drawn, does a register agree, what follows (R4.9-R4.11)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from services.core.clocks import add_months
from services.core.facts import Value
from services.core.jurisdiction import Law
from services.core.refusal import Mistake, Refusal

# A number drawn for a case lies below this.
SPREAD = 2**64


class ClosedTooLong(Refusal):
    """A finding closes the commitment route for so long at the most (R4.11)."""

    code = "closed_too_long"
    sentence = "The commitment route is closed for {most} months at the most, or not at all."


def is_drawn(draw: int, rate: str) -> bool:
    """Return whether an officer looks into a case, by the number drawn for it and the share of its matter (R4.9).

    The same number and share always say the same; whoever does not know the number cannot tell.
    """
    return Decimal(draw) < Decimal(rate) * SPREAD


def agrees(stated: Mapping[str, Value], told: Mapping[str, Value]) -> bool:
    """Return whether what a register tells is what was committed to: no fact that both know differs."""
    return all(told[fact] == value for fact, value in stated.items() if told.get(fact) is not None)


def closed_until(found_on: date, months: int | None, law: Law) -> date | None:
    """Return until when no commitment is taken in the matter after a finding; None for not at all (R4.11).

    :raises ClosedTooLong: for more months than the law has.
    """
    most = law.profile.commitment_bar_most_months
    wanted = law.profile.commitment_bar_months if months is None else months
    if not 0 <= wanted <= most:
        mistake = Mistake("closed_months", ClosedTooLong.sentence, {"most": most})
        raise ClosedTooLong(errors=[mistake], most=most)
    return add_months(found_on, wanted) if wanted else None
