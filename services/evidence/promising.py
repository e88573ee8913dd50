"""The words with which something is promised to follow: the notice on the spot, and the promise (R5.1, R5.2)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from services.catalogue.wording import FALLBACKS, short_code
from services.core.facts import Texts
from services.evidence.wording import DeclarationText

PROMISE: Texts = {
    "en": """Notice
1. Matter: {matter}.
2. What is missing and may follow: {name}. A photo or a PDF of it, sent online or by post, or handed in at a window.
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
二、容缺材料：{name}。照片或者PDF文件均可，可在线提交、邮寄或者到窗口提交。
三、补交期限：{until}前。
四、补交前先行受理并继续办理；材料补齐前不作出决定。
五、逾期未补交的：{missed}您可以随时重新申请，不受影响。
六、因不可抗力不能按期补交的，请告知办理机关，可以延长期限。

承诺书
本人已经阅读并理解上述告知内容。
本人承诺于{until}前补交：{name}。

签名：{signatory}，{on}""",
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
    """What is promised: of what, in which matter, by which day, by whom and on which day; what follows if it fails."""

    names: Sequence[Texts] = field(hash=False)
    matters: Sequence[Texts] = field(hash=False)
    until: date
    signatory: str = field(repr=False)
    on: date
    missed: str = "withdrawn"


def compose_promise(promised: Promised, language: str) -> DeclarationText:
    """Return notice and promise, in English or Chinese."""
    tongue = next(one for one in FALLBACKS[short_code(language)] if one in PROMISE)
    text = PROMISE[tongue].format(
        matter=_all_of(promised.matters, tongue),
        name=_all_of(promised.names, tongue),
        until=promised.until.isoformat(),
        missed=MISSED[promised.missed][tongue],
        signatory=promised.signatory,
        on=promised.on.isoformat(),
    )
    return DeclarationText(tongue, text)


def _all_of(texts: Sequence[Texts], tongue: str) -> str:
    """Return all names in one tongue, each once: two services that want the same thing want it once."""
    return {"zh": "、"}.get(tongue, "; ").join(dict.fromkeys(one[tongue] for one in texts))
