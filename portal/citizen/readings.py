"""Who has read my data: the list, the same to take away, and a question about an entry (R15.6)."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.citizen.coming_in import citizen_page
from portal.citizen.reading_words import matter_words, reading_rows
from portal.refusals import STATUS, mistakes
from portal.tables import csv_row
from services import clock
from services.cases.actions import questioning
from services.cases.queries import readings as queries
from services.core.refusal import Kind, Refusal
from services.people import queries as people
from services.people.queries import AccountView, BusinessView, Standing

# Rows of a list that is taken away are read so many at a time.
SLICE = 500


@require_safe
@citizen_page
def readings(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """List who has read this person's data: which office, when, what for and what (R15.6)."""
    here, represented = reverse("citizen:readings"), _represented(viewer)
    if viewer.person_id is None:
        return render(request, "citizen/readings.html", {"readings": [], "businesses": represented})
    matter = _uuid(request.GET.get("matter", ""))
    choices = [
        {"id": one.id, "words": matter_words(one), "here": one.id == matter}
        for one in queries.my_matters(viewer=viewer)
    ]
    more = {"businesses": represented, "matters": choices, "matter": matter}
    return _page(request, viewer, here, application_id=matter, more=more)


@require_safe
@citizen_page
def business_readings(request: HttpRequest, viewer: AccountView, business_id: UUID) -> HttpResponse:
    """List who has read the data of a business, to its representative and to nobody with a mandate."""
    named = next((one.name for one in _represented(viewer) if one.id == business_id), None)
    if named is None:
        raise Http404
    here = reverse("citizen:business_readings", args=[business_id])
    return _page(
        request, viewer, here, business_id=business_id, more={"business": named, "business_id": business_id}
    )


def _represented(viewer: AccountView) -> list[BusinessView]:
    known = people.businesses_of(viewer.id, on=clock.today())
    return [one for one in known if one.standing is Standing.REPRESENTATIVE]


def _page(
    request: HttpRequest, viewer: AccountView, here: str, *, more: dict[str, Any], **whose: UUID | None
) -> HttpResponse:
    before, matter = request.GET.get("before", ""), whose.get("application_id")
    found = queries.my_readings(viewer=viewer, before=_number(before), **whose)
    only = f"matter={matter}&" if matter else ""
    context = more | {
        "readings": reading_rows(found),
        "next_url": f"{here}?{only}before={found[-1].id}" if len(found) == queries.PAGE else "",
        "first_url": f"{here}?{only}" if before else "",
    }
    return render(request, "citizen/readings.html", context)


@require_safe
@citizen_page
def readings_file(
    request: HttpRequest, viewer: AccountView, form: str, business_id: UUID | None = None
) -> StreamingHttpResponse:
    """Hand out the whole list, as a table (CSV) or for programs (JSON)."""
    queries.holder_for(viewer, business_id)
    written = {"csv": _as_csv, "json": _as_json}.get(form)
    if written is None:
        raise Http404
    kind = {"csv": "text/csv; charset=utf-8", "json": "application/json"}[form]
    answer = StreamingHttpResponse(written(_all(viewer, business_id)), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="readings.{form}"'
    return answer


def _all(viewer: AccountView, business_id: UUID | None) -> Iterator[dict[str, Any]]:
    before: int | None = None
    while found := queries.my_readings(viewer=viewer, business_id=business_id, before=before, limit=SLICE):
        yield from map(_told, reading_rows(found))
        before = found[-1].id


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": row["view"].at.isoformat(),
        "office": row["office"],
        "by": row["who"],
        "purpose": row["purpose"],
        "details": row["details"],
        "legalBasis": row["basis"],
        "matter": row["matter"],
        "refused": row["view"].refused,
        "source": row["view"].source,
    }


def _as_csv(lines: Iterator[dict[str, Any]]) -> Iterator[str]:
    # The mark by which spreadsheets know the encoding.
    yield "\ufeff" + csv_row(
        [
            gettext("When"), gettext("Office"), gettext("Who"), gettext("What for"), gettext("What"),
            gettext("Legal basis"), gettext("Application"), gettext("Refused"), gettext("Source"),
        ]
    )  # fmt: skip
    for told in lines:
        cells = told | {
            "details": "; ".join(told["details"]), "refused": gettext("yes") if told["refused"] else gettext("no"),
        }  # fmt: skip
        yield csv_row([str(cell) for cell in cells.values()])


def _as_json(lines: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield '{"readings": ['
    for count, told in enumerate(lines):
        yield (",\n" if count else "\n") + json.dumps(told, ensure_ascii=False)
    yield "\n]}\n"


@require_http_methods(["GET", "POST"])
@citizen_page
def question(
    request: HttpRequest, viewer: AccountView, reading_id: int, business_id: UUID | None = None
) -> HttpResponse:
    """Ask about an entry in one's own words, and read the answer when it has come."""
    line = queries.my_reading(viewer=viewer, reading_id=reading_id, business_id=business_id)
    back = (
        reverse("citizen:business_readings", args=[business_id])
        if business_id
        else reverse("citizen:readings")
    )
    words, wrong, status = request.POST.get("words", ""), {}, 200
    if request.method == "POST":
        try:
            questioning.ask_about_reading(
                viewer=viewer, reading_id=reading_id, words=words, business_id=business_id, now=clock.now()
            )
            messages.success(request, gettext("Sent. A supervisor of the office answers you in writing."))
            return redirect(request.path)
        except Refusal as refusal:
            if refusal.kind is Kind.MISSING:
                raise
            wrong, status = mistakes(refusal), STATUS[refusal.kind]
    field = {
        "name": "words", "type": "text", "value": words, "error": next(iter(wrong.values()), ""),
        "max_length": questioning.MOST_WORDS, "ask": gettext("What do you want to know?"),
        "hint": gettext("In your own words, in any language. You need not give a reason."),
    }  # fmt: skip
    context = {
        "row": reading_rows([line])[0], "asked": line.question, "field": field, "back": back,
        "errors": [("words", one) for one in wrong.values()], "days": clock.profile().rights_days,
    }  # fmt: skip
    return render(request, "citizen/reading_question.html", context, status=status)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
