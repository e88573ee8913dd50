"""Paying: the treasury says that a bill is paid, in a signed event; we never hold money (R14.2, R14.3)."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.turns import save_turns
from services.cases.models import Bill, Case
from services.cases.queries.casefiles import case_files
from services.cases.turn import Act, turn_case
from services.core import acts
from services.core.refusal import Kind, Refusal
from services.ledger.actions import WORKER


class NoSuchBill(Refusal):
    """There is no such bill."""

    code = "no_such_bill"
    kind = Kind.MISSING
    sentence = "There is no such bill."


class WrongAmount(Refusal):
    """What was paid is not what was billed."""

    code = "wrong_amount"
    kind = Kind.CONFLICT
    sentence = "The amount paid is not the amount of the bill."


@transaction.atomic
def record_payment(
    *, number: str, amount: Decimal, currency: str, receipt: str, paid_at: datetime, now: datetime
) -> UUID:
    """Note that the bill is paid, and let its case go on; the same event again changes nothing. Return the case.

    The caller has checked the treasury's signature.

    :raises NoSuchBill, WrongAmount:
    """
    bill = Bill.objects.filter(number=number).first()
    if bill is None:
        raise NoSuchBill
    if (amount, currency) != (bill.amount, bill.currency):
        raise WrongAmount
    case = _locked(bill.case_id)
    bill.refresh_from_db()
    if bill.paid_at is not None:
        return case.id
    file = case_files([case], on=clock.legal_day(now))[case.id]
    bill.paid_at, bill.receipt = paid_at, receipt
    bill.save(update_fields=["paid_at", "receipt"])
    act = Act(WORKER, "paid", {"bill": bill.number})
    save_turns([turn_case(case, file, act, file=acts.pay(file))], now=now)
    return case.id


def _locked(case_id: UUID) -> Case:
    rows = Case.objects.select_for_update(of=("self",)).select_related("application__person")
    return rows.prefetch_related("application__parties").get(id=case_id)
