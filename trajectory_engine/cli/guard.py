"""From whatever goes wrong in a command to a plain message and an exit code."""

from __future__ import annotations

import errno
import functools
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager
from types import FrameType
from typing import ParamSpec, TypeVar

from trajectory_engine.cli.exits import ExitCode
from trajectory_engine.cli.output import Document, FailedOutput, emit, say
from trajectory_engine.errors import (
    InputError,
    InputProblem,
    OutputError,
    PlanRejected,
    SharedLimitError,
)

P = ParamSpec("P")
T = TypeVar("T")

POLL_SECONDS = 0.2


def guarded(command: Callable[P, int]) -> Callable[P, int]:
    """Let a command return an exit code whatever happens in it.

    With ``as_json`` the reason goes to standard output as a document too.
    """

    @functools.wraps(command)
    def guard(*args: P.args, **kwargs: P.kwargs) -> int:
        try:
            return command(*args, **kwargs)
        except FailedOutput:
            raise
        except BaseException as error:
            return report(error, as_json=bool(kwargs.get("as_json")))

    return guard


def report(error: BaseException, *, as_json: bool) -> int:
    """Say what went wrong; return the exit code."""
    code, kind, message = _judge(error)
    if as_json:
        emit(error_document(kind, message, error))
    say(message)
    return code


def _judge(error: BaseException) -> tuple[ExitCode, str, str]:
    match error:
        case InputError():
            return ExitCode.INVALID, "invalid_input", error.report()
        case SharedLimitError():
            advice = "\nplan the teachers one at a time, or relax these limits"
            return ExitCode.INVALID, "shared_limit", f"{error}{advice}"
        case PlanRejected():
            return ExitCode.REJECTED, "plan_rejected", f"a plan fails verification\n{error}"
        case OutputError():
            return ExitCode.INVALID, "output_failed", str(error)
        case KeyboardInterrupt():
            return ExitCode.INTERRUPTED, "interrupted", "interrupted; nothing half-done is left"
        case OSError():
            return ExitCode.INVALID, "system_error", _describe(error)
        case MemoryError() | RecursionError():
            return ExitCode.INVALID, "too_large", "the input is too large or nested too deeply"
        case SystemExit():
            raise error
        case _:
            lines = "".join(traceback.format_exception(error))
            message = f"{lines}this is a fault of the program, not of the input; please report it"
            return ExitCode.FAULT, "program_fault", message


def _describe(error: OSError) -> str:
    reason = (error.strerror or str(error)).lower()
    return f"{error.filename}: {reason}" if error.filename else reason


def error_document(kind: str, message: str, error: BaseException | None = None) -> Document:
    """Return the JSON document that stands for a failure."""
    document: dict[str, object] = {
        "format": "trajectory-engine/error",
        "version": 1,
        "code": kind,
        "message": message,
    }
    if isinstance(error, InputError):
        document["problems"] = [problem_document(p) for p in error.problems]
        document["omitted"] = error.count - len(error.problems)
    if isinstance(error, SharedLimitError):
        document["limits"] = list(error.limits)
    return document


def problem_document(problem: InputProblem) -> Document:
    """Return a problem of the input as JSON."""
    return {
        "file": problem.file,
        "row": problem.row,
        "column": problem.column,
        "code": problem.code,
        "found": problem.found,
        "expected": problem.expected,
    }


def run_cancellable(work: Callable[[threading.Event], T]) -> T:
    """Return ``work(cancel)``; on an interruption set ``cancel``, wait, and pass it on.

    The work runs on a thread of its own, because a signal reaches the main thread only while
    that is not inside the solver.
    """
    cancel = threading.Event()
    with ThreadPoolExecutor(max_workers=1) as pool:
        try:
            future = pool.submit(work, cancel)
            while True:
                try:
                    return future.result(timeout=POLL_SECONDS)
                except NotYet:
                    if future.done():
                        return future.result()
        except KeyboardInterrupt:
            cancel.set()
            say("interrupted; stopping the search (once more: stop at once)")
            _second_interrupt_is_final()
            raise


def _second_interrupt_is_final() -> None:
    """Leave at once on the next interruption: no file is open while the search runs."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, lambda *_: os._exit(ExitCode.INTERRUPTED))


@contextmanager
def interrupts_deferred() -> Iterator[None]:
    """Hold an interruption back until the block, which writes files, has ended."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pending: list[int] = []

    def remember(number: int, _frame: FrameType | None) -> None:
        pending.append(number)

    earlier = {s: signal.signal(s, remember) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
    if pending:
        raise KeyboardInterrupt


@contextmanager
def termination_interrupts() -> Iterator[None]:
    """Treat a request to terminate like an interruption from the keyboard."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    interrupt = signal.getsignal(signal.SIGINT)
    earlier = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, earlier)
        signal.signal(signal.SIGINT, interrupt)


def flush_output() -> int:
    """Flush standard output; return the exit code that a failure stands for, else 0."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return report_failed_output(error)
    return ExitCode.OK


def report_failed_output(error: BaseException | None) -> int:
    """Say that standard output failed, but nothing of a reader who has gone; return the code."""
    _abandon_output()
    if not isinstance(error, OSError) or error.errno == errno.EPIPE:
        return ExitCode.BROKEN_PIPE
    say(f"standard output: {_describe(error)}")
    return ExitCode.INVALID


def _abandon_output() -> None:
    """Let what is still buffered go nowhere, so that the interpreter's last flush is quiet."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        pass
    finally:
        os.close(nowhere)
