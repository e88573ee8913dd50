"""The offices' own records: they take note of what cases have come to, each notice once."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from portal.sandbox.gate import Refused, for_machines, read_object
from portal.sandbox.models import OfficeNotice

TOLD = {"reference": 200, "case": 24, "service": 80, "step": 80}


@for_machines
@require_POST
def notice(request: HttpRequest, office: str) -> JsonResponse:
    """Take note: 201 the first time, 200 whenever it is repeated."""
    sent = read_object(request)
    told = {name: sent.get(name) for name in TOLD}
    for name, longest in TOLD.items():
        value = told[name]
        if not isinstance(value, str) or not 0 < len(value) <= longest:
            raise Refused(f'Say "{name}" as text of at most {longest} characters.')
    _, fresh = OfficeNotice.objects.get_or_create(
        reference=told.pop("reference"), defaults={"office": office, **told}
    )
    return JsonResponse({"noted": True}, status=201 if fresh else 200)
