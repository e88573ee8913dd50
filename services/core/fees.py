"""Money the applicant owes: one bill, one line for each item of the law, to the treasury, never to us."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from services.core.definitions import FeeItem
from services.core.jurisdiction import Law
from services.core.refusal import Mistake, Refusal

CENT = Decimal("0.01")


class FeeNotLawful(Refusal):
    """A fee that no law names cannot be charged."""

    code = "fee_not_lawful"
    sentence = "This fee cannot be charged."


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item of a bill: a published amount, how often it is charged, and the law that allows it (R14.1)."""

    item: str
    amount: Decimal
    legal_basis: str
    quantity: Decimal = Decimal(1)

    @property
    def total(self) -> Decimal:
        """The rounded price of the line."""
        return rounded(self.amount * self.quantity)


@dataclass(frozen=True, slots=True)
class Bill:
    """What an application costs, all its services together (R14.3)."""

    total: Decimal
    lines: tuple[Line, ...]
    currency: str


@dataclass(frozen=True, slots=True)
class FeeClock:
    """The days of a bill: payable until `due_on`, then reminded of, and after the last day lapsed (R14.3)."""

    due_on: date
    last_day: date


def rounded(amount: Decimal) -> Decimal:
    """Return the amount to the cent, half a cent upwards."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def bill(lines: Iterable[Line], *, currency: str) -> Bill:
    """Return one bill for all the lines; no lines make a bill over nothing, since licensing is free (R14.1).

    :raises FeeNotLawful: naming every line without a legal basis or with an amount that cannot be charged.
    """
    lines = tuple(lines)
    if mistakes := tuple(_mistakes(lines)):
        raise FeeNotLawful(errors=mistakes)
    return Bill(total=sum((line.total for line in lines), Decimal("0.00")), lines=lines, currency=currency)


def bill_for(fee: FeeItem, *, service: str, currency: str) -> Bill:
    """Return the bill of one case: the published amount of its service, on the legal basis that stands with it.

    :raises FeeNotLawful: without a legal basis or with an amount that cannot be charged.
    """
    line = Line(item=service, amount=Decimal(fee.amount), legal_basis=fee.legal_basis)
    return bill([line], currency=currency)


def fee_clock(billed_on: date, law: Law) -> FeeClock:
    """Return the days of a bill: working days to pay it, and again after the reminder (R14.3)."""
    due_on = law.working_days(billed_on, law.profile.fee_days)
    return FeeClock(due_on, law.working_days(due_on, law.profile.fee_grace_days))


def _mistakes(lines: Sequence[Line]) -> Iterator[Mistake]:
    for number, line in enumerate(lines):
        if not line.legal_basis.strip():
            yield Mistake(f"lines.{number}.legal_basis", "Name the law that allows this fee.")
        if not line.amount.is_finite() or line.amount < 0:
            yield Mistake(f"lines.{number}.amount", "An amount is a number, and not less than nothing.")
        if not line.quantity.is_finite() or line.quantity <= 0:
            yield Mistake(f"lines.{number}.quantity", "A quantity is a number above nothing.")
