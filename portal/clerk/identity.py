"""A code for somebody whose document the clerk has before them: it binds that person's account, once."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.clerk.coming_in import desk_page
from portal.clerk.words import document_words
from portal.refusals import sentence
from services import clock
from services.cases.actions import identifying
from services.people import actions
from services.people.identifiers import IdentifierMistyped
from services.people.queries import DOCUMENT_KINDS, AccountView


@require_http_methods(["GET", "POST"])
@desk_page
def identity(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """Ask for what the document says, and show the code once; it stands in no address and is not kept.

    :raises services.people.actions.OnlyAtTheCounter: for whoever sees no documents.
    """
    if viewer.role not in actions.AT_THE_COUNTER:
        raise actions.OnlyAtTheCounter
    errors, code = {}, ""
    if request.method == "POST":
        errors = mistyped(request.POST)
        if not errors:
            code, errors = _issued(viewer, request.POST)
    context = {
        "fields": identity_fields(request.POST, errors),
        "errors": list(errors.items()),
        "code": code,
        "name": request.POST.get("full_name", "").strip(),
    }
    return render(request, "desk/identity.html", context, status=422 if errors else 200)


def mistyped(typed: QueryDict) -> dict[str, str]:
    """Return what cannot even be read, by field."""
    checks = {
        "document_kind": (
            typed.get("document_kind") in DOCUMENT_KINDS,
            gettext("Choose the document you have before you."),
        ),
        "number": (bool(typed.get("number", "").strip()), gettext("Write the number of the document.")),
        "full_name": (
            bool(typed.get("full_name", "").strip()),
            gettext("Write the name as the document has it."),
        ),
        "birth_date": (
            _born(typed) is not None,
            gettext("Write a real date: year, month and day, such as 2026-03-02."),
        ),
    }
    return {name: words for name, (right, words) in checks.items() if not right}


def _issued(viewer: AccountView, typed: QueryDict) -> tuple[str, dict[str, str]]:
    """Return the code, or what is wrong."""
    try:
        shown = shown_identity(typed)
        return identifying.issue_binding_code(viewer=viewer, identity=shown, now=clock.now()), {}
    except IdentifierMistyped as refusal:
        return "", {"number": sentence(refusal)}
    except actions.BirthDateImplausible as refusal:
        return "", {"birth_date": sentence(refusal)}
    except actions.IdentityDiffers as refusal:
        return "", {"number": sentence(refusal)}


def shown_identity(typed: QueryDict) -> actions.Identity:
    """Return what was typed of a document, of which `mistyped` has found nothing wrong."""
    born = _born(typed)
    assert born is not None  # noqa: S101 - `mistyped` has read it
    return actions.Identity(
        number=typed["number"], document_kind=typed["document_kind"], full_name=typed["full_name"].strip(),
        birth_date=born,
    )  # fmt: skip


def _born(typed: QueryDict) -> date | None:
    try:
        return date(*(int(typed.get(f"birth_date.{part}", "")) for part in ("year", "month", "day")))
    except ValueError:
        return None


def identity_fields(typed: QueryDict, errors: dict[str, str]) -> list[dict[str, Any]]:
    """Return the questions about a document that the clerk has before them."""
    born = {part: typed.get(f"birth_date.{part}", "") for part in ("year", "month", "day")}
    asked = (
        ("document_kind", "choice", gettext("Which document?"), typed.get("document_kind", "")),
        ("number", "text", gettext("Number"), typed.get("number", "")),
        ("full_name", "text", gettext("Name, as the document has it"), typed.get("full_name", "")),
        ("birth_date", "date", gettext("Date of birth"), born),
    )
    return [
        {
            "name": name, "type": kind, "ask": ask, "hint": "", "value": value, "error": errors.get(name, ""),
            "max_length": 80, "format": "identity_number" if name == "number" else "",
            "choices": [(one, document_words(one)) for one in DOCUMENT_KINDS] if kind == "choice" else [],
        }
        for name, kind, ask, value in asked
    ]  # fmt: skip
