"""How a requirement is settled, in plain words: by whom, how surely, until when, what was tried, what happens now."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext

from portal.words import day, isolated, office_names, said, source_words
from services import clock
from services.cases.queries.settlements import ProofView, SettlementSheet, SettlementView, TryView
from services.core.evidence import Grade, Source, Standing

Line = dict[str, Any]
Offices = Mapping[str, str]

_STATES = {
    Standing.SETTLED: "held",
    Standing.UNCHECKED: "waiting",
    Standing.FETCHING: "waiting",
    Standing.PROMISED: "waiting",
    Standing.AWAITED: "waiting",
    Standing.AT_VISIT: "waiting",
    Standing.OPEN: "missing",
}


def settlement_lines(sheet: SettlementSheet, *, for_officer: bool = False) -> list[Line]:
    """Return each requirement as components/evidence.html shows it, the whole story folded in."""
    offices = office_names()
    return [settlement_line(one, offices, for_officer=for_officer) for one in sheet.settlements]


def settlement_line(one: SettlementView, offices: Offices, *, for_officer: bool = False) -> Line:
    """Return one requirement: its name, one line on where it comes from or what happens now, and the story."""
    first = next(iter(one.proofs), None)
    now = now_words(one)
    return {
        "code": one.code,
        "what": said(first.name if first else one.name),
        "party": said(one.party_name) if one.party_name else "",
        "state": _STATES[one.standing],
        "source": _source(first, offices) if first else now,
        "note": now if first else "",
        "grade": max((proof.grade for proof in one.proofs), default=""),
        "since": None,
        "until": first.valid_until if first else None,
        "href": "",
        "link": "",
        "says": [],
        "more": story_of(one, offices, for_officer=for_officer),
    }


def story_of(one: SettlementView, offices: Offices, *, for_officer: bool) -> Line:
    """Return what components/settlement.html folds in: each proof whole, what is spared, what was tried."""
    return {
        "proofs": [_proof(proof, offices, for_officer) for proof in one.proofs],
        "spared": [said(name) for name in one.spared],
        "tried": [_try(tried, offices, for_officer) for tried in one.tried],
    }


def _source(proof: ProofView, offices: Offices) -> str:
    office = offices.get(proof.organisation, proof.organisation)
    return source_words(proof.source, office=office, obtained_on=clock.legal_day(proof.obtained_at))


def now_words(one: SettlementView) -> str:
    """Return what happens now with a requirement that still needs something; nothing for one that needs nothing."""
    if one.standing is Standing.FETCHING:
        return _fetching_words(one)
    if any(proof.unscanned for proof in one.proofs):
        return gettext("The copy is being checked for harmful content; an officer looks at it after that.")
    if one.standing in _waiting_words():
        return _waiting_words()[one.standing]
    if one.standing is Standing.AT_VISIT:
        return _meeting_words(one)
    if one.standing is not Standing.OPEN:
        return ""
    if any(tried.result == "disputed" for tried in one.tried):
        return gettext("It waits for you: what you give yourself takes the place of what is disputed.")
    return gettext("It waits for you: no office could tell it.")


def _waiting_words() -> dict[Standing, str]:
    return {
        Standing.UNCHECKED: gettext("An officer still has to look at this copy."),
        Standing.PROMISED: gettext("You promised to bring it in; your application is handled meanwhile."),
        Standing.AWAITED: gettext("Another part of this application brings it by itself."),
    }


def _fetching_words(one: SettlementView) -> str:
    if one.again_at is None or not one.tried:
        return gettext(
            "We are asking the office that holds it. Nobody waits for it: the matter goes on meanwhile."
        )
    told = gettext(
        "The register did not answer. We ask again at %(time)s, and go on until it does; nobody waits."
    )
    return told % {"time": isolated(_moment(one.again_at))}


def _meeting_words(one: SettlementView) -> str:
    if one.meets_at == "inspection":
        return gettext("The original is shown to the officer who comes anyway.")
    return gettext("The original is shown at the one visit, which is needed anyway.")


def _proof(proof: ProofView, offices: Offices, for_officer: bool) -> Line:
    """Return one proof: its name, and a row for each thing that is to be known of it."""
    rows = [
        (gettext("Comes from"), _origin(proof, offices)),
        (gettext("Obtained"), _moment(proof.obtained_at)),
        (gettext("How sure it is"), grade_words(proof)),
        (gettext("Looked at"), _checked(proof, offices)),
        (gettext("Valid"), _validity(proof.valid_until)),
        (gettext("Entry"), proof.record if for_officer else ""),
        (gettext("On every copy of it"), mark_words(proof, offices)),
    ]
    return {"name": said(proof.name), "rows": [(label, text) for label, text in rows if text]}


def _origin(proof: ProofView, offices: Offices) -> str:
    """Return whose word it is, where an earlier matter found it first."""
    values = {
        "what": isolated(said(proof.name)),
        "office": isolated(offices.get(proof.organisation, proof.organisation)),
    }
    told = {
        Source.ISSUED: gettext("%(what)s, a certificate of %(office)s"),
        Source.REGISTRY: gettext("%(what)s, in the register of %(office)s"),
        Source.DECLARATION: gettext("%(what)s, stated and signed by the applicant"),
        Source.UPLOAD: gettext("%(what)s, a copy that the applicant sent"),
        Source.SEEN: gettext("%(what)s, the original, which an officer saw"),
    }
    words = told[proof.told_by] % values
    return (
        gettext("%(words)s, found in an earlier matter") % {"words": words} if _is_earlier(proof) else words
    )


def _is_earlier(proof: ProofView) -> bool:
    return proof.source is Source.EARLIER


def grade_words(proof: ProofView) -> str:
    """Return the grade of trust in plain words (R3.17)."""
    if proof.grade is Grade.C and proof.checked_at is not None:
        return gettext("C: a copy; an officer looked at it, and it is good for this matter")
    return {
        Grade.A: gettext("A: from the office that answers for it, under its seal"),
        Grade.B: gettext("B: an officer saw the original; nobody needs to see it again"),
        Grade.C: gettext("C: a copy; good for this matter once an officer has looked at it"),
        Grade.D: gettext("D: the applicant’s own word, for which they answer"),
    }[proof.grade]


def _checked(proof: ProofView, offices: Offices) -> str:
    if proof.checked_at is None:
        return ""
    office = offices.get(proof.checked_at_office, proof.checked_at_office)
    who = f"{proof.checked_by}, {office}" if proof.checked_by else office
    return f"{isolated(who)}, {_moment(proof.checked_at)}" if who else _moment(proof.checked_at)


def _validity(valid_until: date | None) -> str:
    if valid_until is None:
        return gettext("until something changes")
    return gettext("until %(day)s") % {"day": day(valid_until)}


def mark_words(proof: ProofView, offices: Offices) -> str:
    """Return the mark that a copy of something of grade A or B carries; nothing for others (R3.17)."""
    if proof.grade not in (Grade.A, Grade.B):
        return ""
    return words_of_mark(proof.organisation, proof.valid_until, offices)


def words_of_mark(organisation: str, valid_until: date | None, offices: Offices) -> str:
    """Return the words of a mark: the office, what the copy is for, and until when it is valid (R3.17)."""
    return gettext("%(office)s · only for government service · valid %(validity)s") % {
        "office": isolated(offices.get(organisation, organisation)),
        "validity": _validity(valid_until),
    }


def _try(tried: TryView, offices: Offices, for_officer: bool) -> Line:
    good = tried.result == "found"
    return {
        "at": tried.at,
        "when": _moment(tried.at),
        "words": _try_words(tried, offices, for_officer),
        "what": said(tried.name),
        "good": good,
        "note": tried.note,
    }


def _try_words(tried: TryView, offices: Offices, for_officer: bool) -> str:
    values = {"office": isolated(offices.get(tried.organisation, tried.organisation))}
    if tried.result == "disputed":
        return _disputed_words(for_officer) % values
    return {**dict(_register_words()), **dict(_given_words())}[tried.result] % values


def _register_words() -> Iterator[tuple[str, str]]:
    yield "found", gettext("The register of %(office)s has it.")
    yield "no_record", gettext("The register of %(office)s has no record of it.")
    yield "contradiction", gettext("The register of %(office)s contradicts itself.")
    yield "down", gettext("The register of %(office)s did not answer.")
    yield "corrected", gettext("%(office)s has corrected its record.")
    yield "kept", gettext("%(office)s looked at its record again and keeps it.")
    yield "distrusted", gettext("The register of %(office)s answered, but not so that it can be trusted.")


def _given_words() -> Iterator[tuple[str, str]]:
    yield "not_good", gettext("An officer looked at the copy, and it could not be used.")
    yield "withdrawn", gettext("The statement was taken back.")
    yield "replaced", gettext("A later one took its place.")
    yield "harmful", gettext("The file carried something harmful. It is kept apart, and nobody opens it.")


def _disputed_words(for_officer: bool) -> str:
    if for_officer:
        return gettext("The applicant said that what %(office)s keeps is wrong; it was asked to look again.")
    return gettext("You said that what %(office)s keeps is wrong; it was asked to look again.")


def _moment(moment: datetime) -> str:
    local = localtime(moment)
    return f"{day(local)}, {local:%H:%M}"
