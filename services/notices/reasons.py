"""Why an application ended by itself, in words; why an office says no is law, and stands in `core.reasons`."""

from collections.abc import Mapping

from services.core.reasons import DECLINING, REFUSAL

# Why an application ended without anybody having decided on it.
ENDINGS: Mapping[str, Mapping[str, str]] = {
    "own_wish": {
        "en": "You withdrew it yourself.",
        "zh": "您已主动撤回。",
    },
    "visit_not_kept": {
        "en": "Nobody came to the visit in the time there was for it.",
        "zh": "未在规定期限内到场办理。",
    },
    "fee_unpaid": {
        "en": "The fee was not paid in the time there was for it.",
        "zh": "未在规定期限内缴费。",
    },
    "correction_missed": {
        "en": "The correction did not come in the time there was for it.",
        "zh": "逾期未补正。",
    },
    "promise_missed": {
        "en": "What was promised in writing did not come by its day.",
        "zh": "逾期未补交承诺容缺的材料。",
    },
    "commitment_untrue": {
        "en": "What was committed to in writing was found untrue.",
        "zh": "经核查，书面承诺内容不实。",
    },
    "commitment_put_right": {
        "en": "It has been put right, and what was granted stays as it is.",
        "zh": "已按要求整改，原决定继续有效。",
    },
    "commitment_finding_stands": {
        "en": "A supervisor looked at it again, and the finding stands.",
        "zh": "经复核，原核查结论维持不变。",
    },
    "commitment_finding_overturned": {
        "en": "A supervisor looked at it again: the finding does not hold, and nothing is left of it.",
        "zh": "经复核，原核查结论不成立，予以撤销。",
    },
    "correct_done": {"en": "It has been corrected.", "zh": "已予更正。"},
    "correct_refused": {"en": "It is not corrected, for the reasons below.", "zh": "不予更正，理由如下。"},
    "delete_done": {"en": "It has been deleted.", "zh": "已予删除。"},
    "delete_refused": {"en": "It is not deleted, for the reasons below.", "zh": "不予删除，理由如下。"},
    "explain_done": {"en": "The office explains it below.", "zh": "现说明如下。"},
    "begun_again": {
        "en": "A supervisor looked at it again: the finding does not hold, and nothing is left of it. Handling had "
        "ended, so we have begun your application again with everything you had answered: open it among your "
        "applications, look it through and send it.",
        "zh": "经复核，原核查结论不成立，予以撤销。原办件已终止，我们已为您重新建立申请并保留您填写的全部内容："
        "请在“我的申请”中打开、核对并提交。",
    },
}


def reason_texts(code: str) -> Mapping[str, str]:
    """Return a reason in every language; a code nobody wrote words for is told as it is."""
    return REFUSAL.get(code) or DECLINING.get(code) or ENDINGS.get(code) or {"en": code.replace("_", " ")}
