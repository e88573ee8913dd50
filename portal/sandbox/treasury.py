"""The treasury: a page where a bill is paid, and the same for machines; the portal never holds money."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from portal.sandbox import courier
from portal.sandbox.bills import Bill, read_bill
from portal.sandbox.gate import Refused, answered, read_object
from portal.sandbox.models import Payment


@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Show a bill with a button that pays it, or the receipt once it is paid."""
    try:
        bill = read_bill(token, secret=settings.TREASURY_SECRET)
        if request.method == "POST":
            settle_bill(bill, now=timezone.now())
            return redirect("treasury-pay", token=token)
        payment = _payment_of(bill)
    except Refused as refusal:
        return render(request, "sandbox/refused.html", {"sentence": refusal}, status=refusal.status)
    return render(
        request,
        "sandbox/bill.html",
        {"bill": bill, "payment": payment, "back": settings.PORTAL_URL + bill.return_path},
    )


@csrf_exempt
@require_POST
def payments(request: HttpRequest) -> HttpResponse:
    """Pay a bill for a machine that holds its token; paying it again returns the same receipt."""
    return answered(_pay_by_machine, request)


def _pay_by_machine(request: HttpRequest) -> JsonResponse:
    bill = read_bill(str(read_object(request).get("token", "")), secret=settings.TREASURY_SECRET)
    payment, is_new = settle_bill(bill, now=timezone.now())
    return JsonResponse(courier.paid_event(payment), status=201 if is_new else 200)


def settle_bill(bill: Bill, *, now: datetime) -> tuple[Payment, bool]:
    """Record a bill as paid, once, and have the portal told; return the payment and whether it is a new one.

    :raises Refused: if the bill was paid before with another amount.
    """
    with transaction.atomic():
        payment, is_new = Payment.objects.get_or_create(
            bill=bill.number,
            defaults={
                "amount": bill.amount,
                "currency": bill.currency,
                "receipt": _receipt(bill),
                "paid_at": now,
                "next_attempt_at": now,
            },
        )
        transaction.on_commit(courier.ring)
    _check_same(payment, bill)
    return payment, is_new


def _payment_of(bill: Bill) -> Payment | None:
    payment = Payment.objects.filter(bill=bill.number).first()
    if payment is not None:
        _check_same(payment, bill)
    return payment


def _check_same(payment: Payment, bill: Bill) -> None:
    if (payment.amount, payment.currency) != (bill.amount, bill.currency):
        raise Refused("This bill was already paid, with another amount.", 409)


def _receipt(bill: Bill) -> str:
    digest = hashlib.sha256(f"{bill.number}|{bill.amount}|{bill.currency}".encode()).hexdigest()
    return f"R-{digest[:20].upper()}"
