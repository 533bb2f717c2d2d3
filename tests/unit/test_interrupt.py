"""Ctrl-C at moments that are known, not timed: a busy machine reaches none of them at a given time."""

import os
import shlex
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HEARD = "import os, signal, sys; from infra.interrupt import end_when_interrupted; end_when_interrupted()\n"
CTRL_C = "os.kill(os.getpid(), signal.SIGINT)"

Run = Callable[[str], tuple[int, str]]


@pytest.fixture(autouse=True)
def fixture_interruptible() -> Iterator[None]:
    """Lets programs that a test starts be interrupted, also where the tests run in the background of a shell.

    A shell without job control lets what it starts there ignore SIGINT, and a program inherits that.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(name="run")
def fixture_run(project: Path, tmp_path: Path) -> Run:
    """Runs a program as a module, as our commands are; gives its exit code and all that it said."""

    def run(program: str) -> tuple[int, str]:
        (tmp_path / "program.py").write_text(HEARD + textwrap.dedent(program), encoding="utf-8")
        ran = subprocess.run(
            [sys.executable, "-m", "program"],
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(project)}, capture_output=True, text=True, check=False,
            timeout=60,
        )  # fmt: skip
        return ran.returncode, ran.stdout + ran.stderr

    return run


def test_one_that_nobody_catches_ends_in_silence(run: Run) -> None:
    assert run(CTRL_C) == (130, "")


@pytest.mark.parametrize("where", ["the program", "text that is executed"])
def test_one_that_is_caught_leaves_the_exit_code_to_who_caught_it(run: Run, where: str) -> None:
    interrupted = CTRL_C if where == "the program" else f"exec({CTRL_C!r})"
    assert run(
        f"""
        try:
            {interrupted}
        except KeyboardInterrupt:
            print("cleaned up")
            sys.exit(7)
        """,
    ) == (7, "cleaned up\n")


def test_one_of_which_python_makes_another_exception_ends_in_silence(run: Run) -> None:
    assert run(
        f"""
        try:
            {CTRL_C}
        except KeyboardInterrupt:
            raise TypeError("expected a message argument") from None
        """,
    ) == (130, "")


def test_one_that_python_ignores_where_an_object_is_forgotten_comes_again(run: Run) -> None:
    assert run(
        f"""
        import time
        class Lock:
            def __del__(self):
                {CTRL_C}
        Lock()
        time.sleep(30)
        print("never interrupted")
        """,
    ) == (130, "")


def test_another_exception_that_python_ignores_is_still_told(run: Run) -> None:
    code, told = run(
        f"""
        class Lock:
            def __del__(self):
                raise ValueError("of the lock")
        try:
            {CTRL_C}
        except KeyboardInterrupt:
            Lock()
        """,
    )
    assert code == 0
    assert "ValueError: of the lock" in told


def test_what_other_threads_say_after_it_is_not_told(run: Run) -> None:
    assert run(
        f"""
        import threading
        try:
            {CTRL_C}
        except KeyboardInterrupt:
            node = threading.Thread(target=lambda: print("read ECONNRESET", file=sys.stderr))
            node.start()
            node.join()
            print("cleaned up", file=sys.stderr)
        """,
    ) == (0, "cleaned up\n")


def test_who_started_it_may_let_it_ignore_the_signal(run: Run) -> None:
    code, told = run(
        f"""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        end_when_interrupted()
        {CTRL_C}
        print("goes on")
        """,
    )
    assert (code, told) == (0, "goes on\n")


STARTS = {
    "tools routes": "sys.argv = ['tools', 'routes']; runpy.run_module('tools', run_name='__main__')",
    "app.py": "sys.argv = ['app.py']; runpy.run_path('app.py', run_name='__main__')",
}


@pytest.mark.parametrize(
    ("command", "module"),
    [
        ("tools routes", "tools.routes"),
        ("tools routes", "rich"),
        ("tools routes", "aws_cdk"),
        ("app.py", "aws_cdk"),
        ("app.py", "infra.stacks"),
    ],
)
def test_a_command_can_be_interrupted_while_it_imports(
    project: Path, tmp_path: Path, command: str, module: str
) -> None:
    program = textwrap.dedent(f"""
        import os, runpy, signal, sys
        class Import:
            def find_spec(self, name, *_):
                if name == {module!r}:
                    {CTRL_C}
        sys.meta_path.insert(0, Import())
        {STARTS[command]}
    """)
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project, env={**os.environ, "CDK_OUTDIR": str(tmp_path)}, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "")


def test_a_command_can_be_interrupted_while_it_reads(project: Path, tmp_path: Path) -> None:
    finding = tmp_path / "finding.json"
    os.mkfifo(finding)
    ran = subprocess.Popen(
        [sys.executable, "-m", "tools", "preview", str(finding)],
        cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    # Opened once the other opens it as well, which then waits for what never comes.
    with finding.open("w", encoding="utf-8"):
        ran.send_signal(signal.SIGINT)
        said = ran.communicate(timeout=60)
    assert (ran.returncode, said) == (130, ("", ""))


@pytest.mark.parametrize(("command", "later"), [(["-m", "tools", "routes"], 0.5), (["app.py"], 0), (["app.py"], 1.5)])
def test_an_interrupt_from_the_terminal_which_ends_node_too_shows_no_traceback(
    project: Path, tmp_path: Path, command: list[str], later: float
) -> None:
    started = tmp_path / "started"
    node = tmp_path / "node"
    # Where the system's own Node is new enough there is no wheel, and no variable that names one.
    its = shlex.quote(os.environ.get("JSII_NODE", "node"))
    node.write_text(f'#!/bin/sh\n: > {shlex.quote(str(started))}\nexec {its} "$@"\n')
    node.chmod(0o755)
    ran = subprocess.Popen(
        [sys.executable, *command],
        cwd=project,
        env={**os.environ, "CDK_OUTDIR": str(tmp_path / "cdk.out"), "JSII_NODE": str(node)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not started.exists():
        assert ran.poll() is None
        time.sleep(0.01)
    time.sleep(later)
    os.killpg(ran.pid, signal.SIGINT)
    _, told = ran.communicate(timeout=60)
    assert ran.returncode == 130
    # What Node says of its own end may be told before Python hears of the interrupt; what Python makes of it may not.
    assert "Traceback" not in told
