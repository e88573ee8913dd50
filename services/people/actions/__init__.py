"""Acts about people: who an account belongs to, which business it represents, and mandates."""

from services.people.actions.businesses import (
    BusinessRecord,
    NotItsRepresentative,
    bind_business,
    found_business,
)
from services.people.actions.identity import (
    AccountBoundElsewhere,
    BindingCodeRefused,
    BirthDateImplausible,
    Identity,
    NotForStaff,
    OnlyAtTheCounter,
    WhoAreYou,
    bind_account,
    bind_by_code,
    issue_binding_code,
    record_named,
    record_person,
)
from services.people.actions.mandates import (
    MandateRefused,
    MandateTerms,
    NoSuchMandate,
    accept_mandate,
    end_mandate,
    grant_mandate,
)

__all__ = [
    "AccountBoundElsewhere",
    "BindingCodeRefused",
    "BirthDateImplausible",
    "BusinessRecord",
    "Identity",
    "MandateRefused",
    "MandateTerms",
    "NoSuchMandate",
    "NotForStaff",
    "NotItsRepresentative",
    "OnlyAtTheCounter",
    "WhoAreYou",
    "accept_mandate",
    "bind_account",
    "bind_business",
    "bind_by_code",
    "end_mandate",
    "found_business",
    "grant_mandate",
    "issue_binding_code",
    "record_named",
    "record_person",
]
