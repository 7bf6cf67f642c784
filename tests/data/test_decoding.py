"""Whatever a photograph file holds, an upright RGB picture comes out, or one clear sentence."""

import numpy as np
import pytest
from PIL import Image

from helpers.data import decoding
from helpers.data.decoding import UnreadablePhotograph, decode, read


def halves(width=400, height=300):
    """Left half red, right half blue."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[:, : width // 2, 0] = 255
    picture[:, width // 2 :, 2] = 255
    return picture


def is_left_red_right_blue(picture):
    height, width = picture.shape[:2]
    left = picture[height // 2, width // 4].astype(int)
    right = picture[height // 2, 3 * width // 4].astype(int)
    return left[0] > 200 > 60 > left[2] and right[2] > 200 > 60 > right[0]


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif", "bmp", "webp", "tif"])
def test_formats(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(halves()).save(path)
    picture = decode(path, 64)
    assert picture.shape == (64, 64, 3) and picture.dtype == np.uint8
    assert is_left_red_right_blue(picture)


def test_the_name_does_not_matter(tmp_path):
    path = tmp_path / "really_a_png.jpg"
    Image.fromarray(halves()).save(path, "PNG")
    assert is_left_red_right_blue(decode(path, 64))


def test_rotated_by_exif(tmp_path):
    stored = Image.fromarray(halves()).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn a quarter clockwise to see it upright"
    path = tmp_path / "phone.jpg"
    stored.save(path, exif=exif)
    assert read(path).shape == (300, 400, 3)
    assert is_left_red_right_blue(decode(path, 64))


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "CMYK", "1", "I;16"])
def test_modes_become_rgb(tmp_path, mode):
    grey = np.tile(np.linspace(0, 255, 320).astype(np.uint8), (240, 1))
    if mode == "I;16":
        image = Image.fromarray(grey.astype(np.uint16) * 257)
    else:
        image = Image.fromarray(grey).convert("RGB").convert(mode)
    path = tmp_path / ("a.tif" if mode == "CMYK" else "a.png")
    image.save(path)
    picture = decode(path, 64).astype(int)
    assert picture.shape == (64, 64, 3)
    assert picture[:, :8].mean() < 80 < 170 < picture[:, -8:].mean()


def test_transparent_becomes_white(tmp_path):
    path = tmp_path / "a.png"
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(path)
    assert (decode(path, 16) == 255).all()


def test_resizes_the_short_side_and_crops_the_centre(tmp_path):
    picture = np.full((200, 400, 3), 255, np.uint8)
    picture[:, 100:300] = 0  # the central square is black
    path = tmp_path / "a.png"
    Image.fromarray(picture).save(path)
    assert decode(path, 50, crop=1.0)[:, 2:-2].max() == 0  # the filter reaches over the edge
    picture[50:150, 150:250] = 255  # its inner half is white
    Image.fromarray(picture).save(path)
    assert decode(path, 50, crop=0.5)[2:-2, 2:-2].min() == 255


def test_scaled_decoding_is_close_to_the_full_one(tmp_path):
    rng = np.random.default_rng(0)
    small = Image.fromarray(rng.integers(0, 255, (12, 16, 3), np.uint8))
    large = small.resize((2048, 1536), Image.Resampling.BICUBIC)
    large.save(tmp_path / "a.jpg", quality=95)
    large.save(tmp_path / "a.png")
    difference = decode(tmp_path / "a.jpg", 64).astype(int) - decode(tmp_path / "a.png", 64)
    assert np.abs(difference).mean() < 2


def test_fit_is_what_decode_does(tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(halves()).save(path)
    assert (decoding.fit(halves(), 32, 0.8) == decode(path, 32, 0.8)).all()


def truncated(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda p: p.write_bytes(b""), "empty file"),
        (lambda p: p.write_text("I am a cat"), "not an image"),
        (truncated, "truncated"),
        (lambda p: p.unlink(), "no such file"),
    ],
)
def test_damage_is_named(tmp_path, damage, reason):
    path = tmp_path / "a.jpg"
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), np.uint8)
    Image.fromarray(noise).save(path)
    damage(path)
    for function in (decode, read):
        with pytest.raises(UnreadablePhotograph) as caught:
            function(path)
        assert caught.value.reason == reason
        assert str(caught.value).count(str(path)) == 1 and "\n" not in str(caught.value)


def test_too_many_pixels(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding, "MOST_PIXELS", 99)
    path = tmp_path / "a.png"
    Image.new("RGB", (10, 10)).save(path)
    with pytest.raises(UnreadablePhotograph, match="10x10 pixels are too many"):
        decode(path)


def test_batches_keep_the_order_and_the_rest(tmp_path):
    paths = []
    for i in range(21):
        paths.append(tmp_path / f"{i}.png")
        Image.new("RGB", (9, 9), (i, i, i)).save(paths[-1])
    found = list(decoding.batches(paths, 8, batch_size=4))
    assert [len(b) for b in found] == [4] * 5 + [1]
    assert [int(b) for b in np.concatenate(found)[:, 0, 0, 0]] == list(range(21))
    assert decoding.decode_many([], 8).shape == (0, 8, 8, 3)


def test_batches_name_the_bad_file(tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"")
    with pytest.raises(UnreadablePhotograph, match=r"bad\.jpg"):
        list(decoding.batches([bad], 8))
