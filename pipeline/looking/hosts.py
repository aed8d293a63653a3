"""Whose turn it is: threads that look at lists, and a queue for each host.

A host that is slow, or that was asked a moment ago, keeps no thread waiting while another host
could be asked. Knows nothing of lists; a job is a call.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from pipeline.fetch import Traffic

T = TypeVar("T")
Job = Callable[[], T]
Admit = Callable[[str], float]
"""Lets a request to a host pass (0.0), or returns the seconds until it may."""


class Turns(Generic[T]):
    """Jobs that wait, by host, each host's in the order in which they came. Not thread-safe."""

    def __init__(self, *, connections: int) -> None:
        self._connections = connections
        self._waiting: dict[str, deque[T]] = {}
        self._running: Counter[str] = Counter()
        self._ready: deque[str] = deque()
        """Hosts with a job and a connection to spare; the next to be asked is first."""

    def add(self, host: str, job: T) -> None:
        """Let `job` wait behind the others of its host."""
        queue = self._waiting.setdefault(host, deque())
        queue.append(job)
        if len(queue) == 1 and self._running[host] < self._connections:
            self._ready.append(host)

    def take(self, admit: Admit) -> tuple[str, T] | float | None:
        """Return the next job and its host, which runs until `done`.

        Where none may run, the seconds until one may, by `admit`; None where only another job's
        end or a new job can change that.
        """
        soonest: float | None = None
        for _ in range(len(self._ready)):
            host = self._ready.popleft()
            wait_s = admit(host)
            if wait_s > 0:
                self._ready.append(host)
                soonest = wait_s if soonest is None else min(soonest, wait_s)
                continue
            job = self._waiting[host].popleft()
            self._running[host] += 1
            self._line_up(host)
            return host, job
        return soonest

    def done(self, host: str) -> None:
        """Note that a job of `host` has ended."""
        was_full = self._running[host] >= self._connections
        self._running[host] -= 1
        if was_full:
            self._line_up(host)

    def clear(self) -> list[T]:
        """Forget the jobs that wait; return them."""
        dropped = [job for queue in self._waiting.values() for job in queue]
        self._waiting.clear()
        self._ready.clear()
        return dropped

    def _line_up(self, host: str) -> None:
        if not self._waiting.get(host):
            self._waiting.pop(host, None)
        elif self._running[host] < self._connections:
            self._ready.append(host)


class Hosts:
    """Threads that work off jobs, as many as `workers`, `connections` at a time for one host.

    A job that asks its host for several pages waits its gap between them in its thread. Close it:
    what waits is dropped then, what runs is cut short, and no thread is left.
    """

    def __init__(self, traffic: Traffic, *, workers: int, connections: int) -> None:
        self._traffic = traffic
        self._workers = workers
        self._turns: Turns[tuple[Job[object], Future[object]]] = Turns(connections=connections)
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._waiting = 0
        self._closed = False

    def ask(self, host: str, job: Job[T]) -> Future[T]:
        """Let `job` run when it is the turn of `host`; its result or error is the future's."""
        future: Future[T] = Future()
        with self._changed:
            self._turns.add(host, (job, future))  # type: ignore[arg-type]  # each its own T
            self._waiting += 1
            if self._waiting > self._idle and len(self._threads) < self._workers:
                thread = threading.Thread(target=self._work, name=f"recap-look-{host}")
                self._threads.append(thread)
                thread.start()
            self._changed.notify()
        return future

    def close(self) -> None:
        """Drop what waits, cut short what runs, and wait for the threads to end."""
        with self._changed:
            self._closed = True
            for _, future in self._turns.clear():
                future.cancel()
            self._changed.notify_all()
        self._traffic.close()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (turn := self._next()) is not None:
            host, (job, future) = turn
            future.set_running_or_notify_cancel()
            try:
                future.set_result(job())
            except BaseException as error:  # it is raised where the result is read
                future.set_exception(error)
            with self._changed:
                self._turns.done(host)
                self._changed.notify()

    def _next(self) -> tuple[str, tuple[Job[object], Future[object]]] | None:
        """Wait for a turn; None when there will be none any more."""
        with self._changed:
            self._idle += 1
            try:
                while not self._closed:
                    turn = self._turns.take(self._traffic.admit)
                    if isinstance(turn, tuple):
                        self._waiting -= 1
                        return turn
                    self._traffic.clock.wait(self._changed, turn)
                return None
            finally:
                self._idle -= 1
