"""Servers that cut, stall, change, flood, or do not answer."""

import dataclasses
import socket
import time

import pytest
from checks import get, nothing_half_written, sentence, sha256
from loopback import SMALL, ZIP, contents

from helpers.data import downloading, hosts, sources
from helpers.data.fetching import FetchError, Unreachable, archives_folder

pytestmark = pytest.mark.fault


@pytest.mark.parametrize("fault", ["cut", 503, 500, 429, "chunked-cut"])
def test_a_passing_fault_is_tried_again(internet, data, files, fault):
    internet.faults[f"/{ZIP}"] = [fault, fault]
    assert contents(get().folder) == files
    assert internet.gets(f"/{ZIP}") == 3


def test_a_chunked_answer_without_length(internet, data, files):
    internet.faults[f"/{ZIP}"] = ["chunked"]
    assert contents(get().folder) == files


def test_a_cut_download_goes_on_where_it_stopped(internet, files, packed, data):
    internet.faults[f"/{ZIP}"] = ["cut"]
    assert contents(get().folder) == files
    ranges = [wanted for method, _, wanted in internet.seen if method == "GET"]
    assert ranges == [None, f"bytes={len(packed) // 2}-"]


def test_a_later_run_goes_on_where_an_earlier_one_stopped(internet, files, packed, data):
    internet.faults[f"/{ZIP}"] = ["stall"]
    start = time.monotonic()
    with pytest.raises(FetchError, match=r"sent nothing for .* seconds") as caught:
        get()
    assert time.monotonic() - start < 5
    assert "goes on where it stopped" in sentence(caught.value)
    nothing_half_written(data)
    assert contents(get().folder) == files
    assert internet.seen[-1] == ("GET", f"/{ZIP}", f"bytes={len(packed) // 2}-")


def test_a_server_without_ranges_is_asked_for_the_whole(internet, files, data):
    internet.ranges = False
    internet.faults[f"/{ZIP}"] = ["cut"]
    assert contents(get().folder) == files


@pytest.mark.parametrize("validators, if_range", [(True, True), (True, False), (False, False)])
@pytest.mark.parametrize("hashed", [True, False])
def test_two_versions_are_never_glued_together(
    internet, published, packed, files, data, validators, if_range, hashed
):
    """The first half is of another version, of the same length."""
    known = sha256(packed) if hashed else None
    published(SMALL, {ZIP: ([f"{internet.url}/{ZIP}"], known, len(packed))})
    internet.validators, internet.if_range = validators, if_range
    internet.files[f"/{ZIP}"] = bytes(len(packed))
    internet.faults[f"/{ZIP}"] = ["stall"]
    with pytest.raises(FetchError):
        get()
    internet.files[f"/{ZIP}"] = packed
    assert contents(get().folder) == files


def test_a_part_longer_than_the_file_is_dropped(internet, files, packed, data):
    internet.files[f"/{ZIP}"] = packed + packed + packed
    internet.faults[f"/{ZIP}"] = ["stall"]
    with pytest.raises(FetchError):
        get()
    internet.files[f"/{ZIP}"] = packed
    assert contents(get().folder) == files


def test_a_part_that_was_whole_is_not_asked_for_again(internet, files, packed, data, monkeypatch):
    """Killed between the last byte and the check."""
    with monkeypatch.context() as patch:
        patch.setattr("helpers.data.downloading._difference", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            get()
    assert contents(get().folder) == files
    assert internet.gets(f"/{ZIP}") == 1


def test_a_body_that_ends_early_without_an_error_is_cut_too(internet, files, data, monkeypatch):
    whole, first = downloading.blocks, iter([True])

    def ends_early(response):
        blocks = whole(response)
        if next(first, False):
            yield next(blocks)
        else:
            yield from blocks

    monkeypatch.setattr(downloading, "blocks", ends_early)
    assert contents(get().folder) == files
    assert internet.gets(f"/{ZIP}") == 2


def test_a_server_that_trickles_is_given_up(internet, data):
    internet.faults[f"/{ZIP}"] = ["trickle"]
    start = time.monotonic()
    with pytest.raises(FetchError, match=r"less than .* bytes a second") as caught:
        get()
    sentence(caught.value)
    assert time.monotonic() - start < 5


def test_a_fault_that_stays_ends_in_a_sentence(internet, data):
    internet.ranges = False
    internet.faults[f"/{ZIP}"] = ["cut", "always"]
    with pytest.raises(FetchError, match=r"cut the connection after .* bytes") as caught:
        get()
    assert not isinstance(caught.value, Unreachable)
    sentence(caught.value)
    nothing_half_written(data)


@pytest.mark.parametrize("status", [404, 403, 503])
def test_no_host_has_it(internet, data, status):
    internet.faults[f"/{ZIP}"] = [status, "always"]
    with pytest.raises(Unreachable, match=f"answers {status}") as caught:
        get()
    sentence(caught.value)
    nothing_half_written(data)


def test_a_changed_file_is_refused_and_kept_aside(internet, data):
    internet.files[f"/{ZIP}"] = b"<html>Log in to the school network</html>"
    with pytest.raises(FetchError, match="was refused") as caught:
        get()
    assert not isinstance(caught.value, Unreachable) and f"{ZIP}.rejected" in sentence(caught.value)
    nothing_half_written(data)
    assert (archives_folder() / f"{ZIP}.rejected").read_bytes() == internet.files[f"/{ZIP}"]
    assert not (archives_folder() / ZIP).exists()


def test_a_flood_is_stopped(internet, data, monkeypatch):
    limit = 1_000_000
    monkeypatch.setattr(hosts, "STALL", 5.0)  # a busy machine is not a server that stalls
    archive = sources.SOURCES[SMALL].archives[0]
    small = dataclasses.replace(archive, most_bytes=limit)
    monkeypatch.setitem(
        sources.SOURCES, SMALL, dataclasses.replace(sources.SOURCES[SMALL], archives=(small,))
    )
    internet.files[f"/{ZIP}"] = bytes(60_000_000)
    with pytest.raises(FetchError, match="more than 1,000,000 bytes"):
        get()
    assert internet.sent < 30_000_000, "the rest was asked for as well"
    assert sum(p.stat().st_size for p in data.rglob("*") if p.is_file()) <= limit


def test_hosts_are_tried_in_turn(internet, published, packed, files, data):
    urls = [
        "http://no-such-host.invalid/x",
        f"{internet.url}/gone.zip",
        f"{internet.url}/changed.zip",
        f"{internet.url}/{ZIP}",
    ]
    internet.files["/changed.zip"] = b"another"
    published(SMALL, {ZIP: (urls, sha256(packed), len(packed))})
    assert contents(get().folder) == files


@pytest.fixture
def black_hole():
    """An address where connections are never accepted: the queue of waiting ones is full."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/x"
        for one in waiting:
            one.close()


@pytest.fixture
def mute():
    """An address that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/x"


@pytest.mark.parametrize("kind", ["no name", "black hole", "mute", "name look-up hangs"])
def test_no_host_answers_and_that_is_known_soon(
    published, data, kind, black_hole, mute, monkeypatch
):
    """With the limits a student has, three addresses each."""
    urls = {"no name": "http://no-such-host.invalid/x", "black hole": black_hole, "mute": mute}
    url = urls.get(kind, "http://hangs.invalid/x")
    if kind == "name look-up hangs":
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(8))
    published(SMALL, {ZIP: ([url, url + "/y", url + "/z"], None, 10)})
    start = time.monotonic()
    with pytest.raises(Unreachable, match="COURSE_MIRROR") as caught:
        get()
    assert time.monotonic() - start < 5
    assert 'source="drawn"' in sentence(caught.value)
    nothing_half_written(data)


def test_a_host_that_hangs_does_not_hold_up_one_that_answers(
    internet, published, black_hole, packed, files, data
):
    hosts_limit = hosts.CONNECT
    published(SMALL, {ZIP: ([black_hole, f"{internet.url}/{ZIP}"], sha256(packed), len(packed))})
    start = time.monotonic()
    assert contents(get().folder) == files
    assert time.monotonic() - start < hosts_limit
