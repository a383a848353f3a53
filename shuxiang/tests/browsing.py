"""What tests in Chromium do on every page, and what they listen for."""

from importlib import resources

AXE = (resources.files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
LISTEN = """
window.refused = [];
document.addEventListener("securitypolicyviolation", event => window.refused.push(
  `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
RUN_AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"]}).then(found => done(found.violations
  .filter(each => ["serious", "critical"].includes(each.impact))
  .map(each => `${each.id}: ${each.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | ")}`)));
"""


def press(driver, button) -> None:
    driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button)
    button.click()


def grave_faults(driver) -> list[str]:
    driver.execute_script(AXE)
    return driver.execute_async_script(RUN_AXE)


def set_width(driver, width: int) -> None:
    """A headless window is never narrower than 500 px: the device metrics are."""
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500},
    )
