"""Fills a studio with 20,000 pictures and 100 adapters, and measures its pages.

    pip install playwright pillow
    python docs/bench/large_studio.py fill --studio ./studio --home DIR
    python docs/bench/large_studio.py measure --studio ./studio --home DIR

`fill` lets the studio make its tables, then writes rows of finished pictures (one matrix of 200, the others of 50) into SQLite and links
their files to a few pictures of 512 x 512 that it paints. `measure` asks for each page several times and loads the pages in Chromium
(named in CHROMIUM, else found on the path).
"""

import argparse
import json
import os
import random
import re
import shlex
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.request
import uuid
from pathlib import Path

PICTURES = 20_000
LARGE = 200
USUAL = 50
ADAPTERS = 100
PAINTED = 16
SIDE = 512
BOARDS = 12
WARM = 5
ROUNDS = 15
STYLES = ["", "ukiyo-e", "woodcut", "cubism", "impressionism", "baroque", "pointillism", "art nouveau"]
PLACES = ["a castle on a hill", "a lighthouse at night", "a boat on a lake", "a cat on a rug", "houses in a street"]
LIGHTS = ["in the morning", "at noon", "in the evening", "in the rain", "in winter"]


class Studio:
    """The program on a folder, until the end of a with block."""

    def __init__(self, command, home):
        self.command = shlex.split(command) + ["serve", "--port", "0", "--workers", "0"]
        self.environment = {**os.environ, "STUDIO_HOME": str(home)}

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.PIPE, text=True, env=self.environment, start_new_session=True
        )
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

    def java(self):
        """The id of the Java machine, which a launcher may have started."""
        group = subprocess.run(["pgrep", "-g", str(self.process.pid)], capture_output=True, text=True).stdout.split()
        return next(pid for pid in group if Path(f"/proc/{pid}/comm").read_text().strip() == "java")

    def processor(self):
        """Milliseconds of processor time that the Java machine has used, its compiler included."""
        numbers = Path(f"/proc/{self.java()}/stat").read_text().rpartition(")")[2].split()
        return (int(numbers[11]) + int(numbers[12])) * 1000 // os.sysconf("SC_CLK_TCK")

    def memory(self):
        """Resident memory, and what is alive on the heap after a collection, in MB."""
        pid = self.java()
        subprocess.run(["jcmd", pid, "GC.run"], capture_output=True, check=True)
        heap = subprocess.run(["jcmd", pid, "GC.heap_info"], capture_output=True, text=True, check=True).stdout
        resident = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()).group(1)
        return int(resident) // 1024, int(re.search(r"used (\d+)K", heap).group(1)) // 1024


def paint(folder):
    from PIL import Image, ImageDraw

    folder.mkdir(parents=True, exist_ok=True)
    for i in range(PAINTED):
        draws = random.Random(i)
        image = Image.effect_noise((SIDE, SIDE), 40).convert("RGB")
        brush = ImageDraw.Draw(image)
        for _ in range(60):
            x, y, r = draws.randrange(SIDE), draws.randrange(SIDE), draws.randrange(8, 90)
            brush.ellipse((x - r, y - r, x + r, y + r), fill=tuple(draws.randrange(256) for _ in range(3)))
        image.save(folder / f"{i}.png")


def place(folder, name):
    (folder / name[:2]).mkdir(parents=True, exist_ok=True)
    return folder / name[:2] / f"{name}.png"


def fill_pictures(home, model):
    """Copies the rows of an order of the studio's own with other subjects; returns the id of the largest matrix."""
    db = sqlite3.connect(home / "studio.db")
    db.row_factory = sqlite3.Row
    matrix = dict(db.execute("SELECT * FROM matrix WHERE id = ?", (model,)).fetchone())
    pictures = {row["method"]: dict(row) for row in db.execute("SELECT * FROM picture WHERE matrix_id = ?", (model,))}
    db.execute("DELETE FROM picture")
    db.execute("DELETE FROM matrix")
    draws = random.Random(1)
    now = int(time.time() * 1000)
    made = 0
    while made < PICTURES:
        count = LARGE if PICTURES - made <= LARGE else min(USUAL, PICTURES - made - LARGE)
        order = fill_matrix(db, matrix, pictures, made, count, now - (PICTURES - made) * 60_000, draws, home)
        made += count
    boards = [str(uuid.uuid4()) for _ in range(BOARDS)]
    db.executemany("INSERT INTO board (id, name, created_at) VALUES (?, ?, ?)", [(b, f"Board {i}", now) for i, b in enumerate(boards)])
    ids = [row[0] for row in db.execute("SELECT id FROM picture")]
    db.executemany(
        "INSERT INTO board_picture (board_id, picture_id) VALUES (?, ?)", [(b, p) for b in boards for p in draws.sample(ids, 500)]
    )
    db.commit()
    return order


def fill_matrix(db, matrix, pictures, first, count, start, draws, home):
    """Adds a matrix of finished pictures: prompts x styles x two methods x seeds."""
    prompts = [f"{draws.choice(PLACES)} {draws.choice(LIGHTS)}, {first + i}" for i in range(count // 10)]
    styles = draws.sample(STYLES, 5)
    settings = json.loads(matrix["settings"])
    settings.update(prompts=prompts, styles=styles, seeds=[7])
    order = {**matrix, "id": str(uuid.uuid4()), "created_at": start, "settings": json.dumps(settings)}
    insert(db, "matrix", [order])
    rows = []
    for i, (prompt, style, method) in enumerate((p, s, m) for p in prompts for s in styles for m in pictures):
        at = start + i * 60_000
        name = str(uuid.UUID(int=draws.getrandbits(128), version=4))
        rows.append(
            {**pictures[method], "id": name, "matrix_id": order["id"], "place": i, "prompt": prompt, "style": style, "method": method,
             "width": SIDE, "height": SIDE, "state": "done", "position": first + i, "steps": 20, "steps_done": 20,
             "starred": int(draws.random() < 0.05), "created_at": start, "changed_at": at, "started_at": at - 900, "finished_at": at}
        )
        os.link(home / "painted" / f"{draws.randrange(PAINTED)}.png", place(home / "pictures", name))
    insert(db, "picture", rows)
    return order["id"]


def insert(db, table, rows):
    names = list(rows[0])
    marks = ", ".join(":" + name for name in names)
    db.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)


def fill_adapters(home, sources):
    """Copies the given adapters; each copy's own text in the file's head gives it a hash of its own."""
    for i in range(ADAPTERS - len(sources)):
        source = sources[i % len(sources)]
        target = home / "adapters" / f"{source.name}-{i:02d}"
        shutil.copytree(source, target)
        mark(target / "adapter_model.safetensors", str(i))


def mark(file, text):
    data = file.read_bytes()
    length = int.from_bytes(data[:8], "little")
    head = json.loads(data[8 : 8 + length])
    head.setdefault("__metadata__", {})["copy"] = text
    changed = json.dumps(head).encode()
    changed += b" " * (-len(changed) % 8)
    file.write_bytes(len(changed).to_bytes(8, "little") + changed + data[8 + length :])


def post(studio, path, order):
    request = urllib.request.Request(
        studio.address + path, data=json.dumps(order).encode(), headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def fill(given):
    if given.home.exists() and any(given.home.iterdir()):
        sys.exit(f"{given.home} is not empty; name a new folder")
    given.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Studio(given.studio, given.home) as studio:
        order = post(studio, "/api/matrices", {"prompts": ["a boat"], "styles": [""], "methods": ["none", "stan-nano"], "seeds": [1]})
    paint(given.home / "painted")
    large = fill_pictures(given.home, order["id"])
    (given.home / "large-matrix").write_text(large)
    fill_adapters(given.home, sorted(path for path in given.adapters.iterdir() if path.is_dir()))
    print(f"{PICTURES} pictures and {ADAPTERS} adapters in {given.home}; the matrix of {LARGE} is {large}")


def ask(address, body=None):
    """Milliseconds to the first byte of the answer, and the answer."""
    start = time.perf_counter()
    with urllib.request.urlopen(urllib.request.Request(address, data=body)) as answer:
        first = answer.read(1)
        waited = (time.perf_counter() - start) * 1000
        return waited, first + answer.read()


def pages(home):
    """Addresses by name; the last page of the gallery begins behind the picture 60 before the oldest."""
    db = sqlite3.connect(home / "studio.db")
    late = db.execute("SELECT id FROM picture ORDER BY finished_at, id LIMIT 1 OFFSET 60").fetchone()[0]
    large = (home / "large-matrix").read_text()
    return {
        "/": "/",
        f"matrix of {LARGE}": f"/generate/{large}",
        "gallery": "/gallery",
        "gallery, style, method and words": "/gallery?style=woodcut&method=stan-nano&q=lighthouse",
        "gallery, words of no picture": "/gallery?q=submarine",
        "gallery, starred first": "/gallery?sort=starred",
        "gallery, last page": f"/gallery/more?after={late}",
        "gallery, last page, starred first": f"/gallery/more?after={late}&sort=starred",
        "gallery, ids of all (5,000)": "/gallery/ids",
        f"{ADAPTERS} adapters": "/adapters",
        "newest 1,000 for programs": "/api/pictures",
    }


def measure(given):
    with Studio(given.studio, given.home) as studio:
        print("resident, heap in MB at the start:", *studio.memory())
        print("| page | processor, ms | first byte, ms | least | first visit | bytes |\n|---|---|---|---|---|---|")
        for name, path in pages(given.home).items():
            time_page(studio, name, path)
        ids = json.loads(ask(studio.address + "/gallery/ids")[1])
        ticks = "&".join("id=" + ticked for ticked in ids).encode()
        time_page(studio, f"which of {len(ids):,} ticks are still there", "/gallery/present", ticks)
        if not given.pages_only:
            browse(studio, given.home)
        print("resident, heap in MB at the end:", *studio.memory())
        for _ in range(ROUNDS):
            for path in pages(given.home).values():
                ask(studio.address + path)
        print(f"resident, heap in MB after {ROUNDS} more rounds:", *studio.memory())


def time_page(studio, name, path, body=None):
    """Prints a row: the server's processor time a request, median and least time to the first byte, that of the first visit."""
    cold, text = ask(studio.address + path, body)
    for _ in range(WARM):
        ask(studio.address + path, body)
    used = studio.processor()
    times = [ask(studio.address + path, body)[0] for _ in range(ROUNDS)]
    used = (studio.processor() - used) / ROUNDS
    print(f"| {name} | {used:.0f} | {statistics.median(times):.0f} | {min(times):.0f} | {cold:.0f} | {len(text):,} |", flush=True)


LOADED = """
() => [...document.images].filter((i) => i.getBoundingClientRect().top < innerHeight && i.getBoundingClientRect().bottom > 0)
  .every((i) => i.complete && i.naturalWidth > 0)
"""


def browse(studio, home):
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=120_000)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    print("| page in Chromium | first byte, ms | DOM ready, ms | pictures in sight, ms | requests | MB received |\n|---|---|---|---|---|---|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, path in pages(home).items():
            if path.startswith(("/gallery/", "/api/")):
                continue
            for visit in ("first", "again"):
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.set_default_timeout(120_000)
                start = time.perf_counter()
                page.goto(studio.address + path, wait_until="domcontentloaded")
                page.wait_for_function(LOADED)
                seen = (time.perf_counter() - start) * 1000
                entry = page.evaluate("performance.getEntriesByType('navigation')[0].toJSON()")
                loaded = page.evaluate("performance.getEntriesByType('resource').map((r) => r.transferSize)")
                print(
                    f"| {name}, {visit} | {entry['responseStart']:.0f} | {entry['domContentLoadedEventEnd']:.0f} | {seen:.0f}"
                    f" | {len(loaded)} | {(sum(loaded) + entry['transferSize']) / 1e6:.1f} |",
                    flush=True,
                )
                page.close()
        choose_all(browser, studio)
        browser.close()


def choose_all(browser, studio):
    from playwright.sync_api import expect

    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(120_000)
    page.goto(studio.address + "/gallery")
    start = time.perf_counter()
    page.locator("#choose-all").click()
    expect(page.locator("#chosen-count")).to_have_text(re.compile(r"[1-9]\d* chosen"))
    print(f"choose all: {(time.perf_counter() - start) * 1000:.0f} ms, {page.locator('#chosen-count').inner_text()}")
    start = time.perf_counter()
    page.reload()
    expect(page.locator("#chosen-count")).to_have_text(re.compile(r"[1-9]\d* chosen"))
    print(f"the gallery again with these ticks: {(time.perf_counter() - start) * 1000:.0f} ms", flush=True)
    page.close()


def main():
    parser = argparse.ArgumentParser(description="Fill a large studio, and measure its pages.")
    parser.add_argument("what", choices=["fill", "measure"])
    parser.add_argument("--studio", default="./studio", help="command line that starts the program")
    parser.add_argument("--home", type=Path, required=True, help="folder of the studio's data")
    parser.add_argument("--adapters", type=Path, default=Path("stan-adapter/models"), help="adapters to copy")
    parser.add_argument("--pages-only", action="store_true", help="measure without a browser")
    given = parser.parse_args()
    given.home = given.home.resolve()
    {"fill": fill, "measure": measure}[given.what](given)


if __name__ == "__main__":
    main()
