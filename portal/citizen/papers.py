"""What no office holds: declared, or promised to be shown at the visit; copies are sent on a page of their own."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.citizen.coming_in import citizen_page
from portal.citizen.places import DRAFT, FOUND_BY_US
from portal.citizen.proofs import definitions, way_words, ways_to_give
from portal.refusals import sentence
from portal.words import day, isolated, said
from services import clock
from services.cases.actions import drafting
from services.cases.actions import evidence as giving
from services.cases.actions.giving import NothingOpen
from services.cases.queries import drafts, promises
from services.cases.queries.drafts import DraftView, RequirementView, WayView
from services.catalogue import queries as catalogue
from services.core.acts import NotRequired
from services.core.evidence import Source, Standing, commitment_needed
from services.core.promises import Delivery
from services.evidence import queries as evidence
from services.evidence.actions import TextHasChanged
from services.people.queries import AccountView


@require_safe
@citizen_page
def papers(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """List what only the applicant can give, and what of it is done: for a draft, and while a case waits for it."""
    draft = drafts.draft(viewer=viewer, application_id=application_id)
    if not draft.givable:
        return redirect("citizen:go_on", application_id=application_id)
    coming = promises.on_their_way(viewer=viewer, application_id=application_id)
    context = {
        "draft": draft,
        "title": said(draft.names[0]),
        "tasks": [
            _task(draft, one, coming)
            for one in draft.requirements
            if one in draft.missing or _given_by_hand(one)
        ],
        "missing": [one for one in draft.missing if one.code in draft.givable],
        "is_draft": draft.state == DRAFT,
    }
    return render(request, "citizen/papers.html", context)


def _given_by_hand(one: RequirementView) -> bool:
    by_word = one.standing in (Standing.AT_VISIT, Standing.PROMISED)
    return by_word or any(item.source not in FOUND_BY_US for item in one.evidence)


def _task(draft: DraftView, one: RequirementView, coming: Mapping[str, promises.OnItsWay]) -> dict[str, str]:
    at_visit = gettext("You show the original at the visit.") if one.standing is Standing.AT_VISIT else ""
    if one.standing is Standing.PROMISED:
        at_visit = gettext("You bring it in by %(day)s.") % {"day": day(one.promised_until)}
        at_visit = " ".join(part for part in (at_visit, way_to_office(coming.get(one.code))) if part)
    is_open = one.standing is Standing.OPEN
    shown = one.standing is Standing.AT_VISIT and bool(one.original_at)
    fixed = shown or one.code not in draft.givable
    return {
        "title": said(one.name),
        "hint": " · ".join(part for part in (party_of(draft, one), at_visit) if part),
        "href": "" if fixed else reverse("citizen:paper", args=[draft.id, one.code]),
        "status": "incomplete" if is_open else "completed",
    }


def way_to_office(coming: promises.OnItsWay | None) -> str:
    """Return where something promised goes on paper; nothing for what is sent online."""
    if coming is None or coming.delivery is Delivery.UPLOAD:
        return ""
    office = catalogue.organisation(coming.organisation, get_language() or "en")
    where = {"office": isolated(office.name), "address": isolated(office.address)}
    if coming.delivery is Delivery.POST:
        return gettext("By post to %(office)s, %(address)s.") % where
    return gettext("At the window of %(office)s, %(address)s.") % where


def party_of(draft: DraftView, one: RequirementView) -> str:
    return next((said(party.name) for party in draft.parties if party.role == one.party), "")


@require_http_methods(["GET", "POST"])
@citizen_page
def paper(request: HttpRequest, viewer: AccountView, application_id: UUID, requirement: str) -> HttpResponse:
    """Ask in which way one thing is given, where there is a choice."""
    draft = drafts.draft(viewer=viewer, application_id=application_id)
    one, ways = wanted(draft, requirement)
    chosen = next((way for way in ways if _code(way) == request.POST.get("way")), None)
    later = one.deferrable and draft.state == DRAFT
    if later and request.POST.get("way") == LATER:
        return redirect("citizen:promise", application_id=application_id, requirement=requirement)
    if len(ways) == 1 and ways[0].way is not Source.SEEN and not later:
        return redirect(_address(draft, requirement, ways[0]))
    if chosen is not None and chosen.way is Source.SEEN:
        drafting.promise_original(
            viewer=viewer, application_id=application_id, requirement=requirement, now=clock.now()
        )
        return redirect("citizen:go_on", application_id=application_id)
    if chosen is not None:
        return redirect(_address(draft, requirement, chosen))
    return _choice_page(request, draft, one, ways)


# The choice of filing with a gap, beside the ways of giving something now.
LATER = "later"


def _choice_page(
    request: HttpRequest, draft: DraftView, one: RequirementView, ways: list[WayView]
) -> HttpResponse:
    error = gettext("Choose how you give this.") if request.method == "POST" else ""
    several = len({way.type for way in ways}) > 1
    promise = gettext("You promise a day; your application is handled meanwhile.")
    follows = [(LATER, gettext("Bring it in later"), promise)]
    later = follows if one.deferrable and draft.state == DRAFT else []
    field = {
        "name": "way", "type": "choice", "hint": party_of(draft, one), "value": "", "error": error,
        "ask": gettext("%(what)s: how do you want to give it?") % {"what": isolated(said(one.name))},
        "choices": [*((_code(way), *_words(way, several, commits=_commits(draft, way))) for way in ways), *later],
    }  # fmt: skip
    context = {
        "draft": draft, "title": said(draft.names[0]), "field": field,
        "errors": [("way", error)] if error else [], "given": _given(draft, ways),
        "free": any(_commits(draft, way) for way in ways) and len(ways) > 1,
    }  # fmt: skip
    return render(request, "citizen/paper.html", context, status=422 if error else 200)


def _commits(draft: DraftView, way: WayView) -> bool:
    """Return whether this way is a commitment in place of a proof, and no plain statement (R4)."""
    kinds = (one.evidence_types.get(way.type) for one in definitions(draft.services))
    return way.way is Source.DECLARATION and any(kind and commitment_needed(kind) for kind in kinds)


def _words(way: WayView, several: bool, *, commits: bool = False) -> tuple[str, str]:
    words, hint = way_words(way)
    if commits:
        words, hint = gettext("Commit to it in writing"), gettext("You read the notice first, then sign.")
    return (f"{said(way.name)}: {words}" if several else words), hint


def _given(draft: DraftView, ways: list[WayView]) -> list[str]:
    """Return what was given for a requirement that needs several things and is not complete yet."""
    types = {way.type: said(way.name) for way in ways}
    copies = evidence.uploads(application_ids=[draft.id])
    signed = evidence.declarations(application_ids=[draft.id])
    return list(dict.fromkeys(types[one.type] for one in (*copies, *signed) if one.type in types))


@require_http_methods(["GET", "POST"])
@citizen_page
def declare(
    request: HttpRequest, viewer: AccountView, application_id: UUID, requirement: str, type: str
) -> HttpResponse:
    """Show the whole text, and sign exactly that text once it is ticked as read (R4.4-R4.6)."""
    error = ""
    if request.method == "POST" and request.POST.get("read") == "yes":
        try:
            giving.sign_declaration(
                viewer=viewer, application_id=application_id, requirement=requirement, type=type,
                read_digest=request.POST.get("digest", ""), now=clock.now(),
            )  # fmt: skip
            return redirect(after_giving(viewer, application_id))
        except TextHasChanged as refusal:
            error = sentence(refusal)
    elif request.method == "POST":
        error = gettext("Tick that you have read the text and that it is true.")
    text = giving.text_to_sign(
        viewer=viewer, application_id=application_id, requirement=requirement, type=type, now=clock.now()
    )
    before = giving.committed_before(
        viewer=viewer, application_id=application_id, requirement=requirement, type=type, now=clock.now()
    )
    draft = drafts.draft(viewer=viewer, application_id=application_id)
    one, ways = wanted(draft, requirement)
    context = {
        "draft": draft, "title": said(draft.names[0]), "name": said(one.name), "text": text, "error": error,
        "before": before, "commits": any(way.type == type and _commits(draft, way) for way in ways),
        "errors": [("read", error)] if error else [], "language": text.language,
    }  # fmt: skip
    return render(request, "citizen/declare.html", context, status=422 if error else 200)


def wanted(draft: DraftView, requirement: str) -> tuple[RequirementView, list[WayView]]:
    one = next((one for one in draft.requirements if one.code == requirement), None)
    ways = ways_to_give(one, definitions(draft.services)) if one else []
    if draft.state != DRAFT:
        # An original that could be shown at a visit is shown there; nobody need promise it while the case is handled.
        ways = [way for way in ways if way.way is not Source.SEEN]
    if one is None or not ways:
        raise NotRequired(what=requirement)
    if requirement not in draft.givable:
        raise NothingOpen
    return one, ways


def _code(way: WayView) -> str:
    return f"{way.way}:{way.type}"


def _address(draft: DraftView, requirement: str, way: WayView) -> str:
    page = "citizen:declare" if way.way is Source.DECLARATION else "citizen:upload"
    return reverse(page, args=[draft.id, requirement, way.type])


def after_giving(viewer: AccountView, application_id: UUID) -> str:
    """Return where one goes on: to what else is to be given, or back to the case."""
    draft = drafts.draft(viewer=viewer, application_id=application_id)
    page = "citizen:papers" if draft.state == DRAFT else "citizen:go_on"
    return reverse(page, args=[application_id])


@require_http_methods(["GET", "POST"])
@citizen_page
def take_back(
    request: HttpRequest, viewer: AccountView, application_id: UUID, evidence_id: UUID
) -> HttpResponse:
    """Ask once more, then take a declaration back: any time before the decision (R4.8)."""
    if request.method == "POST":
        giving.withdraw_declaration(
            viewer=viewer, application_id=application_id, evidence_id=evidence_id, now=clock.now()
        )
        messages.success(
            request, gettext("Taken back. It counts no longer; you can prove it in another way.")
        )
        return redirect(after_giving(viewer, application_id))
    draft = drafts.draft(viewer=viewer, application_id=application_id)
    items = [item for one in draft.requirements for item in one.evidence]
    signed = [one.name for one in items if one.id == evidence_id and one.source is Source.DECLARATION]
    signed += [one.name for one in draft.offers if one.evidence_id == evidence_id]
    if not signed:
        return redirect("citizen:go_on", application_id=application_id)
    context = {"draft": draft, "title": said(draft.names[0]), "name": said(signed[0])}
    return render(request, "citizen/take_back.html", context)
