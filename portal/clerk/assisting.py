"""Applying with somebody at the counter: the document seen, the same pages, the sheet to sign (R11.4)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from portal.clerk.coming_in import desk_page
from portal.clerk.identity import identity_fields, mistyped, shown_identity
from portal.clerk.words import document_words
from portal.helping import HELPING
from portal.refusals import sentence
from portal.words import answer_row, day, office_names, said
from services import clock
from services.cases.actions import assisting
from services.cases.queries import cards, drafts
from services.cases.queries.drafts import DraftView
from services.people import actions
from services.people import queries as people
from services.people.identifiers import IdentifierMistyped
from services.people.queries import DOCUMENT_KINDS, AccountView

# On the sheet each line stands in two languages: Chinese, and the one of the application, or English.
CHINESE, OTHER = "zh-hans", "en"


@require_http_methods(["GET", "POST"])
@desk_page
def begin(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """Ask for what the document says, and go on with the same pages as everybody.

    :raises services.people.actions.OnlyAtTheCounter: for whoever sees no documents.
    """
    if viewer.role not in actions.AT_THE_COUNTER:
        raise actions.OnlyAtTheCounter
    errors = mistyped(request.POST) if request.method == "POST" else {}
    if request.method == "POST" and not errors:
        errors = _begun(viewer, request.POST)
        if not errors:
            request.session[HELPING] = True
            return redirect("public:services")
    context = {
        "fields": identity_fields(request.POST, errors), "errors": list(errors.items()),
        "received": _received(viewer),
    }  # fmt: skip
    return render(request, "desk/assist.html", context, status=422 if errors else 200)


def _received(viewer: AccountView) -> list[dict[str, Any]]:
    """Return what this office received for others and handed over lately (R11.7): that it is there, and who has it."""
    offices = office_names()
    return [
        {"card": one, "name": said(one.name), "office": offices.get(one.organisation, "")}
        for one in cards.received_here(viewer=viewer)
    ]


def _begun(viewer: AccountView, typed: QueryDict) -> dict[str, str]:
    """Begin, or return what is wrong."""
    try:
        assisting.begin_assistance(viewer=viewer, identity=shown_identity(typed), now=clock.now())
    except actions.BirthDateImplausible as refusal:
        return {"birth_date": sentence(refusal)}
    except (IdentifierMistyped, actions.IdentityDiffers) as refusal:
        return {"number": sentence(refusal)}
    return {}


@require_POST
@desk_page
def end(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """End it: from here on the officer is nobody but themselves."""
    assisting.end_assistance(viewer=viewer, now=clock.now())
    request.session.pop(HELPING, None)
    return redirect("clerk:assist")


@require_http_methods(["GET", "POST"])
@desk_page
def bring_up(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """Go on with somebody who shows their printed sheet and their document; neither stands in an address."""
    if viewer.role not in actions.AT_THE_COUNTER:
        raise actions.OnlyAtTheCounter
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip() for name in SHEET}
        try:
            found = assisting.bring_up(viewer=viewer, **typed, now=clock.now())
            request.session[HELPING] = True
            return redirect("citizen:go_on", application_id=found)
        except assisting.SheetCodeRefused as refusal:
            errors = {"code": sentence(refusal)}
    context = {"fields": _sheet_fields(request.POST, errors), "errors": list(errors.items())}
    return render(request, "desk/bring_up.html", context, status=422 if errors else 200)


SHEET = ("number", "code", "document_kind", "document_number")


def _sheet_fields(typed: QueryDict, errors: dict[str, str]) -> list[dict[str, Any]]:
    asked = (
        ("number", "text", gettext("Number of the application"), "code"),
        ("code", "text", gettext("Code on the sheet"), "code"),
        ("document_kind", "choice", gettext("Which document?"), ""),
        ("document_number", "text", gettext("Number of the document"), "identity_number"),
    )
    return [
        {
            "name": name, "type": kind, "ask": ask, "hint": "", "value": typed.get(name, ""), "max_length": 80,
            "error": errors.get(name, ""), "format": shape,
            "choices": [(one, document_words(one)) for one in DOCUMENT_KINDS] if kind == "choice" else [],
        }
        for name, kind, ask, shape in asked
    ]  # fmt: skip


@require_POST
@desk_page
def sheet(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Print what was filed, in two languages, with a new code that brings it up again.

    :raises services.cases.actions.assisting.NobodyHelped: once that is over.
    """
    helped = assisting.helped_view(viewer=viewer, now=clock.now())
    draft = drafts.draft(viewer=helped, application_id=application_id)
    code = assisting.print_sheet(viewer=helped, application_id=application_id, now=clock.now())
    other = OTHER if draft.language.startswith("zh") else draft.language
    person = people.person(helped.person_id) if helped.person_id else None
    context = {
        "draft": draft, "code": code, "person": person, "helper": viewer.display_name, "other": other,
        "office": office_names().get(viewer.organisation, ""),
    }  # fmt: skip
    return render(request, "desk/sheet.html", context | _both_sides(draft, (CHINESE, other)))


def _both_sides(draft: DraftView, languages: Sequence[str]) -> dict[str, Any]:
    """Return everything on the sheet, each line once a language."""
    sides = [_side(draft, one) for one in languages]
    return {
        "labels": {key: [side["labels"][key] for side in sides] for key in sides[0]["labels"]},
        "names": list(zip(*(side["names"] for side in sides), strict=True)),
        "answers": list(zip(*(side["answers"] for side in sides), strict=True)),
        "proof": list(zip(*(side["proof"] for side in sides), strict=True)),
    }


def _side(draft: DraftView, language: str) -> dict[str, Any]:
    with translation.override(language):
        return {
            "names": [said(name) for name in draft.names],
            "labels": {
                "summary": gettext("Summary of an application"), "number": gettext("Number of the application"),
                "code": gettext("Code on the sheet"), "who": gettext("Who applies"), "told": gettext("Your answers"),
                "what": gettext("Service"), "proof": gettext("Proof"), "day": day(clock.today()),
                "sign": gettext("Signature of the applicant"), "helper": gettext("Filled in with"),
                "confirm": gettext("This was read to me. It is right, and I apply for it."),
                "again": gettext("With number and code you see at any desk and on the web how it stands."),
            },
            "answers": [answer_row(one.fact, one.value) for one in draft.questions if one.answered],
            "proof": [said(item.name) for one in draft.requirements for item in one.evidence],
        }  # fmt: skip
