"""Acts about evidence: fetch, declare, upload, see, and what the applicant says of it."""

from services.evidence.actions.declarations import (
    NoSuchDeclaration,
    NotDeclarable,
    Signature,
    TextHasChanged,
    state,
    withdraw_declaration,
)
from services.evidence.actions.fetching import Wanted, obtain
from services.evidence.actions.forgetting import forget
from services.evidence.actions.keeping import About, OfficersOnly, Reader, key_index
from services.evidence.actions.originals import record_seen
from services.evidence.actions.previews import (
    AlreadyDisputed,
    NoSuchEvidence,
    ReasonForDispute,
    Said,
    confirm,
    dispute,
)
from services.evidence.actions.uploads import (
    AlreadyChecked,
    NoCopyTaken,
    SentFile,
    TooManyUploads,
    UploadFoundWanting,
    check_upload,
    open_upload,
    upload,
)

__all__ = [
    "About",
    "AlreadyChecked",
    "AlreadyDisputed",
    "NoCopyTaken",
    "NoSuchDeclaration",
    "NoSuchEvidence",
    "NotDeclarable",
    "OfficersOnly",
    "Reader",
    "ReasonForDispute",
    "Said",
    "SentFile",
    "Signature",
    "TextHasChanged",
    "TooManyUploads",
    "UploadFoundWanting",
    "Wanted",
    "check_upload",
    "confirm",
    "dispute",
    "forget",
    "key_index",
    "obtain",
    "open_upload",
    "record_seen",
    "state",
    "upload",
    "withdraw_declaration",
]
