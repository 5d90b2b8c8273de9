"""One process of a storm: `python -m tests.chaos.storm_worker URL NUMBER OF OPERATIONS EVENTS…`, the hot event first.

Its members answer at random, each one thing after the other, many members at once. Every line it prints is JSON: what
was acknowledged, in order, or an error that no member should see.
"""

import asyncio
import json
import random
import sys
from datetime import UTC, datetime

from bot.errors import BadInput
from bot.events.answers import Answered
from bot.events.events import Events
from bot.events.rsvp import SEATED, Choice, Deed, Guests, Left
from bot.members import Member
from db.database import Database
from db.models import Event
from tests.answering import GUILD, change_terms

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
MEMBERS, AT_ONCE = 120, 40
HOT = 0.6  # of all that is done, at the first event
ORGANISED = 0.01  # of it are changes of capacity
OFTEN: dict[Deed, int] = {Choice.GOING: 9, Choice.NO: 5, Choice.MAYBE: 2, Left(): 1}  # how often each is done
OFTEN |= {Guests(number): 1 for number in range(3)}


class Worker:
    """The members of one process, which no other process speaks for."""

    def __init__(self, url: str, number: int, operations: int, event_ids: list[int]) -> None:
        self.database = Database(url)
        self.events = Events(self.database)
        self.random = random.Random(number)  # noqa: S311 - a storm that can be repeated
        self.number, self.left, self.event_ids = number, operations, event_ids

    async def run(self) -> None:
        """Do everything, then close."""
        queue = [Member(self.number * 10_000 + n, f"Member {n}") for n in range(1, MEMBERS + 1)]
        await asyncio.gather(*(self.members(queue[start::AT_ONCE]) for start in range(AT_ONCE)))
        await self.database.close()

    async def members(self, members: list[Member]) -> None:
        """A few members, who take turns at random."""
        while self.left > 0:
            self.left -= 1
            hot = self.random.random() < HOT
            event_id = self.event_ids[0] if hot else self.random.choice(self.event_ids[1:])
            try:
                if self.random.random() < ORGANISED:
                    await self.organiser(event_id)
                else:
                    [deed] = self.random.choices(list(OFTEN), list(OFTEN.values()))
                    await self.answer(event_id, self.random.choice(members), deed)
            except BadInput:
                say({"refused": event_id})
            except Exception as error:
                say({"error": f"{type(error).__name__}: {error}"})

    async def organiser(self, event_id: int) -> None:
        """Capacity goes up everywhere; it goes down too, but at the hot event, where that would hide overselling."""
        more = 1 if event_id == self.event_ids[0] else self.random.choice([-3, -1, 1, 2])

        def alter(event: Event) -> None:
            event.capacity = max(1, (event.capacity or 0) + more)

        await change_terms(self.database, event_id, NOW, alter)
        say({"changed": event_id})

    async def answer(self, event_id: int, member: Member, deed: Deed) -> None:
        """One press, and what its member was told."""
        answered = await self.events.answer(GUILD, event_id, member, deed, NOW)
        say({"event": event_id, "user": member.id, **told(answered)})


def told(answered: Answered) -> dict[str, object]:
    """The answer as the member learns it, and the seats on the card that comes with it."""
    given, card = answered.given, answered.card
    seats: dict[str, object] = {"taken": card.seats(*SEATED), "capacity": card.terms.capacity}
    if given is None:
        return seats | {"standing": None}
    return seats | {"standing": given.standing.value, "turn": given.turn, "guests": given.guests}


def say(line: dict[str, object]) -> None:
    """One line for the test that started us."""
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    url, number, operations, *event_ids = sys.argv[1:]
    say({"ready": number})
    sys.stdout.flush()
    sys.stdin.readline()
    asyncio.run(Worker(url, int(number), int(operations), [int(event_id) for event_id in event_ids]).run())
