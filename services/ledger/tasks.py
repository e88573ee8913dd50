"""The ledger's errand."""

from celery import shared_task

from services import clock
from services.errands import Errand
from services.ledger import actions


@shared_task(name=Errand.SEAL_READINGS)
def seal_readings() -> None:
    """Seal the readings of personal data that wait for it."""
    actions.seal_readings(now=clock.now())
