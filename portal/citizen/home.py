"""My matters: first what waits for me, then what the offices do, then what is done."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.citizen.coming_in import citizen_page
from portal.story import first_wait, for_both, state_words
from portal.words import said
from services import clock
from services.cases.queries import acting, applications, cards
from services.cases.queries.cards import CaseCard
from services.core.states import ENDED
from services.notices import queries as notices
from services.people import queries as people
from services.people.queries import AccountView


@require_safe
@citizen_page
def home(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """Show everything of mine on one page, what is awaited from me at the top."""
    before = request.GET.get("before", "")
    filed = cards.my_cases(viewer=viewer, before=before)
    shown = [_card(one) for one in filed]
    mine = [one for one in shown if one["mine"]]
    opened = [] if before else [_application(one) for one in applications.open_applications(viewer=viewer)]
    ids = [one.application_id for one in filed] + [one["card"].id for one in opened]
    both = acting.filed_for(viewer=viewer, application_ids=ids) if ids else {}
    for one in (*shown, *opened):
        named = both.get(getattr(one["card"], "application_id", one["card"].id))
        one["both"] = for_both(named.agent, named.applicant) if named else ""
    here = reverse("citizen:home")
    context = {
        "viewer": viewer,
        "to_sign": [one for one in opened if one["card"].to_sign],
        "awaited": mine,
        "drafts": [one for one in opened if one["card"].mine],
        "under_way": [one for one in shown if not one["mine"] and one["card"].state not in ENDED],
        "ended": [one for one in shown if one["card"].state in ENDED],
        "unread": notices.unread(viewer.id),
        "businesses": people.businesses_of(viewer.id, on=clock.today()),
        "next_url": f"{here}?before={filed[-1].number}" if len(filed) == cards.PAGE else "",
        "first_url": here if before else "",
        "empty": not opened and not shown,
    }
    return render(request, "citizen/home.html", context)


def _application(one: applications.ApplicationCard) -> dict[str, object]:
    return {"card": one, "name": ", ".join(said(name) for name in one.names)}


def _card(one: CaseCard) -> dict[str, object]:
    return {
        "card": one,
        "name": said(one.name),
        "state": state_words(one),
        "wait": first_wait(one),
        "mine": any(wait.startswith("applicant:") for wait in one.waits_for),
    }
