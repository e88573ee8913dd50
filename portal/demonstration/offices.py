"""The offices on a day: which tasks are done by whom, and who is served at the counters."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

from portal.demonstration.accounts import CLERK, REVIEWER, Accounts
from portal.demonstration.clerks import ACTS, serve
from portal.demonstration.client import Json, Problem, Session

# What an officer does not do for others: these are a reviewer's (R6.2).
DECISIONS = ("decision", "concern", "check")
# Two who work on one case at the same time: the later one looks again.
TRIES = 3
CHANGED = 412
# The machine, or a colleague, was quicker.
OVERTAKEN = ("no-such-task", "not-awaited")


@dataclass(slots=True)
class Offices:
    """All offices, and those who come to the counters today: the only thing clerks see that is on no screen."""

    accounts: Accounts
    executor: Executor
    # Appointments that nobody will keep, and the cases whose examination will be failed.
    stay_away: set[str] = field(default_factory=set)
    fail: set[str] = field(default_factory=set)
    codes: Sequence[str] = ()
    # By centre, an office whose officers sit there: these receive whoever comes.
    centres: Mapping[str, str] = field(default_factory=dict)
    # What could not be done, by task: told at the end, and not tried again.
    failures: dict[str, str] = field(default_factory=dict)

    def learn(self) -> None:
        """Read which offices and centres there are."""
        anybody = self.accounts.anybody()
        self.codes = [one["code"] for one in anybody.items("/organisations")]
        self.centres = {one["code"]: one["offices"][0] for one in anybody.items("/centres") if one["offices"]}

    def accept(self, offices: Sequence[str]) -> list[str]:
        """Let these offices look at what has come in, and return the cases they have dealt with."""
        return self._together(offices, lambda office: self._work(office, kind="acceptance", until=""))

    def work(self, offices: Sequence[str], today: str) -> list[str]:
        """Let these offices do every task that is due, and return the cases."""
        return self._together(offices, lambda office: self._work(office, kind="", until=today))

    def receive(self, today: str) -> list[str]:
        """Serve everybody who comes to a centre today, and return the cases."""
        return [case for centre in self.centres for case in self._receive(centre, today)]

    def _serve(self, host: Session, appointment: str) -> list[str]:
        """Serve a visit; one that has changed while it was looked at is looked at again."""
        for _ in range(TRIES - 1):
            try:
                return serve(host, appointment, self.fail)
            except Problem as problem:
                if problem.status != CHANGED:
                    raise
        return serve(host, appointment, self.fail)

    def _together(self, offices: Sequence[str], work: Callable[[str], list[str]]) -> list[str]:
        return [case for cases in self.executor.map(work, offices) for case in cases]

    def _work(self, office: str, *, kind: str, until: str) -> list[str]:
        tasks = [one for one in self.tasks(office, kind) if not until or one["dueOn"] <= until]
        ours = [one for one in tasks if one["id"] not in self.failures]
        for task in ours:
            self.do(office, task)
        return [task["caseId"] for task in ours]

    def tasks(self, office: str, kind: str = "") -> list[Json]:
        """Return what waits for the officers of an office, of one kind or of all."""
        asked = {"limit": "100"} | ({"kind": kind} if kind else {})
        return list(self.accounts.officer(CLERK, office).items("/tasks", **asked))

    def do(self, office: str, task: Json) -> None:
        """Let the officer whose task it is do it; what cannot be done is kept among the failures."""
        officer = self.accounts.officer(REVIEWER if task["kind"] in DECISIONS else CLERK, office)
        for _ in range(TRIES):
            try:
                return ACTS[task["kind"]](officer, task)
            except Problem as problem:
                if problem.kind in OVERTAKEN:
                    return None
                if problem.status != CHANGED:
                    self.failures[task["id"]] = f"{task['service']}, {task['kind']} {task['step']}: {problem}"
                    return None
        return None

    def _receive(self, centre: str, today: str) -> list[str]:
        host = self.accounts.officer(CLERK, self.centres[centre])
        served = []
        for arrival in host.items(f"/centres/{centre}/arrivals", day=today):
            booked = arrival["appointment"]
            if booked["status"] != "booked" or booked["id"] in self.stay_away:
                continue
            served += self._serve(host, booked["id"])
        return served
