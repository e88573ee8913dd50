"""The end of an application: who signs, check everything, submit once, and the confirmation."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.citizen.coming_in import citizen_page, own_application
from portal.citizen.places import DRAFT, FOUND_BY_US, findings, next_place
from portal.citizen.proofs import definitions, evidence_lines, found_rows, source_of
from portal.citizen.questions import CHECKING
from portal.refusals import sentence
from portal.story import waits
from portal.words import Row, answer_row, facts_of, office_names, said
from services import clock
from services.cases.actions import assisting, drafting, submission
from services.cases.actions.assisted import ReadBackFirst
from services.cases.actions.drafting import ChangedMeanwhile
from services.cases.actions.parties import PartyNotNamed
from services.cases.actions.submission import NotComplete
from services.cases.queries import cards, cases
from services.cases.queries.drafts import DraftView, QuestionView
from services.core.facts import Holder
from services.core.refusal import Refusal
from services.people import queries as people
from services.people.queries import AccountView


@require_safe
@citizen_page
def parties(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Say who else takes part, and how each of them signs."""
    draft = own_application(viewer, application_id)
    context = {"draft": draft, "title": said(draft.names[0]), "parties": party_lines(draft)}
    return render(request, "citizen/parties.html", context)


def party_lines(draft: DraftView) -> list[dict[str, str]]:
    """Return the parties with how they sign, in words."""
    how = {
        "account": gettext("signs in their own account; we invite them when you submit"),
        "visit": gettext("comes to the same visit and signs there"),
        "none": gettext("has nothing to sign"),
    }
    return [
        {"name": said(one.name), "how": how[one.signs], "signs": one.signs, "signed": one.signed}
        for one in draft.parties
    ]


@require_http_methods(["GET", "POST"])
@citizen_page
def check(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Show every answer with its source and a way to change it; submit once, however often it is pressed."""
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            _submit(request, viewer, application_id)
            return redirect("citizen:done", application_id=application_id)
        except (NotComplete, PartyNotNamed, ChangedMeanwhile, ReadBackFirst) as refusal:
            errors = _errors(refusal)
    draft = own_application(viewer, application_id)
    if draft.state != DRAFT:
        return redirect(next_place(draft, viewer))
    return render(
        request, "citizen/check.html", _checked(draft, viewer, errors), status=422 if errors else 200
    )


def _submit(request: HttpRequest, viewer: AccountView, application_id: UUID) -> None:
    """Submit what the page was showing; with a helper, only what the person has confirmed (R11.4)."""
    named = {
        "viewer": viewer, "application_id": application_id, "with_gaps": "with_gaps" in request.POST,
        "now": clock.now(),
    }  # fmt: skip
    if viewer.helped_by is None:
        submission.submit_application(**named, version=_version_shown(request))
    elif request.POST.get("read_back") == "yes":
        assisting.submit_read_back(**named, version=_version_shown(request) or 0)
    else:
        raise ReadBackFirst


def _version_shown(request: HttpRequest) -> int | None:
    """Return the version that the page was showing when it was sent; another text than ours is no version."""
    shown = request.POST.get("version")
    if shown is None:
        return None
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 10 else 0


def _errors(refusal: Refusal) -> list[tuple[str, str]]:
    return [("", sentence(refusal)), *((one.place, sentence(one)) for one in refusal.errors)]


def _checked(draft: DraftView, viewer: AccountView, errors: list[tuple[str, str]]) -> dict[str, object]:
    kinds = definitions(draft.services)
    given = [one for one in draft.requirements if not _known(one)]
    return {
        "draft": draft,
        "title": said(draft.names[0]),
        "applicant": _applicant(draft, viewer),
        "answers": [_answer(draft, one) for one in draft.questions],
        "known": _known_rows(draft),
        "given": evidence_lines(tuple(given), kinds, given_in=draft.id),
        "parties": party_lines(draft),
        "offers": [{"one": one, "name": said(one.name)} for one in draft.offers],
        "errors": [(f"row_{place}" if place else "", words) for place, words in errors],
        "helped": viewer.helped_by is not None,
        "unbound": viewer.person_id is None,
        "open_url": next_place(draft, viewer, skip=["fetch", "waiting"]) if not draft.complete else "",
        "only_papers_missing": not draft.unanswered and bool(draft.missing),
    }


def _known(one: object) -> bool:
    return bool(one.evidence) and all(item.source in FOUND_BY_US for item in one.evidence)


def _applicant(draft: DraftView, viewer: AccountView) -> list[Row]:
    rows = []
    other = draft.for_person_id if draft.for_person_id != viewer.person_id else None
    if draft.business_id is not None or other is not None:
        holder = Holder("business", draft.business_id) if draft.business_id else Holder("person", other)
        rows.append({"label": gettext("Applicant"), "value": people.holder_name(holder)})
    if viewer.person_id is not None:
        person = people.person(viewer.person_id)
        label = gettext("You") if viewer.helped_by is None else gettext("Applicant")
        if draft.business_id is not None:
            label = gettext("You act as its representative or agent")
        elif other is not None:
            label = gettext("You act by their mandate")
        rows.append({"label": label, "value": f"{person.name}, {person.number}"})
    return rows


def _answer(draft: DraftView, one: QuestionView) -> Row:
    change = reverse("citizen:question", args=[draft.id, one.fact.code]) + f"?from={CHECKING}"
    source = gettext("as you told us before") if one.remembered and one.answered else ""
    row = answer_row(one.fact, one.value if one.answered else None, source=source, change_url=change)
    return row | {"id": f"id_row_{one.fact.code}"}


def _known_rows(draft: DraftView) -> list[Row]:
    kinds, offices, facts = definitions(draft.services), office_names(), facts_of(draft.services)
    rows = []
    for item in findings(draft):
        source = source_of(item, kinds, offices)
        said_there = found_rows(item, facts) or [{"label": said(item.name), "value": gettext("found")}]
        rows += [row | {"source": source} for row in said_there]
    return rows


@require_http_methods(["GET", "POST"])
@citizen_page
def done(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Confirm the filing: the reference, what happens next and when; or who has yet to sign."""
    draft = own_application(viewer, application_id)
    if request.method == "POST":
        submission.take_back_application(viewer=viewer, application_id=application_id, now=clock.now())
        messages.success(
            request, gettext("You can change the application again. Whoever signed has to sign anew.")
        )
        return redirect("citizen:check", application_id=application_id)
    if draft.state == DRAFT:
        return redirect(next_place(draft, viewer))
    filed = [
        cases.case(viewer=viewer, case_id=one.id)
        for one in cards.cases_of_application(viewer=viewer, application_id=draft.id)
    ]
    context = {
        "draft": draft,
        "title": said(draft.names[0]),
        "cases": [{"view": one, "name": said(one.card.name), "waits": waits(one)} for one in filed],
        "helped": viewer.helped_by is not None,
        "unsigned": [one for one in party_lines(draft) if one["signs"] == "account" and not one["signed"]],
    }
    return render(request, "citizen/done.html", context)


@require_http_methods(["GET", "POST"])
@citizen_page
def discard(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Ask once more, then throw the draft away."""
    if request.method == "POST":
        drafting.discard_draft(viewer=viewer, application_id=application_id)
        messages.success(request, gettext("The draft is gone, with everything typed into it."))
        return redirect("citizen:home")
    draft = own_application(viewer, application_id)
    return render(request, "citizen/discard.html", {"draft": draft, "title": said(draft.names[0])})
