"""Whether a certificate that somebody was shown is genuine: by its number and check code, and nothing personal told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from services import clock
from services.catalogue import queries as catalogue
from services.certificates import queries


@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for number and check code, and answer whether the certificate is genuine, and what it is (R12.3)."""
    typed = {name: request.POST.get(name, "").strip() for name in ("number", "check_code")}
    errors = _errors(typed) if request.method == "POST" else {}
    context = {"fields": _fields(typed, errors), "errors": list(errors.items())}
    if request.method == "POST" and not errors:
        context |= _answer(typed)
    return render(request, "public/verify.html", context, status=422 if errors else 200)


def _errors(typed: dict[str, str]) -> dict[str, str]:
    said = {
        "number": gettext("Write the number of the certificate."),
        "check_code": gettext("Write the check code of the certificate."),
    }
    return {name: said[name] for name, text in typed.items() if not text}


def _answer(typed: dict[str, str]) -> dict[str, object]:
    language = get_language() or "en"
    answer = queries.verify(number=typed["number"], check_code=typed["check_code"], on=clock.today())
    if not answer.genuine:
        return {"answer": answer}
    return {
        "answer": answer,
        "name": catalogue.certificate_names([answer.type], language)[answer.type],
        "office": catalogue.organisation(answer.organisation, language).name,
    }


def _fields(typed: dict[str, str], errors: dict[str, str]) -> list[dict[str, object]]:
    asked = {"number": gettext("Number"), "check_code": gettext("Check code")}
    hints = {"number": gettext("As printed, with or without hyphens."), "check_code": ""}
    return [
        {
            "name": name, "type": "text", "format": "code", "max_length": 100, "ask": ask, "hint": hints[name],
            "value": typed[name], "error": errors.get(name, ""),
        }
        for name, ask in asked.items()
    ]  # fmt: skip
