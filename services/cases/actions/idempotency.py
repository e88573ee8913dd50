"""Requests of other systems that may come twice: what was asked under a key, and what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from services.cases.models import IdempotencyKey
from services.core.refusal import Kind, Refusal
from services.ledger import looking

KEPT = timedelta(hours=24)
# No request is worked on for so long: a process that died over it has had no effect, and the key is free again.
GIVEN_UP = timedelta(minutes=2)


class KeyUsedOtherwise(Refusal):
    """The key came before with another request."""

    code = "idempotency_key_reused"
    sentence = "This Idempotency-Key was used for another request. Take a new one."


class StillRunning(Refusal):
    """The same request is being worked on."""

    code = "still_running"
    kind = Kind.CONFLICT
    sentence = "The same request is still being worked on. Try again in a moment."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered: a status, the headers that belong to it, and a body in plain JSON form."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = field(default=None, repr=False)


@transaction.atomic
def begin(*, account_id: UUID, key: str, digest: str, now: datetime) -> Answer | None:
    """Take the key for this request, or return what was answered to it before. `now` is real time.

    :raises KeyUsedOtherwise: if the account used the key for another request within a day.
    :raises StillRunning: while the same request is being worked on.
    """
    ours = IdempotencyKey.objects.filter(account_id=account_id)
    ours.filter(asked_at__lte=now - KEPT).delete()
    ours.filter(key=key, status=None, asked_at__lte=now - GIVEN_UP).delete()
    known, is_new = IdempotencyKey.objects.get_or_create(
        account_id=account_id, key=key, defaults={"request_digest": digest, "asked_at": now}
    )
    if is_new:
        return None
    if known.request_digest != digest:
        raise KeyUsedOtherwise
    if known.status is None:
        raise StillRunning
    with looking.unseen():  # what this very account was answered before, once more
        return Answer(status=known.status, headers=known.answer["headers"], body=known.answer["body"])


def finish(*, account_id: UUID, key: str, answer: Answer) -> None:
    """Keep the answer, in the caller's transaction: it is kept if, and only if, its effect is."""
    row = IdempotencyKey.objects.get(account_id=account_id, key=key)
    row.status, row.answer = answer.status, {"headers": dict(answer.headers), "body": answer.body}
    row.save(update_fields=["status", "answer"])


def abandon(*, account_id: UUID, key: str) -> None:
    """Give the key back: nothing was done under it."""
    IdempotencyKey.objects.filter(account_id=account_id, key=key, status=None).delete()
