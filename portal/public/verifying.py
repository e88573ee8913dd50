"""Whether a certificate that somebody was shown is genuine: by number and check code, square code or file.

Nothing personal is told, and neither the file nor what was asked is kept.
"""

from collections.abc import Mapping
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.guesses import count_guess
from portal.refusals import sentence
from services import clock
from services.catalogue import queries as catalogue
from services.certificates import queries
from services.certificates.queries import Doubt, VerifyAnswer, checking

FILE = "paper"  # the field of the form that sends a file, and the name of its button
Typed = dict[str, str]


@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for number and check code, or for the file, and answer whether it is genuine, and what it is (R12.3)."""
    typed = {name: request.POST.get(name, "").strip() for name in ("number", "check_code")}
    if request.method == "GET":
        return _page(request, typed, {})
    count_guess(request)
    sent = request.FILES.get(FILE)
    if sent or "what" in request.POST:
        return _answer_for_file(request, typed, sent)
    errors = _errors(typed)
    answer = None if errors else queries.verify(**typed, on=_today())
    return _page(request, typed, errors, answer)


@never_cache
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Answer whoever scanned the square code of a certificate; its address alone says all that is needed."""
    count_guess(request)
    return _page(request, {}, {}, checking.verify_code(code=code, on=_today()), scanned=True)


def _today() -> date:
    return clock.today()


def _answer_for_file(request: HttpRequest, typed: Typed, sent: UploadedFile | None) -> HttpResponse:
    if sent is None:
        return _page(request, typed, {FILE: gettext("Choose the PDF of the certificate.")})
    try:
        # One byte more than allowed tells that there are too many.
        answer = checking.verify_file(content=sent.read(checking.LARGEST_PDF + 1), on=_today())
    except checking.FileTooLarge as refusal:
        return _page(request, typed, {FILE: sentence(refusal)})
    return _page(request, typed, {}, answer)


def _page(
    request: HttpRequest,
    typed: Typed,
    errors: Typed,
    answer: VerifyAnswer | None = None,
    *,
    scanned: bool = False,
) -> HttpResponse:
    context = {
        "fields": _fields(typed, errors), "file_field": _file_field(errors), "errors": list(errors.items()),
        "answer": answer, "scanned": scanned, **(_told(answer) if answer else {}),
    }  # fmt: skip
    return render(request, "public/verify.html", context, status=422 if errors else 200)


def _errors(typed: Typed) -> Typed:
    said = {
        "number": gettext("Write the number of the certificate."),
        "check_code": gettext("Write the check code of the certificate."),
    }
    return {name: said[name] for name, text in typed.items() if not text}


def _told(answer: VerifyAnswer) -> dict[str, object]:
    if not answer.genuine:
        return {"why": _reasons()[Doubt(answer.reason)]}
    language = get_language() or "en"
    return {
        "name": catalogue.certificate_names([answer.type], language)[answer.type],
        "office": catalogue.organisation(answer.organisation, language).name,
    }


def _reasons() -> Mapping[Doubt, str]:
    """Return why something is not genuine, each with what to do."""
    return {
        Doubt.UNKNOWN: gettext(
            "Number and check code do not belong to a certificate of ours. Compare both with what you were shown."
        ),
        Doubt.UNREADABLE: gettext(
            "This is neither the PDF nor the square code of a certificate of ours. Ask for the file itself."
        ),
        Doubt.UNSEALED: gettext(
            "This PDF carries no electronic seal: a scan or a copy loses it. Ask for the file as it was downloaded, "
            "or scan the square code on it."
        ),
        Doubt.UNKNOWN_KEY: gettext("It is sealed, but not with a key of ours: somebody else made it."),
        Doubt.ALTERED: gettext("It was changed after it was sealed: it no longer says what we sealed."),
        Doubt.ADDED_TO: gettext(
            "Something was added to the file after it was sealed. Our seal allows no addition: trust nothing in it."
        ),
        Doubt.DISAGREES: gettext(
            "It carries the code of another certificate: what it says and what we sealed do not belong together."
        ),
        Doubt.UNRECORDED: gettext("It carries our seal, but our records hold no such certificate."),
    }


def _fields(typed: Typed, errors: Typed) -> list[dict[str, object]]:
    asked = {"number": gettext("Number"), "check_code": gettext("Check code")}
    hints = {"number": gettext("As printed, with or without hyphens."), "check_code": ""}
    return [
        {
            "name": name, "type": "text", "format": "code", "max_length": 100, "ask": ask, "hint": hints[name],
            "value": typed.get(name, ""), "error": errors.get(name, ""),
        }
        for name, ask in asked.items()
    ]  # fmt: skip


def _file_field(errors: Typed) -> dict[str, object]:
    return {
        "name": FILE, "type": "file", "accept": "application/pdf", "ask": gettext("The PDF of the certificate"),
        "limits": gettext("Drop the file here or choose it: the PDF as it was downloaded, up to 2 MB."),
        "hint": "", "error": errors.get(FILE, ""),
    }  # fmt: skip
