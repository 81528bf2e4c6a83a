"""Makes the pictures of the pages in README.md and docs/: starts the studio on an empty folder, draws with the built-in model, and looks.

    pip install playwright
    python docs/reference/screenshots.py --studio ./studio --out docs

Needs a Chromium (named in CHROMIUM, else found on the path). Seeds are fixed, so the same program shows the same pictures. Takes some
minutes on a CPU; --home keeps what was drawn, so that the next call with it only looks, and --only names some of the pages. A file is a
JPEG of the best quality that stays below LIMIT bytes.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

LIMIT = 250_000
PATIENCE_MILLIS = 900_000
QUALITIES = (95, 90, 85, 80, 75, 70, 60)
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

LOADED = """
() => [...document.images].filter((i) => i.checkVisibility() && i.getBoundingClientRect().top < innerHeight)
  .every((i) => i.complete && i.naturalWidth > 0)
"""

METHODS = ["none", "lora-nano", "stan-nano", "stan-nano-ukiyo-e"]
PORTRAIT = "the portrait of a woman with red hair in a green blouse, blue background"
CASTLE = "a castle on a hill at noon, in clear weather"
HOUSES = "a blue car in front of four colourful houses in a city street at noon, in clear weather"
MATRIX = {"prompts": [PORTRAIT, CASTLE], "styles": ["impasto", "anime"], "methods": METHODS, "seeds": [1]}
BESIDES = {"prompts": [HOUSES], "styles": ["anime", "expressionism"], "methods": METHODS[:3], "seeds": [3]}


class Studio:
    """The program on a folder of its own, until the end of a with block."""

    def __init__(self, command, home):
        self.command = shlex.split(command) + ["serve", "--port", "0"]
        self.home = home
        self.record = home / "screenshots.json"

    def __enter__(self):
        environment = {**os.environ, "STUDIO_HOME": str(self.home)}
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True)
        for line in self.process.stdout:
            found = re.search(r"http://\S+", line)
            if found:
                self.address = found.group()
                return self
        sys.exit(f"{shlex.join(self.command)} ended with {self.process.wait()} before it told its address")

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.stdout.read()
        self.process.wait()

    def once(self, path, order):
        """Posts an order, or returns the answer that an earlier call with this folder got."""
        answers = json.loads(self.record.read_text()) if self.record.exists() else {}
        key = path + json.dumps(order, sort_keys=True)
        if key not in answers:
            answers[key] = self.post(path, order)
            self.record.write_text(json.dumps(answers))
        return answers[key]

    def post(self, path, order):
        request = urllib.request.Request(
            self.address + path, data=json.dumps(order).encode(), headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)


class Camera:
    """Pages of a studio and the files that they are kept in."""

    def __init__(self, browser, studio, folder):
        self.browser, self.studio, self.folder = browser, studio, folder

    def page(self, path, size=DESKTOP, scheme="dark"):
        context = self.browser.new_context(
            viewport=size, color_scheme=scheme, device_scale_factor=2 if size is PHONE else 1, reduced_motion="reduce", locale="en-US"
        )
        context.set_default_timeout(PATIENCE_MILLIS)
        page = context.new_page()
        page.on("pageerror", lambda error: sys.exit(f"{path}: {error}"))
        page.goto(self.studio.address + path)
        return page

    def keep(self, page, name):
        """Takes what the window shows once every picture in it has arrived; closes the page."""
        page.wait_for_function(LOADED)
        page.evaluate("document.fonts.ready")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > page.viewport_size["width"]:
            sys.exit(f"{page.url} is {width} pixels wide in a window of {page.viewport_size['width']}")
        for quality in QUALITIES:
            taken = page.screenshot(type="jpeg", quality=quality, animations="disabled")
            if len(taken) <= LIMIT:
                break
        else:
            sys.exit(f"{name} has {len(taken)} bytes at the lowest quality; show less of the page")
        (self.folder / f"{name}.jpg").write_bytes(taken)
        print(f"{name}.jpg: {len(taken):,} bytes, quality {quality}", flush=True)
        page.context.close()


def draw(camera, order):
    """Orders a matrix and waits until its page shows every picture of it."""
    matrix = camera.studio.once("/api/matrices", order)
    page = camera.page(f"/generate/{matrix['id']}")
    expect(page.locator(".cell[data-state=done] img:not(.preview)")).to_have_count(len(matrix["pictures"]))
    page.context.close()
    print(f"drew {len(matrix['pictures'])} pictures", flush=True)
    return matrix


def generate(camera, matrix):
    for name, size, scheme in [("studio", DESKTOP, "dark"), ("studio-light", DESKTOP, "light"), ("studio-phone", PHONE, "dark")]:
        page = camera.page(f"/generate/{matrix['id']}", size, scheme)
        page.locator("#intro-hide").click()
        expect(page.locator(".generate-panel")).to_contain_text("tokens")
        if size is PHONE:
            page.locator("#stage").evaluate("(stage) => stage.scrollIntoView()")
        camera.keep(page, name)


def compare(camera, matrix):
    four = [p["id"] for p in matrix["pictures"] if p["prompt"] == PORTRAIT and p["style"] == "impasto"]
    page = camera.page(f"/compare?a={four[0]}&b={four[2]}")
    page.locator("[data-mode=wipe]").click()
    camera.keep(page, "page-compare")


def gallery(camera, _):
    camera.keep(camera.page("/gallery"), "page-gallery")


def features(camera, _):
    job = camera.studio.once("/api/adapters/stan-nano/analysis", {"collection": "procedural", "per_style": 4})
    page = camera.page(f"/jobs/{job['id']}")
    page.locator("a:has-text('See what came out')").click()
    page.set_viewport_size({"width": 1440, "height": 1010})
    point = page.locator("circle[data-f]").last.bounding_box()  # those of a single style are drawn last
    page.mouse.move(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)
    page.locator("#feature-card img").first.wait_for()
    camera.keep(page, "page-features")


SUBJECTS = {"generate": generate, "compare": compare, "gallery": gallery, "features": features}


def take(given, home):
    with Studio(given.studio, home) as studio, sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MILLIS)
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        camera = Camera(browser, studio, given.out)
        first = camera.page("/")  # the studio draws a matrix by itself on an empty folder
        expect(first.locator(".cell")).not_to_have_count(0)
        expect(first.locator(".cell:not([data-state=done])")).to_have_count(0)
        first.context.close()
        draw(camera, BESIDES)
        matrix = draw(camera, MATRIX)
        for name in given.only or SUBJECTS:
            SUBJECTS[name](camera, matrix)
        browser.close()


def main():
    parser = argparse.ArgumentParser(description="Make the pictures of the pages.")
    parser.add_argument("--studio", default="./studio", help="command line that starts the program")
    parser.add_argument("--out", type=Path, default=Path("docs"), help="folder of the pictures")
    parser.add_argument("--home", type=Path, help="folder of the studio's data, which is kept")
    parser.add_argument("--only", choices=SUBJECTS, action="append", help="these alone")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    if given.home:
        given.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        take(given, given.home.resolve())
    else:
        with tempfile.TemporaryDirectory(prefix="studio-screenshots-") as home:
            take(given, Path(home))


if __name__ == "__main__":
    main()
