"""The operator's board: how each register behaves, by office, and the same for machines."""

from collections.abc import Iterable
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.sandbox.gate import Refused, for_machines, for_operators, read_object
from portal.sandbox.models import Correction, CorrectionState, Mode, Register

LONGEST_SECONDS = 60
# What a slow register takes, where nobody says how long.
USUAL_SECONDS = 9
ALL = "all"
OFF = ~Q(mode=Mode.OK)


@for_operators
@require_http_methods(["GET", "POST"])
def board(request: HttpRequest) -> HttpResponse:
    """Show the registers by office, all or those looked for, and set what a pressed button says."""
    refusal = None
    if request.method == "POST":
        try:
            return _press(request)
        except Refused as refused:
            refusal = refused
    wanted, only_off = request.GET.get("q", "").strip(), "off" in request.GET
    found = _matching(wanted).filter(OFF) if only_off else _matching(wanted)
    context = {
        "here": "registers",
        "offices": _by_office(found),
        "wanted": wanted,
        "only_off": only_off,
        "off": Register.objects.filter(OFF).count(),
        "count": Register.objects.count(),
        "corrections": Correction.objects.filter(state=CorrectionState.OPEN).count(),
        "modes": [(mode.value, mode.label) for mode in Mode],
        "refusal": refusal,
        "longest": LONGEST_SECONDS,
        "usual": USUAL_SECONDS,
    }
    return render(request, "sandbox/board.html", context, status=400 if refusal else 200)


@for_machines
@require_GET
def switches(request: HttpRequest) -> JsonResponse:
    """List the registers with the mode each is in."""
    rows = Register.objects.order_by("code").values("code", "name", "office", "mode", "seconds")
    return JsonResponse({"items": list(rows)})


@for_machines
@require_POST
def switch(request: HttpRequest, code: str) -> JsonResponse:
    """Set how one register behaves from now on, or every one of them under the code `all`."""
    registers = list(_named(code))
    if not registers:
        raise Refused(f"There is no register {code}.", 404)
    wanted = read_object(request)
    _move(registers, wanted.get("mode"), wanted.get("seconds", 0))
    return JsonResponse({"code": code, "mode": wanted["mode"], "registers": len(registers)})


def _press(request: HttpRequest) -> HttpResponse:
    """Set the register, the office or everything whose button was pressed, and lead back to it."""
    code, office = request.POST.get("code", ""), request.POST.get("office", "")
    registers = list(Register.objects.filter(office=office) if office else _named(code))
    if not registers:
        raise Refused("There is no such register.", 404)
    mode = request.POST.get("mode")
    seconds = request.POST.get("seconds", "") or USUAL_SECONDS
    _move(registers, mode, seconds if mode == Mode.SLOW else 0)
    kept = {name: request.GET[name] for name in ("q", "off") if name in request.GET}
    place = "" if code == ALL else f"#{registers[0].office}"
    return redirect(f"{request.path}{'?' if kept else ''}{urlencode(kept)}{place}")


def _named(code: str) -> QuerySet[Register]:
    return Register.objects.all() if code == ALL else Register.objects.filter(code=code)


def _matching(wanted: str) -> QuerySet[Register]:
    said = (Q(**{f"{place}__icontains": wanted}) for place in ("code", "name", "office", "office_name"))
    return Register.objects.filter(next(said) | next(said) | next(said) | next(said))


def _by_office(registers: QuerySet[Register]) -> list[dict[str, object]]:
    ordered = registers.order_by("office_name", "office", "name", "code")
    offices = ((office, list(theirs)) for office, theirs in groupby(ordered, key=_office))
    return [_told(*office, theirs) for office, theirs in offices]


def _office(register: Register) -> tuple[str, str]:
    return register.office, register.office_name


def _told(code: str, name: str, registers: Iterable[Register]) -> dict[str, object]:
    theirs = list(registers)
    off = sum(register.mode != Mode.OK for register in theirs)
    return {"code": code, "name": name or code, "registers": theirs, "off": off}


def _move(registers: Iterable[Register], mode: object, seconds: object) -> None:
    wanted = read_number(seconds, "seconds")
    if wanted > LONGEST_SECONDS:
        raise Refused(f"A register may be slow by {LONGEST_SECONDS} seconds at the most.")
    set_to = {"mode": one_of(mode, Mode.values, "mode"), "seconds": wanted}
    Register.objects.filter(code__in=[register.code for register in registers]).update(**set_to)


def one_of(value: object, allowed: list[str], name: str) -> str:
    """Return the value.

    :raises Refused: unless it is one of those allowed.
    """
    if value not in allowed:
        raise Refused(f'"{name}" is one of: {", ".join(allowed)}.')
    return str(value)


def read_number(value: object, name: str) -> int:
    """Return the value as a whole number.

    :raises Refused: if it is none, or has more than six digits.
    """
    text = str(value).strip()
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise Refused(f'"{name}" is a whole number.')
    return int(text)
