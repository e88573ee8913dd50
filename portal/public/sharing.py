"""What stands on a certificate, for somebody whom its holder gave a sharing code; once, and on record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.guesses import count_guess
from portal.words import facts_of, office_names, proved_row, said
from services import clock
from services.cases.actions.sharing import ShownCertificate, show_certificate


@never_cache
@require_http_methods(["GET", "POST"])
def shared(request: HttpRequest) -> HttpResponse:
    """Ask for number and sharing code, and show what they open: nothing of either stands in an address (R12.3)."""
    typed = {name: request.POST.get(name, "").strip() for name in ("number", "sharing_code")}
    errors = _errors(typed) if request.method == "POST" else {}
    if request.method == "POST" and not errors:
        count_guess(request)
        shown = show_certificate(**typed, now=clock.now())
        if shown is not None:
            return render(request, "public/shared_certificate.html", _context(shown))
        errors = {
            "sharing_code": gettext(
                "Number and code open nothing, or not any more. Ask the holder for a new code."
            )
        }
    context = {"fields": _fields(typed, errors), "errors": list(errors.items())}
    return render(request, "public/shared.html", context, status=422 if errors else 200)


def _errors(typed: dict[str, str]) -> dict[str, str]:
    told = {
        "number": gettext("Write the number of the certificate."),
        "sharing_code": gettext("Write the sharing code that the holder gave you."),
    }
    return {name: told[name] for name, text in typed.items() if not text}


def _context(shown: ShownCertificate) -> dict[str, object]:
    found = shown.certificate
    facts = facts_of([found.service_code])
    return {
        "certificate": found,
        "name": said(shown.name),
        "holder": shown.holder_name,
        "office": office_names().get(found.organisation, found.organisation),
        "rows": [proved_row(facts[code], value) for code, value in found.content.items() if code in facts],
    }


def _fields(typed: dict[str, str], errors: dict[str, str]) -> list[dict[str, object]]:
    asked = {"number": gettext("Number"), "sharing_code": gettext("Sharing code")}
    hints = {
        "number": gettext("As printed, with or without hyphens."),
        "sharing_code": gettext("Eight letters and digits. It works once."),
    }
    return [
        {
            "name": name, "type": "text", "format": "code", "max_length": 100, "ask": ask, "hint": hints[name],
            "value": typed[name], "error": errors.get(name, ""),
        }
        for name, ask in asked.items()
    ]  # fmt: skip
