"""Where the law has no Uyghur words, a Uyghur reader gets the Chinese ones, and the page says so."""

import pytest

from services.cases.models import Decision
from services.core.reasons import REFUSAL
from services.notices.models import Notice
from services.notices.reasons import ENDINGS
from tests.doors.a_desk import Desk, text_of, works_permit
from tests.services.a_matter import task_of


@pytest.fixture
def refused(town, resident, officer):
    applicant = resident()
    permit = works_permit(applicant)
    Desk(officer("clerk", "works-office")).does(task_of(permit, "acceptance"), "accept")
    for desk, step in (
        (Desk(officer("clerk", "works-office")), "review"), (Desk(officer("clerk", "records-office")), "records"),
    ):  # fmt: skip
        task = permit.tasks.get(step=step, closed_at__isnull=True)
        desk.does(task.id, "complete", outcome="against", note="It leans.")
    reviewer = Desk(officer("reviewer", "works-office"))
    reviewer.writes(
        task_of(permit, "concern"), "refuse", reason_codes=["standard_not_met"], legal_basis="Works Act art. 7",
        explanation="The plan leans to one side.",
    )  # fmt: skip
    assert Decision.objects.get(case=permit).verdict == "refused"
    return applicant, permit


def reads(viewer, path: str, language: str) -> str:
    client = Desk(viewer).client
    return text_of(client.get(path, headers={"Accept-Language": language}))


SENTENCE = REFUSAL["standard_not_met"]


def test_a_uyghur_reader_gets_the_reasons_in_chinese_marked_as_chinese(refused):
    applicant, permit = refused

    page = reads(applicant, f"/my/cases/{permit.id}/", "ug")

    assert '<html lang="ug" dir="rtl"' in page
    assert f'<bdi lang="zh-Hans" dir="ltr">{SENTENCE["zh"]}</bdi>' in page
    assert SENTENCE["en"] not in page
    assert "خەنزۇچە" in page


@pytest.mark.parametrize(("language", "code", "lang"), [("en", "en", "en"), ("zh-hans", "zh", "zh-Hans")])
def test_whose_language_the_law_has_is_told_nothing_of_others(refused, language, code, lang):
    applicant, permit = refused

    page = reads(applicant, f"/my/cases/{permit.id}/", language)

    assert f'<bdi lang="{lang}" dir="ltr">{SENTENCE[code]}</bdi>' in page
    assert "not there in your language" not in page and "您的语言" not in page


@pytest.mark.parametrize(
    ("language", "lang", "told"),
    [("en", "en", False), ("zh-hans", "zh-Hans", False), ("ug", "zh-Hans", True)],
)
def test_a_letter_says_in_which_language_it_is(refused, language, lang, told):
    applicant, permit = refused
    letter = Notice.objects.get(case_id=permit.id, kind="refused")

    page = reads(applicant, f"/my/letters/{letter.id}/", language)

    assert f'<article class="letter" lang="{lang}" dir="ltr">' in page
    assert ("خەنزۇچە" in page.partition("<main")[2]) is told
    assert (SENTENCE["en"] if language == "en" else SENTENCE["zh"]) in page


def test_every_reason_and_ending_has_what_a_uyghur_reader_falls_back_to():
    assert all(texts.get("zh") for table in (REFUSAL, ENDINGS) for texts in table.values())
