"""Reading tables of data: every value typed, every mistake noted with file, place and a sentence."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from services.core.facts import Texts, Value
from services.core.refusal import Mistake, Refusal

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LANGUAGES = ("en", "zh")

Choice = TypeVar("Choice", bound=str)


class DefinitionRefused(Refusal):
    """A definition, or the data it rests on, has mistakes. All of them are told at once."""

    code = "definition_refused"
    sentence = "{file} cannot be published: {count} mistakes."

    def __init__(self, *, file: str, errors: Sequence[Mistake], count: int | None = None) -> None:
        super().__init__(file=file, count=len(errors) if count is None else count, errors=errors)


class Reader:
    """One table being read. `place` is the path of keys from the top of the file; mistakes are shared."""

    def __init__(self, table: Mapping[str, Value], place: str, mistakes: list[Mistake]) -> None:
        self.table, self.place, self.mistakes = table, place, mistakes
        self._seen: set[str] = set()

    def at(self, key: str) -> str:
        """Return the place of the key."""
        return ".".join(part for part in (self.place, key) if part)

    def note(self, key: str, sentence: str, /, **values: object) -> None:
        """Note a mistake at the key."""
        self.mistakes.append(Mistake(self.at(key), sentence, values))

    def raw(self, key: str) -> Value:
        """Return what stands at the key, or None; the key then counts as read."""
        self._seen.add(key)
        return self.table.get(key)

    def text(self, key: str, *, default: str | None = None) -> str:
        """Return the text at the key; without a default it must be there."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (not value.strip() and default is None):
            self.note(key, "Write a text here.")
            return default or ""
        return value

    def code(self, key: str, *, default: str | None = None, pattern: re.Pattern[str] = KEBAB) -> str:
        """Return a code: lower-case words joined by hyphens (or the given pattern)."""
        value = self.text(key, default=default)
        if value and not pattern.fullmatch(value):
            self.note(key, "“{value}” is not a code: lower-case words, joined.", value=value)
        return value

    def texts(self, key: str, *, required: bool = True) -> Texts:
        """Return one text per language."""
        value = self.raw(key)
        if value is None and not required:
            return {}
        if not isinstance(value, Mapping) or not all(isinstance(text, str) for text in value.values()):
            self.note(key, "Write this in each language: {key}.en and {key}.zh.", key=key)
            return dict.fromkeys(LANGUAGES, "")
        for language in LANGUAGES:
            if not value.get(language, "").strip():
                self.note(f"{key}.{language}", "The text in this language is missing.")
        return dict(value)

    def number(self, key: str, *, default: int | None = None, least: int = 0, most: int = 10_000) -> int:
        """Return a whole number between the bounds."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.note(key, "Write a whole number from {least} to {most}.", least=least, most=most)
            return default or 0
        return value

    def decimal(self, key: str) -> Decimal | None:
        """Return a decimal number, or None where there is none."""
        value = self.raw(key)
        if value is None:
            return None
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("nan")
        if isinstance(value, bool) or not number.is_finite():
            self.note(key, "Write a number here.")
            return None
        return number

    def flag(self, key: str) -> bool:
        """Return yes or no; no where nothing is said."""
        value = self.raw(key)
        if value is not None and not isinstance(value, bool):
            self.note(key, "Write true or false.")
        return value is True

    def choice(self, key: str, choices: Iterable[Choice], default: Choice | None = None) -> Choice:
        """Return one of the choices; the first where none of them is written."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        options = list(choices)
        for option in options:
            if option == value:
                return option
        told = "Write one of: {options}." if value is None else "“{value}” is not one of: {options}."
        self.note(key, told, value=value, options=", ".join(options))
        return default if default is not None else options[0]

    def list(self, key: str) -> Sequence[Value]:
        """Return a list; an empty one where nothing is said."""
        value = self.raw(key)
        if value is not None and not isinstance(value, list):
            self.note(key, "Write a list here: […].")
            return []
        return value or []

    def names(self, key: str) -> tuple[str, ...]:
        """Return a list of codes or texts."""
        values = self.list(key)
        if not all(isinstance(value, str) for value in values):
            self.note(key, "Every entry of this list is a text.")
        return tuple(value for value in values if isinstance(value, str))

    def mapping(self, key: str) -> Mapping[str, Value]:
        """Return a table of plain values by name; an empty one where nothing is said."""
        value = self.raw(key)
        if value is not None and not isinstance(value, Mapping):
            self.note(key, "Write a table here: name = value.")
        return dict(value) if isinstance(value, Mapping) else {}

    def part(self, key: str) -> "Reader | None":
        """Return a reader of the table at the key, or None where there is none."""
        value = self.raw(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.note(key, "Write a table here.")
            return None
        return Reader(value, self.at(key), self.mistakes)

    def parts(self, key: str) -> Iterator["Reader"]:
        """Yield a reader for each table of the list at the key."""
        for index, value in enumerate(self.list(key), start=1):
            if isinstance(value, Mapping):
                yield Reader(value, self._part_place(key, index, value), self.mistakes)
            else:
                self.note(key, "Every entry of this list is a table.")

    def _part_place(self, key: str, index: int, value: Mapping[str, Value]) -> str:
        """Return where a part of a list stands: by its own name where it has one, else by its number."""
        names = (value.get(name) for name in ("code", "role", "fact"))
        name = next((name for name in names if isinstance(name, str) and name), None)
        return f"{self.at(key)}.{name}" if name else f"{self.at(key)}[{index}]"

    def named_parts(self, key: str) -> Iterator[tuple[str, "Reader"]]:
        """Yield name and reader for each table in the table at the key."""
        whole = self.part(key)
        yield from whole.all_parts() if whole else ()

    def all_parts(self) -> Iterator[tuple[str, "Reader"]]:
        """Yield name and reader for every table in this one."""
        for name in self.table:
            inner = self.part(name)
            if inner is not None:
                yield name, inner

    def done(self) -> None:
        """Note every key nobody read: a misspelt key must not be ignored silently."""
        for key in self.table:
            if key not in self._seen:
                self.note(key, "Nothing is known by this name here.")


def plain(value: Value) -> Value:
    """Return the value in plain JSON form (dates as ISO text, tuples as lists)."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
