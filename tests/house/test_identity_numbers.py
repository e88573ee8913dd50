"""An identity number is checked for typing and is never read for anything else (R12.9)."""

import ast
import inspect
from datetime import date
from pathlib import Path

from django.conf import settings

from services.core import check_digits
from services.people import identifiers
from tests.house.test_house import sources

ROOT = Path(settings.BASE_DIR)
# What numbers of identity are called wherever they are held.
CALLED = {"number", "uscc", "identity_number", "document_number", "resident_number", "credit_code"}
# Where a number is cut: its check digit is computed, its middle is hidden, or one is made up for the sandbox.
CUTS = {
    "services/core/check_digits.py": "the check digit, and whether there is a day in its place",
    "services/people/identifiers.py": "the check digit, and the mask",
}
# What nobody may learn from a number, as it would be called.
DERIVED = {
    "birth",
    "born",
    "age",
    "sex",
    "gender",
    "female",
    "male",
    "birthplace",
    "area",
    "region",
    "prefix",
}
NUMBER, DAY = "11010519491231002X", date(2026, 3, 2)


def called(node: ast.expr) -> str:
    """Return the last word of what a value is called, or nothing."""
    if isinstance(node, ast.Call):
        return called(node.args[0]) if node.args else called(node.func)
    return getattr(node, "attr", getattr(node, "id", ""))


def cuts(source: str) -> list[str]:
    """Return the places in the code that take a part of something called as a number of identity is."""
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Subscript) and called(node.value) in CALLED and _is_part(node.slice)
    ] + [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and called_on(node) in CALLED and node.func.attr == "startswith"
    ]


def called_on(node: ast.Call) -> str:
    return called(node.func.value) if isinstance(node.func, ast.Attribute) else ""


def _is_part(index: ast.expr) -> bool:
    if isinstance(index, ast.UnaryOp):
        index = index.operand
    return isinstance(index, ast.Slice) or (isinstance(index, ast.Constant) and isinstance(index.value, int))


def test_nobody_else_takes_a_number_of_identity_apart():
    """R12.9: no area, no age, no sex, no filter by the beginning of a number."""
    found = {name: cuts((ROOT / name).read_text(encoding="utf-8")) for name in sources()}

    assert {name: parts for name, parts in found.items() if parts and name not in CUTS} == {}
    assert all(found[name] for name in CUTS)


def test_the_walk_would_see_it():
    assert cuts("year = person.number[6:10]") == ["person.number[6:10]"]
    assert cuts("is_woman = int(number[16]) % 2 == 0") == ["number[16]"]
    assert cuts("local = uscc.startswith('6531')") == ["uscc.startswith('6531')"]
    assert cuts("first = numbers['a']; page = rows[:50]") == []


def test_what_checks_a_number_answers_only_whether_it_can_be_right():
    """R12.9: yes or no, one form, a mask, a check digit; no day, no place."""
    answers = {
        one.__annotations__.get("return")
        for module in (check_digits, identifiers)
        for _, one in inspect.getmembers(module, inspect.isfunction)
        if one.__module__ == module.__name__
    }

    assert answers == {bool, str}
    assert (check_digits.has_a_day_until(NUMBER, DAY), identifiers.masked(NUMBER)) == (
        True,
        "1" + "*" * 15 + "2X",
    )
    assert identifiers.checked(NUMBER, identifiers.IdentifierKind.RESIDENT_ID, today=DAY) == NUMBER


def test_nothing_that_checks_a_number_is_called_after_what_it_must_not_tell():
    """R12.9"""
    for module in (check_digits, identifiers):
        tree = ast.parse(inspect.getsource(module))
        named = {getattr(one, "name", getattr(one, "id", getattr(one, "attr", ""))) for one in ast.walk(tree)}
        assert {word for name in named if name for word in name.lower().split("_")} & DERIVED == set()
