"""A seccomp filter for functions: what Landlock does not look at, by system call.

Refused calls fail with an errno, so that a handler sees an Error and not its own end.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import struct

from .system_calls import MACHINE, prctl

_NUMBER, _ARCHITECTURE = 0, 4  # offsets in struct seccomp_data
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
_LAST_KNOWN = 462  # mseal; what came later is new to us (setxattrat, file_setattr …), and to Node
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_LOAD, _AND, _EQUAL, _GREATER, _ANY_BIT, _RETURN = 0x20, 0x54, 0x15, 0x25, 0x45, 0x06
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_UNIX, _INET, _INET6, _STREAM, _TYPE_MASK = 1, 2, 10, 1, 0xF
_TCP, _FAST_OPEN = 6, 0x20000000
# CLONE_NEWTIME is of clone3 alone
_NAMESPACES = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
_NO_NUMBER = None

# name: numbers on x86_64 and aarch64, which has no call of the older names
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    # attributes of files: Landlock looks at contents only
    "chmod": (90, _NO_NUMBER),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, _NO_NUMBER),
    "lchown": (94, _NO_NUMBER),
    "fchownat": (260, 54),
    "utime": (132, _NO_NUMBER),
    "utimes": (235, _NO_NUMBER),
    "futimesat": (261, _NO_NUMBER),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "mknod": (133, _NO_NUMBER),
    "mknodat": (259, 33),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    # ways around this filter, and the kernel's own insides
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "personality": (135, 92),
    "modify_ldt": (154, _NO_NUMBER),
    "fanotify_init": (300, 262),
    # mounts and namespaces
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "setns": (308, 268),
    "unshare": (272, 97),
    # the machine
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    # a server in a function
    "bind": (49, 200),
    "listen": (50, 201),
}
# about another process when the first argument is not 0
_ON_ITSELF_ONLY: dict[str, tuple[int, int]] = {
    "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
}
_SOCKET, _SOCKETPAIR, _CLONE, _IOCTL = (41, 198), (53, 199), (56, 220), (16, 29)
_SEND = (((44, 206), 3), ((46, 211), 2), ((307, 269), 3))  # sendto, sendmsg, sendmmsg and their flags
_PRLIMIT, _SETRLIMIT, _MESSAGE_QUEUES = (302, 261), (160, 164), 12
_CLONE3, _UTIMENSAT = (435, 435), (280, 88)
_OF_OPEN_FILES = ((91, 52), (93, 55))  # fchmod, fchown
# flags and project IDs of files, input to a terminal
_IOCTLS = (0x40086602, 0x401C5820, 0x5412, 0x541C)

_Instruction = tuple[int, int, int, int]


def restrict_thread() -> None:
    """Put the filter on this thread and all it starts, for good. `no_new_privs` must be set."""
    program = assembled(str(MACHINE))
    code = ctypes.create_string_buffer(program, len(program))

    class _Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    described = _Program(len(program) // 8, ctypes.cast(code, ctypes.c_void_p))
    prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(described))


@functools.cache
def assembled(machine: str) -> bytes:
    """Return the filter's program for a processor, `x86_64` or `aarch64`."""
    column = {"x86_64": 0, "aarch64": 1}[machine]
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        _refuse(errno.EPERM),
        (_LOAD, 0, 0, _NUMBER),
        # x32's calls have this bit set, and numbers of their own
        *_if(_ANY_BIT, _X32, [_refuse(errno.EPERM)]),
        *_if(_GREATER, _LAST_KNOWN, [_refuse(errno.ENOSYS)]),
        # glibc then uses clone, whose flags can be looked at
        *_if(_EQUAL, _CLONE3[column], [_refuse(errno.ENOSYS)]),
        *_looks_at_arguments(column),
    ]
    for numbers in _REFUSED.values():
        if (number := numbers[column]) is not None:
            program += _if(_EQUAL, number, [_refuse(errno.EACCES)])
    return b"".join(struct.pack("=HBBI", *each) for each in [*program, (_RETURN, 0, 0, _ALLOW)])


def _looks_at_arguments(column: int) -> list[_Instruction]:
    """Return the part for calls that are refused for some arguments.

    The kernel takes each but a path as an int: of those the high half is not read.
    """
    stream = [*_argument(1), (_AND, 0, 0, _TYPE_MASK), *_unless(_STREAM)]
    allow = (_RETURN, 0, 0, _ALLOW)
    program = _if(
        _EQUAL,
        _SOCKET[column],
        # TCP and nothing like it: Landlock does not see datagrams, UNIX sockets or MPTCP
        [*_argument(0), *_unless(_INET, _INET6), *stream, *_argument(2), *_unless(0, _TCP), allow],
    )
    # a pair of datagram sockets could still be connected to another one
    program += _if(_EQUAL, _SOCKETPAIR[column], [*_argument(0), *_unless(_UNIX), *stream, allow])
    # of an open file (no path) the three succeed without effect: libuv's copyFile cannot do without
    no_path = [*_argument(1), *_unless(0), (_LOAD, 0, 0, 16 + 8 + 4), *_unless(0)]
    program += _if(_EQUAL, _UTIMENSAT[column], [*no_path, _refuse(0)])
    for numbers in _OF_OPEN_FILES:
        program += _if(_EQUAL, numbers[column], [_refuse(0)])
    for numbers, flags in _SEND:
        # connects without connect
        fast = _if(_ANY_BIT, _FAST_OPEN, [_refuse(errno.EACCES)])
        program += _if(_EQUAL, numbers[column], [*_argument(flags), *fast, allow])
    apart = _if(_ANY_BIT, _NAMESPACES, [_refuse(errno.EPERM)])
    program += _if(_EQUAL, _CLONE[column], [*_argument(0), *apart, allow])
    denied = [line for each in _IOCTLS for line in _if(_EQUAL, each, [_refuse(errno.EACCES)])]
    program += _if(_EQUAL, _IOCTL[column], [*_argument(1), *denied, allow])
    for numbers in _ON_ITSELF_ONLY.values():
        program += _if(_EQUAL, numbers[column], [*_argument(0), *_unless(0), allow])
    return program + _limits(column)


def _limits(column: int) -> list[_Instruction]:
    """Return the part for limits: of this process only, and never the one that says whose it is."""
    allow = (_RETURN, 0, 0, _ALLOW)
    # without a new value, a NULL in both halves, it is only read
    kept = [*_argument(2), *_unless(0), (_LOAD, 0, 0, 16 + 8 * 2 + 4), *_unless(0)]
    on_itself = [*_argument(0), *_unless(0), *_argument(1), *_if(_EQUAL, _MESSAGE_QUEUES, kept), allow]
    never = _if(_EQUAL, _MESSAGE_QUEUES, [_refuse(errno.EACCES)])
    return [
        *_if(_EQUAL, _PRLIMIT[column], on_itself),
        *_if(_EQUAL, _SETRLIMIT[column], [*_argument(0), *never, allow]),
    ]


def _argument(position: int) -> list[_Instruction]:
    return [(_LOAD, 0, 0, 16 + 8 * position)]  # the low half; both processors are little-endian


def _if(test: int, value: int, then: list[_Instruction]) -> list[_Instruction]:
    return [(test, 0, len(then), value), *then]


def _unless(*values: int) -> list[_Instruction]:
    """Refuse unless what was loaded is one of the values."""
    last = len(values)
    tests = [(_EQUAL, last - place, 0, value) for place, value in enumerate(values)]
    return [*tests, _refuse(errno.EACCES)]


def _refuse(number: int) -> _Instruction:
    return (_RETURN, 0, 0, _ERRNO | number)
