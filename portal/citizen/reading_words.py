"""The record of who read what, in plain words: which office, what for, by which law, and which details."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext

from portal.words import office_names, said
from services.cases.queries import questions
from services.cases.queries.readings import Matter, ReadingLine
from services.catalogue import queries as catalogue
from services.core.purposes import Purpose
from services.core.states import Role
from services.people.queries import AccountView

# More details than these are folded away: the list is read for who and why first.
SHOWN_AT_ONCE = 5


def reading_rows(found: Sequence[ReadingLine]) -> list[dict[str, Any]]:
    """Return readings as the page lists them."""
    labels, offices, purposes, laws = _labels(found), office_names(), purpose_words(), _laws(found)
    return [
        {
            "line": one,
            "view": one.view,
            "office": offices.get(one.view.organisation, ""),
            "who": who_words(one.view.role),
            "purpose": _purpose(one, purposes),
            "matter": matter_words(one.matter) if one.matter else "",
            "basis": laws.get(one.view.basis, ""),
            "details": list(_details(one, labels)),
            "folded": len(one.view.fields) > SHOWN_AT_ONCE,
        }
        for one in found
    ]


def _laws(found: Sequence[ReadingLine]) -> dict[str, str]:
    """Return each legal basis in the reader's language, all in one query."""
    bases = list(dict.fromkeys(one.view.basis for one in found if one.view.basis))
    return dict(zip(bases, catalogue.cited(bases, get_language() or "en"), strict=True))


def matter_words(matter: Matter) -> str:
    """Return what a matter of one's own is called, with its number."""
    return f"{', '.join(said(one) for one in matter.names)} ({matter.number})"


def case_words(viewer: AccountView) -> dict[UUID, str]:
    """Return what each of the account's cases is called, with its number."""
    found = questions.my_cases(viewer=viewer)
    names = catalogue.service_names({one[2] for one in found}, get_language() or "en")
    return {case_id: f"{names.get(service, service)} ({number})" for case_id, number, service in found}


def who_words(role: str) -> str:
    """Return who read, by what they are there for: an officer's name stays between them and their supervisor."""
    return {
        Role.CLERK: gettext("a clerk"),
        Role.REVIEWER: gettext("a reviewer"),
        Role.SUPERVISOR: gettext("a supervisor"),
        Role.WORKER: gettext("this portal by itself, nobody looked"),
    }.get(Role(role), "")


def purpose_words() -> dict[str, str]:
    """Return what every purpose is called, for the person whose data is read."""
    return {
        Purpose.HANDLING: gettext("to handle your application"),
        Purpose.CHECK_COPY: gettext("to look at a copy you sent"),
        Purpose.VISIT: gettext("to receive you at the counter"),
        Purpose.GATHER_EVIDENCE: gettext("to obtain what your application needs"),
        Purpose.IDENTITY_CODE: gettext("to make an identity code for you"),
        Purpose.ASSISTING: gettext("to apply together with you at the counter"),
        Purpose.SHARING_CODE: gettext("to see a certificate you gave a sharing code for"),
        Purpose.CERTIFICATE: gettext("to look after a certificate of yours"),
        Purpose.CLAIM: gettext("to find out whether you represent a business, as you say"),
        Purpose.RATING: gettext("to answer what you said of your visit or application"),
        Purpose.NOT_DONE: gettext("to answer what you could not get done"),
        Purpose.READING_QUESTION: gettext("to answer your question about an entry here"),
    }


def _elsewhere_words() -> dict[str, str]:
    """Return the same for a matter that is somebody else's: what of theirs it was, stays theirs."""
    return {
        Purpose.HANDLING: gettext("to handle somebody else’s application that names you"),
        Purpose.CHECK_COPY: gettext("to look at a copy about you"),
        Purpose.GATHER_EVIDENCE: gettext("to obtain what somebody else’s application needs"),
        Purpose.CLAIM: gettext("to find out whether somebody represents this business, as they say"),
    }


def _purpose(one: ReadingLine, words: dict[str, str]) -> str:
    told = words.get(one.view.purpose, one.view.purpose)
    return _elsewhere_words().get(one.view.purpose, told) if one.elsewhere else told


def _labels(found: Sequence[ReadingLine]) -> dict[str, str]:
    codes, language = {code for one in found for code in one.view.fields}, get_language() or "en"
    facts, papers = {code for code in codes if "." in code}, {code for code in codes if "." not in code}
    labels = catalogue.fact_labels(codes=facts, language=language)
    return labels | catalogue.evidence_type_names(codes=papers, language=language)


def _details(one: ReadingLine, labels: dict[str, str]) -> Iterable[str]:
    """Return what each detail is called, each once; a paper is called what it is called everywhere."""
    names = labels | _whole(one)
    return dict.fromkeys(
        names.get(code, code.replace("-", " ").replace("_", " ")) for code in one.view.fields
    )


def _whole(one: ReadingLine) -> dict[str, str]:
    """Return what is read whole, and has no code of a fact."""
    page = gettext("everything on the page of your case")
    return {
        "case": gettext("what that application says about you") if one.elsewhere else page,
        "visit": gettext("your name, and what you come for"),
        "copy": gettext("a copy that was sent"),
        "reading_question": gettext("your question"),
        "rating": gettext("your rating"),
        "not_done": gettext("what you could not get done"),
        "business_record": gettext("the entry of a business: its name, kind and status, and whom it names"),
    }
