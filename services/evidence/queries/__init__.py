"""Questions about evidence: what is held and known, and the papers applicants gave."""

from services.evidence.queries.corrections import CorrectionView, correction, corrections
from services.evidence.queries.disputes import DisputeView, disputed_types, disputes
from services.evidence.queries.holdings import (
    KnownFact,
    applications_about,
    attempts,
    confirmed,
    evidence_of,
    held,
    holders_in,
    known_facts,
)
from services.evidence.queries.pages import PageView, page, pages
from services.evidence.queries.papers import (
    CopyMark,
    NoSuchUpload,
    RecordToMend,
    SignedDeclaration,
    StoredFile,
    UploadView,
    commitment_before,
    declarations,
    file,
    records_to_mend,
    uploads,
)
from services.evidence.queries.proofs import Proof, proofs
from services.evidence.queries.tries import Ended, Try, tries
from services.evidence.wording import DeclarationText, Declared, compose_declaration

__all__ = [
    "CopyMark",
    "CorrectionView",
    "DeclarationText",
    "Declared",
    "DisputeView",
    "Ended",
    "KnownFact",
    "NoSuchUpload",
    "PageView",
    "Proof",
    "RecordToMend",
    "SignedDeclaration",
    "StoredFile",
    "Try",
    "UploadView",
    "applications_about",
    "attempts",
    "commitment_before",
    "compose_declaration",
    "confirmed",
    "correction",
    "corrections",
    "declarations",
    "disputed_types",
    "disputes",
    "evidence_of",
    "file",
    "held",
    "holders_in",
    "known_facts",
    "page",
    "pages",
    "proofs",
    "records_to_mend",
    "tries",
    "uploads",
]
