"""Posts that nothing protects from being made twice: the library may not repeat them by itself.

discord.py sends a request again after an answer of 5xx, as if nothing had come of the first. A message with a nonce
may be sent so; a webhook's message or a forum's thread would stand there twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace

import aiohttp


class InDoubt(aiohttp.ClientError):
    """Whether the post was made is not known: it is to be looked for before it is made again."""


class _Doubt:
    """Whether a request of this block went wrong in a way that leaves open what came of it."""

    arisen = False


_doubt: ContextVar[_Doubt | None] = ContextVar("doubt", default=None)


@contextmanager
def only_once() -> Iterator[None]:
    """Within the block, the first request that is made after one whose result is not known raises InDoubt."""
    before = _doubt.set(_Doubt())
    try:
        yield
    finally:
        _doubt.reset(before)


def watch(trace: aiohttp.TraceConfig) -> None:
    """Let the requests of a session, which has this among its `trace_configs`, be kept from repetition."""
    trace.on_request_start.append(_begins)
    trace.on_request_end.append(_answered)
    trace.on_request_exception.append(_failed)


async def _begins(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, _asked: aiohttp.TraceRequestStartParams
) -> None:
    doubt = _doubt.get()
    if doubt is not None and doubt.arisen:
        raise InDoubt("Discord did not say what came of it")


async def _answered(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, answer: aiohttp.TraceRequestEndParams
) -> None:
    doubt = _doubt.get()
    if doubt is not None and answer.response.status >= 500:
        doubt.arisen = True


async def _failed(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, _failure: aiohttp.TraceRequestExceptionParams
) -> None:
    doubt = _doubt.get()
    if doubt is not None:
        doubt.arisen = True
