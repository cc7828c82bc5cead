"""What a part found, and how it is printed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line: what was measured, the figure with its unit, and the limit that was promised, if any."""

    what: str
    figure: str
    limit: str = ""
    passed: bool | None = None


def judged(what: str, value: float, most: float, unit: str, digits: int = 2) -> Figure:
    """A figure that must not be above `most`."""
    return Figure(what, f"{value:.{digits}f} {unit}", f"≤ {most:g} {unit}", value <= most)


def show(title: str, figures: list[Figure]) -> None:
    """Print the table of one part."""
    width = max(len(figure.what) for figure in figures)
    print(f"\n{title}\n" + "-" * len(title))
    for figure in figures:
        verdict = "" if figure.passed is None else ("PASS" if figure.passed else "FAIL")
        print(f"{figure.what:<{width}}  {figure.figure:>26}  {figure.limit:<14} {verdict}".rstrip(), flush=True)
