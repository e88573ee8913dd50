"""Which records of this room are about a person (R15.9)."""

from collections.abc import Callable, Mapping

from django.db.models import Model, Q

from services.certificates.models import Certificate
from services.core.personal import Whose

PERSONAL: Mapping[type[Model], Callable[[Whose], Q]] = {
    Certificate: lambda whose: Q(holder_kind="person", holder_id=whose.person_id),
}
