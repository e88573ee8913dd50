"""The prefecture at work: people apply day by day, and every case goes through the real law until all have ended."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

import simpy

from portal.foreseeing.applicants import Casting
from portal.foreseeing.application import Application
from portal.foreseeing.life import Life
from portal.foreseeing.offices import Office, Season, Steps
from portal.foreseeing.places import Diary, Windows
from portal.foreseeing.prefecture import Prefecture
from portal.foreseeing.registers import AllRegisters
from portal.foreseeing.tally import Tally
from portal.foreseeing.time import DAY, Hours, Time
from services.catalogue.folder import Folder
from services.core.appointments import Centre
from services.core.definitions import Definition
from services.core.jurisdiction import Law
from services.core.limits import promised_due
from services.core.reference import Bundle

# Whatever has not ended so long after the last application never does.
FOR_EVER = 1500


@dataclass(frozen=True)
class Catalogue:
    """What can be applied for, where people come, and by which law."""

    definitions: Mapping[str, Definition]
    bundles: Sequence[Bundle]
    centres: Sequence[Centre]
    law: Law


def catalogue_of(folder: Folder) -> Catalogue:
    """Return what the folder of a prefecture holds."""
    definitions = {one.definition.code: one.definition for one in folder.definitions}
    return Catalogue(definitions, folder.bundles, folder.centres, folder.law)


@dataclass(eq=False)
class World:
    """One run: the same seed and the same assumptions make the same lives."""

    catalogue: Catalogue
    prefecture: Prefecture
    seed: str
    env: simpy.Environment = field(default_factory=simpy.Environment)
    tally: Tally = field(default_factory=Tally)
    season: Season = field(default_factory=Season)

    def __post_init__(self) -> None:
        calendar = self.catalogue.law.calendar.presuming()
        self.law = replace(self.catalogue.law, calendar=calendar)
        self.time = Time(self.prefecture.demand.first_day, calendar)
        self.registers = AllRegisters(self.prefecture.registers, self.chance_of)
        self.diary = Diary(self.catalogue.centres, calendar)
        self.windows = Windows(self, self.prefecture.counter.pace)
        self.castings = {code: Casting(one) for code, one in self.catalogue.definitions.items()}
        self._offices: dict[str, Office] = {}
        self._again: dict[date, dict[int, Life]] = {}
        self._open: dict[int, Life] = {}

    @property
    def today(self) -> date:
        """Return the legal day."""
        return self.time.day(self.env.now)

    def chance_of(self, name: str) -> Random:
        """Return a chance of its own, the same whatever else happens."""
        return Random(f"{self.seed} {name}")  # noqa: S311 - a made-up life

    def office(self, organisation: str) -> Office:
        """Return the officers of the organisation."""
        if organisation not in self._offices:
            offices = self.prefecture.offices
            hours = Hours.of(self.time, offices.opens, offices.closes, offices.at_work)
            work = self.tally.offices[organisation]
            self._offices[organisation] = Office(
                self.env, hours, offices.staff(organisation), self.season, work
            )
        return self._offices[organisation]

    def look_again(self, life: Life) -> None:
        """Look at the case again on its day, however often that changes."""
        name = id(life)
        if life.looked_for is not None:
            self._again.get(life.looked_for, {}).pop(name, None)
        life.looked_for = life.again_on
        if life.again_on is not None:
            self._again.setdefault(life.again_on, {})[name] = life
        if life.is_over:
            self._open.pop(name, None)
        else:
            self._open[name] = life
            self.tally.peak_open = max(self.tally.peak_open, len(self._open))

    def run(self, cases: int) -> Tally:
        """Let so many cases be filed and wait until all have ended; return what was counted."""
        self.env.process(self._people(cases))
        self.env.process(self._days())
        self.env.run()
        for life in list(self._open.values()):
            life.end()
        for office in self._offices.values():
            office.close()
        self.windows.close()
        return self.tally

    def _people(self, cases: int) -> Steps:
        """People apply, at their hours."""
        chance = self.chance_of("arrivals")
        for at in self._arrivals(chance):
            yield self.env.timeout(max(0, at - self.env.now))
            number = self.tally.applications = self.tally.applications + 1
            application = Application(self, self.chance_of(f"application {number}"))
            services = self._wanted(application.chance)
            self.tally.cases += len(services)
            application.file(services)
            if self.tally.cases >= cases:
                break
        self.season.until = self.env.now

    def _arrivals(self, chance: Random) -> Iterator[float]:
        demand, number = self.prefecture.demand, 0
        mean = sum(demand.weekdays) / len(demand.weekdays)
        while True:
            weight = demand.weekdays[self.time.day(number * DAY).weekday()] / mean
            many = int(demand.applications_a_day * weight + chance.random())
            hours = chance.choices(range(len(demand.hours)), demand.hours, k=many)
            yield from sorted(number * DAY + (hour + chance.random()) * 60 for hour in hours)
            number += 1

    def _wanted(self, chance: Random) -> list[Casting]:
        """Return what somebody applies for: one service, or the members of a bundle that are always taken and some."""
        if self.catalogue.bundles and chance.random() < self.prefecture.demand.bundles:
            bundle = chance.choice(self.catalogue.bundles)
            taken = [one for one in bundle.services if one not in bundle.situations or chance.random() < 0.5]
            return [self.castings[one] for one in taken or bundle.services]
        codes, weights = self.weights
        return [self.castings[chance.choices(codes, cum_weights=weights)[0]]]

    @property
    def weights(self) -> tuple[list[str], list[float]]:
        """Return the services with their weights, summed up one after another."""
        if not hasattr(self, "_weights"):
            self._weights = cumulated(self.catalogue.definitions, self.prefecture)
        return self._weights

    def _days(self) -> Steps:
        """Every midnight the cases are looked at on which the day itself may have an effect."""
        while self.env.peek() < float("inf") or self._again:
            yield self.env.timeout(DAY - self.env.now % DAY)
            self.diary.forget(self.today)
            for life in list(self._again.pop(self.today, {}).values()):
                life.wake()
            if self.today > self.time.day(min(self.season.until, 1e9)) + timedelta(days=FOR_EVER):
                return

    def count(self, life: Life) -> None:
        """Take down how a case ended, and its application with its last case."""
        case, tally, code = life.case, self.tally, life.definition.code
        tally.endings[str(case.verdict or case.state) if case.ended else "endless"] += 1
        tally.endless[code] += not case.ended
        tally.asked_twice[code] += bool(life.asked_in_vain())
        tally.visits[case.visits] += 1
        tally.twice_in[code] += case.visits > 1
        if case.decided_on is not None:
            late = case.decided_on > promised_due(case, self.law).on
            tally.decided += 1
            tally.on_time += not late
            tally.late_in[code] += late
        if life.is_granted:
            tally.to_result.add(self.time.working_days(self.time.midnight(case.received_on), self.env.now))
        others = life.application.lives.values()
        if all(one.is_over for one in others):
            tally.trips[life.application.trips] += 1
            tally.twice_in[code] += life.application.trips > 1


def cumulated(definitions: Mapping[str, Definition], prefecture: Prefecture) -> tuple[list[str], list[float]]:
    """Return the services and the sum of the weights up to each; a programme's weight is shared by its services."""
    demand = prefecture.demand
    in_programme: dict[str, int] = {}
    for one in definitions.values():
        in_programme[one.programme] = in_programme.get(one.programme, 0) + 1
    total, sums = 0.0, []
    for code, one in definitions.items():
        total += demand.services.get(
            code, demand.programmes.get(one.programme, 1) / in_programme[one.programme]
        )
        sums.append(total)
    return list(definitions), sums
