"""A prefecture to foresee in tests: our catalogue or a small one, and as many officers as the work needs."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from portal.foreseeing.prefecture import Prefecture, read_prefecture
from portal.foreseeing.tally import Tally
from portal.foreseeing.world import Catalogue, World, catalogue_of
from services.catalogue.folder import read_folder
from services.core.definitions import Definition
from tests.core.a_service import CENTRES, FOLDER, law


@cache
def ours() -> Catalogue:
    """Return the catalogue that we ship."""
    return catalogue_of(read_folder(FOLDER))


def small(*definitions: Definition) -> Catalogue:
    """Return a catalogue of these services alone."""
    return Catalogue({one.code: one for one in definitions}, (), CENTRES, law())


def prefecture(**changes: dict[str, Any]) -> Prefecture:
    """Return the prefecture that we ship with, by part, these assumptions changed."""
    found = read_prefecture()
    return replace(found, **{part: replace(getattr(found, part), **more) for part, more in changes.items()})


def foreseen(catalogue: Catalogue, assumed: Prefecture, *, cases: int, seed: str = "1") -> Tally:
    """Return what comes of so many cases."""
    return World(catalogue, assumed, seed).run(cases)


def staffed(officers: int) -> dict[str, Any]:
    """Return the assumption that every office has so many officers."""
    return {"officers": officers, "named": {}}


def broken(catalogue: Catalogue, codes: Sequence[str], **changes: dict[str, Any]) -> dict[str, Any]:
    """Return which promise 300 lives in this catalogue broke, and for which of these services."""
    found = foreseen(catalogue, prefecture(**changes), cases=300).broken
    return {name: sorted(code for code in services if code in codes) for name, services in found.items()}
