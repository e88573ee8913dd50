"""The words with which something is promised to follow: the notice on the spot, and the promise (R5.1, R5.2)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from services.catalogue import queries as catalogue
from services.catalogue.wording import FALLBACKS, short_code
from services.core.facts import Texts
from services.evidence.wording import DeclarationText

PROMISE: Texts = {
    "en": """Notice
1. Matter: {matter}.
2. What is missing and may follow: {name}. {form}
3. It is to be here by {until}.
4. Meanwhile your application is accepted and handled; it is not decided before this is here.
5. If it does not come by then: {missed} You can apply again at any time, without any disadvantage.
6. If something beyond your control keeps you from it, tell the office: it can give you more time.

Promise
I have read this notice and understand it.
I will bring in by {until}: {name}.

Signed: {signatory}, {on}""",
    "zh": """告知书
一、事项名称：{matter}。
二、容缺材料：{name}。{form}
三、补交期限：{until}前。
四、补交前先行受理并继续办理；材料补齐前不作出决定。
五、逾期未补交的：{missed}您可以随时重新申请，不受影响。
六、因不可抗力不能按期补交的，请告知办理机关，可以延长期限。

承诺书
本人已经阅读并理解上述告知内容。
本人承诺于{until}前补交：{name}。

签名：{signatory}，{on}""",
}
# In which form, as it was chosen (R5.2); whoever chose a longer way may still send it online (R5.6).
FORMS: dict[str, Texts] = {
    "upload": {"en": "A photo or a PDF of it, sent online.", "zh": "在线提交照片或者PDF文件。"},
    "post": {
        "en": "The original, by post to {office}, {address}; or a photo or a PDF of it, sent online.",
        "zh": "将原件邮寄至{office}（{address}）；也可在线提交照片或者PDF文件。",
    },
    "window": {
        "en": "The original, handed in at {office}, {address}, in one visit; or a photo or a PDF of it, sent online.",
        "zh": "到{office}（{address}）窗口一次性提交原件；也可在线提交照片或者PDF文件。",
    },
}
MISSED: dict[str, Texts] = {
    "withdrawn": {"en": "the application counts as withdrawn.", "zh": "视为撤回申请。"},
    "cancelled": {
        "en": "the acceptance is cancelled, with written reasons.",
        "zh": "书面说明理由并撤销受理。",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What is promised: of what, in which matter, by which day and how, by whom and when; what follows if it fails."""

    names: Sequence[Texts] = field(hash=False)
    matters: Sequence[Texts] = field(hash=False)
    until: date
    signatory: str = field(repr=False)
    on: date
    missed: str = "withdrawn"
    delivery: str = "upload"
    organisation: str = ""  # to whom it is sent, or where it is handed in


def compose_promise(promised: Promised, language: str) -> DeclarationText:
    """Return notice and promise, in English or Chinese."""
    tongue = next(one for one in FALLBACKS[short_code(language)] if one in PROMISE)
    text = PROMISE[tongue].format(
        form=_form(promised, tongue),
        matter=_all_of(promised.matters, tongue),
        name=_all_of(promised.names, tongue),
        until=promised.until.isoformat(),
        missed=MISSED[promised.missed][tongue],
        signatory=promised.signatory,
        on=promised.on.isoformat(),
    )
    return DeclarationText(tongue, text)


def _form(promised: Promised, tongue: str) -> str:
    """Return in which form it comes, and where to."""
    form = FORMS[promised.delivery][tongue]
    if not promised.organisation:
        return form
    office = catalogue.organisation(promised.organisation, tongue)
    return form.format(office=office.name, address=office.address)


def _all_of(texts: Sequence[Texts], tongue: str) -> str:
    """Return all names in one tongue, each once: two services that want the same thing want it once."""
    return {"zh": "、"}.get(tongue, "; ").join(dict.fromkeys(one[tongue] for one in texts))
