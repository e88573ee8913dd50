"""The house keeps its own rules: sizes, errands, refusals, the map, the legal clock, migrations and templates."""

import ast
import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

import portal
import services
from portal.celery import app as celery
from services.core.refusal import Refusal
from services.errands import BEAT, ROUTES, Errand

ROOT = Path(settings.BASE_DIR)
PICTURES = (
    "home", "service", "question", "timeline", "desk-queue", "desk-case", "settlement", "dispute", "upload",
    "declaration", "certificate", "certificate-paper", "certificate-check", "who-looked", "question-at-the-desk",
    "question-answered", "my-data", "bundle", "plan", "performance", "foreseen",
    "mandate", "for-three-exporters", "assisted", "assisted-sheet",
    "whole", "visit", "reception", "call-screen", "desk-visit", "rating",
)  # fmt: skip
LONGEST_FILE, LONGEST_FUNCTION, MOST_ARGUMENTS, MOST_STATEMENTS = 400, 40, 6, 2


@cache
def sources() -> dict[str, ast.Module]:
    """Return every Python file of the house and its doors, by its path; migrations are their own kind."""
    files = [file for folder in ("services", "portal") for file in sorted((ROOT / folder).rglob("*.py"))]
    own = [file for file in files if "migrations" not in file.parts]
    return {str(file.relative_to(ROOT)): ast.parse(file.read_text(encoding="utf-8")) for file in own}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function in the tree."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def own_modules() -> Iterator[str]:
    """Yield the name of every module that can be imported without starting anything."""
    for package in (services, portal):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not re.search(r"__main__|sandbox|demonstration|migrations|wsgi|asgi|\.up\b", module.name):
                yield module.name


def test_no_file_is_longer_than_can_be_read_in_one_go() -> None:
    files = [*sources(), *(str(file.relative_to(ROOT)) for file in (ROOT / "tests").rglob("*.py"))]
    lines = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in files}

    assert {name: count for name, count in lines.items() if count > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_page_or_takes_more_than_six_things() -> None:
    long, wide = [], []
    for name, tree in sources().items():
        for one in functions(tree):
            given = [*one.args.posonlyargs, *one.args.args, *one.args.kwonlyargs]
            taken = [argument.arg for argument in given if argument.arg not in ("self", "cls")]
            length = (one.end_lineno or one.lineno) - one.lineno + 1
            long += [f"{name}:{one.name} {length}"] if length > LONGEST_FUNCTION else []
            # An act of the law or of a room may name more, but every one of them by keyword.
            positional = [argument.arg for argument in one.args.args if argument.arg not in ("self", "cls")]
            crowded = len(taken) > MOST_ARGUMENTS and len(positional) > MOST_ARGUMENTS
            wide += [f"{name}:{one.name} {taken}"] if crowded else []

    assert (long, wide) == ([], [])


def test_every_file_opens_with_a_sentence() -> None:
    silent = [name for name, tree in sources().items() if tree.body and not ast.get_docstring(tree)]

    assert silent == []


def test_every_errand_has_one_runner_a_queue_and_nothing_runs_that_is_no_errand() -> None:
    celery.loader.import_default_modules()
    runners = {name for name in celery.tasks if not name.startswith("celery.")}

    assert runners == {str(errand) for errand in Errand} == {str(errand) for errand in ROUTES}
    assert set(BEAT) <= runners


def test_an_errand_carries_ids_by_keyword_and_names_one_action() -> None:
    for name, tree in sources().items():
        if not name.endswith("/tasks.py"):
            continue
        for runner in functions(tree):
            statements = [one for one in runner.body if not _is_docstring(one)]
            assert runner.args.args == [], f"{name}:{runner.name} takes keywords only"
            assert len(statements) <= MOST_STATEMENTS, f"{name}:{runner.name} does more than name an action"


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _kinds_of(refusal: type[Refusal]) -> Iterator[type[Refusal]]:
    for kind in refusal.__subclasses__():
        yield kind
        yield from _kinds_of(kind)


def test_every_refusal_has_a_code_of_its_own_and_a_sentence() -> None:
    for module in own_modules():
        importlib.import_module(module)
    kinds = {kind for kind in _kinds_of(Refusal) if kind.__module__.startswith(("services.", "portal."))}
    repeated = [code for code, count in Counter(kind.code for kind in kinds).items() if count > 1]

    assert repeated == []
    assert [kind.__name__ for kind in kinds if not re.fullmatch(r"[a-z][a-z_]+", kind.code)] == []
    assert [kind.__name__ for kind in kinds if kind.sentence[-1:] not in ".?!}" or not kind.__doc__] == []


def _map() -> list[tuple[str, str]]:
    readme = ROOT / "README.md"
    if not readme.exists():
        pytest.skip("There is no README yet.")
    table = re.search(r"^## Where is …\?$(.*?)^## ", readme.read_text(encoding="utf-8"), re.M | re.S)
    assert table, "README.md has a table “Where is …?”"
    return re.findall(r"^\| (.+?) \| `([\w.]+)` \|$", table[1], re.M)


def test_the_map_leads_to_things_that_exist() -> None:
    rows = _map()

    assert len(rows) > 5
    for question, name in rows:
        module, _, thing = name.rpartition(".")
        assert hasattr(importlib.import_module(module), thing), f"{question} {name}"


def test_every_room_has_one_last_migration() -> None:
    loader = MigrationLoader(None)
    rooms = [app.label for app in apps.get_app_configs() if app.name.startswith(("services.", "portal"))]

    leaves = {label: loader.graph.leaf_nodes(label) for label in rooms if label in loader.migrated_apps}

    assert {label: found for label, found in leaves.items() if len(found) != 1} == {}


CLOCKS = re.compile(r"(datetime|timezone|date|dt)\.(now|today|utcnow)$")


def test_nobody_in_the_house_looks_at_another_clock_than_the_legal_one() -> None:
    looks = [
        f"{name}:{node.lineno} {ast.unparse(node)}"
        for name, tree in sources().items()
        if name.startswith("services/") and name != "services/clock.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and CLOCKS.search(ast.unparse(node))
    ]

    assert looks == []


# Pages that a framework looks up by a name of its own.
OF_FRAMEWORKS = ("account/", "admin/", "allauth/", "socialaccount/", "icons/", "400", "403", "404", "500")


def test_every_template_is_used() -> None:
    folder = ROOT / "templates"
    own = sorted(
        str(file.relative_to(folder)) for file in folder.rglob("*") if file.suffix in (".html", ".txt")
    )
    pages = "".join((folder / name).read_text(encoding="utf-8") for name in own)
    code = "".join((ROOT / name).read_text(encoding="utf-8") for name in sources())
    named = {name for name in own if name in pages + code}
    # A family is named by its folder, and each of its pages by a code that the house knows.
    families = {
        name for name in own if Path(name).stem in code and re.search(rf"{Path(name).parts[0]}/", code)
    }
    families = {name for name in families if name.count("/") > 1 or name.startswith("refusals/")}

    unused = [name for name in own if name not in named | families and not name.startswith(OF_FRAMEWORKS)]
    assert unused == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_what_we_install_is_pinned_by_hash_and_names_no_index(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    pins = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]

    assert len(pins) > 10
    assert [
        pin for pin in pins if not re.match(r"[\w.-]+(\[[\w,.-]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", pin)
    ] == []
    assert [line for line in lines if "://" in line or "index" in line] == []


def test_every_picture_is_shown_in_the_readme() -> None:
    pictures = {file.name for file in (ROOT / "docs" / "images").iterdir()}
    shown = set(
        re.findall(r"!\[[^\]]+\]\(docs/images/([\w.-]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    )

    assert shown == pictures == {f"{name}.png" for name in PICTURES}
