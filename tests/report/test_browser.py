"""The page in a real browser, the network off."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from verifier.report import write_reports

webdriver = pytest.importorskip("selenium.webdriver")
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = pytest.mark.browser
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1200,900",
    "--host-resolver-rules=MAP * ~NOTFOUND",
]

CONTRAST = """
function channel(c) { c /= 255; return c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4); }
function luminance(c) { return 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]); }
function colour(text) { var m = text.match(/[0-9.]+/g).map(Number); return m.length < 4 || m[3] > 0 ? m : null; }
function background(e) {
  for (; e; e = e.parentElement) { var c = colour(getComputedStyle(e).backgroundColor); if (c) { return c; } }
  return [255, 255, 255];
}
var bad = [];
var texts = "h1, h2, h3, p, a, dt, dd, td, th button, label, summary, figcaption, .verdict, .warn, code";
document.querySelectorAll(texts).forEach(function (e) {
  if (!e.textContent.trim() || !e.offsetParent) { return; }
  var a = luminance(colour(getComputedStyle(e).color)), b = luminance(background(e));
  var ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) { bad.push(e.tagName + " " + e.className + " " + ratio.toFixed(2) + " " + e.textContent.slice(0, 30)); }
});
return bad;
"""

NAMES = """
var bad = [];
document.querySelectorAll("a, button, input, summary, [role=region], [role=group]").forEach(function (e) {
  var label = e.closest("label");
  var name = e.getAttribute("aria-label") || e.textContent.trim() || (label && label.textContent.trim());
  if (!name) { bad.push(e.outerHTML.slice(0, 80)); }
});
document.querySelectorAll("svg").forEach(function (e) {
  if (e.getAttribute("role") !== "img" || !e.getAttribute("aria-label")) { bad.push("svg without a name"); }
});
var ids = Array.from(document.querySelectorAll("[id]")).map(function (e) { return e.id; });
ids.forEach(function (id, k) { if (ids.indexOf(id) !== k) { bad.push("id twice: " + id); } });
var level = 0;
document.querySelectorAll("h1, h2, h3, h4, h5, h6").forEach(function (h) {
  var n = Number(h.tagName[1]);
  if (n > level + 1) { bad.push("heading jumps to " + h.tagName + " " + h.textContent); }
  level = n;
});
if (!document.documentElement.lang) { bad.push("no language"); }
if (!document.querySelector("main")) { bad.push("no main"); }
return bad;
"""


@pytest.fixture(scope="module")
def browser(run: tuple[dict[str, Any], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    result, root = run
    page = write_reports(result, tmp_path_factory.mktemp("page"), root)[0]
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in [*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    os.environ["SE_OFFLINE"] = "true"
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=DRIVER))
    driver.set_page_load_timeout(30)
    driver.get(page.as_uri())
    yield driver
    driver.quit()


def rows(browser: Any) -> list[Any]:
    return [r for r in browser.find_elements("css selector", "#table tbody tr") if r.is_displayed()]


def test_it_loads_without_errors(browser: Any) -> None:
    assert "Complexity claims" in browser.title
    assert [e for e in browser.get_log("browser") if e["level"] in ("SEVERE", "WARNING")] == []
    assert len(rows(browser)) == 8
    fetched = browser.execute_script(
        "return performance.getEntriesByType('resource').filter(r => !r.name.startsWith('data:')).length"
    )
    assert fetched == 0


def test_formulas_are_mathematics(browser: Any) -> None:
    box = browser.execute_script(
        "var m = document.querySelector('.display math mfrac'); var r = m.getBoundingClientRect();return [r.width, r.height]"
    )
    assert box[0] > 20
    assert box[1] > 20


def test_the_table_sorts_by_click_and_keyboard(browser: Any) -> None:
    def names() -> list[str]:
        return [r.find_element("css selector", "a").text for r in rows(browser)]

    before = names()
    button = browser.find_elements("css selector", "#table th button")[0]
    button.click()
    assert names() == sorted(before, key=str.lower) or names() != before
    up = names()
    button.send_keys("\ue007")
    assert names() == up[::-1]
    head = browser.find_elements("css selector", "#table th")[0]
    assert head.get_attribute("aria-sort") == "descending"
    verdicts = browser.find_elements("css selector", "#table th button")[2]
    verdicts.click()
    shown = [r.get_attribute("data-verdict") for r in rows(browser)]
    assert shown == sorted(shown)


def test_the_table_filters_by_verdict_and_word(browser: Any) -> None:
    box = browser.find_element("css selector", "input[value=proved]")
    box.click()
    assert {r.get_attribute("data-verdict") for r in rows(browser)} == {"refuted", "undecided"}
    assert not browser.find_element("id", "paper-sums").is_displayed()
    assert "4 of 8" in browser.find_element("id", "shown").text
    box.send_keys(" ")
    assert len(rows(browser)) == 8
    search = browser.find_element("id", "search")
    search.send_keys("ratio")
    assert len(rows(browser)) == 1
    search.clear()
    search.send_keys("a\ue003")
    assert len(rows(browser)) == 8


def test_links_lead_to_the_claims(browser: Any) -> None:
    for link in browser.find_elements("css selector", "#table tbody a"):
        target = link.get_attribute("href").split("#")[1]
        assert browser.find_element("id", target).tag_name == "article"
    browser.find_element("css selector", "a[href='#paper-ratio']").click()
    top = browser.execute_script("return document.getElementById('paper-ratio').getBoundingClientRect().top")
    assert -2 <= top < 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(browser: Any, scheme: str) -> None:
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    assert browser.execute_script(CONTRAST) == []
    dark = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(255, 255, 255)") == (scheme == "light")


def test_names_ids_and_headings(browser: Any) -> None:
    assert browser.execute_script(NAMES) == []


def test_it_can_be_read_on_a_phone(browser: Any) -> None:
    metrics = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
    browser.execute_script("document.querySelectorAll('details').forEach(d => { d.open = true; });")
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    wide = browser.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide[0] <= 361, wide


def test_it_prints(browser: Any) -> None:
    pdf = browser.execute_cdp_cmd("Page.printToPDF", {})["data"]
    assert len(pdf) > 10_000


def test_the_keyboard_reaches_everything(browser: Any) -> None:
    order = browser.execute_script(
        "return Array.from(document.querySelectorAll('a[href], button, input, summary, [tabindex]'))"
        ".filter(e => e.tabIndex < 0).length"
    )
    assert order == 0
    scrolled = browser.execute_script(
        "return Array.from(document.querySelectorAll('.scroll, .display, pre')).filter(e => e.tabIndex < 0).length"
    )
    assert scrolled == 0
