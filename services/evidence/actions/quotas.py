"""How much may be sent: files to an application, and bytes by an account in a day."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Sum

from services.core.refusal import Kind, Refusal
from services.evidence.models import SentPage, Upload

A_DAY = timedelta(days=1)


class TooManyUploads(Refusal):
    """The application has as many files as it may have."""

    code = "too_many_uploads"
    kind = Kind.TOO_MANY
    sentence = "An application can have {most} files at the most."


class TooManyBytes(Refusal):
    """The account has sent as much as it may in a day."""

    code = "too_many_bytes"
    kind = Kind.TOO_MANY
    sentence = (
        "You have sent {most} MB within a day, as much as we take. Go on tomorrow, or send smaller photos."
    )


def check_quota(*, application_id: UUID, account_id: UUID, now: datetime, coming: int = 0) -> None:
    """Do nothing if one more file may be sent; `coming`: the bytes that are announced.

    :raises TooManyUploads, TooManyBytes:
    """
    most = settings.UPLOAD_MOST_PER_APPLICATION
    on_the_way = SentPage.objects.filter(application_id=application_id).count() if coming else 0
    if Upload.objects.filter(application_id=application_id).count() + on_the_way >= most:
        raise TooManyUploads(most=most)
    if _sent_within_a_day(account_id, now) + max(coming, 1) > settings.UPLOAD_MOST_BYTES_PER_DAY:
        raise TooManyBytes(most=settings.UPLOAD_MOST_BYTES_PER_DAY // 1024**2)


def _sent_within_a_day(account_id: UUID, now: datetime) -> int:
    sent = Upload.objects.filter(uploaded_by=account_id, uploaded_at__gt=now - A_DAY)
    arriving = SentPage.objects.filter(account_id=account_id)
    return (sent.aggregate(all=Sum("size"))["all"] or 0) + (arriving.aggregate(all=Sum("length"))["all"] or 0)
