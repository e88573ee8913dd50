"""The way to the treasury, where bills are paid: a signed token that says what to pay, and nothing about who pays."""

import hmac
import json
from base64 import urlsafe_b64encode

from django.conf import settings

from services.cases.queries.cases import BillView


def pay_link(bill: BillView, *, return_path: str = "") -> str:
    """Return the address of the treasury's page for this bill; `return_path` is where on the portal to go on."""
    said = {
        "bill": bill.number,
        "amount": f"{bill.amount:.2f}",
        "currency": bill.currency,
        "return_path": return_path,
    }
    payload = _without_padding(json.dumps(said).encode())
    signature = hmac.digest(settings.TREASURY_SECRET.encode(), payload.encode(), "sha256")
    return f"{settings.TREASURY_URL}/treasury/pay/{payload}.{_without_padding(signature)}"


def _without_padding(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
