"""Why a case can be refused or declined: the closed lists that an officer chooses from (R2.1, R2.2, R2.16)."""

from collections.abc import Iterable, Mapping

from services.core.facts import Texts
from services.core.refusal import Mistake, Refusal

REFUSAL: Mapping[str, Texts] = {
    "conditions_not_met": {
        "en": "The conditions that the law sets for this service are not met.",
        "zh": "不符合法律规定的办理条件。",
    },
    "evidence_missing": {
        "en": "Something that must be proved has not been proved.",
        "zh": "依法应当证明的事项未能证明。",
    },
    "statements_differ": {
        "en": "What was stated does not agree with what the registers show.",
        "zh": "申请内容与登记信息不一致。",
    },
    "original_does_not_match": {
        "en": "The original shown does not agree with what was filed.",
        "zh": "出示的原件与申报内容不一致。",
    },
    "examination_failed": {
        "en": "The examination was not passed. You may apply again.",
        "zh": "考试或检查未通过，可重新申请。",
    },
    "standard_not_met": {
        "en": "The place or thing inspected does not meet the technical standard.",
        "zh": "现场检查或检验不符合技术标准。",
    },
    "right_of_others": {
        "en": "The right of somebody else stands against it.",
        "zh": "涉及他人合法权益，依法不能批准。",
    },
    "precondition_refused": {
        "en": "Another decision that this depends on went against the application.",
        "zh": "前置事项未获批准。",
    },
    "quantity_used_up": {
        "en": "The number that can be granted has been reached.",
        "zh": "许可数量已满。",
    },
}

DECLINING: Mapping[str, Texts] = {
    "not_needed": {
        "en": "You need no decision of ours for this.",
        "zh": "该事项无需办理。",
    },
    "not_competent": {
        "en": "Another authority is responsible for this.",
        "zh": "不属于本机关职权范围。",
    },
    "still_incomplete": {
        "en": "What was asked for came in, but it is still incomplete or not in form.",
        "zh": "补正后材料仍不齐全或不符合法定形式。",
    },
}


class ReasonsNeeded(Refusal):
    """A refusal gives reasons from the law's list, a legal basis and an explanation (R2.16)."""

    code = "reasons_needed"
    sentence = "Give at least one reason from the list, the legal basis and an explanation."


def check_reasons(reasons: Iterable[str], table: Mapping[str, Texts], *, explanation: str) -> tuple[str, ...]:
    """Return the reasons, each once.

    :raises ReasonsNeeded: if there are none, one is not in the table, or the explanation is empty.
    """
    chosen = tuple(dict.fromkeys(reasons))
    mistakes = [
        Mistake("reasons", "“{code}” is not a reason.", {"code": code})
        for code in chosen
        if code not in table
    ]
    mistakes += [] if chosen else [Mistake("reasons", "Choose at least one reason.")]
    mistakes += (
        [] if explanation.strip() else [Mistake("explanation", "Explain the decision in plain words.")]
    )
    if mistakes:
        raise ReasonsNeeded(errors=mistakes)
    return chosen
