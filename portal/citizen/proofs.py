"""Evidence in plain words: what we have, from where, and what is still to be given, and how."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from portal.words import day, office_names, proved_row, said, source_words
from services.cases.queries.drafts import EvidenceView, RequirementView, WayView
from services.catalogue import queries as catalogue
from services.core.definitions import Definition
from services.core.evidence import Source, Standing, own_ways
from services.core.facts import Fact

Line = dict[str, Any]


def definitions(services: tuple[str, ...]) -> list[Definition]:
    """Return the definitions a new application for these services is handled under."""
    return [catalogue.definition(catalogue.current_version_id(code)) for code in services]


def office_of(kinds: list[Definition], type: str) -> str:
    """Return the code of the office that answers for a type of evidence."""
    return next((one.evidence_types[type].organisation for one in kinds if type in one.evidence_types), "")


def source_of(item: EvidenceView, kinds: list[Definition], offices: Mapping[str, str]) -> str:
    """Return where a piece of evidence comes from, in one line."""
    office = offices.get(office_of(kinds, item.type), "")
    return source_words(item.source, office=office, obtained_on=item.obtained_on)


def found_rows(item: EvidenceView, facts: Mapping[str, Fact]) -> list[Line]:
    """Return what a piece of evidence says, one row a fact."""
    return [proved_row(facts[code], value) for code, value in item.facts.items() if code in facts]


def evidence_lines(
    requirements: tuple[RequirementView, ...], kinds: list[Definition], *, given_in: UUID | None = None
) -> list[Line]:
    """Return how each requirement stands, as components/evidence.html shows it.

    `given_in` is the application while it can still be changed: what is open then leads to where it is given, and a
    declaration to where it is taken back (R4.8).
    """
    return [line for one in requirements for line in _lines(one, kinds, office_names(), given_in)]


def _lines(
    one: RequirementView, kinds: list[Definition], offices: Mapping[str, str], given_in: UUID | None
) -> Iterator[Line]:
    for item in one.evidence:
        note = (
            gettext("An officer still has to look at this copy.")
            if one.standing is Standing.UNCHECKED
            else ""
        )
        line = _line(said(item.name), "held", source_of(item, kinds, offices), note)
        yield line | {"until": item.valid_until} | _way_back(one, item, given_in)
    if not one.evidence:
        state, source, note = _STANDING[one.standing]
        if one.promised_until:
            note = gettext("By %(day)s. It is decided once this is there.") % {"day": day(one.promised_until)}
        line = _line(said(one.name), state, gettext(source), gettext(note) if note else "")
        yield line | _way_to_give(one, given_in)


def _way_to_give(one: RequirementView, given_in: UUID | None) -> Line:
    if given_in is None or one.standing not in (Standing.OPEN, Standing.PROMISED) or not one.ways:
        return {}
    return {"href": reverse("citizen:paper", args=[given_in, one.code]), "link": gettext("Give it now")}


def _way_back(one: RequirementView, item: EvidenceView, given_in: UUID | None) -> Line:
    if given_in is None or item.source is not Source.DECLARATION or one.party != "applicant":
        return {}
    return {"href": reverse("citizen:take_back", args=[given_in, item.id]), "link": gettext("Take it back")}


def _noop(text: str) -> str:
    """Mark a text to be translated where it is used."""
    return text


_STANDING = {
    Standing.FETCHING: (
        "waiting",
        _noop("we are asking the office that holds it"),
        _noop("Nobody waits for it: your application goes on meanwhile."),
    ),
    Standing.AT_VISIT: (
        "waiting",
        _noop("you show the original at your visit, or to the officer who comes"),
        "",
    ),
    Standing.AWAITED: ("waiting", _noop("another part of this application brings it by itself"), ""),
    Standing.OPEN: ("missing", _noop("still to be given"), ""),
    Standing.PROMISED: ("waiting", _noop("you promised to bring it in"), ""),
    Standing.UNCHECKED: ("waiting", _noop("an officer looks at it"), ""),
    Standing.SETTLED: ("held", "", ""),
}


def _line(what: str, state: str, source: str, note: str) -> Line:
    empty = {"grade": "", "since": None, "until": None, "href": "", "link": ""}
    return {"what": what, "state": state, "source": source, "note": note, **empty}


def ways_to_give(one: RequirementView, kinds: list[Definition]) -> list[WayView]:
    """Return how the applicant can give this: what is open, or, where an office asks again, any way of their own."""
    if one.ways:
        return list(one.ways)
    found = []
    for definition in kinds:
        wanted = definition.requirement.get(one.code)
        for code in [code for entry in wanted.any_of for code in entry] if wanted else []:
            kind = definition.evidence_types[code]
            ways = own_ways(kind, definition.risks, closed=one.commitments_closed)
            found += [WayView(code, kind.name, way) for way in ways]
    return found


def way_words(way: WayView) -> tuple[str, str]:
    """Return a way as a choice: what one does, and what that means."""
    told = {
        Source.DECLARATION: (
            gettext("Sign a statement now"),
            gettext("You read it first. It takes a minute."),
        ),
        Source.UPLOAD: (gettext("Send a file or a photo"), gettext("PDF, JPEG or PNG, up to 10 MB.")),
        Source.SEEN: (
            gettext("Show the original at the visit"),
            gettext("You come in for this service anyway."),
        ),
    }
    return told[way.way]
