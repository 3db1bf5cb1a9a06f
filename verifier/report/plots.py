"""Log-log plots as SVG, by matplotlib (the extra `report`); everything else works without it."""

from __future__ import annotations

import re
from hashlib import sha256
from io import StringIO

from verifier.report.figures import Figure

MISSING = "Plots need matplotlib: pip install 'aalp-verifier[report]'."
_INK = "#010203"  # becomes the colour of the text around the figure
_COLOURS = ("#0072b2", "#d55e00", "#767676")
_STYLES = ("-", "--", ":")


def available() -> bool:
    """Whether the drawing library is installed."""
    from importlib.util import find_spec

    return find_spec("matplotlib") is not None


def svg(figure: Figure, label: str) -> str | None:
    """The figure as an `<svg>` element that follows the page's text colour; None without matplotlib.

    The same figure gives the same bytes."""
    if not available():
        return None
    from matplotlib import rc_context
    from matplotlib.figure import Figure as Canvas

    salt = sha256((label + repr(figure)).encode()).hexdigest()[:12]
    with rc_context(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": salt,
            "text.color": _INK,
            "axes.edgecolor": _INK,
            "axes.labelcolor": _INK,
            "xtick.color": _INK,
            "ytick.color": _INK,
            "font.family": "sans-serif",
            "font.size": 10,
            "mathtext.default": "regular",
        }
    ):
        canvas = Canvas(figsize=(6.2, 3.4), layout="constrained")
        axes = canvas.subplots()
        for k, s in enumerate(figure.series):
            xs, ys = [x for x, _ in s.points], [y for _, y in s.points]
            axes.plot(
                xs,
                ys,
                _STYLES[k % 3],
                color=_COLOURS[k % 3],
                marker=None if s.line else "o",
                markersize=4,
                linewidth=1.6,
                label=s.name,
            )
        axes.set_xlabel(f"{figure.x} (log scale)")
        axes.set_ylabel(f"{figure.y} (log scale)")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(_power)
        axes.grid(True, color="#888888", alpha=0.3, linewidth=0.6)
        axes.legend(frameon=False, fontsize=9)
        for spine in ("top", "right"):
            axes.spines[spine].set_visible(False)
        out = StringIO()
        canvas.savefig(
            out, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    return _inline(out.getvalue(), label, salt)


def _power(value: float, _: object) -> str:
    """The number whose logarithm is on the axis."""
    if -3 < value < 4:
        return f"{10**value:.3g}"
    return f"1e{round(value, 2):g}"


def _inline(text: str, label: str, salt: str) -> str:
    """The bare element: no prolog, no metadata, unique ids, colours from the page."""
    from html import escape

    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{salt}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{salt}-\1)", text)
    text = re.sub(r'xlink:href="#([^"]+)"', rf'href="#{salt}-\1"', text)
    text = re.sub(r' xmlns:xlink="[^"]*"', "", text)
    text = text.replace(_INK, "currentColor")
    return re.sub(
        r'<svg[^>]*?viewBox="([^"]+)"[^>]*>',
        rf'<svg xmlns="http://www.w3.org/2000/svg" viewBox="\1" role="img" aria-label="{escape(label)}">',
        text,
        count=1,
        flags=re.DOTALL,
    )
