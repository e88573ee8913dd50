"""A service as whoever commits to its conditions meets it: without what is looked at afterwards instead (R4.7)."""

from collections.abc import Iterator
from dataclasses import replace

from services.core.definitions import Definition, Step


def committed(definition: Definition) -> Definition | None:
    """Return the service without the steps that a commitment to its conditions replaces; None where it offers none.

    What came after a step that is gone comes after what that one came after.
    """
    gone = frozenset(definition.commitments.replaces)
    if not definition.commitments.offer:
        return None
    left = [step for step in definition.steps if step.code not in gone]
    steps = tuple(replace(step, after=tuple(dict.fromkeys(_after(definition, step, gone)))) for step in left)
    return replace(definition, steps=steps)


def _after(definition: Definition, step: Step, gone: frozenset[str]) -> Iterator[str]:
    for code in step.after:
        if code in gone:
            yield from _after(definition, definition.step[code], gone)
        else:
            yield code
