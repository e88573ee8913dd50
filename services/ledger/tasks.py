"""The ledger's errand."""

from celery import shared_task

from services import clock
from services.errands import Errand
from services.ledger import actions


@shared_task(name=Errand.SEAL_READINGS)
def seal_readings() -> None:
    """Seal the readings of personal data that wait for it."""
    # As many batches as there are: what is read in a busy minute must not pile up behind the seal.
    while actions.seal_readings(now=clock.now()) == actions.SEALED_AT_ONCE:
        continue
