import dataclasses
import os

import pytest
from loopback import Loopback

from helpers.data import downloading, hosts, sources

MIRROR = os.environ.get("COURSE_MIRROR")


@pytest.fixture
def data(tmp_path, monkeypatch):
    """An empty data folder, with a space and Hebrew letters in its name, and no mirror."""
    folder = tmp_path / "my data תיקייה"
    monkeypatch.setenv("COURSE_DATA", str(folder))
    monkeypatch.delenv("COURSE_MIRROR", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
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
