"""Worked examples are run through the real routing; where life goes otherwise than written, a sentence says so."""

from typing import Any

import pytest

from services.core.parsing import read_definition
from services.core.rehearsal import run_example
from tests.core.a_service import condition, law, question, reference, requirement, said, step, table

HELPED = {"conditions": {"helped": condition({"==": [{"var": "application.wants_help"}, True]})},
          "question": [question("application.wants_help")]}  # fmt: skip
LOOK, SIGN = step("look", "review", days=3), step("sign", "counter", ["look"])
SITE = step("site", "inspection", ["look"], when="helped")
DECIDE = step("decide", "decision", ["look", "site"])
FEE = {"amount": "80.00", "legal_basis": "Fees Law", "item": said("Permit")}


def told(*steps: Any, example: dict[str, Any], **more: Any) -> list[str]:
    """Return what differs between the example and what really happens."""
    listed = list(steps)
    if not any(one["mode"] == "issue" for one in listed):
        listed.append(step("issue", "issue", [one["code"] for one in steps]))
    written = {"say": said("Somebody"), "facts": {}, "asks": [], "visits": 0, "ends": "granted", **example}
    service = read_definition(
        table(step=listed, example=[written], **more), file="x.toml", reference=reference()
    )
    return [one.told() for one in run_example(service, service.examples[0], law(), "example[1]")]


@pytest.mark.parametrize(
    ("steps", "more", "example"),
    [
        ([LOOK, SITE, DECIDE], HELPED, {"facts": {"application.wants_help": True}, "takes": ["site"]}),
        ([LOOK, SITE, DECIDE], HELPED, {"facts": {"application.wants_help": False}, "skips": ["site"]}),
        ([LOOK, SIGN], {}, {"visits": 1}),
        # an appointment that is missed is not a visit: another is kept
        ([LOOK, SIGN], {}, {"visits": 1, "outcomes": {"sign": "missed"}}),
        ([LOOK, SIGN], {}, {"visits": 1, "outcomes": {"sign": "failed"}, "ends": "refused"}),
        ([LOOK, SIGN], {}, {"outcomes": {"look": "against"}, "ends": "refused", "skips": ["sign"]}),
        ([step("decide", "decision")], {}, {"outcomes": {"decide": "against"}, "ends": "refused"}),
        # two offices at once, and one of them decides against it
        ([step("decide", "decision"), step("tax", "review")], {},
         {"outcomes": {"decide": "against"}, "ends": "refused"}),
        ([step("publish", "auto", days=45)], {"limits": {"statutory": 60, "promised": 45}}, {}),
        ([LOOK], {"fee": FEE}, {}),
        ([step("issue", "issue"), step("post", "deliver", ["issue"])],
         {"output": {"result": said("Card"), "handover": "courier"}}, {"takes": ["post"]}),
        ([LOOK], {"requirement": [requirement("deed")]}, {}),
        ([LOOK], {"requirement": [requirement("deed")]}, {"absent": ["deed"], "asks": ["deed"]}),
        ([LOOK], {"requirement": [requirement("deed", "household")]}, {"absent": ["deed"]}),
        # where two ways are open, the example says which one the applicant takes
        ([LOOK], {"requirement": [requirement("deed", "floor-plan")]}, {"absent": ["deed"], "asks": ["deed"]}),
        ([LOOK], {"requirement": [requirement("deed", "floor-plan")]}, {"absent": ["deed"], "asks": ["floor-plan"]}),
        ([LOOK], {"requirement": [requirement(["deed", "floor-plan"])]}, {"asks": ["floor-plan"]}),
        ([LOOK], {"requirement": [requirement("goods-list"), requirement("floor-plan")]},
         {"asks": ["goods-list", "floor-plan"]}),
        ([LOOK, SIGN], {"requirement": [requirement("household")]}, {"absent": ["household"], "visits": 1}),
        ([LOOK, SIGN], {"requirement": [requirement("deed", original_at="sign")]}, {"visits": 1}),
        ([LOOK], {"requirement": [requirement("car-test")], "question": [question("application.vin")]},
         {"facts": {"application.vin": "LSVAA49J132047371"}}),
    ],
)  # fmt: skip
def test_a_right_example_says_nothing(
    steps: list[Any], more: dict[str, Any], example: dict[str, Any]
) -> None:
    assert told(*steps, example=example, **more) == []


@pytest.mark.parametrize(
    ("steps", "more", "example", "sentence"),
    [
        ([LOOK, SIGN], {}, {}, "The applicant comes in 1 times, not 0."),
        ([LOOK], {}, {"skips": ["look"]}, "The route takes “look”."),
        ([LOOK, SITE, DECIDE], HELPED, {"facts": {"application.wants_help": False}, "takes": ["site"]},
         "The route does not take “site”."),
        ([LOOK, SITE, DECIDE], HELPED, {"facts": {"application.wants_help": False}, "conditions": {"helped": True}},
         "“helped” is False here, not True."),
        ([LOOK], {"requirement": [requirement("floor-plan")]}, {},
         "The applicant is asked for ['floor-plan'], not []."),
        ([LOOK], {}, {"ends": "refused"}, "It ends as granted, not refused; open: nothing."),
        ([LOOK], {"requirement": [requirement("household")]}, {"absent": ["household"]},
         "It ends as refused, not granted; open: household open."),
    ],
)  # fmt: skip
def test_a_wrong_example_is_told_where_it_differs(
    steps: list[Any], more: dict[str, Any], example: dict[str, Any], sentence: str
) -> None:
    assert told(*steps, example=example, **more) == [sentence]
