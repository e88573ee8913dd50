"""Bills as the portal hands them over: a signed token that says what to pay, and nothing about who pays.

A token is `payload.signature`, both in base64url without padding. The payload is a JSON object such as
{"bill": "…", "amount": "80.00", "currency": "CNY", "return_path": "/…"}; the last is optional and says where
on the portal to go on. The signature is HMAC-SHA256 over the payload as it stands in the token, with the
UTF-8 of TREASURY_SECRET as the key.
"""

import binascii
import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from decimal import Decimal

from portal.sandbox.gate import Refused

AMOUNT = re.compile(r"[0-9]{1,9}\.[0-9]{2}")
BILL = re.compile(r"[0-9A-Za-z-]{1,80}")
CURRENCY = re.compile(r"[A-Z]{3}")
# A path on the portal itself: `//host` and `/\host` would lead elsewhere.
RETURN_PATH = re.compile(r"(/(?![/\\])[\w./-]{0,200})?")


@dataclass(frozen=True, slots=True)
class Bill:
    """What is to be paid, and where on the portal to go on afterwards."""

    number: str
    amount: Decimal
    currency: str
    return_path: str


def read_bill(token: str, *, secret: str) -> Bill:
    """Return the bill inside a token.

    :raises Refused: if the token was not made with our secret, or does not hold a bill.
    """
    payload, _, signature = token.partition(".")
    if not hmac.compare_digest(_signature(payload, secret), signature.encode()):
        raise Refused("This bill was not issued by the portal, or was changed on the way.", 403)
    try:
        said = json.loads(urlsafe_b64decode(payload + "=="))
    except (binascii.Error, ValueError):
        said = {}
    patterns = {"bill": BILL, "amount": AMOUNT, "currency": CURRENCY, "return_path": RETURN_PATH}
    found = {name: str(said.get(name, "")) for name in patterns}
    if not all(pattern.fullmatch(found[name]) for name, pattern in patterns.items()):
        raise Refused("This bill cannot be read.")
    return Bill(found["bill"], Decimal(found["amount"]), found["currency"], found["return_path"])


def _signature(payload: str, secret: str) -> bytes:
    return urlsafe_b64encode(hmac.digest(secret.encode(), payload.encode(), "sha256")).rstrip(b"=")
