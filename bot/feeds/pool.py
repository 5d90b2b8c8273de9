"""Child processes that read documents for us: started when needed, used again, killed when a document is too much."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

Task = Literal["feed", "links"]

PROJECT = Path(__file__).parents[2]
CHILD_ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH")  # what Python itself may need to start
READING_TIME = 20.0  # seconds by the clock; of computing time a child grants itself five
DOCUMENTS = 200  # that one child reads: what it may have lost of its memory by then is given back
IDLE_TIME = 60.0  # seconds after which a child that nobody needs is let go, and its forty megabytes with it
LONGEST_LINE = 256 * 1024  # bytes; several times what an entry with the longest of everything comes to
CHUNK = 64 * 1024
LINES_AT_A_STRETCH = 50  # the event loop has its turn after so many


class ChildDied(Exception):
    """The document was more than a child process could bear: it ran out of time or memory, or failed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child made of a document: `head` is the whole or its beginning, `lines` are the entries of a feed."""

    head: dict[str, Any]
    lines: tuple[Any, ...]


class ParserPool:
    """At most `size` child processes (one for each processor) reading documents, each one document at a time.

    They start on demand, and the one used last is used next, so that there are never more than the work needs.
    Times are in seconds: `timeout` for one document, `idle` until a child without work is let go.
    """

    def __init__(
        self,
        size: int | None = None,
        *,
        timeout: float = READING_TIME,
        documents: int = DOCUMENTS,
        idle: float = IDLE_TIME,
    ) -> None:
        self._places = asyncio.Semaphore(size or os.cpu_count() or 1)
        self._timeout = timeout
        self._documents = documents
        self._idle_time = idle
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()

    async def ask(self, task: Task, body: bytes, *, url: str, content_type: str) -> Answer:
        """What a child process makes of a document from `url`; raises ChildDied."""
        question = {"task": task, "url": url, "content_type": content_type, "bytes": len(body)}
        async with self._places:
            while True:
                child = self._woken() or await _Child.start()
                fresh = child.answered == 0
                try:
                    return await self._asked(child, question, body)
                except TimeoutError:
                    raise ChildDied from None
                except (OSError, EOFError, ValueError):
                    if fresh or child.must_not_return:
                        raise ChildDied from None
                    # It may have died of what it read before, or of the system: only a new child is a fair judge.

    async def close(self) -> None:
        """End all children, whatever they are doing; a later question starts new ones."""
        idle, self._idle = self._idle, []
        for child in idle:
            child.alarm.cancel()
        await asyncio.gather(*(child.kill() for child in idle), *(child.stop() for child in self._busy))

    async def _asked(self, child: "_Child", question: dict[str, Any], body: bytes) -> Answer:
        self._busy.add(child)
        try:
            async with asyncio.timeout(self._timeout):
                answer = await child.ask(question, body)
        except BaseException:  # called off, too: what it would still say belongs to no later question
            await child.kill()
            raise
        finally:
            self._busy.discard(child)
        if child.answered < self._documents and not child.stopped:
            child.alarm = asyncio.get_running_loop().call_later(self._idle_time, self._let_go, child)
            self._idle.append(child)
        else:
            await child.kill()
        return answer

    def _woken(self) -> "_Child | None":
        if not self._idle:
            return None
        child = self._idle.pop()
        child.alarm.cancel()
        return child

    def _let_go(self, child: "_Child") -> None:
        self._idle.remove(child)
        child.dismiss()


class _Child:
    """One child process, and how often it answered; `alarm` goes off when it has been idle for long."""

    alarm: asyncio.TimerHandle

    def __init__(self, process: Process) -> None:
        self._process = process
        self._stdin = cast(asyncio.StreamWriter, process.stdin)  # both are pipes, as asked for below
        self._stdout = cast(asyncio.StreamReader, process.stdout)
        self.answered = 0
        self.stopped = False

    @classmethod
    async def start(cls) -> "_Child":
        """Start a process that knows nothing of ours but its code."""
        return cls(
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-E", "-s", "-m", "bot.feeds.child"),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                cwd=PROJECT,
                env={name: os.environ[name] for name in CHILD_ENVIRONMENT if name in os.environ},
                limit=LONGEST_LINE,
            )
        )

    @property
    def must_not_return(self) -> bool:
        """Whether another child should not be asked the same: this one used up its time, or all are being ended."""
        return self.stopped or self._process.returncode == -getattr(signal, "SIGPROF", 0)

    async def ask(self, question: dict[str, Any], body: bytes) -> Answer:
        """Send a document and wait for the answer; raises OSError, EOFError or ValueError if the process fails."""
        self._stdin.write(json.dumps(question).encode() + b"\n")
        for start in range(0, len(body), CHUNK):
            self._stdin.write(body[start : start + CHUNK])
            await self._stdin.drain()
        head = await self._line()
        lines: list[Any] = []
        for number in range(head.pop("lines", 0)):
            lines.append(await self._line())
            if number % LINES_AT_A_STRETCH == 0:
                await asyncio.sleep(0)
        self.answered += 1
        return Answer(head, tuple(lines))

    async def _line(self) -> Any:
        line = await self._stdout.readline()
        if not line:
            raise EOFError
        return json.loads(line)

    def dismiss(self) -> None:
        """Tell the process that there are no more documents; it ends by itself."""
        self._stdin.close()

    async def stop(self) -> None:
        """End the process while somebody waits for its answer; they learn that there will be none."""
        self.stopped = True
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def kill(self) -> None:
        """End the process and its pipes."""
        if self._stdout.at_eof():  # it ended by itself, and is asked why before a signal could hide that
            with suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), 1.0)
        if self._process.returncode is None:
            self._process.kill()
        await self._process.communicate()
