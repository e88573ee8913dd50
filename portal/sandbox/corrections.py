"""Requests to correct an entry (R3.15): taken down once, looked at by the office, answered in a sentence."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from portal.sandbox.gate import Refused, for_machines, read_object
from portal.sandbox.models import Correction
from portal.sandbox.registers import LONGEST_KEY, open_register, read_holder, read_text, wait_as_switched

LONGEST_REASON = 2000


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
    reference = read_text(said, "reference", required=True, longest=80)
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
