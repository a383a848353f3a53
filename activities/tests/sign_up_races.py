"""Many sign up, cancel, raise and lower the number of seats at one moment, again and again, on a database of its own.

    python -m activities.tests.sign_up_races [--server postgres://…/postgres] [--rounds 200] [--threads 50]

Last line: what was tried, who is registered and waiting at the ends of the rounds, and what must never be: overbooked=0
lost_waiting=0 uncounted=0 idle_seats=0 errors=0; the exit code is 1 where one of these is not 0.
"""

import random
import sys
from collections import Counter
from typing import Any

from shuxiang.tests.races import Arena, Scene, Step, compete, options, scratch_database, tell

SEATS = 3
FAULTS = ("overbooked", "lost_waiting", "uncounted", "idle_seats", "errors")


class Hall(Arena):
    """An activity of a few seats, colleagues, its organiser, and what a round does."""

    def __init__(self, threads: int) -> None:
        from activities.services.signing_up import SignUpRefused
        from activities.tests.factories import with_sign_up
        from organization.services.lives import IllegalStep, Stale
        from organization.tests.factories import CadreFactory, DepartmentFactory, bureau

        super().__init__((SignUpRefused, Stale, IllegalStep))
        department = DepartmentFactory(parent=bureau())
        self.organiser = CadreFactory(department=department)
        self.people = [CadreFactory(department=department) for _ in range(max(threads, 8))]
        self.activity = with_sign_up(capacity=SEATS, organiser=self.organiser)
        self.activity.refresh_from_db()
        self.asked: set[int] = set()
        self.gone: set[int] = set()

    def clear(self) -> None:
        from activities.models import Activity, Registration, RegistrationEvent
        from notices.models import Notice

        Notice.objects.all().delete()
        RegistrationEvent.objects.all().delete()
        Registration.objects.all().delete()
        Activity.objects.update(seats_taken=0, capacity=SEATS)
        self.asked.clear()
        self.gone.clear()

    def enter(self, person: Any, by: Any = None) -> None:
        from activities.services.signing_up import sign_up

        sign_up(activity=self.activity, cadre=person, by=by or person, now=self.tick())
        self.asked.add(person.pk)

    def leave(self, person: Any, by: Any = None) -> None:
        from activities.models import Registration
        from activities.services.signing_up import cancel_sign_up

        found = Registration.objects.standing().select_related("activity", "cadre").filter(cadre=person).first()
        if found is not None:
            cancel_sign_up(registration=found, by=by or person, now=self.tick(), reason="本人要求")
            self.gone.add(person.pk)

    def raise_to(self, seats: int | None) -> None:
        """What editing does: the new number and the moving up in one transaction."""
        from django.db import transaction

        from activities.models import Activity
        from activities.services.signing_up import move_up

        with transaction.atomic():
            Activity.objects.filter(pk=self.activity.pk).update(capacity=seats)
            move_up(activity=self.activity, now=self.tick())

    def raise_by(self, seats: int) -> None:
        from django.db import transaction
        from django.db.models import F

        from activities.models import Activity
        from activities.services.signing_up import move_up

        with transaction.atomic():
            Activity.objects.filter(pk=self.activity.pk).update(capacity=F("capacity") + seats)
            move_up(activity=self.activity, now=self.tick())

    # Each scene gives one step per thread.

    def the_last_seats(self, threads: int) -> list[Step]:
        return [lambda person=person: self.enter(person) for person in self.people[:threads]]

    def one_person_many_times(self, threads: int) -> list[Step]:
        return [lambda: self.enter(self.people[0])] * threads

    def cancels_against_sign_ups(self, threads: int) -> list[Step]:
        first, rest = self.people[:SEATS], self.people[SEATS:threads]
        for person in first:
            self.enter(person)
        steps: list[Step] = [lambda person=person: self.leave(person) for person in first]
        return steps + [lambda person=person: self.enter(person) for person in rest]

    def cancels_against_waiting(self, threads: int) -> list[Step]:
        """Those with seats and those who wait give up at one moment."""
        for person in self.people[:threads]:
            self.enter(person)
        leaving = random.sample(self.people[:threads], k=threads // 2)
        steps: list[Step] = [lambda person=person: self.leave(person) for person in leaving]
        return steps + [lambda person=person: self.leave(person, by=self.organiser) for person in leaving]

    def more_seats_against_sign_ups(self, threads: int) -> list[Step]:
        for person in self.people[: threads // 2]:
            self.enter(person)
        steps: list[Step] = [lambda: self.raise_by(1) for _ in range(3)]
        return steps + [lambda person=person: self.enter(person) for person in self.people[threads // 2 : threads - 3]]

    def no_limit_any_more(self, threads: int) -> list[Step]:
        for person in self.people[: threads // 2]:
            self.enter(person)
        steps: list[Step] = [lambda: self.raise_to(None)]
        return steps + [lambda person=person: self.enter(person) for person in self.people[threads // 2 : threads - 1]]

    def anything(self, threads: int) -> list[Step]:
        def step() -> None:
            person, kind = random.choice(self.people[:threads]), random.randrange(8)
            if kind < 4:
                self.enter(person, by=random.choice([person, self.organiser]))
            elif kind < 7:
                self.leave(person, by=random.choice([person, self.organiser]))
            else:
                self.raise_by(1)

        for person in self.people[: threads // 3]:
            self.enter(person)
        return [step] * threads

    def scenes(self) -> list[Scene]:
        return [
            self.the_last_seats,
            self.one_person_many_times,
            self.cancels_against_sign_ups,
            self.cancels_against_waiting,
            self.more_seats_against_sign_ups,
            self.no_limit_any_more,
            self.anything,
        ]

    def judge(self, scene: str, threads: int) -> None:
        from activities.models import Activity, Registration, RegistrationEvent
        from activities.states import RegistrationState

        activity = Activity.objects.get(pk=self.activity.pk)
        rows = list(Registration.objects.filter(activity=activity).values_list("cadre", "state"))
        states = Counter(state for _, state in rows)
        registered, waiting = states[RegistrationState.REGISTERED], states[RegistrationState.WAITING]
        limited = activity.capacity is not None
        self.counts["registered"] += registered
        self.counts["waiting"] += waiting
        self.counts["overbooked"] += limited and registered > activity.capacity
        self.counts["overbooked"] += len(rows) - len({cadre for cadre, _ in rows})
        self.counts["uncounted"] += registered != activity.seats_taken
        self.counts["uncounted"] += activity.changed_at != self.activity.changed_at
        self.counts["idle_seats"] += bool(waiting) and (not limited or registered < activity.capacity)
        # Who entered and never left stands on the list; and each row's last event tells its state.
        standing = {cadre for cadre, state in rows if state != RegistrationState.CANCELLED}
        self.counts["lost_waiting"] += len(self.asked - self.gone - standing)
        told = dict(RegistrationEvent.objects.order_by("pk").values_list("registration__cadre", "to_state"))
        self.counts["lost_waiting"] += sum(told[cadre] != state for cadre, state in rows)


def main() -> int:
    asked = options(rounds=200, threads=50)
    with scratch_database(asked.server):
        hall = Hall(asked.threads)
        compete(hall, asked.rounds, asked.threads)
    counts = {name: hall.counts[name] for name in ("registered", "waiting", *FAULTS)}
    return tell({"rounds": asked.rounds, "tries": asked.rounds * asked.threads, **counts}, FAULTS)


if __name__ == "__main__":
    sys.exit(main())
