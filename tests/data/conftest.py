import dataclasses

import pytest
from checks import sha256
from loopback import SMALL, ZIP, Loopback, small_files, zipped

from helpers.data import downloading, hosts, sources


@pytest.fixture
def data(tmp_path, monkeypatch):
    """An empty data folder, with a space and Hebrew letters in its name; no weights, no mirror."""
    folder = tmp_path / "my data תיקייה"
    monkeypatch.setenv("COURSE_DATA", str(folder))
    monkeypatch.delenv("COURSE_MIRROR", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return folder


@pytest.fixture
def server():
    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture
def hasty(monkeypatch):
    """Limits for tests: everything gives up sooner."""
    monkeypatch.setattr(hosts, "CONNECT", 1.0)
    monkeypatch.setattr(hosts, "STALL", 0.4)
    monkeypatch.setattr(downloading, "PAUSE", 0.01)


@pytest.fixture
def published(monkeypatch):
    """Publish archives: published(name, {archive: (urls, sha256, size)}) changes the table."""

    def publish(name: str, archives: dict) -> None:
        known = sources.SOURCES[name]
        new = tuple(
            dataclasses.replace(a, urls=tuple(urls), sha256=sha256, size=size)
            for a in known.archives
            for urls, sha256, size in [archives[a.name]]
        )
        monkeypatch.setitem(sources.SOURCES, name, dataclasses.replace(known, archives=new))

    return publish


@pytest.fixture(scope="module")
def files():
    return small_files(padding=3_000_000)


@pytest.fixture(scope="module")
def packed(files):
    return zipped(files)


@pytest.fixture
def internet(server, published, packed, data, hasty):
    """The small set on a loopback server, hash pinned."""
    server.serve({ZIP: packed})
    published(SMALL, {ZIP: ([f"{server.url}/{ZIP}"], sha256(packed), len(packed))})
    return server


@pytest.fixture
def mirrored(server, packed, data, hasty, monkeypatch):
    """The small set on a loopback mirror."""
    server.serve({ZIP: packed})
    monkeypatch.setenv("COURSE_MIRROR", server.url)
    return server


@pytest.fixture
def folder_mirror(tmp_path, packed, data, monkeypatch):
    folder = tmp_path / "mirror"
    folder.mkdir()
    (folder / ZIP).write_bytes(packed)
    (folder / "SHA256SUMS").write_text(f"{sha256(packed)}  {ZIP}\n")
    monkeypatch.setenv("COURSE_MIRROR", str(folder))
    return folder
