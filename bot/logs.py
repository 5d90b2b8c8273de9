"""Logging to standard error, with the operator's secrets taken out of every line."""

import logging
import sys
from types import TracebackType

from bot.settings import Settings

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class RedactingFormatter(logging.Formatter):
    """Replaces known secrets in the finished text: message, arguments and traceback alike."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__(FORMAT)
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return text


def start_logging(settings: Settings) -> None:
    """Send all logs, and a last exception that nobody caught, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(settings.secrets()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    # At DEBUG these print whole bodies and, for webhooks, the interaction's token.
    for name in ("discord.http", "discord.webhook", "discord.gateway"):
        logging.getLogger(name).setLevel(max(logging.INFO, settings.log_level))
    # At INFO it would say every second that a migration context was made.
    logging.getLogger("alembic").setLevel(max(logging.WARNING, settings.log_level))
    sys.excepthook = _log_last_words


def _log_last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("main").critical("The bot ends: %s", error, exc_info=(kind, error, trace))
