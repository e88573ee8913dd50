"""Each rule of what this portal is for is kept by a test that cites it, or says why it is left out."""

from pathlib import Path

import pytest

from portal.management.rules import Citation, mistakes, page, read_citations, read_rules

LONGEST_SENTENCE = 110

# The examples write § for the R of a number: otherwise this file would itself be read as citing them.
RULES = """
[R1]
title = "Matters"
1 = "Not of the sections that are kept completely."

[R3]
title = "Service"
1 = "Nobody is asked twice."
2 = "Nothing is passed on."

[R3.left_out]
2 = "Nothing can be passed on."
"""
TESTS = '''"""The whole file keeps it (§3.1)."""

# On a constant: §1.1
DAYS = 5

# --- Nothing is passed on (§3.2) ---


def test_under_a_heading():
    assert DAYS


# --- Another heading ---


# right above it (§3.9)
def test_with_a_comment():
    assert DAYS


def test_r4_12_by_its_name():
    """§2.5: and by its words."""
'''


def cited(text: str) -> str:
    """Return the text with its numbers written as tests cite them."""
    return text.replace("§", "R")


@pytest.fixture
def told(tmp_path: Path) -> list[Citation]:
    """Return what the example's tests cite."""
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_x.py").write_text(cited(TESTS), encoding="utf-8")
    (folder / "x.py").write_text(cited("# §3.1, said where no test is"), encoding="utf-8")
    return read_citations(folder)


def example(tmp_path: Path, text: str = RULES) -> tuple:
    """Return the titles and the rules of an example."""
    (tmp_path / "rules.toml").write_text(text, encoding="utf-8")
    return read_rules(tmp_path / "rules.toml")


def test_every_rule_is_kept_or_left_out_for_a_reason_and_none_is_made_up(root: Path) -> None:
    _, rules = read_rules(root / "docs" / "rules.toml")

    assert mistakes(rules, read_citations(root / "tests")) == []
    assert len(rules) == 181
    assert [rule.number for rule in rules.values() if len(rule.asks) > LONGEST_SENTENCE] == []


def test_a_test_cites_by_its_name_its_words_what_stands_above_it_and_its_heading(told) -> None:
    found = {(one.number, one.test) for one in told if one.file.endswith("test_x.py")}

    assert found == {
        (cited(number), test)
        for number, test in (
            ("§3.1", ""),
            ("§1.1", ""),
            ("§3.2", "test_under_a_heading"),
            ("§3.9", "test_with_a_comment"),
            ("§2.5", "test_r4_12_by_its_name"),
            ("§4.12", "test_r4_12_by_its_name"),
        )
    }


def test_what_is_unknown_is_found_and_what_is_out_of_date(told, tmp_path: Path) -> None:
    _, rules = example(tmp_path)

    assert mistakes(rules, told) == [
        cited("tests/test_x.py cites §2.5, which is no rule."),
        cited("tests/test_x.py cites §3.9, which is no rule."),
        cited("tests/test_x.py cites §4.12, which is no rule."),
        cited("§3.2 is said to be left out, and tests/test_x.py test_under_a_heading keeps it."),
    ]


def test_what_nobody_keeps_is_found_and_no_other_file_than_a_test_keeps_anything(
    told, tmp_path: Path
) -> None:
    _, rules = example(tmp_path, RULES + '7 = "No such rule."\n')
    beside = [one for one in told if one.file.endswith("/x.py")]

    assert [one.number for one in beside] == [cited("§3.1")]
    assert mistakes(rules, beside) == [
        cited("§3.1 is neither cited by a test nor said to be left out."),
        cited("§3.7 is left out, and is no rule."),
    ]


def test_the_page_sets_each_rule_beside_its_tests(told, tmp_path: Path) -> None:
    lines = list(page(*example(tmp_path), told))
    nobody = list(page(*example(tmp_path), []))

    assert cited("| §3.1 | Nobody is asked twice. | [test_x](../tests/test_x.py) |") in lines
    assert cited("| §3.2 | Nothing is passed on. | [test_x](../tests/test_x.py): under a heading |") in lines
    assert cited("| §3.2 | Nothing is passed on. | *Left out:* Nothing can be passed on. |") in nobody
