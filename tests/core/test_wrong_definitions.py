"""Every promise can be broken, and every way of breaking one is refused with its own sentence."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

WRONG = Path(__file__).parent / "wrong"

# file, the claim that it breaks (or the place where it cannot be read), and the sentence
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
    ("ends-in-a-circle", "step", "These steps wait for each other for ever: look → decide → look."),
    ("days-over-the-promise", "days", "The longest path takes 11 working days, 10 are promised."),
    ("days-over-the-law", "limits.promised", "The promised limit is longer than the law allows (R1.3)."),
    ("days-with-objections", "days", "it takes 11 working days; the law allows 10."),
    ("questions-the-register-knows", "questions", "“person.birth_date” is asked, although id-card proves it."),
    ("questions-for-a-file", "questions", "“application.drawing” asks for a file: name it as a requirement instead."),
    ("questions-before-the-register", "questions", "“floor-plan” asks the applicant before it asks a register."),
    ("questions-out-of-curiosity", "question.for", "There is no step, requirement, party, condition or output"),
]  # fmt: skip
BUNDLES = [
    ("no-place-for-all", "visits", "No one centre can do all of: visited/sign, examined/test."),
    (
        "second-visit",
        "visits",
        "“visited-later” needs days after the visit for “visited”, and then a visit of its own.",
    ),
    ("too-long", "days", "The members need 50 working days; joint handling has 45 (R2.12)."),
    ("wrong-order", "ends", "“visited-later” needs the result of “visited”, which comes after it."),
    (
        "asked-again",
        "questions",
        "“asks-again” asks for “person.nickname”, which “visited” has just certified.",
    ),
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


@pytest.mark.parametrize(("code", "claim", "sentence"), BROKEN, ids=[code for code, _, _ in BROKEN])
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


def test_every_claim_is_broken_in_two_ways_or_more_and_no_file_is_forgotten() -> None:
    prefixes = [code.partition("-")[0] for code, _, _ in BROKEN]

    assert {code for code, _, _ in BROKEN} | {"right"} == {
        file.stem for file in (WRONG / "shops").glob("*.toml")
    }
    assert all(
        prefixes.count(claim) >= 2 for claim in ("visits", "papers", "results", "ends", "days", "questions")
    )


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
