"""The operator's board: switches for each register, and a window on the made-up world for testers."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.sandbox.gate import Refused, for_machines, for_operators, read_object
from portal.sandbox.holders import Wish, find_holders
from portal.sandbox.models import HolderKind, Mode, Register, Stage

LONGEST_SECONDS = 60
MOST_HOLDERS = 100


@for_operators
@require_http_methods(["GET", "POST"])
def board(request: HttpRequest) -> HttpResponse:
    """Show all switches on one page, and move the one whose button was pressed."""
    refusal = None
    if request.method == "POST":
        register = get_object_or_404(Register, code=request.POST.get("code", ""))
        try:
            _move(register, request.POST.get("mode"), request.POST.get("seconds", "0"))
            return redirect("control")
        except Refused as refused:
            refusal = refused
    registers = Register.objects.order_by("code")
    context = {"registers": registers, "modes": Mode.choices, "refusal": refusal, "longest": LONGEST_SECONDS}
    return render(request, "sandbox/board.html", context, status=400 if refusal else 200)


@for_machines
@require_GET
def switches(request: HttpRequest) -> JsonResponse:
    """List the registers with the mode each is in."""
    rows = Register.objects.order_by("code").values("code", "name", "mode", "seconds")
    return JsonResponse({"items": list(rows)})


@for_machines
@require_POST
def switch(request: HttpRequest, code: str) -> JsonResponse:
    """Set how one register behaves from now on, or every one of them under the code `all`."""
    registers = list(Register.objects.all() if code == "all" else Register.objects.filter(code=code))
    if not registers:
        raise Refused(f"There is no register {code}.", 404)
    wanted = read_object(request)
    for register in registers:
        _move(register, wanted.get("mode"), wanted.get("seconds", 0))
    return JsonResponse({"code": code, "mode": wanted["mode"], "registers": len(registers)})


@for_machines
@require_GET
def world(request: HttpRequest) -> JsonResponse:
    """List made-up holders that have certain records and lack others, with what their records say."""
    asked = request.GET
    wish = Wish(
        kind=_one_of(asked.get("kind", "person"), HolderKind.values, "kind"),
        stage=_one_of(asked.get("stage", "adult"), Stage.values, "stage"),
        need=_codes(asked.get("need", "")),
        lack=_codes(asked.get("lack", "")),
        where=tuple(asked.getlist("where")),
        number=asked.get("number", ""),
    )
    count, skip = (_number(asked.get(name, default), name) for name, default in (("n", "5"), ("skip", "0")))
    return JsonResponse({"items": find_holders(wish, count=min(count, MOST_HOLDERS), skip=skip)})


def _move(register: Register, mode: object, seconds: object) -> None:
    wanted = _number(seconds, "seconds")
    if wanted > LONGEST_SECONDS:
        raise Refused(f"A register may be slow by {LONGEST_SECONDS} seconds at the most.")
    register.mode, register.seconds = _one_of(mode, Mode.values, "mode"), wanted
    register.save(update_fields=["mode", "seconds"])


def _one_of(value: object, allowed: list[str], name: str) -> str:
    if value not in allowed:
        raise Refused(f'"{name}" is one of: {", ".join(allowed)}.')
    return str(value)


def _number(value: object, name: str) -> int:
    text = str(value).strip()
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise Refused(f'"{name}" is a whole number.')
    return int(text)


def _codes(text: str) -> tuple[str, ...]:
    codes = tuple(code for code in text.split(",") if code)
    unknown = set(codes) - set(Register.objects.values_list("code", flat=True))
    if unknown:
        raise Refused(f"There is no register {', '.join(sorted(unknown))}.")
    return codes
