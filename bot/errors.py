"""What can go wrong for a person; each error carries the sentence they are shown."""

from collections.abc import Mapping
from typing import Any

from bot.texts import ENGLISH, Texts


class BotError(Exception):
    """Something the person, or a moderator, can put right; the sentence says how.

    The sentence is a text of the catalogue with `{names}`; the values are filled in after translation.
    """

    def __init__(self, sentence: str, /, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values

    def say(self, t: Texts) -> str:
        """The sentence in the reader's language."""
        return t(self.sentence, **self.values)

    def __str__(self) -> str:
        return self.say(ENGLISH)

    def stored(self) -> dict[str, Any]:
        """The error as JSON can hold it, to be said later in any language."""
        values = {name: value if isinstance(value, int | float) else str(value) for name, value in self.values.items()}
        return {"sentence": self.sentence, "values": values}


def restored(stored: Mapping[str, Any]) -> BotError:
    """An error from what `BotError.stored` gave; more keys are no matter."""
    sentence: str = stored["sentence"]
    return BotError(sentence, **stored["values"])


class BadInput(BotError):
    """What was typed cannot be used; the sentence says what would be understood."""


class NotFound(BotError):
    """The thing asked for is not there, or not in this server."""


class NotAllowed(BotError):
    """The person may not do this; the sentence names the permission that would allow it."""


class NotSetUp(BotError):
    """The server lacks a setting; the sentence names the command that makes it."""


class FeedError(BotError):
    """A feed could not be fetched or read; the sentence says why in plain words."""
