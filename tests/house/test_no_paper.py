"""No requirement of any service ends in paper: each has a way from home, or is seen at a meeting needed anyway."""

from services.core.evidence import Source
from services.core.ways import ways_to_prove
from tests.house.test_catalogue import catalogue

WAYS_THAT_END_IT = {Source.DECLARATION, Source.UPLOAD, Source.SEEN}


def test_no_requirement_of_the_catalogue_ends_in_paper() -> None:
    """R3.1, R3.18: whatever registers answer, or do not."""
    services = catalogue().definitions
    paper = [
        f"{one.definition.code}.{line.requirement}"
        for one in services
        for line in ways_to_prove(one.definition)
        if line.last not in WAYS_THAT_END_IT
    ]

    assert len(services) >= 145
    assert paper == []


def test_an_office_is_asked_before_the_applicant_wherever_one_holds_it() -> None:
    """R3.1."""
    order = [
        (f"{one.definition.code}.{line.requirement}", [way.source for way in line.ways])
        for one in catalogue().definitions
        for line in ways_to_prove(one.definition)
    ]
    late = [
        name
        for name, ways in order
        if Source.REGISTRY in ways
        and any(way in WAYS_THAT_END_IT for way in ways[: ways.index(Source.REGISTRY)])
    ]

    assert late == []
