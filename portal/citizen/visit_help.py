"""What whoever comes to the visit speaks, and needs while they are there: said once, at home."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.citizen.coming_in import citizen_page
from portal.citizen.visits import booked_appointment, booked_visit
from portal.ticket_words import help_words, language_words
from services.cases.actions import visiting
from services.people.queries import AccountView

LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)


@require_http_methods(["GET", "POST"])
@citizen_page
def visit_help(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Ask what they speak and need, and keep it with what is booked until they have come (R6.8)."""
    booked = booked_appointment(viewer, application_id)
    if booked is None:
        return redirect("citizen:visit", application_id=application_id)
    if request.method == "POST":
        language = request.POST.get("language", "")
        visiting.note_visit_help(
            viewer=viewer,
            application_id=application_id,
            appointment_id=booked.id,
            language=language if language in LANGUAGES else "",
            help_wanted=request.POST.getlist("help"),
        )
        messages.success(request, gettext("Whoever receives you will know."))
        return redirect("citizen:visit", application_id=application_id)
    context = {
        "application_id": application_id,
        "visit": booked_visit([booked]),
        "languages": [(code, words, code == booked.language) for code, words in language_words().items()],
        "help": [(code, words, code in booked.help) for code, words in help_words().items()],
    }
    return render(request, "citizen/visit_help.html", context)
