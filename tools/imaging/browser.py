"""A headless Chromium that takes pictures of pages."""

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_SECONDS = 60
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--no-first-run",
    # Letters without coloured edges, the same on each machine, and a third of the bytes.
    "--disable-lcd-text",
    "--font-render-hinting=none",
)
_POLICY = "script-src 'unsafe-inline'; "
_MEASURE = (
    "<script>document.title = 'height ' + Math.ceil(document.documentElement.getBoundingClientRect().height)</script>"
)


class NoBrowser(Exception):
    """There is none, or it takes no pictures; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Browser:
    """A Chromium on this machine."""

    program: str

    @classmethod
    def found(cls) -> "Browser":
        """The first of `NAMES` on the path.

        Raises:
            NoBrowser: there is none.
        """
        for name in NAMES:
            if program := shutil.which(name):
                return cls(program)
        raise NoBrowser(f"no Chromium on the path (looked for {', '.join(NAMES)}); install one, such as 'chromium'")

    def picture(self, page: str, *, width: int, most_height: int, dark: bool = False) -> bytes:
        """The page as PNG, as wide as asked for and as high as it is, up to `most_height`.

        Raises:
            NoBrowser: it gave no picture.
        """
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            file, shot = folder / "page.html", folder / "page.png"
            # Only this copy may run a script, which measures it; the one that is pictured is the page as it is.
            file.write_text(page.replace("style-src", f"{_POLICY}style-src") + _MEASURE, encoding="utf-8")
            dumped = self._run(folder, f"--window-size={width},800", "--dump-dom", file.as_uri())
            height = re.search(r"<title>height (\d+)</title>", dumped)
            if not height:
                raise NoBrowser(f"{self.program} did not show the page")
            file.write_text(page, encoding="utf-8")
            theme = ["--blink-settings=preferredColorScheme=0"] if dark else []
            self._run(
                folder,
                *theme,
                f"--window-size={width},{min(int(height[1]), most_height)}",
                f"--screenshot={shot}",
                file.as_uri(),
            )
            if not shot.exists():
                raise NoBrowser(f"{self.program} took no picture")
            return shot.read_bytes()

    def _run(self, folder: Path, *arguments: str) -> str:
        try:
            done = subprocess.run(
                [self.program, *_FLAGS, f"--user-data-dir={folder / 'profile'}", *arguments],
                capture_output=True, text=True, check=True, timeout=_SECONDS,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as error:
            raise NoBrowser(f"{self.program} failed: {type(error).__name__}") from None
        return done.stdout
