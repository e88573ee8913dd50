"""Tells the portal about paid bills: signed, from a table, again and again until it was heard."""

import json
import logging
import threading
from datetime import datetime, timedelta

import httpx
from django.conf import settings
from django.db import Error, close_old_connections, transaction
from django.utils import timezone
from standardwebhooks import Webhook

from portal.sandbox.models import Payment

logger = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(minutes=1)
ROUND_SECONDS = 1.0
PATIENCE_SECONDS = 5.0

_bell = threading.Event()


def ring() -> None:
    """Wake the courier: there is something to tell."""
    _bell.set()


def start() -> None:
    """Let a courier walk in this process for as long as it lives; several processes do not tell twice."""
    threading.Thread(target=_walk, name="courier", daemon=True).start()


def paid_event(payment: Payment) -> dict[str, str]:
    """Return what the portal is told about a payment."""
    return {
        "type": "bill.paid",
        "bill": payment.bill,
        "amount": str(payment.amount),
        "currency": payment.currency,
        "receipt": payment.receipt,
        "paid_at": payment.paid_at.isoformat(),
    }


def tell_due_payments(*, now: datetime) -> int:
    """Try once to tell every payment that is due, and return how many the portal has heard."""
    heard = 0
    while (outcome := _tell_next(now)) is not None:
        heard += outcome
    return heard


def _tell_next(now: datetime) -> bool | None:
    """Tell one payment and return whether it was heard, or None if none is due."""
    with transaction.atomic():
        due = Payment.objects.filter(told_at__isnull=True, next_attempt_at__lte=now)
        payment = due.select_for_update(skip_locked=True).order_by("next_attempt_at").first()
        if payment is None:
            return None
        heard, payment.last_answer = _send(payment)
        payment.attempts += 1
        payment.told_at = timezone.now() if heard else None
        payment.next_attempt_at = now + _wait_after(payment.attempts)
        payment.save()
        return heard


def _wait_after(attempts: int) -> timedelta:
    return min(timedelta(seconds=2 ** min(attempts - 1, 10)), LONGEST_WAIT)


def _send(payment: Payment) -> tuple[bool, str]:
    """Return whether the portal answered with a success, and its answer."""
    body, sent_at = json.dumps(paid_event(payment)), timezone.now()
    headers = {
        "content-type": "application/json",
        # The same for every attempt, by which the portal knows a repetition.
        "webhook-id": payment.receipt,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": Webhook(settings.TREASURY_SECRET).sign(payment.receipt, sent_at, body),
    }
    address = f"{settings.PORTAL_URL}/api/v1/treasury-events"
    try:
        answer = httpx.post(address, content=body, headers=headers, timeout=PATIENCE_SECONDS)
    except httpx.HTTPError as error:
        return False, type(error).__name__
    return answer.is_success, str(answer.status_code)


def _walk() -> None:
    while True:
        _bell.wait(ROUND_SECONDS)
        _bell.clear()
        try:
            close_old_connections()
            tell_due_payments(now=timezone.now())
        except Error:
            # The database is away for a moment; the next round finds the same rows.
            logger.warning("payments could not be read; trying again")
