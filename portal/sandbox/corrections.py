"""Requests to correct an entry (R3.15): taken down once, looked at by the office, answered in a sentence."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.sandbox import entries
from portal.sandbox.control import one_of
from portal.sandbox.gate import Refused, for_machines, for_operators, read_object
from portal.sandbox.models import Correction, CorrectionState, Register
from portal.sandbox.registers import (
    LONGEST_KEY,
    LONGEST_REFERENCE,
    open_register,
    read_holder,
    read_text,
    wait_as_switched,
)

LONGEST_REASON = 2000
MOST_CLOSED = 30
ENDINGS = [CorrectionState.CORRECTED.value, CorrectionState.KEPT.value]


@for_machines
@require_POST
def request_correction(request: HttpRequest, code: str) -> JsonResponse:
    """Take down that somebody says an entry is wrong: 202, also when the same request comes again."""
    register, said = open_register(code), read_object(request)
    kind, number = read_holder(said)
    wanted = {
        "register": register.code,
        "holder_kind": kind,
        "holder_number": number,
        "key": read_text(said, "key", required=False, longest=LONGEST_KEY),
        "record": read_text(said, "record", required=False, longest=200),
        "reason": read_text(said, "reason", required=True, longest=LONGEST_REASON),
    }
    reference = read_text(said, "reference", required=True, longest=LONGEST_REFERENCE)
    wait_as_switched(register)
    taken, _ = Correction.objects.get_or_create(reference=reference, defaults=wanted)
    if any(getattr(taken, name) != value for name, value in wanted.items()):
        raise Refused(
            "Another request was made under this reference. Give this one a reference of its own.", 409
        )
    return JsonResponse({"reference": reference}, status=202)


@for_machines
@require_GET
def correction(request: HttpRequest, code: str, reference: str) -> JsonResponse:
    """Tell what the office has come to: still open, corrected, or kept as it was, and why."""
    register = open_register(code)
    asked = Correction.objects.filter(register=register.code, reference=reference).first()
    if asked is None:
        raise Refused("The register knows no such request.", 404)
    wait_as_switched(register)
    return JsonResponse({"state": asked.state, "explanation": asked.explanation})


@for_operators
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Show the requests nobody has looked at, the oldest first, and those looked at last."""
    is_open = CorrectionState.OPEN
    context = {
        "here": "corrections",
        "open": Correction.objects.filter(state=is_open).order_by("asked_at"),
        "closed": Correction.objects.exclude(state=is_open).order_by("-asked_at")[:MOST_CLOSED],
    }
    return render(request, "sandbox/corrections.html", context)


@for_operators
@require_http_methods(["GET", "POST"])
def consider(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a request beside the entry it is about, and end it the way the operator says."""
    asked = get_object_or_404(Correction, reference=reference)
    refusal = None
    if request.method == "POST":
        try:
            _end(asked, request)
            return redirect("control-corrections")
        except Refused as refused:
            refusal = refused
    context = {
        "here": "corrections",
        "one": asked,
        "register": Register.objects.get(code=asked.register),
        "is_open": asked.state == CorrectionState.OPEN,
        "has_entry": entries.entry_of(asked) is not None,
        "facts": entries.facts_to_edit(asked, request.POST),
        "explanation": request.POST.get("explanation", ""),
        "refusal": refusal,
    }
    return render(request, "sandbox/correction.html", context, status=400 if refusal else 200)


@transaction.atomic
def _end(asked: Correction, request: HttpRequest) -> None:
    """Write down what the office has come to, and the entry with it where that was wrong.

    :raises Refused: without an explanation, for a request that has ended, and for facts that cannot be read.
    """
    asked = Correction.objects.select_for_update().get(pk=asked.pk)
    if asked.state != CorrectionState.OPEN:
        raise Refused("This request has been looked at already.", 409)
    asked.state = one_of(request.POST.get("state"), ENDINGS, "state")
    asked.explanation = request.POST.get("explanation", "").strip()
    if not asked.explanation:
        raise Refused("Say why: the applicant reads it.")
    if asked.state == CorrectionState.CORRECTED:
        entries.write_entry(asked, request.POST, today=timezone.now().date())
    asked.save(update_fields=["state", "explanation"])
