"""Acts about people: who an account belongs to, which business it represents, and mandates."""

from services.people.actions.businesses import (
    BusinessRecord,
    NotItsRepresentative,
    bind_business,
    found_business,
    record_named_business,
)
from services.people.actions.codes import (
    AT_THE_COUNTER,
    BindingCodeRefused,
    IdentityDiffers,
    IssuedCode,
    OnlyAtTheCounter,
    bind_by_code,
    issue_binding_code,
)
from services.people.actions.identity import (
    AccountBoundElsewhere,
    BirthDateImplausible,
    Identity,
    NotForStaff,
    WhoAreYou,
    bind_account,
    record_named,
    record_person,
)
from services.people.actions.mandates import (
    MandateChanged,
    MandateRefused,
    MandateTerms,
    NoSuchMandate,
    accept_mandate,
    end_mandate,
    expect_mandate,
    grant_mandate,
)

__all__ = [
    "AT_THE_COUNTER",
    "AccountBoundElsewhere",
    "BindingCodeRefused",
    "BirthDateImplausible",
    "BusinessRecord",
    "Identity",
    "IdentityDiffers",
    "IssuedCode",
    "MandateChanged",
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
    "expect_mandate",
    "found_business",
    "grant_mandate",
    "issue_binding_code",
    "record_named",
    "record_named_business",
    "record_person",
]
