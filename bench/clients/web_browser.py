"""OMERO.web in a headless Chromium: what a person sees. Screenshots are left in the folder "screenshots"."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from functools import cache
from typing import Any

from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from bench.clients.omero_web import address, visitor
from bench.clients.tasks import Place, Tasks
from bench.clients.web_pages import image_of, user_of

TASKS = Tasks("OMERO.web in Chromium", "omero-web", "selenium")

_WAIT_S = 40
_ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1500,950")
_DRAWN = "return [...document.querySelectorAll(arguments[0])].filter(i => i.complete && i.naturalWidth > 8).length"

_WELLS = "img[src*='render_thumbnail'], #spw img[src^='data:']"
_ELSEWHERE = ("favicon", "api.github.com")  # pages ask GitHub which release of OMERO.insight is the newest


@cache
def browser(place: Place) -> Any:
    """Open a browser, signed in as the user."""
    options = ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in _ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options, ChromeService("/usr/bin/chromedriver"))
    atexit.register(driver.quit)
    driver.set_page_load_timeout(_WAIT_S)
    driver.get(f"{address(place)}/webclient/login/")
    driver.find_element(By.NAME, "username").send_keys(place.user)
    driver.find_element(By.NAME, "password").send_keys(place.password, Keys.ENTER)
    wait(driver, lambda: "login" not in driver.current_url)
    return driver


def wait(driver: Any, is_so: Callable[[], Any]) -> Any:
    """Wait for something that is true."""
    return WebDriverWait(driver, _WAIT_S).until(lambda _: is_so())


def shoot(place: Place, name: str) -> None:
    """Keep a screenshot, and see that the page's scripts did not fail."""
    folder = place.folder / "screenshots"
    folder.mkdir(exist_ok=True)
    driver = browser(place)
    driver.save_screenshot(str(folder / f"{name}.png"))
    wrong = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
    wrong = [message for message in wrong if not any(name in message for name in _ELSEWHERE)]
    assert not wrong, wrong[:3]


def drawn(place: Place, images: str) -> int:
    """Return how many of the images that a CSS selector names were loaded."""
    return int(browser(place).execute_script(_DRAWN, images))


def open_image(place: Place, number: int) -> Any:
    """Show an image in the tree, selected."""
    driver = browser(place)
    driver.get(f"{address(place)}/webclient/?show=image-{number}")
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "#dataTree .jstree-clicked"))
    return driver


@TASKS("sign in; the tree opens")
def _tree(place: Place) -> str:
    driver = browser(place)
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "#dataTree li li"))
    shoot(place, "tree")
    return f"{len(driver.find_elements(By.CSS_SELECTOR, '#dataTree li'))} nodes"


@TASKS("an image's dataset: every thumbnail is drawn")
def _thumbnails(place: Place) -> str:
    driver = open_image(place, image_of(visitor(place)))
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "#dataIcons li img"))
    count = len(driver.find_elements(By.CSS_SELECTOR, "#dataIcons li.row img"))
    wait(driver, lambda: drawn(place, "#dataIcons li.row img") >= min(count, 10))
    shoot(place, "thumbnails")
    return f"{drawn(place, '#dataIcons li.row img')} of {count}"


@TASKS("the panel at the right: annotations, preview, acquisition")
def _panel(place: Place) -> str:
    driver = open_image(place, image_of(visitor(place)))
    wait(driver, lambda: "Pixels Type" in driver.find_element(By.ID, "right_panel").text)
    shoot(place, "general")
    driver.find_element(By.CSS_SELECTOR, "a[href='#preview_tab']").click()
    wait(driver, lambda: drawn(place, "#preview_tab img"))
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "#preview_tab .ui-slider"))
    shoot(place, "preview")
    driver.find_element(By.CSS_SELECTOR, "a[href='#metadata_tab']").click()
    wait(driver, lambda: driver.find_element(By.ID, "metadata_tab").text.count("\n") > 1)
    shoot(place, "acquisition")
    return f"{drawn(place, '#right_panel img')} pictures"


@TASKS("the image viewer draws the image")
def _viewer(place: Place) -> str:
    driver, number = browser(place), image_of(visitor(place))
    driver.get(f"{address(place)}/webclient/img_detail/{number}/")
    wait(driver, lambda: drawn(place, "img.weblitz-viewport-img"))
    shoot(place, "viewer")
    return str(driver.title).strip()


@TASKS("the image viewer draws a pyramid's tiles")
def _pyramid(place: Place) -> str:
    web = visitor(place)
    found = [d for d in web.json("/api/v0/m/datasets/", limit=500)["data"] if d["Name"] == "Whole sections"]
    number = web.json(f"/api/v0/m/datasets/{found[0]['@id']}/images/")["data"][0]["@id"]
    driver = browser(place)
    driver.get(f"{address(place)}/webclient/img_detail/{number}/")
    wait(driver, lambda: drawn(place, "img.tile"))
    for _ in range(3):
        driver.find_elements(By.CSS_SELECTOR, "img[src*='32px_plus']")[-1].click()
    wait(driver, lambda: drawn(place, "img.tile") > 9)
    shoot(place, "pyramid")
    return f"{drawn(place, 'img.tile')} tiles"


@TASKS("search finds images and shows them")
def _search(place: Place) -> str:
    driver = browser(place)
    driver.get(f"{address(place)}/webclient/search/?search_query=HeLa*")
    rows = wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "#dataTable tbody tr"))
    wait(driver, lambda: drawn(place, "#dataTable img[src^='data:'], #dataTable img[src*='render_thumbnail']") > 20)
    shoot(place, "search")
    return f"{len(rows)} rows"


@TASKS("a plate: its wells are drawn")
def _plate(place: Place) -> str:
    driver, web = browser(place), visitor(place)
    owned = {"experimenter_id": user_of(web), "id": user_of(web), "group": -1}
    screen = web.json("/webclient/api/containers/", **owned)["screens"][0]["id"]
    plate = web.json("/webclient/api/plates/", id=screen, group=-1)["plates"][-1]["id"]
    driver.get(f"{address(place)}/webclient/?show=plate-{plate}")
    wait(driver, lambda: drawn(place, _WELLS) > 20)
    shoot(place, "plate")
    return f"{drawn(place, _WELLS)} wells"
