"""What a process gives up before it looks at a file of a stranger: memory, time, the network, other programs and processes.

All of it is given up by the process itself and cannot be taken back. Whoever started it holds the stopwatch, and learns of what
became of it by its end alone.
"""

import ctypes
import platform
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

_SET_PARENT_DEATH_SIGNAL, _SET_SECCOMP, _SET_NO_NEW_PRIVILEGES, _FILTER = 1, 22, 38, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000
"""Answers of a filter (linux/seccomp.h): refused with EPERM, killed."""
_NUMBER, _ARCHITECTURE = 0, 4
"""Where they stand in `struct seccomp_data`."""
_OTHER_ABI = 0x40000000
"""From here on x86-64 has the same calls once more (x32)."""


@dataclass(frozen=True)
class _Machine:
    """The number by which the kernel knows an architecture, and its numbers of what is refused: socket, connect, execve,
    execveat, kill, ptrace, process_vm_readv, process_vm_writev, io_uring_setup."""

    architecture: int
    refused: tuple[int, ...]


_MACHINES = {
    "x86_64": _Machine(0xC000003E, (41, 42, 59, 322, 62, 101, 310, 311, 425)),
    "aarch64": _Machine(0xC00000B7, (198, 203, 221, 281, 129, 117, 270, 271, 425)),
}


def confine(memory: int, cpu_seconds: int, file_bytes: int) -> None:
    """From now on: so many bytes of address space, seconds of CPU and bytes of one file; no socket, no other program.

    OSError where the system refuses to limit it. Systems other than Linux limit memory, time and files alone.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    if sys.platform == "linux":
        # Where a machine or container runs out of memory, this process is the one that goes.
        Path("/proc/self/oom_score_adj").write_text("1000")
        _control(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if machine := _MACHINES.get(platform.machine()):
            _filter(machine)


class _Instruction(ctypes.Structure):
    """`struct sock_filter`: the operation, how far to jump where it holds and where not, its operand."""

    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(_Instruction)))


def _filter(machine: _Machine) -> None:
    """Has the kernel look at every further call (seccomp): what is on the machine's list fails with EPERM."""
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, machine.architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _OTHER_ABI),
        (_RETURN, 0, 0, _REFUSE),
    ]
    for number in machine.refused:
        program += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    program.append((_RETURN, 0, 0, _ALLOW))
    instructions = (_Instruction * len(program))(*(_Instruction(*each) for each in program))
    handed_over = _Program(len(program), instructions)
    _control(_SET_NO_NEW_PRIVILEGES, 1)
    _control(_SET_SECCOMP, _FILTER, ctypes.addressof(handed_over))


def _control(option: int, *values: int) -> None:
    """prctl(2)."""
    longs = [ctypes.c_ulong(each) for each in (*values, 0, 0, 0, 0)[:4]]
    if ctypes.CDLL(None, use_errno=True).prctl(option, *longs) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option}) was refused")
