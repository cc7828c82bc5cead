"""What a browser can be asked about a page: axe's findings, what sticks out, what is too small for a thumb."""

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text()
PHONE, DESK = 390, 1280

#: Elements wider than the page, outside of boxes that scroll by themselves.
_STICKING_OUT = """() => {
  const wide = document.documentElement.clientWidth;
  return [...document.querySelectorAll('body *')].filter(e => {
    if (e.closest('.scroll, .tabs, .vh, .skip')) return false;
    const box = e.getBoundingClientRect();
    return box.width > 0 && box.right > wide + 1;
  }).map(e => e.tagName + '.' + (e.getAttribute('class') || '')).slice(0, 5);
}"""
_SMALL = """() => [...document.querySelectorAll(
    'button, .button, summary, select, input:not([type=hidden]), nav:not(.crumbs) a')]
  .filter(e => e.getClientRects().length)
  .filter(e => !e.matches('input[type=checkbox], input[type=radio]') && e.getBoundingClientRect().height < 43.5)
  .map(e => e.outerHTML.slice(0, 80))"""

#: Nothing where axe is not there yet. Rules of which every finding is minor or moderate are not asked at all.
_SERIOUS = """async () => {
  if (!('axe' in window)) return null;
  const mild = axe._audit.rules.filter(rule => ['minor', 'moderate'].includes(rule.impact));
  const rules = Object.fromEntries(mild.map(rule => [rule.id, {enabled: false}]));
  const { violations } = await axe.run(document, {resultTypes: ['violations'], rules});
  return violations.filter(each => ['serious', 'critical'].includes(each.impact))
    .flatMap(each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 120)}`));
}"""


def serious_findings(page: Page) -> list[str]:
    """axe's serious and critical findings as `rule: element`. Evaluated by the debugger, so CSP stays in force."""
    page.wait_for_load_state()
    found = page.evaluate(_SERIOUS)
    if found is None:
        page.evaluate(AXE)
        found = page.evaluate(_SERIOUS)
    return found


def at_width(page: Page, width: int) -> None:
    """The window that wide; where it is already, Chromium is spared to lay the page out again."""
    if page.viewport_size != (size := {"width": width, "height": 900}):
        page.set_viewport_size(size)  # type: ignore[arg-type]


def unfit(page: Page) -> list[str]:
    """What `sticking_out` and `too_small` find, asked at once."""
    page.wait_for_load_state()
    return page.evaluate(f"() => [...({_STICKING_OUT})(), ...({_SMALL})()]")


def sticking_out(page: Page) -> list[str]:
    """What is wider than the page. Of a page that a press leads to, wait for first: see `press` in walk.py."""
    page.wait_for_load_state()
    return page.evaluate(_STICKING_OUT)


def too_small(page: Page) -> list[str]:
    """Controls lower than 44 px."""
    page.wait_for_load_state()
    return page.evaluate(_SMALL)
