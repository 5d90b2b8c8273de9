"""The rules and the sheet they are noted on, pressed at random without a database; counters hold at every step."""

from datetime import datetime
from typing import Any

from hypothesis import settings
from hypothesis.stateful import rule

from bot.errors import BotError
from bot.events.answer_rules import with_terms
from bot.events.answers import Answered, Press, Sheet
from bot.events.page import Named, terms_of
from bot.events.rsvp import Left
from bot.guilds import Server
from db.models import Event
from tests.answer_machine import GUILD, AnswerMachine, Presses
from tests.invariants import Seen, check_counts, notice_key

SERVER = Server(GUILD, None, None, None, None, None, "en-US")


class Memory:
    """An event without rows: a sheet that grows, as in one long batch, until `commit` begins another."""

    def announce(self, **columns: Any) -> None:
        self.event = Event(id=1, guild_id=GUILD, status="open", timezone="UTC", **columns)
        self.sheet = Sheet(self.event, SERVER, [])
        self.sent: list[str] = []

    def press(self, presses: Presses, now: datetime) -> list[Answered | Exception | None]:
        outcomes: list[Answered | Exception | None] = []
        for member, deed in presses:
            try:
                self.sheet.press(Press(GUILD, 1, member, deed, now))
                outcomes.append(None)
            except BotError as error:
                outcomes.append(error)
            if isinstance(deed, Left):
                self.sent = [key for key in self.sent if key.split(":")[2] != str(member.id)]
        return outcomes

    def change(self, now: datetime, **columns: Any) -> None:
        for name, value in columns.items():
            setattr(self.event, name, value)
        self.sheet.move(with_terms(self.sheet.state, terms_of(self.event), now), now)

    def look(self, now: datetime) -> None:
        self.sheet.look(now)

    def commit(self) -> None:
        """The next batch begins."""
        self.sent = self.notices
        state = self.sheet.state
        rows = [Named(given, self.sheet.names[user_id]) for user_id, given in state.answers.items()]
        self.sheet = Sheet(self.event, SERVER, rows)

    @property
    def notices(self) -> list[str]:
        return [*self.sent, *(notice_key(1, given) for given in self.sheet.news)]

    def seen(self) -> Seen:
        check_counts(self.sheet.state)
        return Seen(1, self.sheet.state.terms, list(self.sheet.state.answers.values()), self.notices)

    def close(self) -> None:
        """Nothing is kept."""


class InMemory(AnswerMachine):
    """The machine on a sheet alone."""

    def __init__(self) -> None:
        super().__init__()
        self.desk: Memory = Memory()

    @rule()
    def commit(self) -> None:
        self.desk.commit()
        self.checked()


TestInMemory = InMemory.TestCase
TestInMemory.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
