"""Asking the registers of other offices: each through an adapter, none trusted further than its signature.

`no record` and `contradiction` are answers of the register. Whatever is not an answer is `down`, and what its office
did not sign for this question is `distrusted`; neither costs the applicant anything: it is asked again later (R3.18).
"""

from services.evidence.registries.asking import ask_registers
from services.evidence.registries.exchange import Question, RegisterAnswer

__all__ = ["Question", "RegisterAnswer", "ask_registers"]
