"""Commitments at the desk: looked into, found untrue in a letter, put right or revoked, and heard again."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from portal.clerk.coming_in import desk_page
from portal.clerk.work import act_page, end_task, version_of
from portal.clerk.writing import Writing, case_of, write
from portal.words import cited
from services import clock
from services.cases.actions import checking, reading
from services.cases.actions.checking import Untrue
from services.cases.actions.versions import expect_case
from services.cases.queries.cases import CaseView
from services.catalogue import queries as catalogue
from services.core.refusal import Mistake, Refusal
from services.people.queries import AccountView


class SayWhichWay(Refusal):
    """It is one thing or the other."""

    code = "say_which_way"
    sentence = gettext_noop("Choose one of the answers.")


def _chosen(typed: QueryDict, *answers: str) -> str:
    """Return the answer that was chosen."""
    if typed.get("found", "") not in answers:
        raise SayWhichWay(errors=[Mistake("found", SayWhichWay.sentence)])
    return typed["found"]


@act_page
def settle(request: HttpRequest, viewer: AccountView, task_id: UUID) -> HttpResponse:
    """End the looking: true, or not verifiable."""

    def act() -> None:
        found: Any = _chosen(request.POST, "true", "not_verifiable")
        note = request.POST.get("note", "").strip()
        checking.settle_check(viewer=viewer, task_id=task_id, found=found, note=note, now=clock.now())

    return end_task(request, viewer, task_id, act, told=gettext("done."))


@act_page
def repair(request: HttpRequest, viewer: AccountView, task_id: UUID) -> HttpResponse:
    """Say whether what came in puts it right."""

    def act() -> None:
        good = _chosen(request.POST, "good", "not_good") == "good"
        words = request.POST.get("explanation", "").strip()
        checking.judge_repair(viewer=viewer, task_id=task_id, good=good, explanation=words, now=clock.now())

    return end_task(request, viewer, task_id, act, told=gettext("the declarant has the letter."))


@act_page
def revoke(request: HttpRequest, viewer: AccountView, task_id: UUID) -> HttpResponse:
    """Revoke what was granted."""
    words = request.POST.get("explanation", "").strip()
    return end_task(
        request,
        viewer,
        task_id,
        lambda: checking.revoke_grant(viewer=viewer, task_id=task_id, explanation=words, now=clock.now()),
        told=gettext("revoked; the holder has the letter."),
        whole=True,
    )


@act_page
def hear(request: HttpRequest, viewer: AccountView, task_id: UUID) -> HttpResponse:
    """Decide whether a contested finding stands."""

    def act() -> None:
        stands = _chosen(request.POST, "stands", "overturned") == "stands"
        words = request.POST.get("explanation", "").strip()
        checking.hear_contest(
            viewer=viewer, task_id=task_id, stands=stands, explanation=words, now=clock.now()
        )

    return end_task(request, viewer, task_id, act, told=gettext("the declarant has the letter."))


@require_http_methods(["GET", "POST"])
@desk_page
def untrue(request: HttpRequest, viewer: AccountView, task_id: UUID) -> HttpResponse:
    """Write that a commitment is untrue, and the order to put it right (R4.10)."""
    view = case_of(viewer, task_id)
    typed, written = _typed(request, view)
    named = {"viewer": viewer, "task_id": task_id, "written": written}
    writing = Writing(
        template="desk/untrue.html",
        typed=typed,
        see=lambda: checking.preview_untrue(**named, now=clock.now()),
        send=lambda: checking.find_untrue(**named, now=clock.now()),
        told=gettext("the declarant has the letter."),
        context={"stops": False, "repair_days": clock.profile().commitment_repair_days},
    )
    return write(request, viewer, (task_id, view), writing)


@require_http_methods(["GET", "POST"])
@desk_page
def stop(request: HttpRequest, viewer: AccountView, case_id: UUID, evidence_id: UUID) -> HttpResponse:
    """Write that handling stops for an untrue commitment, before the decision (R4.10)."""
    view = reading.open_view(viewer=viewer, case_id=case_id, now=clock.now())
    typed, written = _typed(request, view)
    named = {"viewer": viewer, "case_id": case_id, "evidence_id": evidence_id, "written": written}
    writing = Writing(
        template="desk/untrue.html",
        typed=typed,
        see=lambda: checking.preview_stop(**named, now=clock.now()),
        send=lambda: checking.stop_for_untrue(**named, now=clock.now()),
        told=gettext("handling has stopped; the applicant has the letter."),
        context={"stops": True},
        hold=lambda: expect_case(viewer=viewer, case_id=case_id, version=version_of(request.POST)),
    )
    return write(request, viewer, (case_id, view), writing)


def _typed(request: HttpRequest, view: CaseView) -> tuple[dict[str, Any], Untrue]:
    basis = cited("; ".join(catalogue.definition(view.version_id).legal_basis))
    months = request.POST.get("closed_months", str(clock.profile().commitment_bar_months)).strip()
    typed = {
        "legal_basis": request.POST.get("legal_basis", basis).strip(),
        "explanation": request.POST.get("explanation", "").strip(),
        "closed_months": months,
    }
    # What is no number is more than any law allows, and refused as such.
    number = int(months) if months.isascii() and months.isdigit() and len(months) < 5 else -1
    return typed, Untrue(
        legal_basis=typed["legal_basis"], explanation=typed["explanation"], closed_months=number
    )
