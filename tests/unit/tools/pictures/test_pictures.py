"""The pictures of the documentation are there, small, and of every kind of destination."""

import re
import shutil
import struct
import zlib
from pathlib import Path

import pytest

from tests.deployments import SANDBOX
from tools.imaging.browser import NAMES
from tools.imaging.png import size, smaller
from tools.messages.kinds import KINDS
from tools.pictures.__main__ import main
from tools.pictures.subjects import subjects

FOLDER = Path(__file__).parents[4] / "docs" / "images"


def png(rows: list[bytes], *, filters: list[int]) -> bytes:
    """A PNG of 8-bit RGB with rows that are filtered already."""

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", len(rows[0]) // 3, len(rows), 8, 2, 0, 0, 0)
    data = b"".join(bytes([kind]) + row for kind, row in zip(filters, rows, strict=True))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(data)) + part(b"IEND", b"")


def pixels(picture: bytes) -> list[list[bytes]]:
    """The colours of a picture with a palette."""
    width, height = size(picture)
    found = {
        name: picture[at + 4 : at + 4 + struct.unpack(">I", picture[at - 4 : at])[0]] for name, at in _parts(picture)
    }
    data, palette = zlib.decompress(found[b"IDAT"]), found[b"PLTE"]
    rows = [data[row * (width + 1) + 1 : (row + 1) * (width + 1)] for row in range(height)]
    return [[palette[3 * place : 3 * place + 3] for place in row] for row in rows]


def _parts(picture: bytes) -> list[tuple[bytes, int]]:
    return [(match[0], match.start()) for match in re.finditer(rb"IHDR|PLTE|IDAT|IEND", picture)]


def test_every_kind_of_destination_and_a_digest_are_pictured() -> None:
    pictured = subjects(SANDBOX)
    assert {one.kind for one in pictured.values()} == set(KINDS)
    assert [one.brief.subject for one in pictured.values() if one.brief.notice] == [
        "Suppression this week: 2 findings hidden"
    ]
    assert {f"{name}.png" for name in pictured} <= {file.name for file in FOLDER.iterdir()}


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.png")), ids=lambda file: file.stem)
def test_a_picture_is_small_and_shown_somewhere(file: Path, project: Path) -> None:
    picture = file.read_bytes()
    assert size(picture)[0] <= 900
    assert len(picture) < 200_000
    assert any(file.name in page.read_text(encoding="utf-8") for page in (project / "docs").rglob("*.md"))


def test_a_smaller_picture_is_the_same_picture() -> None:
    black, white, red = b"\0\0\0", b"\xff\xff\xff", b"\xc0\x1c\x28"
    plain = [[black, white, red], [white, white, black], [red, black, white]]
    unfiltered = png([b"".join(row) for row in plain], filters=[0, 0, 0])
    assert pixels(smaller(unfiltered)) == plain
    # The same rows as differences: to the left, to the row above, and to the average of both.
    raw = [b"".join(row) for row in plain]
    left = bytes((one - (raw[0][x - 3] if x > 2 else 0)) & 255 for x, one in enumerate(raw[0]))
    up = bytes((one - raw[0][x]) & 255 for x, one in enumerate(raw[1]))
    mean = bytes((one - ((raw[2][x - 3] if x > 2 else 0) + raw[1][x]) // 2) & 255 for x, one in enumerate(raw[2]))
    assert pixels(smaller(png([left, up, mean], filters=[1, 2, 3]))) == plain


def test_many_colours_become_near_ones() -> None:
    row = b"".join(bytes([value, value // 2, 255 - value]) for value in range(256))
    (shown,) = pixels(smaller(png([row + row + row[:300]], filters=[0])))
    for place, colour in enumerate(shown):
        assert all(
            abs(one - other) < 8 for one, other in zip(colour, (row * 3)[3 * place : 3 * place + 3], strict=True)
        )


def test_fails_for_what_is_no_picture() -> None:
    with pytest.raises(ValueError, match="must be a PNG"):
        smaller(b"GIF89a")


def test_without_a_browser_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["--folder", str(tmp_path / "images")]) == 2
    assert capsys.readouterr().err.startswith("pictures: no Chromium on the path (looked for chromium, ")


def test_a_browser_that_fails_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert main(["--folder", str(tmp_path / "images"), "--only", "slack-message"]) == 2
    assert capsys.readouterr().err == f"pictures: {broken} failed: CalledProcessError\n"


def test_fails_for_an_unknown_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--folder", str(tmp_path), "--only", "slak"]) == 2
    assert "unknown 'slak'; choose one of slack-message, " in capsys.readouterr().err


@pytest.mark.skipif(not any(map(shutil.which, NAMES)), reason="there is no Chromium here")
def test_a_picture_is_taken_of_the_whole_message(tmp_path: Path) -> None:
    assert main(["--folder", str(tmp_path), "--only", "suppression-digest"]) == 0
    width, height = size((tmp_path / "suppression-digest.png").read_bytes())
    assert width == 760
    assert 400 < height < 1000
