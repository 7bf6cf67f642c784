"""A web server on this machine that misbehaves when told to, and archives to serve."""

import email.utils
import hashlib
import io
import random
import socket
import tarfile
import threading
import time
import zipfile
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image, ImageDraw

SMALL, ZIP = "cats-vs-dogs-small", "cats_and_dogs_filtered.zip"


class Loopback:
    """files: path to bytes. faults: path to what goes wrong with the next GET requests, in turn:
    a status such as 503, "cut", "stall", "trickle", "chunked" or "unsized"; the last may be
    "always". seen: every request as (method, path, Range header)."""

    def __init__(self):
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, list] = {}
        self.seen: list[tuple[str, str, str | None]] = []
        self.ranges = self.validators = self.if_range = True
        self.sent = 0
        self.pause = 0.0  # seconds between blocks of 64 KiB
        self.closing = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self):
                server.answer(self, body=False)

            def do_GET(self):
                server.answer(self, body=True)

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.handle_error = lambda *_: None  # clients that are killed hang up
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def close(self):
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def serve(self, files: dict[str, bytes]) -> None:
        """Serve files by name, and the SHA256SUMS of all."""
        self.files |= {f"/{name}": content for name, content in files.items()}
        sums = "".join(
            f"{hashlib.sha256(content).hexdigest()}  {name[1:]}\n"
            for name, content in self.files.items()
            if name != "/SHA256SUMS"
        )
        self.files["/SHA256SUMS"] = sums.encode()

    def gets(self, path: str) -> int:
        return sum(method == "GET" and asked == path for method, asked, _ in self.seen)

    def _fault(self, path):
        faults = self.faults.get(path)
        if not faults:
            return None
        if len(faults) > 1 and faults[1] == "always":
            return faults[0]
        return faults.pop(0)

    def answer(self, request: BaseHTTPRequestHandler, body: bool) -> None:
        path, wanted = request.path, request.headers.get("Range")
        self.seen.append((request.command, path, wanted))
        fault = self._fault(path) if body else None
        content = self.files.get(path)
        if content is None or isinstance(fault, int):
            request.send_response(fault or 404)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        etag = f'"{hashlib.md5(content).hexdigest()}"'
        start = 0
        if (
            wanted
            and self.ranges
            and (not self.if_range or request.headers.get("If-Range", etag) == etag)
        ):
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if start >= len(content):
                request.send_response(416)
                request.send_header("Content-Range", f"bytes */{len(content)}")
                request.send_header("Content-Length", "0")
                request.end_headers()
                return
        request.send_response(206 if start else 200)
        if start:
            said = f"bytes {start}-{len(content) - 1}/{len(content)}"
            request.send_header("Content-Range", said)
        if self.validators:
            request.send_header("ETag", etag)
            request.send_header("Last-Modified", email.utils.formatdate(0, usegmt=True))
        chunked = fault in ("chunked", "chunked-cut")
        if chunked:
            request.send_header("Transfer-Encoding", "chunked")
        else:
            request.send_header("Content-Length", str(len(content) - start))
        request.end_headers()
        if body:
            self._send(request, content[start:], fault, chunked)

    def _send(self, request, rest: bytes, fault, chunked) -> None:
        if fault in ("cut", "chunked-cut", "stall", "trickle"):
            half = rest[: len(rest) // 2]
            request.wfile.write(b"%x\r\n%s\r\n" % (len(half), half) if chunked else half)
            request.wfile.flush()
            if fault == "stall":
                self.closing.wait(30)
            for byte in rest[len(half) :] if fault == "trickle" else b"":
                request.wfile.write(bytes([byte]))
                if self.closing.wait(0.02):
                    break
            request.close_connection = True
            request.connection.shutdown(socket.SHUT_RDWR)
            return
        for i in range(0, len(rest), 1 << 16):
            block = rest[i : i + (1 << 16)]
            request.wfile.write(b"%x\r\n%s\r\n" % (len(block), block) if chunked else block)
            self.sent += len(block)
            if self.pause:
                time.sleep(self.pause)
        if chunked:
            request.wfile.write(b"0\r\n\r\n")


def square(seed: int, size: int = 32) -> bytes:
    """A JPEG of a square in a colour of its own."""
    colour = random.Random(seed)
    picture = Image.new("RGB", (size, size), tuple(colour.randrange(256) for _ in range(3)))
    ImageDraw.Draw(picture).rectangle((8, 8, 24, 24), fill=(255, 255, 255))
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def small_files(each: int = 4, padding: int = 0) -> dict[str, bytes]:
    """The layout of cats-vs-dogs-small; `padding` random bytes make the archive larger."""
    files = {}
    for part in ("train", "validation"):
        for kind in ("cat", "dog"):
            for i in range(each):
                name = f"cats_and_dogs_filtered/{part}/{kind}s/{kind}.{i}.jpg"
                files[name] = square(len(files))
    if padding:
        files["cats_and_dogs_filtered/vectorize.py"] = random.Random(0).randbytes(padding)
    return files


def pet_files() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The layout of oxford-pets: images, annotations."""
    names = [f"{breed}_{i}" for breed in ("Abyssinian", "beagle") for i in range(1, 5)]
    images = {f"images/{name}.jpg": square(i) for i, name in enumerate(names)}
    listed = Counter()
    lines = {"trainval": "", "test": ""}
    for name in names:
        listed[name[0]] += 1
        lines["test" if listed[name[0]] % 2 else "trainval"] += f"{name} 1 1 1\n"
    return images, {f"annotations/{part}.txt": text.encode() for part, text in lines.items()}


def contents(folder) -> dict[str, bytes]:
    """Every file below a folder, the marker apart."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SOURCE.json"
    }
