"""Bills over the wire, and the treasury's word that one is paid."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from standardwebhooks import Webhook, WebhookVerificationError

from portal import treasury
from portal.api.cases import CaseDoor
from portal.api.errors import NotSignedByTreasury
from portal.api.operations import Door, operation
from portal.api.parsers import read_json
from portal.api.shapes import CharField, ChoiceField, DateTimeField, Money
from portal.api.shapes import cases as shapes
from services import clock
from services.cases.actions import paying, reading
from services.cases.actions.paying import NoSuchBill


class PaidEvent(serializers.Serializer):
    """That a bill was paid, and when on the treasury's own clock; written in the treasury's way, not in ours."""

    type = ChoiceField(choices=["bill.paid"])
    bill = CharField(max_length=80)
    amount = Money()
    currency = CharField(max_length=3)
    receipt = CharField(max_length=80)
    paid_at = DateTimeField()


class CaseBill(CaseDoor):
    """The bill of a case."""

    @operation("Read the bill of a case", tells=shapes.PayableBill, raises=[NoSuchBill])
    def get(self, case_id: UUID) -> dict[str, Any]:
        """What is to be paid, by which law, and where."""
        bill = reading.open_view(**self.asked(case_id)).bill
        if bill is None:
            raise NoSuchBill
        return {**asdict(bill), "payment_link": treasury.pay_link(bill)}


class TreasuryEvents(Door):
    """What the treasury tells."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes: list[Any] = []
    parser_classes: list[Any] = []

    @extend_schema(
        summary="Hear that a bill was paid", request=PaidEvent, responses={204: None}, auth=[],
        description="For the treasury: signed as Standard Webhooks says, told again until it was heard.",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Believe the signature, not the sender; the same event again changes nothing."""
        body = request._request.body
        _check_signature(body, dict(request.headers))
        event = PaidEvent(data=read_json(body))
        event.is_valid(raise_exception=True)
        paid = event.validated_data
        paying.record_payment(
            number=paid["bill"], amount=paid["amount"], currency=paid["currency"],
            receipt=paid["receipt"], paid_at=paid["paid_at"], now=clock.now(),
        )  # fmt: skip
        return Response(status=204)


def _check_signature(body: bytes, headers: dict[str, str]) -> None:
    """Do nothing if the treasury signed this, within the last five minutes of real time.

    :raises NotSignedByTreasury: otherwise.
    """
    try:
        Webhook(settings.TREASURY_SECRET).verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError) as error:
        raise NotSignedByTreasury from error
