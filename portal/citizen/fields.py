"""Questions as forms: a fact as components/question.html shows it, and what was typed into it."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from portal.words import said
from services.core.facts import Fact, FactType, Value, is_empty

Field = dict[str, Any]
DATE_PARTS = ("year", "month", "day")


def field_of(
    fact: Fact, value: Value, errors: Mapping[str, str], *, name: str = "", optional: bool = False
) -> Field:
    """Return the form field of a fact; a row's columns are named `fact.row.column`, as mistakes name them."""
    name = name or fact.code
    field = {
        "name": name,
        "type": str(fact.type),
        "ask": said(fact.ask) or said(fact.label),
        "hint": said(fact.hint),
        "value": value,
        "error": errors.get(name, ""),
        "optional": optional,
        "choices": [(choice.code, said(choice.texts)) for choice in fact.choices],
        "format": fact.format,
        "max_length": fact.max_length,
        "in_row": name != fact.code,
    }
    if fact.type is FactType.ROWS:
        rows = value or [{}] * max(fact.min_rows, 1)
        field |= {
            "row_name": said(fact.label),
            "rows": [_row(fact, row, errors, f"{name}.{at}") for at, row in enumerate(rows)],
        }
    return field


def _row(fact: Fact, row: Mapping[str, Value], errors: Mapping[str, str], name: str) -> Field:
    fields = (field_of(one, row.get(one.code), errors, name=f"{name}.{one.code}") for one in fact.columns)
    return {"fields": list(fields)}


def typed_into(fact: Fact, data: QueryDict, name: str = "") -> Value:
    """Return what was typed, as typed: right or wrong, it is shown again until it is right."""
    name = name or fact.code
    if fact.type is FactType.DATE:
        parts = {part: data.get(f"{name}.{part}", "").strip() for part in DATE_PARTS}
        return parts if any(parts.values()) else ""
    if fact.type is FactType.ROWS:
        return _typed_rows(fact, data, name)
    return data.get(name, "")


def _typed_rows(fact: Fact, data: QueryDict, name: str) -> list[dict[str, Value]]:
    rows: list[dict[str, Value]] = []
    while len(rows) <= fact.max_rows and any(key.startswith(f"{name}.{len(rows)}.") for key in data):
        place = f"{name}.{len(rows)}"
        rows.append({one.code: typed_into(one, data, f"{place}.{one.code}") for one in fact.columns})
    return rows


def with_rows_changed(rows: list[dict[str, Value]], data: QueryDict, name: str) -> list[dict[str, Value]]:
    """Return the rows with one more, or without the one whose button was pressed."""
    if data.get("add_row") == name:
        return [*rows, {}]
    index = data.get("remove_row", "").removeprefix(f"{name}-")
    return [row for at, row in enumerate(rows) if str(at) != index]


def sent(fact: Fact, typed: Value) -> Value:
    """Return what was typed in the form in which answers are read; rows left empty altogether are no rows."""
    if fact.type is FactType.DATE:
        return "-".join(typed.get(part, "") for part in DATE_PARTS) if isinstance(typed, dict) else typed
    if fact.type is FactType.ROWS:
        rows = ({one.code: sent(one, row.get(one.code, "")) for one in fact.columns} for row in typed)
        return [row for row in rows if not all(is_empty(cell) for cell in row.values())]
    return typed


def summary_of(fact: Fact, errors: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the mistakes for the summary above the page; one within a row says in which row and column."""
    labels = {column.code: said(column.ask) or said(column.label) for column in fact.columns}
    return [(place, _placed(place, sentence, labels)) for place, sentence in errors.items()]


def _placed(place: str, sentence: str, labels: Mapping[str, str]) -> str:
    head, _, column = place.rpartition(".")
    row = head.rpartition(".")[2]
    return f"{int(row) + 1}, {labels[column]}: {sentence}" if column in labels and row.isdigit() else sentence
