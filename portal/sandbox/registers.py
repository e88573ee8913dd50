"""The registers: each answers from its own table, or fails the way its switch says."""

import re
import time

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.sandbox.answers import answer_of, sealed
from portal.sandbox.gate import Refused, for_machines, read_object
from portal.sandbox.models import HolderKind, Mode, Register
from portal.sandbox.signing import JOSE

NUMBER = re.compile(r"[0-9A-Z]{5,20}")
LONGEST_KEY = LONGEST_REFERENCE = 80


@for_machines
@require_POST
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Answer what the register knows about a holder: found, no record, or a contradiction; signed by its office."""
    register, question = open_register(code), read_object(request)
    kind, number = read_holder(question)
    key = read_text(question, "key", required=False)
    read_text(question, "purpose", required=True)
    read_text(question, "basis", required=False)
    reference = read_text(question, "reference", required=True, longest=LONGEST_REFERENCE)
    wait_as_switched(register)
    answer = answer_of(register, kind=kind, number=number, key=key)
    signed = sealed(answer, register=register, reference=reference, now=timezone.now())
    return HttpResponse(signed, content_type=JOSE)


def open_register(code: str) -> Register:
    """Return the register of this code, if it can be asked.

    :raises Refused: if there is none, or it is down.
    """
    register = Register.objects.filter(code=code).first()
    if register is None:
        raise Refused(f"There is no register {code}.", 404)
    if register.mode == Mode.DOWN:
        raise Refused("The register is down.", 503)
    return register


def wait_as_switched(register: Register) -> None:
    """Keep the caller waiting while the register is slow."""
    if register.mode == Mode.SLOW:
        time.sleep(register.seconds)


def read_holder(question: dict[str, object]) -> tuple[str, str]:
    """Return the kind and the number of the one a question is about.

    :raises Refused: if they cannot be read.
    """
    holder = question.get("holder")
    if not isinstance(holder, dict) or holder.get("kind") not in HolderKind.values:
        raise Refused('Say whose record: "holder": {"kind": "person" or "business", "number": "…"}.')
    number = holder.get("number")
    if not isinstance(number, str) or not NUMBER.fullmatch(number):
        raise Refused("The holder's number has 5 to 20 digits and capital letters.")
    return holder["kind"], number


def read_text(
    question: dict[str, object], name: str, *, required: bool, longest: int = 3 * LONGEST_KEY
) -> str:
    """Return what a question says under a name.

    :raises Refused: if it is no text, too long, or missing where it is required.
    """
    value = question.get(name, "")
    if not isinstance(value, str) or len(value) > longest or (required and not value.strip()):
        raise Refused(f'Say "{name}" as text.')
    if "\x00" in value:
        raise Refused(f'"{name}" holds a sign that no text has.')
    return value
