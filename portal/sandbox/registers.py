"""The registers: each answers from its own table, or fails the way its switch says."""

import re
import time

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from portal.sandbox.gate import Refused, for_machines, problem, read_object
from portal.sandbox.models import HolderKind, Mode, Record, Register
from portal.sandbox.names import TAKEN, keep_name

NUMBER = re.compile(r"[0-9A-Z]{5,20}")
LONGEST_KEY = 80
TWO_ENTRIES = "Two entries of the register do not agree."


@for_machines
@require_POST
def ask(request: HttpRequest, code: str) -> JsonResponse:
    """Answer what the register knows about a holder: found, no record, or a contradiction."""
    register = Register.objects.filter(code=code).first()
    if register is None:
        raise Refused(f"There is no register {code}.", 404)
    question = read_object(request)
    kind, number = _holder(question)
    key = _text(question, "key", required=False)
    for name in ("purpose", "reference"):
        _text(question, name, required=True)
    if register.mode == Mode.DOWN:
        return problem("The register is down.", 503)
    if register.mode == Mode.SLOW:
        time.sleep(register.seconds)
    return JsonResponse(_answer(register, kind, number, key))


def _answer(register: Register, kind: str, number: str, key: str) -> dict[str, object]:
    if register.mode == Mode.EMPTY:
        return {"answer": "no_record"}
    if register.mode == Mode.CONTRADICTION:
        return {"answer": "contradiction", "detail": TWO_ENTRIES}
    record = _record(register, kind, number, key)
    if record is None:
        return {"answer": "no_record"}
    if record.contradiction:
        return {"answer": "contradiction", "detail": record.contradiction}
    return {
        "answer": "found",
        "facts": record.facts,
        "reference": record.reference,
        "issued_on": record.issued_on and record.issued_on.isoformat(),
        "valid_until": record.valid_until and record.valid_until.isoformat(),
    }


def _record(register: Register, kind: str, number: str, key: str) -> Record | None:
    if register.code in TAKEN and key.strip():
        return keep_name(register, kind=kind, number=number, name=key.strip())
    return Record.objects.filter(
        register=register.code, holder_kind=kind, holder_number=number, key=key
    ).first()


def _holder(question: dict[str, object]) -> tuple[str, str]:
    holder = question.get("holder")
    if not isinstance(holder, dict) or holder.get("kind") not in HolderKind.values:
        raise Refused('Say whose record: "holder": {"kind": "person" or "business", "number": "…"}.')
    number = holder.get("number")
    if not isinstance(number, str) or not NUMBER.fullmatch(number):
        raise Refused("The holder's number has 5 to 20 digits and capital letters.")
    return holder["kind"], number


def _text(question: dict[str, object], name: str, *, required: bool) -> str:
    value = question.get(name, "")
    if not isinstance(value, str) or len(value) > LONGEST_KEY * 3 or (required and not value.strip()):
        raise Refused(f'Say "{name}" as text.')
    return value
