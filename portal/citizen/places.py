"""What comes next in an application: the one place that knows the order of its pages."""

from collections.abc import Collection, Iterator

from django.urls import reverse

from services.cases.queries.drafts import DraftView, EvidenceView, QuestionView
from services.core.evidence import Source
from services.people.queries import AccountView

FOUND_BY_US = (Source.ISSUED, Source.EARLIER, Source.REGISTRY)
DRAFT = "draft"


def next_place(draft: DraftView, viewer: AccountView, *, after: str = "", skip: Collection[str] = ()) -> str:
    """Return the address of the page that comes next.

    `after` is the question just answered: what was found is then shown once all questions are through.
    `skip` names pages not to go to: `fetch`, `waiting`.
    """
    if draft.state != DRAFT:
        return reverse("citizen:done", args=[draft.id])
    return next(address for name, address in _places(draft, viewer, after) if name not in skip)


def _places(draft: DraftView, viewer: AccountView, after: str) -> Iterator[tuple[str, str]]:
    known = viewer.person_id is not None
    if known and not after:
        yield from _about_evidence(draft)
    question = next_question(draft, after)
    if question is not None:
        yield "question", question_url(draft, question)
    if known:
        yield from _about_evidence(draft)
        if draft.missing:
            yield "papers", reverse("citizen:papers", args=[draft.id])
    if draft.parties:
        yield "parties", reverse("citizen:parties", args=[draft.id])
    yield "check", reverse("citizen:check", args=[draft.id])


def _about_evidence(draft: DraftView) -> Iterator[tuple[str, str]]:
    if not draft.fetch_asked and draft.to_fetch:
        yield "fetch", reverse("citizen:fetch", args=[draft.id])
    if draft.fetching:
        yield "waiting", reverse("citizen:waiting", args=[draft.id])
    if any(one.id not in draft.confirmed for one in findings(draft)):
        yield "found", reverse("citizen:found", args=[draft.id])


def findings(draft: DraftView) -> list[EvidenceView]:
    """Return what was found about the applicant without their doing, each once."""
    mine = (one for one in draft.requirements if one.party == "applicant")
    found = [item for one in mine for item in one.evidence if item.source in FOUND_BY_US]
    return list({item.id: item for item in found}.values())


def next_question(draft: DraftView, after: str = "") -> QuestionView | None:
    """Return the next question without an answer: behind the one just seen, else one that holds up filing."""
    codes = [one.fact.code for one in draft.questions]
    answered = [place for place, one in enumerate(draft.questions) if one.answered]
    seen = codes.index(after) if after in codes else max(answered, default=-1)
    behind = [one for one in draft.questions[seen + 1 :] if not one.answered]
    return next(iter([*behind, *draft.unanswered]), None)


def question_url(draft: DraftView, question: QuestionView) -> str:
    """Return the address of a question's page."""
    return reverse("citizen:question", args=[draft.id, question.fact.code])
