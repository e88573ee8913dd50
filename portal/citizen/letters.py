"""Letters from the offices: the inbox, and each to be read or printed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portal.citizen.coming_in import citizen_page
from portal.words import tongue
from services import clock
from services.cases.queries.renewals import Renewal, own_renewal
from services.notices import actions, queries
from services.notices.queries import Letter
from services.people.queries import AccountView


@require_safe
@citizen_page
def inbox(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """List the letters, newest first."""
    before = _uuid(request.GET.get("before", ""))
    found = queries.inbox(viewer.id, language=get_language() or "en", before=before)
    here = reverse("citizen:letters")
    context = {
        "letters": found,
        "next_url": f"{here}?before={found[-1].id}" if len(found) == queries.PAGE else "",
        "first_url": here if before else "",
    }
    return render(request, "citizen/letters.html", context)


@require_safe
@citizen_page
def letter(request: HttpRequest, viewer: AccountView, letter_id: UUID) -> HttpResponse:
    """Show a letter, and note that it reached its reader (R14.6)."""
    found = queries.letter(letter_id, viewer.id, get_language() or "en")
    actions.mark_read(account_id=viewer.id, notice_id=letter_id, now=clock.now())
    context = {"letter": found, "tongue": tongue(found.language), "renewal": _renewal(viewer, found)}
    return render(request, "citizen/letter.html", context)


def _renewal(viewer: AccountView, found: Letter) -> Renewal | None:
    """Return how the certificate that the letter tells of is renewed, where it is the reader's to renew."""
    if found.certificate_id is None:
        return None
    return own_renewal(viewer=viewer, certificate_id=found.certificate_id, on=clock.today())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
