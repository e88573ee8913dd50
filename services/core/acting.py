"""What is told of an agent's acts to whom they act for: each kind of act, in words (R11.2)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.core.facts import Texts


class Done(StrEnum):
    """What an agent has done for somebody."""

    BEGUN = "begun"
    ANSWERED = "answered"
    ASKED_OFFICES = "asked_offices"
    PROVED = "proved"
    DECLARED = "declared"
    SUBMITTED = "submitted"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    DISCARDED = "discarded"
    TAKEN_BACK = "taken_back"
    QUESTIONED = "questioned"
    PROMISED = "promised"
    NEEDS_TOLD = "needs_told"
    REOPENED = "reopened"
    RECEIVED = "received"


# With whom it was done for as the reader.
IN_WORDS: Mapping[Done, Texts] = MappingProxyType({
    Done.BEGUN: {"en": "began the application", "zh": "开始填写申请", "ug": "ئىلتىماسنى باشلىدى"},
    Done.ANSWERED: {"en": "answered its questions", "zh": "填写了申请内容", "ug": "سوئاللارغا جاۋاب بەردى"},
    Done.ASKED_OFFICES: {
        "en": "had offices asked for what they hold about you",
        "zh": "请求调取各部门已有的您的信息",
        "ug": "ئورگانلاردىكى ئۇچۇرىڭىزنى سوراتتى",
    },
    Done.PROVED: {"en": "gave something as proof", "zh": "提交或确认了证明材料", "ug": "ئىسپات ماتېرىيالى بەردى"},
    Done.DECLARED: {"en": "signed a statement", "zh": "签署了声明或承诺", "ug": "باياننامە ئىمزالىدى"},
    Done.SUBMITTED: {"en": "submitted it", "zh": "提交了申请", "ug": "ئىلتىماسنى تاپشۇردى"},
    Done.CORRECTED: {
        "en": "answered a correction notice",
        "zh": "答复了补正告知",
        "ug": "تۈزىتىش ئۇقتۇرۇشىغا جاۋاب بەردى",
    },
    Done.WITHDRAWN: {"en": "withdrew it", "zh": "撤回了申请", "ug": "ئىلتىماسنى قايتۇرۇۋالدى"},
    Done.BOOKED: {"en": "booked a visit", "zh": "预约了到场时间", "ug": "كېلىش ۋاقتىنى زاكاس قىلدى"},
    Done.CANCELLED: {"en": "cancelled a visit", "zh": "取消了到场预约", "ug": "كېلىش ۋاقتىنى بىكار قىلدى"},
    Done.DISCARDED: {"en": "threw the draft away", "zh": "删除了草稿", "ug": "ئورىگىنالنى تاشلىۋەتتى"},
    Done.TAKEN_BACK: {"en": "took a statement back", "zh": "撤回了声明", "ug": "باياننامىنى قايتۇرۇۋالدى"},
    Done.QUESTIONED: {
        "en": "said that something is wrong",
        "zh": "对查到的信息提出异议",
        "ug": "ئۇچۇرنىڭ خاتالىقىنى ئېيتتى",
    },
    Done.PROMISED: {
        "en": "promised something for later",
        "zh": "承诺稍后补交材料",
        "ug": "كېيىن تاپشۇرۇشقا ۋەدە بەردى",
    },
    Done.NEEDS_TOLD: {
        "en": "said what help is needed at the visit",
        "zh": "说明了到场时需要的协助",
        "ug": "كەلگەندە لازىم بولىدىغان ياردەمنى ئېيتتى",
    },
    Done.REOPENED: {"en": "took it back to change it", "zh": "撤回申请以便修改", "ug": "ئۆزگەرتىش ئۈچۈن قايتۇرۇۋالدى"},
    Done.RECEIVED: {"en": "received what was issued", "zh": "领取了办理结果", "ug": "چىقىرىلغان ھۆججەتنى تاپشۇرۇۋالدى"},
})  # fmt: skip
