"""The registers of names: a name is kept for whoever asks for it first, so that no second one is told it is free."""

from django.db import transaction
from django.db.models import Q

from portal.sandbox.models import Business, Record, Register

# What each of them says of a name, and where else it may already be kept for somebody.
TAKEN = {
    "company-names": "application.company_name_taken",
    "trade-names": "application.trade_name_taken",
}
KEPT_IN = {"company-names": ("company-names", "company-name-reservation"), "trade-names": ("trade-names",)}


@transaction.atomic
def keep_name(register: Register, *, kind: str, number: str, name: str) -> Record:
    """Return the register's entry of this name for the one who asks: it is theirs, or somebody else has it."""
    # One at a time: of two who ask at once, the second must find the first.
    Register.objects.select_for_update().get(pk=register.pk)
    entry, _ = Record.objects.get_or_create(
        register=register.code,
        holder_kind=kind,
        holder_number=number,
        key=name,
        defaults={"facts": {TAKEN[register.code]: _is_taken(register.code, number, name)}},
    )
    return entry


def _is_taken(register: str, number: str, name: str) -> bool:
    kept = Record.objects.filter(register__in=KEPT_IN[register], key__iexact=name)
    borne = Business.objects.filter(Q(name__iexact=name) | Q(name_latin__iexact=name))
    return kept.exclude(holder_number=number).exists() or borne.exclude(uscc=number).exists()
