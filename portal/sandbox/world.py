"""A window on the made-up world: who lives in it, and what the registers know of them."""

from itertools import groupby

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from portal.sandbox.control import one_of, read_number
from portal.sandbox.gate import Refused, for_machines, for_operators
from portal.sandbox.holders import Wish, at_home_with, find_holders
from portal.sandbox.models import Business, HolderKind, Record, Register, Resident, Stage

MOST_HOLDERS = 100
MOST_FOUND = 30


@for_machines
@require_GET
def world(request: HttpRequest) -> JsonResponse:
    """List made-up holders that have certain records and lack others, with what their records say."""
    asked = request.GET
    wish = Wish(
        kind=one_of(asked.get("kind", "person"), HolderKind.values, "kind"),
        stage=one_of(asked.get("stage", "adult"), Stage.values, "stage"),
        need=_codes(asked.get("need", "")),
        lack=_codes(asked.get("lack", "")),
        where=tuple(asked.getlist("where")),
        number=asked.get("number", ""),
    )
    count, skip = (
        read_number(asked.get(name, default), name) for name, default in (("n", "5"), ("skip", "0"))
    )
    return JsonResponse({"items": find_holders(wish, count=min(count, MOST_HOLDERS), skip=skip)})


@for_operators
@require_GET
def look_up(request: HttpRequest) -> HttpResponse:
    """Find people and businesses by name, user name or number; whoever is the only one is shown at once."""
    wanted = request.GET.get("q", "").strip()
    people, businesses = _people(wanted), _businesses(wanted)
    found = [*people, *businesses]
    if wanted and len(found) == 1:
        return redirect("control-holder", number=number_of(found[0]))
    context = {"here": "people", "wanted": wanted, "people": people, "businesses": businesses}
    return render(request, "sandbox/people.html", context)


@for_operators
@require_GET
def holder(request: HttpRequest, number: str) -> HttpResponse:
    """Show what the registers know of one made-up person or business, by office."""
    person = Resident.objects.filter(number=number).first()
    found = person or Business.objects.select_related("representative").filter(uscc=number).first()
    if found is None:
        raise Http404
    kind = HolderKind.PERSON if person else HolderKind.BUSINESS
    context = {
        "here": "people",
        "found": found,
        "number": number,
        "person": person,
        "home": at_home_with(person) if person else (),
        "offices": _known_by(kind, number),
    }
    return render(request, "sandbox/holder.html", context)


def number_of(found: Resident | Business) -> str:
    """Return the number under which the registers know somebody."""
    return found.number if isinstance(found, Resident) else found.uscc


def _people(wanted: str) -> QuerySet[Resident]:
    called = (
        Q(username=wanted) | Q(number=wanted) | Q(name__icontains=wanted) | Q(name_latin__icontains=wanted)
    )
    everybody = Resident.objects.order_by("pk")
    return (everybody.filter(called) if wanted else everybody)[:MOST_FOUND]


def _businesses(wanted: str) -> QuerySet[Business]:
    called = Q(uscc=wanted) | Q(name__icontains=wanted) | Q(name_latin__icontains=wanted)
    all_of_them = Business.objects.order_by("representative_id")
    return (all_of_them.filter(called) if wanted else all_of_them)[:MOST_FOUND]


def _known_by(kind: str, number: str) -> list[dict[str, object]]:
    registers = Register.objects.in_bulk()
    records = [
        {"entry": one, "register": registers[one.register]}
        for one in Record.objects.filter(holder_kind=kind, holder_number=number)
        if one.register in registers
    ]
    records.sort(key=lambda one: (one["register"].office_name, one["register"].name, one["entry"].key))
    by_office = groupby(records, key=lambda one: one["register"].office_name or one["register"].office)
    return [{"name": name, "records": list(theirs)} for name, theirs in by_office]


def _codes(text: str) -> tuple[str, ...]:
    codes = tuple(code for code in text.split(",") if code)
    unknown = set(codes) - set(Register.objects.values_list("code", flat=True))
    if unknown:
        raise Refused(f"There is no register {', '.join(sorted(unknown))}.")
    return codes
