"""Evidence as an officer judges it: source, grade, what it says; copies to open, statements to read."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from portal.clerk.words import read_row
from portal.settling import now_words, story_of
from portal.words import day, said
from services.cases.queries.at_desk import DisputeLine
from services.cases.queries.cases import CaseView
from services.cases.queries.casework import PaperView
from services.cases.queries.drafts import EvidenceView, RequirementView
from services.cases.queries.settlements import SettlementView
from services.catalogue import queries as catalogue
from services.core.definitions import Definition
from services.core.evidence import Source, Standing

Line = dict[str, Any]


def evidence_lines(
    view: CaseView,
    settlements: Sequence[SettlementView],
    offices: Mapping[str, str],
    *,
    leads: bool = False,
) -> list[Line]:
    """Return how each requirement of the case stands: one line a piece of evidence, the story under the last.

    `leads`: whether the officer's office leads the case, and takes in what was promised.
    """
    definition = catalogue.definition(view.version_id)
    stories = {one.code: story_of(one, offices, for_officer=True) for one in settlements}
    unscanned = {
        one.code: now_words(one) for one in settlements if any(proof.unscanned for proof in one.proofs)
    }
    found: list[Line] = []
    for one in view.requirements:
        found += _lines(one, view, definition, offices)
        if one.code in stories:
            found[-1]["more"] = stories[one.code]
        if leads and one.standing is Standing.PROMISED:
            found[-1] |= {
                "href": reverse("clerk:received", args=[view.card.id, one.code]),
                "link": gettext("The original came in"),
            }
        if one.code in unscanned:
            found[-1] |= {"note": unscanned[one.code], "href": "", "link": ""}
    return found


def _lines(
    one: RequirementView, view: CaseView, definition: Definition, offices: Mapping[str, str]
) -> Iterator[Line]:
    for item in one.evidence:
        yield _held(one, item, view, definition, offices)
    if not one.evidence:
        state, source = _standing_words(one.standing)
        yield _line(said(one.name), state, source, party=one.party)


def _held(
    one: RequirementView,
    item: EvidenceView,
    view: CaseView,
    definition: Definition,
    offices: Mapping[str, str],
) -> Line:
    unchecked = one.standing is Standing.UNCHECKED
    office = offices.get(definition.evidence_types[item.type].organisation, "")
    source = _source_words(item.source, office=office, obtained_on=item.obtained_on)
    line = _line(said(item.name), "waiting" if unchecked else "held", source, party=one.party)
    line |= {
        "grade": item.grade,
        "until": item.valid_until,
        "note": _note(item, unchecked),
        "says": [
            read_row(definition.facts[code], value)
            for code, value in item.facts.items()
            if code in definition.facts
        ],
    }
    if item.source is Source.UPLOAD:
        line |= {
            "href": reverse("clerk:copy", args=[view.card.id, item.id]),
            "link": gettext("Open the copy"),
        }
    return line


def _source_words(source: Source, *, office: str, obtained_on: date) -> str:
    values = {"office": office, "day": day(obtained_on)}
    sentences = {
        Source.ISSUED: gettext("a certificate, issued by %(office)s on %(day)s"),
        Source.EARLIER: gettext("from an earlier matter of the applicant, %(day)s"),
        Source.REGISTRY: gettext("from the register of %(office)s, %(day)s"),
        Source.DECLARATION: gettext("a statement the applicant signed, %(day)s"),
        Source.UPLOAD: gettext("a copy the applicant sent, %(day)s"),
        Source.SEEN: gettext("the original, seen by an officer on %(day)s"),
    }
    return sentences[source] % values


def _note(item: EvidenceView, unchecked: bool) -> str:
    if item.disputed:
        return gettext("The applicant says this is wrong.")
    if unchecked:
        return gettext("Nobody has looked at this copy yet.")
    return gettext("Looked at by an officer.") if item.checked and item.source is Source.UPLOAD else ""


def _standing_words(standing: Standing) -> tuple[str, str]:
    return {
        Standing.FETCHING: ("waiting", gettext("a register has yet to answer")),
        Standing.AT_VISIT: ("waiting", gettext("the original is shown at the visit, or to the inspector")),
        Standing.OPEN: ("missing", gettext("not there")),
        Standing.PROMISED: ("waiting", gettext("promised in writing, not there yet")),
        Standing.UNCHECKED: ("waiting", gettext("a copy to look at")),
        Standing.SETTLED: ("held", ""),
    }[standing]


def _line(what: str, state: str, source: str, *, party: str) -> Line:
    return {
        "what": what, "state": state, "source": source, "note": "", "grade": "", "since": None, "until": None,
        "href": "", "link": "", "says": [], "party": "" if party == "applicant" else party,
    }  # fmt: skip


def paper_lines(view: CaseView, papers: Sequence[PaperView]) -> list[Line]:
    """Return the statements that were signed, and the files that count for nothing any more."""
    shown = {item.id for one in view.requirements for item in one.evidence}
    return [
        {
            "paper": one,
            "what": said(one.type_name),
            "at": day(one.at),
            "href": "" if one.text else reverse("clerk:copy", args=[view.card.id, one.evidence_id]),
            "standing": _copy_words(one.checked) if not one.text else ("", ""),
            "stop": _stop_url(view, one),
        }
        for one in papers
        if one.text or one.evidence_id not in shown
    ]


def _stop_url(view: CaseView, one: PaperView) -> str:
    """Return where handling is stopped for an untrue commitment, as long as nothing is decided (R4.10)."""
    undecided = view.card.state in ("received", "accepted", "in_review")
    commits = one.kind == "commitment" and undecided
    return reverse("clerk:stop", args=[view.card.id, one.evidence_id]) if commits else ""


def dispute_lines(view: CaseView, disputes: Sequence[DisputeLine], offices: Mapping[str, str]) -> list[Line]:
    """Return what the applicant says is wrong: what, whose record, why, what stands instead, and what came of it."""
    definition = catalogue.definition(view.version_id)
    return [
        {
            "what": said(one.name),
            "office": offices.get(one.said.organisation, one.said.organisation),
            "reason": one.said.reason,
            "at": one.said.at,
            "certificate": one.said.source is Source.ISSUED,
            "answered": one.said.answered,
            "correction": one.said.correction,
            "explanation": one.said.explanation,
            "instead": [_instead(item, definition, offices) for item in one.instead],
        }
        for one in disputes
    ]


def _instead(item: EvidenceView, definition: Definition, offices: Mapping[str, str]) -> Line:
    office = offices.get(definition.evidence_types[item.type].organisation, "")
    return {
        "what": said(item.name),
        "source": _source_words(item.source, office=office, obtained_on=item.obtained_on),
    }


def _copy_words(checked: bool | None) -> tuple[str, str]:
    if checked is None:
        return gettext("not looked at yet"), "wait"
    return (gettext("good"), "good") if checked else (gettext("cannot be used"), "bad")
