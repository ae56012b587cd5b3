"""What the drawing process draws, compared with pictures that a person has looked at.

After a change that is meant: `python -m tests.messages.test_drawing` draws them anew; then look at each.
"""

import asyncio
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest
from babel import Locale
from matplotlib.image import imread

from bot.messages import chart
from bot.messages.chart import Balance, Chart, Moments, numerals, without_emoji
from bot.wire.pictures import Pictures
from tests.messages.charts import CHARTS, balance

LOOKED_AT = Path(__file__).with_name("pictures")
BLOCK = 12  # pixels: what letters differ by from machine to machine is smaller
TOLERANCE = 0.02  # of full brightness, on the average of all blocks
MOST_IN_A_BLOCK = 0.35
WIDTH = 1080


Draw: TypeAlias = Callable[[Chart], bytes]


@contextmanager
def drawing(folder: Path) -> Iterator[Draw]:
    """Draws with what is known of the fonts kept in `folder`."""
    pictures = Pictures(folder)
    with asyncio.Runner() as runner:
        try:
            yield lambda picture: runner.run(pictures.draw(picture))
        finally:
            runner.run(pictures.close())


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Draw]:
    """Draws all pictures of this file."""
    with drawing(tmp_path_factory.mktemp("fonts")) as draw:
        yield draw


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(imread(BytesIO(png), format="png"))[..., :3]


def blocks(image: np.ndarray) -> np.ndarray:
    """The picture in a hundredth of its size."""
    height, width = (side - side % BLOCK for side in image.shape[:2])
    cut = image[:height, :width].reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK, 3)
    return cut.mean(axis=(1, 3))


def differs(one: np.ndarray, other: np.ndarray) -> bool:
    if one.shape != other.shape:
        return True
    distance = np.abs(blocks(one) - blocks(other)).max(axis=2)
    return bool(distance.mean() > TOLERANCE or distance.max() > MOST_IN_A_BLOCK)


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_looks_as_it_was_looked_at(name: str, drawn: Draw) -> None:
    image = pixels(drawn(CHARTS[name]))
    assert image.shape[1] == WIDTH
    assert not differs(image, pixels((LOOKED_AT / f"{name}.png").read_bytes()))


def test_the_comparison_can_fail(drawn: Draw) -> None:
    assert differs(pixels(drawn(balance(weeks=11))), pixels((LOOKED_AT / "balance.png").read_bytes()))
    assert differs(pixels(drawn(CHARTS["blank"])), pixels((LOOKED_AT / "balance.png").read_bytes()))


def test_an_emoji_in_a_name_is_left_out(drawn: Draw) -> None:
    assert drawn(balance(name="🌸Ben")) == drawn(balance(name="Ben"))
    assert drawn(balance(name="🏽👩\ufe0fBen\ufe0f")) == drawn(balance(name="Ben"))
    for name in ("Ben 🌸", "👩🏽‍🌾 Ben\ufe0f", "🌸 Ben 🌸"):
        assert without_emoji(name) == "Ben"
    assert without_emoji("🌸") == ""


def test_a_name_of_emoji_alone_and_an_empty_week_can_be_drawn(drawn: Draw) -> None:
    assert drawn(balance(name="🌸🌸"))
    assert drawn(Moments("A quiet week", ()))


def test_the_picture_is_readable_on_its_own_ground(drawn: Draw) -> None:
    """Light paper under everything, so that a dark app changes nothing; and no see-through pixel."""
    image = np.asarray(imread(BytesIO(drawn(CHARTS["balance"])), format="png"))
    assert image.shape[2] == 3 or bool((image[..., 3] == 1.0).all())
    assert float(image[5:10, 5:10, :3].min()) > 0.9


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_colours_can_be_read_and_told_apart() -> None:
    """Contrast as WCAG counts it; the two people differ in brightness and in blue, which every eye keeps."""
    source = (Path(chart.__file__).with_name("drawing.py")).read_text("utf-8")
    paper, *others = re.findall(r'"(#[0-9A-F]{6})"', source)
    ink, quiet, _rule, one, other = others
    for colour in (ink, quiet, one, other):
        assert (luminance(paper) + 0.05) / (luminance(colour) + 0.05) >= 4.5, colour
    assert int(one[5:7], 16) - int(other[5:7], 16) > 100


def test_digits_are_those_of_the_language() -> None:
    assert numerals("8 March 2026", Locale("en")) == "8 March 2026"
    assert numerals("8 2026", Locale("fa")) == "۸ ۲۰۲۶"
    assert numerals("10", Locale("bn")) == "১০"


def test_drawing_starts_nothing_of_the_bot(tmp_path: Path) -> None:
    """It is told what to draw and holds nothing else: no settings, no keys, no database."""
    source = Path(chart.__file__).with_name("drawing.py")
    ours = ("bot", "storage", "telegram", "sqlalchemy")
    loaded = (
        "import runpy, sys; runpy.run_path(sys.argv[1]);"
        f"print([name for name in sys.modules if name.split('.')[0] in {ours}])"
    )
    said = subprocess.run(
        [sys.executable, "-P", "-c", loaded, str(source)],
        capture_output=True,
        text=True,
        check=True,
        env={"MPLCONFIGDIR": str(tmp_path)},
    )
    assert said.stdout.strip() == "[]"


def test_every_chart_can_be_written_down() -> None:
    assert '"kind": "balance"' in chart.to_json(CHARTS["trend"])
    assert isinstance(CHARTS["trend"], Balance)


def draw_all() -> None:
    LOOKED_AT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, drawing(Path(folder)) as drawn:
        for name, picture in CHARTS.items():
            (LOOKED_AT / f"{name}.png").write_bytes(drawn(picture))


if __name__ == "__main__":
    draw_all()
