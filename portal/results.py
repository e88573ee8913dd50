"""What came of a case, as its page shows it: what was issued, with the way to it for whoever may have it, or words."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language

from portal.words import said
from services import clock
from services.cases.queries.cases import CaseView
from services.cases.queries.handed_over import may_receive
from services.catalogue import queries as catalogue
from services.catalogue.wording import short_code
from services.certificates import queries as certificates
from services.certificates.queries import CertificateView
from services.core.facts import Texts
from services.core.states import CaseState, Verdict
from services.people.queries import AccountView

DONE = (CaseState.ISSUED, CaseState.DELIVERED, CaseState.CLOSED, CaseState.ARCHIVED)
# The languages in which certificates are printed, each called by its own name.
PAPERS = {"en": "English", "zh": "中文", "ug": "ئۇيغۇرچە"}


def papers_of(found: CertificateView) -> list[tuple[str, str]]:
    """Return the languages in which the certificate can be printed, the reader's own first; none if it may not be."""
    if found.status not in ("valid", "expired"):
        return []
    return sorted(PAPERS.items(), key=lambda one: one[0] != short_code(get_language() or "en"))


def result_rows(viewer: AccountView, views: Collection[CaseView]) -> list[dict[str, Any]]:
    """Return what came of these cases of one application; last what is no certificate, in words (R7.2)."""
    done = [said(words) for view in views if (words := _in_words(view))]
    return _issued(viewer, views) + [{"view": None, "name": name, "href": "", "files": []} for name in done]


def _in_words(view: CaseView) -> Texts:
    """Return what was done, once it is done, where the result is no certificate."""
    granted = view.card.verdict == Verdict.GRANTED and view.card.state in DONE
    return catalogue.definition(view.version_id).output.result if granted else {}


def _issued(viewer: AccountView, views: Collection[CaseView]) -> list[dict[str, Any]]:
    """Return what was issued in these cases: its own page for its holder, else files if they may."""
    issued = [one for view in views for one in view.certificates]
    if not issued:
        return []
    names = catalogue.certificate_names([one.type for one in issued], get_language() or "en")
    own = set(certificates.own_holders(viewer, on=clock.today())) if viewer.helped_by is None else set()
    others = any(one.holder not in own for one in issued)
    files = others and may_receive(viewer=viewer, application_id=next(iter(views)).application_id)
    return [
        {
            "view": one,
            "name": names[one.type],
            "href": reverse("citizen:certificate", args=[one.id]) if one.holder in own else "",
            "files": _files(one, one.case_id) if files and one.holder not in own else [],
        }
        for one in issued
    ]


def _files(one: CertificateView, case_id: UUID) -> list[tuple[str, str, str]]:
    """Return where the files are: address, language, and what the language calls itself."""
    return [
        (reverse("citizen:result", args=[case_id, one.id, code]), code, name) for code, name in papers_of(one)
    ]
