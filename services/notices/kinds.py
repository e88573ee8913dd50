"""The kinds of letter there are, and what each must be told before it can be written (R2.7, R2.16, R14.6)."""

from collections.abc import Mapping
from enum import StrEnum


class NoticeKind(StrEnum):
    """What a letter tells; its text stands in `templates/notices/<language>/<kind>.txt`."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    CORRECTION_REQUESTED = "correction_requested"
    EVIDENCE_ASKED = "evidence_asked"
    VISIT_NEEDED = "visit_needed"
    VISIT_BOOKED = "visit_booked"
    VISIT_MISSED = "visit_missed"
    VISIT_CANCELLED = "visit_cancelled"
    VISIT_PUT_OFF = "visit_put_off"
    VISIT_REMINDER = "visit_reminder"
    FEE_DUE = "fee_due"
    FEE_REMINDER = "fee_reminder"
    GRANTED = "granted"
    REFUSED = "refused"
    ISSUED = "issued"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    DECLINED = "declined"
    SIGNATURE_ASKED = "signature_asked"
    EVIDENCE_DISPUTED = "evidence_disputed"
    RECORD_CORRECTED = "record_corrected"
    RECORD_KEPT = "record_kept"
    OVERDUE_REASON = "overdue_reason"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    CERTIFICATE_CHANGED = "certificate_changed"
    CERTIFICATE_SHOWN = "certificate_shown"
    CERTIFICATE_ENDS = "certificate_ends"
    DEEMED_RENEWED = "deemed_renewed"
    PROMISE_DUE = "promise_due"
    PROMISE_EXTENDED = "promise_extended"
    PROMISE_RECEIVED = "promise_received"
    COMMITMENT_UNTRUE = "commitment_untrue"
    COMMITMENT_HEARD = "commitment_heard"
    HANDLING_STOPPED = "handling_stopped"
    GRANT_REVOKED = "grant_revoked"
    IDENTITY_CODE = "identity_code"
    READING_ANSWERED = "reading_answered"
    REQUEST_ANSWERED = "request_answered"
    DRAFT_ENDING = "draft_ending"
    VISIT_OVER = "visit_over"
    RATING_HEARD = "rating_heard"
    RATING_ANSWERED = "rating_answered"
    NOT_DONE_ANSWERED = "not_done_answered"
    ACTED_FOR = "acted_for"
    OUTCOMES = "outcomes"


# Of every letter about a matter: the number of the case or application, and the code of the service. The authority
# (`organisation`) is the office that leads the service, if no other is named.
ALWAYS = ("case", "service")
# Letters to a person about themselves, which no case or application stands behind.
ABOUT_ONESELF = (NoticeKind.IDENTITY_CODE, NoticeKind.READING_ANSWERED)

# Texts are told per language (`{"en": …, "zh": …}`), reasons so or as codes of `services.notices.reasons`.
# `agent` is the id of an account, `deeds` are codes of `services.core.acting.Done`.
# `until` and what ends in `_on` is a day, what ends in `_at` a moment, both in ISO form.
NEEDED: Mapping[NoticeKind, tuple[str, ...]] = {
    NoticeKind.CORRECTION_REQUESTED: ("items", "until"),
    NoticeKind.EVIDENCE_ASKED: ("items",),
    NoticeKind.VISIT_NEEDED: ("until",),
    NoticeKind.VISIT_BOOKED: ("centre", "starts_at"),
    NoticeKind.VISIT_MISSED: ("until",),
    NoticeKind.VISIT_CANCELLED: ("centre", "starts_at"),
    NoticeKind.VISIT_PUT_OFF: ("centre", "starts_at", "ready_on"),
    NoticeKind.VISIT_REMINDER: ("centre", "address", "starts_at", "code"),
    NoticeKind.FEE_DUE: ("amount", "until", "legal_basis"),
    NoticeKind.FEE_REMINDER: ("amount", "until"),
    NoticeKind.REFUSED: ("reasons", "legal_basis"),
    NoticeKind.DECLINED: ("reasons",),
    NoticeKind.RECORD_CORRECTED: ("name",),
    NoticeKind.RECORD_KEPT: ("name",),
    NoticeKind.OVERDUE_REASON: ("reasons",),
    NoticeKind.PAUSED: ("pause", "days", "legal_basis", "until"),
    NoticeKind.RESUMED: ("until",),
    NoticeKind.EXTENDED: ("days", "until"),
    NoticeKind.CERTIFICATE_CHANGED: ("certificate", "name", "change", "reasons", "legal_basis"),
    NoticeKind.CERTIFICATE_SHOWN: ("certificate", "name", "looked_at"),
    NoticeKind.CERTIFICATE_ENDS: ("certificate", "name", "until"),
    NoticeKind.DEEMED_RENEWED: ("name", "until", "legal_basis"),
    NoticeKind.PROMISE_DUE: ("items", "until"),
    NoticeKind.PROMISE_EXTENDED: ("items", "until"),
    NoticeKind.PROMISE_RECEIVED: ("items",),
    NoticeKind.COMMITMENT_UNTRUE: ("items", "legal_basis", "until"),
    NoticeKind.COMMITMENT_HEARD: ("items", "reasons"),
    NoticeKind.HANDLING_STOPPED: ("reasons", "legal_basis"),
    NoticeKind.GRANT_REVOKED: ("items", "legal_basis"),
    NoticeKind.IDENTITY_CODE: ("organisation",),
    NoticeKind.READING_ANSWERED: ("organisation", "read_on"),
    NoticeKind.REQUEST_ANSWERED: ("reasons",),
    NoticeKind.DRAFT_ENDING: ("until",),
    NoticeKind.VISIT_OVER: ("centre", "came_on"),
    NoticeKind.RATING_HEARD: ("until",),
    NoticeKind.ACTED_FOR: ("agent", "deeds"),
    NoticeKind.OUTCOMES: ("outcomes",),
}


def missing_values(kind: NoticeKind, values: Mapping[str, object]) -> tuple[str, ...]:
    """Return what a letter of this kind was not told."""
    always = () if kind in ABOUT_ONESELF else ALWAYS
    return tuple(name for name in (*always, *NEEDED.get(kind, ())) if not values.get(name))
