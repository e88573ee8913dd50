"""Results are handed over: to the applicant or whom they sent, on the web or printed at a counter (R11.2, R11.6).

To come for a paper is nobody's duty: it is there on the web, and a visit for it is counted for nothing (R8.3, R8.8).
"""

from datetime import datetime
from uuid import UUID

from services import clock
from services.cases.actions.acting import note_acted
from services.cases.actions.reading import open_visit_result
from services.cases.queries.handed_over import result_for
from services.certificates.actions import papers
from services.certificates.actions.papers import PaperFile
from services.certificates.queries import CertificateView
from services.core.acting import Done
from services.ledger import looking
from services.people.queries import AccountView


def hand_over(
    *, viewer: AccountView, case_id: UUID, certificate_id: UUID, language: str, now: datetime
) -> PaperFile:
    """Return what was issued in a case as a sealed PDF, to its applicant, an agent, or a helper who prints it.

    What an agent receives is told to whom it is for.

    :raises NoSuchCase: if there is none, or it may not be seen.
    :raises NoSuchCertificate: if nothing of this name was issued in it, or a helper has no hand in it.
    :raises services.people.queries.NotInYourMandate: without the power to receive.
    :raises services.certificates.actions.papers.NoPaperInLanguage, NoPaperOfIt:
    """
    case, issued = result_for(viewer, case_id, certificate_id, on=clock.legal_day(now))
    paper = _printed(issued, language, now)
    note_acted(viewer, case.application, Done.RECEIVED, now=now)
    return paper


def print_at_visit(
    *, viewer: AccountView, appointment_id: UUID, certificate_id: UUID, language: str, now: datetime
) -> PaperFile:
    """Return what was issued in a case of a visit as a sealed PDF, for the officer who prints it; it is on record.

    :raises services.cases.queries.visits.NotYourDesk: if there is no such appointment, or it is for another desk.
    :raises NoSuchCertificate: if the visit has nothing of this name to hand over that day.
    :raises services.certificates.actions.papers.NoPaperInLanguage, NoPaperOfIt:
    """
    issued = open_visit_result(
        viewer=viewer, appointment_id=appointment_id, certificate_id=certificate_id, now=now
    )
    return _printed(issued, language, now)


def _printed(issued: CertificateView, language: str, now: datetime) -> PaperFile:
    """Return the file; setting it opens fields that no page shows, for the paper is the person's own."""
    with looking.unseen():
        return papers.make_paper(certificate_id=issued.id, language=language, now=now)
