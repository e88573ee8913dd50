"""`python -m portal.demonstration`: every service applied for once and resolved, over HTTP; then the table."""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from portal.demonstration.accounts import SUPERVISOR, Accounts
from portal.demonstration.applications import cast_all
from portal.demonstration.calendar import Calendar
from portal.demonstration.casting import Casting
from portal.demonstration.catalogue import Service, read_service
from portal.demonstration.companions import Companions
from portal.demonstration.judging import not_as_it_should
from portal.demonstration.lives import Life
from portal.demonstration.matters import Matter
from portal.demonstration.offices import Offices
from portal.demonstration.ordering import in_order
from portal.demonstration.remembering import is_of_this_database, keep, keep_begun, recall
from portal.demonstration.several import cast_everything, together_told
from portal.demonstration.table import closing_lines, registers_told, table
from portal.demonstration.telling import accounts_told, lives_told
from portal.demonstration.together import Together
from portal.demonstration.world import World

# How `--stored` ends where there is no outcome of this database: nothing was done, or it was not done to its end.
NOT_SEEN, INTERRUPTED = 3, 4
AT_ONCE = 4
ALL_DAYS = "3660"
STORED = "demonstration.json"
Json = dict[str, Any]


def main(words: list[str]) -> int:
    """Read the options, and demonstrate or tell what was demonstrated; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m portal.demonstration", description=__doc__)
    parser.add_argument(
        "--stored",
        action="store_true",
        help="print the stored table; status 3 where there is none, 4 where it was interrupted",
    )
    parser.add_argument("--accounts", action="store_true", help="print the accounts to sign in with")
    options = parser.parse_args(words)
    site = os.environ.get("SITE_URL", "http://localhost:8000").rstrip("/")
    stored = Path(os.environ.get("VAR_DIR", "var")) / STORED
    accounts = Accounts(site)
    if options.accounts:
        print(accounts_told(recall(stored)))
        return 0
    if options.stored:
        return _tell_stored(recall(stored), accounts)
    return demonstrate(accounts, stored)


def demonstrate(accounts: Accounts, stored: Path) -> int:
    """Demonstrate, store and print the outcome; return 0 only if everything ended as it should."""
    begun = time.monotonic()
    sandbox = os.environ.get("SANDBOX_URL") or os.environ.get("REGISTRY_URL", "http://localhost:8001")
    token = os.environ.get("SANDBOX_TOKEN") or os.environ.get("REGISTRY_TOKEN") or "sandbox-token"
    world = World(sandbox.rstrip("/"), token)
    with ThreadPoolExecutor(AT_ONCE) as executor:
        services = _services(accounts, executor)
        casting = Casting(world, Companions(world))
        matters, left = cast_all(services, casting)
        _say(f"{len(matters)} applications for {len(services)} services, by made-up people and businesses")
        together, nobody = cast_everything(casting, services, accounts.anybody())
        left += nobody
        _say(f"{len(together)} bundles and baskets, each in one application")
        offices = Offices(accounts, executor)
        offices.learn()
        calendar = Calendar(accounts, world, offices, executor, _say)
        calendar.failures += [f"{code}: nobody fits its worked examples" for code in left]
        known_by = keep_begun(stored, accounts, offices.codes[0])
        calendar.live(matters, together)
    outcome = {"known_by": known_by, **_outcome(accounts, services, calendar, together)}
    keep(stored, outcome)
    print(f"\n{outcome['told']}\n\nThe demonstration took {time.monotonic() - begun:.0f} s.", flush=True)
    return 0 if outcome["well"] else 1


def _services(accounts: Accounts, executor: ThreadPoolExecutor) -> list[Service]:
    anybody = accounts.anybody()
    codes = [one["code"] for one in anybody.items("/services", limit="100")]
    told = executor.map(lambda code: anybody.get(f"/services/{code}/definition"), codes)
    return in_order(map(read_service, told))


def _outcome(
    accounts: Accounts, services: list[Service], calendar: Calendar, together: Sequence[Together]
) -> Json:
    """Return everything that is to be kept and printed."""
    anybody, running = accounts.anybody(), calendar.running
    supervisor = accounts.officer(SUPERVISOR, calendar.offices.codes[0])
    statistics = supervisor.get("/statistics")
    names = {one["code"]: one["name"] for one in anybody.items("/programmes")}
    failures = [*calendar.failures, *not_as_it_should(running, statistics)]
    closing = closing_lines(statistics, services=len(services))
    registers = list(supervisor.items("/registers", days=ALL_DAYS))
    lines = [table(statistics, names), "", *closing, "", *registers_told(registers), *lives_told(running)]
    lines += ["", *together_told(together, running)]
    lines += [f"NOT AS IT SHOULD: {one}" for one in failures]
    return {
        "told": "\n".join(lines),
        "well": not failures and statistics["total"]["servicesResolved"] == len(services),
        "statistics": statistics,
        "registers": registers,
        "accounts": _accounts(calendar),
    }


def _accounts(calendar: Calendar) -> Json:
    """Return who can be signed in as, by what they are."""
    plain = [one.matter for one in calendar.running if one.matter.life is Life.PLAIN]
    own = [one for one in plain if not one.example.by_agent]
    found: dict[str, str] = {}
    for who, matters in (
        ("forwarder", [one for one in plain if one.example.by_agent]),
        ("business", [one for one in own if one.business and one.business.number]),
        ("resident", [one for one in own if not one.business]),
    ):
        found[who] = _busiest(matters, but=found.values())
    offices = Counter(one.service.organisation for one in plain)
    return found | {"office": offices.most_common(1)[0][0] if offices else calendar.offices.codes[0]}


def _busiest(matters: Iterable[Matter], *, but: Collection[str]) -> str:
    """Return who applied most often: each of the accounts to try out is somebody else, as far as there are others."""
    counted = Counter(one.person.username for one in matters)
    return next((name for name, _ in counted.most_common() if name not in but), next(iter(counted), ""))


def _tell_stored(outcome: Json, accounts: Accounts) -> int:
    """Print the stored table if it is this database's; return 0 only if everything had ended as it should."""
    if not is_of_this_database(outcome, accounts):
        return NOT_SEEN
    if "told" not in outcome:
        _say("The demonstration of this database was interrupted: AGAIN=1 begins anew, on an empty database.")
        return INTERRUPTED
    _say(outcome["told"])
    if not outcome["well"]:
        _say("\nThis demonstration did not end as it should: AGAIN=1 begins anew, on an empty database.")
    return 0 if outcome["well"] else 1


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
