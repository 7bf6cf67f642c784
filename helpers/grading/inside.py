"""What a process does before a submission's kernel begins in it. Only the standard library.

`python inside.py JSON -- COMMAND`: with "root" in the JSON, in name spaces of its own, it makes a
file system that holds nothing but the system's programs, Python and the submission's folder; then
it sets limits, gives up all rights and becomes COMMAND.
"""

import json
import os
import subprocess
import sys

_DEVICES = ("null", "zero", "full", "random", "urandom")


def mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, stdin=subprocess.DEVNULL, capture_output=True)


def bind(path: str, root: str, readonly: bool = True) -> None:
    """Show a folder or file of the system inside `root`, under its own name."""
    target = root + path
    if os.path.islink(path):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if not os.path.lexists(target):
            os.symlink(os.readlink(path), target)
        return
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        open(target, "a").close()
    mount("--rbind" if readonly else "--bind", path, target)  # the folder holds `root` itself
    if readonly:
        try:
            mount("-o", "remount,bind,ro", target)
        except subprocess.CalledProcessError:  # flags that only the system may lift
            mount("-o", "remount,bind,ro,nosuid,nodev", target)


def wall(root: str, readable: list[str], writable: str) -> None:
    """Replace the file system by one that shows only these folders."""
    mount("--make-rprivate", "/")
    mount("-t", "tmpfs", "-o", "size=16m,mode=755", "wall", root)
    os.makedirs(root + "/tmp")
    mount("-t", "tmpfs", "-o", "size=256m,mode=1777", "tmp", root + "/tmp")
    for path in readable:
        bind(path, root)
    bind(writable, root, readonly=False)
    for name in _DEVICES:
        bind(f"/dev/{name}", root, readonly=False)
    os.makedirs(root + "/dev/shm")
    mount("-t", "tmpfs", "-o", "size=256m,mode=1777", "shm", root + "/dev/shm")
    os.makedirs(root + "/proc")
    mount("-t", "proc", "proc", root + "/proc")
    os.makedirs(root + "/.old")
    os.chdir(root)
    subprocess.run(["pivot_root", ".", ".old"], check=True)
    os.chdir("/")
    subprocess.run(["umount", "-l", "/.old"], check=True)
    os.rmdir("/.old")


def limit(limits: dict) -> None:
    """Set `resource` limits by name, never above what the process may have."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, value in limits.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (value, value))
        except (ValueError, OSError):  # macOS knows some limits only by name
            continue


def main() -> None:
    about, command = json.loads(sys.argv[1]), sys.argv[3:]
    if about.get("root"):
        wall(about["root"], about["readable"], about["writable"])
    limit(about["limits"])
    os.chdir(about["folder"])
    drop = []
    if about.get("root"):
        drop = ["setpriv", "--pdeathsig=KILL", "--no-new-privs"]
        drop += ["--inh-caps=-all", "--bounding-set=-all"]
        if about["user"]:
            drop += [f"--reuid={about['user']}", f"--regid={about['user']}", "--clear-groups"]
    command = [*drop, *command]
    os.execvpe(command[0], command, about["environment"])


if __name__ == "__main__":
    main()
