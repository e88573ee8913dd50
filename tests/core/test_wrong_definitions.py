"""Every promise can be broken, and every way of breaking one is refused with its own sentence."""

import ast
import json
import re
import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from services.core import claims
from services.core.claims import Claim

WRONG = Path(__file__).parent / "wrong"

# file, the claim that it breaks, and the sentence
BROKEN = [
    ("visits-two", "visits", "The applicant must come in 2 times: sign, collect."),
    ("visits-two-for-some", "visits", "come in 2 times: sign, measure. For whom: The shop is large."),
    ("visits-nowhere", "visits", "No centre can do “check-van”: vehicle_check for this office is offered nowhere."),
    ("visits-spouse-stays-home", "visits", "The spouse must sign in person, but nobody comes in on this route."),
    ("visits-again-for-result", "visits", "comes for “sign” and must come again for the result."),
    ("papers-only-the-register-knows", "papers", "When no register knows “household”, the applicant would have to"),
    ("papers-commitment-at-risk", "papers", "When no register knows “tax-record”, the applicant would have to bring"),
    ("papers-original-at-a-desk", "papers", "The original of “deed” is wanted at “look”, which is no meeting"),
    ("papers-visit-for-some", "papers", "When no register knows “household”"),
    ("papers-of-somebody-absent", "papers", "“id-card” is wanted of the spouse, who has no part on this route."),
    ("results-handed-over-nowhere", "results", "The result is handed over at a visit, but this route has none."),
    ("results-courier-never-called", "results", "goes by courier, but no step after “issue” sends it."),
    ("results-courier-for-some", "results", "no step after “issue” sends it. For whom: The shop is large."),
    ("results-sent-twice", "results", "A result that comes electronically is not sent by courier as well."),
    ("ends-for-some-only", "ends", "The case never ends: “issue” does not belong to this route."),
    ("ends-before-the-work", "ends", "Nobody waits for “look”: the case would end while it is open."),
    ("ends-sent-before-made", "ends", "“post” would send a result before there is one."),
    ("days-over-the-promise", "days", "The longest path takes 11 working days, 10 are promised."),
    ("days-over-the-law", "days", "The promise of 9 days exceeds the law's 5 (R1.3)."),
    ("days-over-the-general-law", "days", "40 days for a permit need a special law that gives them;"),
    ("days-with-objections", "days", "it takes 11 working days; the law allows 10."),
    ("days-after-a-commitment", "days", "With the commitment to its conditions it still takes 3 working days (R4.7)."),
    ("days-to-look-at-a-plan", "days", "an office still has to look at what is sent (R4.7)."),
    ("questions-the-register-knows", "questions", "“person.birth_date” is asked, although id-card proves it."),
    ("questions-for-a-file", "questions", "“application.drawing” asks for a file: name it as a requirement instead."),
    ("questions-before-the-register", "questions", "“floor-plan” asks the applicant before it asks a register."),
]  # fmt: skip
# What cannot even be read: a claim about it would have nothing to walk through.
UNREADABLE = [
    ("questions-nobody-reads", "question.person.nickname.for", "The automatic step “match” never reads this"),
    ("ends-elsewhere", "step.issue.organisation", "“far-hall” is of another place: it receives applications"),
    ("ends-in-a-circle", "step", "These steps wait for each other for ever: look → decide → look."),
    (
        "questions-out-of-curiosity",
        "question.for",
        "There is no step, requirement, party, condition or output",
    ),
]
BUNDLES = [
    ("no-place-for-all", "visits", "No one centre can do all of: visited/sign, examined/test."),
    ("never-on-one-day", "visits", "No one centre can do all of: weighed/test, assessed/test."),
    (
        "longer-than-a-day",
        "visits",
        "No one centre can do all of: examined-for-hours/test, examined-for-hours-too/test.",
    ),
    (
        "second-visit",
        "visits",
        "“visited-later” needs days after the visit for “visited”, and then a visit of its own.",
    ),
    ("too-long", "days", "The members need 50 working days; joint handling has 45 (R2.12)."),
    (
        "waits-too-long",
        "days",
        "“hasty” waits 29 working days for the joint visit and takes 30; the law allows 10.",
    ),
    ("wrong-order", "ends", "“visited-later” needs the result of “visited”, which comes after it."),
    (
        "ended-too-soon",
        "papers",
        "“still-open” needs “paper-visited”, which “closing” may have ended by then (R2.26).",
    ),
    (
        "asked-again",
        "questions",
        "“asks-again” asks for “person.nickname”, which “visited” has just certified.",
    ),
]

WRONG_CENTRES = WRONG.parent / "wrong_centres"
CENTRES = [
    ("closed-backwards", "last", "The last day of a closure is not before the first."),
    ("closed-without-a-reason", "reason", ""),
    ("closes-before-it-opens", "closes", "A centre closes after it opens."),
    ("more-for-walk-ins-than-there-are", "walk_ins", "There are no more windows for walk-ins than windows."),
    ("opens-at-no-time", "opens", "Write a time of day as a text, such as “09:00”."),
    ("room-for-nothing-known", "rooms", "“dancing” is not one of: "),
    ("shift-on-no-day", "weekdays", "Write weekdays as numbers: 1 is Monday, 7 is Sunday."),
    ("two-windows-alike", "windows", "Each window has a code of its own."),
    ("unknown-word", "colour", ""),
    ("way-to-nowhere", "minutes_to", "There is no centre “nowhere”."),
    ("way-without-minutes", "minutes_to", "Write the way to another place in minutes, at most a day."),
    ("window-for-nothing", "skills", "Write what can be done at this window."),
    ("window-for-nothing-known", "skills", "“dancing” is not one of: "),
    (
        "window-of-another-place",
        "windows",
        "“far-hall” is of another place: it receives applications, and handles",
    ),
    ("window-of-nobody", "windows", "There is no organisation “nowhere”."),
]


def prove(path: Path) -> tuple[int, dict[str, list[str]]]:
    """Return the exit status of `manage.py prove_definitions`, and what it told of each definition and bundle."""
    out, status = StringIO(), 0
    try:
        call_command("prove_definitions", path, json=True, stdout=out)
    except CommandError as failed:
        status = failed.returncode
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    return status, {Path(row["code"]).stem: row["failures"] for row in rows}


@pytest.mark.parametrize(
    ("code", "claim", "sentence"),
    [*BROKEN, *UNREADABLE],
    ids=[code for code, _, _ in (*BROKEN, *UNREADABLE)],
)
def test_a_wrong_definition_is_refused_with_its_own_sentence(code: str, claim: str, sentence: str) -> None:
    status, told = prove(WRONG / "shops" / f"{code}.toml")

    assert status == 1
    assert list(told) == [code]
    (failure,) = told[code]
    assert failure.startswith(f"{claim}: ")
    assert sentence in failure


def test_its_right_neighbor_is_proved() -> None:
    assert prove(WRONG / "shops" / "right.toml") == (0, {"right": []})


@pytest.mark.parametrize(("code", "claim", "sentence"), BUNDLES, ids=[code for code, _, _ in BUNDLES])
def test_a_wrong_bundle_is_refused_with_its_own_sentence(code: str, claim: str, sentence: str) -> None:
    status, told = prove(WRONG)

    assert status == 1
    assert any(failure.startswith(f"{claim}: ") and sentence in failure for failure in told[code])
    assert told["right-together"] == []


@pytest.mark.parametrize(("code", "place", "sentence"), CENTRES, ids=[code for code, _, _ in CENTRES])
def test_a_wrong_centre_is_refused_with_its_own_sentence(
    tmp_path: Path, code: str, place: str, sentence: str
) -> None:
    shutil.copytree(WRONG, tmp_path, dirs_exist_ok=True)
    centres, wrong = tmp_path / "centres.toml", (WRONG_CENTRES / f"{code}.toml").read_text(encoding="utf-8")
    centres.write_text(centres.read_text(encoding="utf-8") + "\n" + wrong, encoding="utf-8")

    status, told = prove(tmp_path)

    assert status == 1
    [[failure]] = told.values()
    assert failure.startswith("centres.toml: annex")
    assert f"{place}: " in failure
    assert sentence in failure


def test_no_wrong_centre_is_forgotten() -> None:
    assert {file.stem for file in WRONG_CENTRES.glob("*.toml")} == {code for code, _, _ in CENTRES}


def test_every_claim_is_broken_in_two_ways_or_more_and_no_file_is_forgotten() -> None:
    broken = [claim for _, claim, _ in BROKEN]

    assert {code for code, _, _ in (*BROKEN, *UNREADABLE)} | {"right"} == {
        file.stem for file in (WRONG / "shops").glob("*.toml")
    }
    assert set(broken) == set(Claim)
    assert all(broken.count(claim) >= 3 for claim in Claim)


def test_every_sentence_with_which_a_claim_can_break_has_its_wrong_definition() -> None:
    """The sentences are read from the claims themselves: whoever adds a way to fail adds a definition that does."""
    _, told = prove(WRONG)
    failures = [failure for found in told.values() for failure in found]

    missing = [
        one for one in _sentences() if not any(_as_pattern(one).search(failure) for failure in failures)
    ]

    assert len(list(_sentences())) >= 16
    assert missing == []


def _sentences() -> Iterator[str]:
    """Yield every template that the checks of the six claims yield."""
    for node in ast.walk(ast.parse(Path(claims.__file__).read_text(encoding="utf-8"))):
        is_told = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "told"
        is_yielded = isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple)
        if is_told or is_yielded:
            value = node.value if is_told else node.value.elts[0]  # type: ignore[attr-defined]
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


def _as_pattern(template: str) -> re.Pattern[str]:
    return re.compile(".+".join(re.escape(part) for part in re.split(r"\{\w+\}", template)))


def test_the_limits_are_those_of_the_prefectures_own_law(tmp_path: Path) -> None:
    shutil.copytree(WRONG, tmp_path, dirs_exist_ok=True)
    numbers = tmp_path / "jurisdiction.toml"
    written = numbers.read_text(encoding="utf-8")
    for old, new in (
        ("joint_decision_days = 45", "joint_decision_days = 50"),
        ("\ndecision_days = 20", "\ndecision_days = 40"),
    ):
        assert old in written
        written = written.replace(old, new)
    numbers.write_text(written, encoding="utf-8")

    _, told = prove(tmp_path)

    assert told["too-long"] == told["days-over-the-general-law"] == []
    assert told["waits-too-long"] != []


def test_a_file_that_is_no_toml_is_told_where_it_breaks(tmp_path: Path) -> None:
    for file in WRONG.rglob("*.toml"):
        copy = tmp_path / file.relative_to(WRONG)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(
            "code = " if file.stem == "visits-two" else file.read_text(encoding="utf-8"), encoding="utf-8"
        )

    status, told = prove(tmp_path / "shops" / "visits-two.toml")

    assert status == 1
    assert told["visits-two"][0].startswith("This cannot be read: ")


# What people type, and what is there; none of these is a definition.
NO_DEFINITIONS = [
    ("nowhere.toml", "There is no such file or folder."),
    ("nowhere", "There is no such file or folder."),
    ("shops/nowhere.toml", "There is no such file or folder."),
    ("centres.toml", "There is no definition here."),
    ("facts/all.toml", "There is no definition here."),
    ("notes.txt", "There is no definition here."),
    ("empty", "There is no definition here."),
]


@pytest.mark.parametrize(("name", "sentence"), NO_DEFINITIONS, ids=[name for name, _ in NO_DEFINITIONS])
def test_a_path_without_a_definition_proves_nothing_and_says_so(
    name: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(WRONG, tmp_path / "prefecture")
    (folder / "empty").mkdir()
    (folder / "notes.txt").write_text("Nothing yet.", encoding="utf-8")
    monkeypatch.chdir(folder)

    assert prove(Path(name)) == (1, {Path(name).stem: [sentence]})


def test_a_bare_name_is_read_where_one_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(WRONG / "shops")

    assert prove(Path("right.toml")) == (0, {"right": []})


@pytest.mark.parametrize("place", ["", "shops"])
def test_definitions_that_lie_alone_are_proved_upon_our_data(
    place: str, tmp_path: Path, settings: object
) -> None:
    settings.CATALOGUE_DIR = WRONG
    alone = tmp_path / "alone"
    (alone / place).mkdir(parents=True)
    shutil.copy(WRONG / "shops" / "right.toml", alone / place)
    shutil.copy(WRONG / "shops" / "visits-two.toml", alone / place)

    status, told = prove(alone)

    assert (status, set(told), told["right"]) == (1, {"right", "visits-two"}, [])
    assert prove(alone / place / "right.toml") == (0, {"right": []})


def test_a_programme_of_a_catalogue_is_proved_upon_its_own_data() -> None:
    assert prove(WRONG / "members")[0] == 0


def test_a_catalogue_without_one_of_its_files_is_told_which(tmp_path: Path) -> None:
    folder = shutil.copytree(WRONG, tmp_path / "prefecture")
    (folder / "jurisdiction.toml").unlink()
    (folder / "centres.toml").write_text("code = ", encoding="utf-8")

    status, told = prove(folder)

    assert status == 1
    assert told["prefecture"][0] == "jurisdiction.toml: This file is missing."
    assert told["prefecture"][1].startswith("centres.toml: This cannot be read: ")


# In which file, what is written instead of what, and what is told.
DATA = [
    ("centres", 'opens = "09:00"', 'opens = "nine"', "town-hall.opens: Write a time of day as a text"),
    ("centres", 'closes = "17:00"', 'closes = "08:00"', "town-hall.closes: A centre closes after it opens."),
    ("centres", "minutes = 20", "minutes = 0", "town-hall.windows.desk.minutes: Write a whole number from 1"),
    ("centres", '"signature"', '"singing"', "town-hall.windows.desk.skills: “singing” is not one of: identity"),
    ("centres", "rooms = []", 'rooms = ["bar"]', "town-hall.rooms: “bar” is not one of: identity, signature"),
    ("centres", "count = 2", "cuont = 2", "town-hall.windows.desk.cuont: Nothing is known by this name here."),
    ("centres", 'skills = ["exam"]', "", "test-hall.windows.seat.skills: Write what can be done at this window."),
    ("centres", "organisations = []", 'staff = ["nobody"]',
     "town-hall.windows: There is no organisation “nobody”."),
    ("jurisdiction", "[profile]", "[numbers]", "profile.decision_days: This is missing."),
    ("jurisdiction", "[calendar]\n", "[calender]\n", "calender: Nothing is known by this name here."),
    ("jurisdiction", '"Asia/Shanghai"', '"Here"', "profile.zone: Write a zone by its name"),
    ("jurisdiction", "suit_months = 6", "", "profile.suit_months: This is missing."),
    ("jurisdiction", "fee_days = 20", "fee_days = 20000", "profile.fee_days: This cannot be more than 10000."),
    ("jurisdiction", "[6, 7]", "[1, 2, 3, 4, 5, 6, 7]", "calendar.rest_weekdays: Name the days of rest"),
    ("jurisdiction", "[2026-01-01, 2026-01-03]", '"New Year"', "calendar.2026.holidays: Write a list of days here"),
    ("jurisdiction", "[2026-01-01, 2026-01-03]", "[2026-01-03, 2026-01-01]", "calendar.2026.holidays: Write a list"),
    ("facts/all", "[person.full_name]", "[[person.full_name]]", "person.full_name: Write a table here."),
    ("programmes", 'audience = "person"', 'audience = "cats"', "shops.audience: “cats” is not one of: person"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "sentence"), DATA, ids=[f"{one[0]}-{one[2]}" for one in DATA])
def test_a_mistake_in_the_data_is_told_with_its_file_and_place(
    name: str, old: str, new: str, sentence: str, tmp_path: Path
) -> None:
    folder = shutil.copytree(WRONG, tmp_path / "prefecture")
    rewrite(folder / f"{name}.toml", old, new)

    status, told = prove(folder)

    assert (status, list(told)) == (1, ["prefecture"])
    assert any(one.startswith(f"{name}.toml: {sentence}") for one in told["prefecture"])


def test_the_mistakes_of_several_files_are_told_at_once(tmp_path: Path) -> None:
    folder = shutil.copytree(WRONG, tmp_path / "prefecture")
    rewrite(folder / "centres.toml", 'opens = "09:00"', "opens = 9")
    rewrite(folder / "jurisdiction.toml", "suit_months = 6", "")
    rewrite(folder / "facts" / "all.toml", 'type = "date"', 'type = "day"')

    _, told = prove(folder)

    assert {one.partition(":")[0] for one in told["prefecture"]} == {
        "centres.toml", "jurisdiction.toml", "facts/all.toml",
    }  # fmt: skip


def rewrite(file: Path, old: str, new: str) -> None:
    """Write something else at the first place where the text stands."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
