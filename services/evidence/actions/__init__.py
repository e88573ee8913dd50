"""Acts about evidence: fetch, declare, upload, see, and what the applicant says of it."""

from services.evidence.actions.correcting import (
    hear_verdict,
    keep_verdict,
    send_correction,
)
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
from services.evidence.actions.keeping import About, OfficersOnly, Reader
from services.evidence.actions.originals import record_seen
from services.evidence.actions.pages import (
    Announced,
    NoSuchPage,
    NothingSent,
    Place,
    StillArriving,
    WrongOffset,
    arrived,
    begin_page,
    clear_pages,
    discard_old_pages,
    move_page,
    receive,
    remove_page,
)
from services.evidence.actions.previews import (
    AlreadyDisputed,
    NoSuchEvidence,
    ReasonForDispute,
    Said,
    confirm,
    dispute,
)
from services.evidence.actions.quarantine import (
    application_of,
    clear_quarantine,
    keep_finding,
    look_at,
    quarantine,
    waiting_copies,
)
from services.evidence.actions.quotas import TooManyBytes, TooManyUploads
from services.evidence.actions.uploads import (
    AlreadyChecked,
    CopyNotScanned,
    NoCopyTaken,
    SentFile,
    UploadFoundWanting,
    UploadHarmful,
    check_upload,
    open_upload,
    upload,
)
from services.evidence.registries.correcting import Verdict

__all__ = [
    "About",
    "AlreadyChecked",
    "AlreadyDisputed",
    "Announced",
    "CopyNotScanned",
    "NoCopyTaken",
    "NoSuchDeclaration",
    "NoSuchEvidence",
    "NoSuchPage",
    "NotDeclarable",
    "NothingSent",
    "OfficersOnly",
    "Place",
    "Reader",
    "ReasonForDispute",
    "Said",
    "SentFile",
    "Signature",
    "StillArriving",
    "TextHasChanged",
    "TooManyBytes",
    "TooManyUploads",
    "UploadFoundWanting",
    "UploadHarmful",
    "Verdict",
    "Wanted",
    "WrongOffset",
    "application_of",
    "arrived",
    "begin_page",
    "check_upload",
    "clear_pages",
    "clear_quarantine",
    "confirm",
    "discard_old_pages",
    "dispute",
    "forget",
    "hear_verdict",
    "keep_finding",
    "keep_verdict",
    "look_at",
    "move_page",
    "obtain",
    "open_upload",
    "quarantine",
    "receive",
    "record_seen",
    "remove_page",
    "send_correction",
    "state",
    "upload",
    "waiting_copies",
    "withdraw_declaration",
]
