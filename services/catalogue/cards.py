"""What a service's card shows, as publishing copies it from the definition onto the service."""

from decimal import Decimal

from services.core.definitions import Definition


def card_fields(definition: Definition) -> dict[str, object]:
    """Return the values of the card's fields of `PublicService`."""
    return {
        "name": dict(definition.name),
        "summary": dict(definition.summary),
        "kind": definition.kind,
        "audience": definition.audience,
        "promised_days": definition.promised,
        "fee": Decimal(definition.fee.amount) if definition.fee else None,
    }
