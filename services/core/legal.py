"""What a rule rests on: acts of law by name and article, told in the reader's language, each with its rank.

A catalogue cites an act as `Civil Code art. 1049`, or as 《民法典》第1049条. The rank says what the act may impose.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from services.core.facts import Texts, Value
from services.core.reading import KEBAB, Reader
from services.core.refusal import Mistake

BETWEEN = "; "
_ARTICLE = " art. "
_NUMBERED = "号"
_CHINESE = re.compile(r"《(?P<name>[^》]+)》(?:第(?P<article>.+)条)?")


class Rank(StrEnum):
    """Who passed an act, the highest first."""

    LAW = "law"
    TREATY = "treaty"
    REGULATION = "regulation"  # of the State Council
    DECISION = "decision"  # of the State Council, and of its office
    RULE = "rule"  # of a department
    LOCAL = "local"


# R14.1: only a law or an administrative regulation may charge for a licence.
MAY_CHARGE = frozenset({Rank.LAW, Rank.REGULATION})


@dataclass(frozen=True, slots=True)
class LegalResource:
    """An act of law, as the catalogue lists it."""

    code: str
    name: Texts = field(hash=False)
    rank: Rank


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in an act; without an article the whole of it."""

    act: LegalResource
    article: str = ""

    def told(self, tongue: str) -> str:
        """Return the citation in English or Chinese."""
        name = self.act.name[tongue]
        if tongue != "zh":
            return f"{name}{_ARTICLE}{self.article}" if self.article else name
        # A notice is called by its number, and only what has a title of its own stands in title marks.
        titled = name if _NUMBERED in name else f"《{name}》"
        return f"{titled}第{self.article}条" if self.article else titled


def read_legal_resources(tables: Mapping[str, Value], mistakes: list[Mistake]) -> dict[str, LegalResource]:
    """Return the acts of a catalogue by code; two of one name could not be told apart."""
    acts = {code: _read(code, part) for code, part in Reader(tables, "", mistakes).all_parts()}
    named: dict[str, str] = {}
    for act in acts.values():
        for name in act.name.values():
            if named.setdefault(name, act.code) != act.code:
                mistakes.append(Mistake(f"{act.code}.name", "“{name}” is listed twice.", {"name": name}))
    return acts


def _read(code: str, reader: Reader) -> LegalResource:
    if not KEBAB.fullmatch(code):
        reader.note("", "Codes are lower-case words joined by hyphens.")
    act = LegalResource(code, reader.texts("name"), reader.choice("rank", Rank))
    reader.done()
    return act


def citations(text: str, acts: Iterable[LegalResource]) -> Iterator[Citation | str]:
    """Yield what the text cites, in its order; what names no act of the catalogue comes as it is written."""
    named = {name: act for act in acts for name in act.name.values()}
    for part in text.split(BETWEEN):
        yield _citation(part.strip(), named)


def _citation(text: str, named: Mapping[str, LegalResource]) -> Citation | str:
    chinese = _CHINESE.fullmatch(text)
    name, article = (chinese["name"], chinese["article"] or "") if chinese else text.partition(_ARTICLE)[::2]
    return Citation(named[name], article) if name in named else text


def cited_in(text: str, acts: Iterable[LegalResource], tongue: str) -> str:
    """Return a legal basis in English or Chinese; what is no act of the catalogue stays as it was written."""
    found = citations(text, acts)
    return BETWEEN.join(one if isinstance(one, str) else one.told(tongue) for one in found)


def check_citation(place: str, text: str, acts: Iterable[LegalResource]) -> Iterator[Mistake]:
    """Yield a mistake for everything in a legal basis that the catalogue does not list as an act of law."""
    for one in citations(text, acts):
        if isinstance(one, str):
            yield Mistake(place, "“{text}” is no act of law in legal_resources.toml.", {"text": one})


def may_charge(text: str, acts: Iterable[LegalResource]) -> bool:
    """Return whether one of the acts cited has the rank that a fee needs (R14.1)."""
    found = citations(text, acts)
    return any(isinstance(one, Citation) and one.act.rank in MAY_CHARGE for one in found)
