#!/usr/bin/env python3
"""Drives STAN Studio by HTTP alone: trains an adapter, draws with and without it, scores the pictures, and opens a blind study of them.

    ./studio serve &
    python3 docs/client/studio_client.py --name my-woodcut --styles woodcut --steps 200

Needs nothing but Python's standard library. /openapi.json of a running studio describes every call. A studio with a password is given it
in STUDIO_PASSWORD.
"""

import argparse
import http.cookiejar
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


class Refused(Exception):
    """The studio's one line about what to change."""


class Studio:
    """Calls of a studio at an address."""

    def __init__(self, address):
        self.address = address.rstrip("/")
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)

    def login(self, password):
        form = urllib.parse.urlencode({"password": password}).encode()
        self._open(urllib.request.Request(self.address + "/login", data=form))

    def get(self, path):
        return json.loads(self._open(urllib.request.Request(self.address + path)))

    def post(self, path, **fields):
        given = {name: value for name, value in fields.items() if value is not None}
        request = urllib.request.Request(
            self.address + path, data=json.dumps(given).encode(), headers={"Content-Type": "application/json"}
        )
        return json.loads(self._open(request))

    def store(self, file):
        """Stores a picture; returns its name for orders."""
        boundary = "studio-client-" + os.urandom(16).hex()
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="picture"; filename="picture"\r\n\r\n'
        with open(file, "rb") as picture:
            body = head.encode() + picture.read() + f"\r\n--{boundary}--\r\n".encode()
        request = urllib.request.Request(
            self.address + "/api/inputs", data=body, headers={"Content-Type": "multipart/form-data; boundary=" + boundary}
        )
        return json.loads(self._open(request))["picture"]

    def _open(self, request):
        request.add_header("Accept", "application/json")
        try:
            with self.opener.open(request) as answer:
                return answer.read()
        except urllib.error.HTTPError as e:
            body = e.read().decode()
            try:
                raise Refused(json.loads(body)["error"]) from None
            except (ValueError, KeyError):
                raise Refused(f"{request.full_url}: HTTP {e.code}") from None

    def wait_for_job(self, job, pause):
        """Waits until a training, scoring or analysis has ended; returns it."""
        while job["state"] in ("queued", "running"):
            time.sleep(pause)
            job = self.get("/api/jobs/" + job["id"])
        if job["state"] != "done":
            raise Refused(f"{job['title']} {job['state']}: {job['said']}")
        return job

    def wait_for_pictures(self, matrix, pause):
        """Waits until no picture of a matrix is left to draw; returns their ids."""
        while any(p["state"] in ("queued", "running") for p in matrix["pictures"]):
            time.sleep(pause)
            matrix = self.get("/api/matrices/" + matrix["id"])
        for picture in matrix["pictures"]:
            if picture["state"] != "done":
                raise Refused(f"seed {picture['seed']} {picture['state']}: {picture['remark']}")
        return [picture["id"] for picture in matrix["pictures"]]


def options():
    parser = argparse.ArgumentParser(description="Train, draw, score and open a blind study, by HTTP alone.")
    parser.add_argument("--address", default="http://127.0.0.1:8741")
    parser.add_argument("--name", required=True, help="of the new adapter")
    parser.add_argument("--kind", default="stan")
    parser.add_argument("--model", default="sd3-nano")
    parser.add_argument("--preset", default="nano")
    parser.add_argument("--collection", default="procedural", help="to train on and to compare with")
    parser.add_argument("--styles", default="woodcut", help="with commas between them")
    parser.add_argument("--steps", type=int, default=200, help="of the training")
    parser.add_argument("--batch", type=int)
    parser.add_argument("--prompt", action="append", help="several times for several")
    parser.add_argument("--seeds", type=int, default=4, help="pictures of each prompt, style and method")
    parser.add_argument("--size", type=int, help="width and height of the pictures")
    parser.add_argument("--picture-steps", type=int)
    parser.add_argument("--control", metavar="NETWORK", help="a ControlNet that steers the pictures")
    parser.add_argument("--control-picture", metavar="FILE")
    parser.add_argument("--preprocessor", default="canny", help="what makes the control picture of FILE")
    parser.add_argument("--lock", action="store_true", help="end the study at once, to see its files")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between questions whether something is done")
    given = parser.parse_args()
    if bool(given.control) != bool(given.control_picture):
        parser.error("give --control and --control-picture together")
    return given


def controls(studio, given):
    if not given.control:
        return None
    picture = studio.store(given.control_picture)
    return [{"network": given.control, "picture": picture, "preprocessor": given.preprocessor}]


def main():
    given = options()
    styles = [style.strip() for style in given.styles.split(",")]
    studio = Studio(given.address)
    if os.environ.get("STUDIO_PASSWORD"):
        studio.login(os.environ["STUDIO_PASSWORD"])

    training = studio.post(
        "/api/trainings",
        name=given.name,
        kind=given.kind,
        model=given.model,
        preset=given.preset,
        collection=given.collection,
        styles=given.styles,
        steps=given.steps,
        batch=given.batch,
    )
    studio.wait_for_job(training, given.pause)
    adapter = studio.get("/api/adapters/" + given.name)
    print(f"trained {adapter['name']}: {adapter['kind']}, {adapter['parameters']} parameters, sha256 {adapter['sha256'][:12]}")

    matrix = studio.post(
        "/api/matrices",
        model=given.model,
        prompts=given.prompt or ["a lighthouse at night"],
        styles=styles,
        methods=["none", given.name],
        seeds=list(range(given.seeds)),
        width=given.size,
        height=given.size,
        steps=given.picture_steps,
        controls=controls(studio, given),
    )
    pictures = studio.wait_for_pictures(matrix, given.pause)
    print(f"drew {len(pictures)} pictures: {given.address}/generate/{matrix['id']}")

    scoring = studio.post("/api/scorings", pictures=pictures, collection=given.collection, title=f"Scores of {given.name}")
    scoring = studio.wait_for_job(scoring, given.pause)
    summary = studio.get(scoring["result"] + "/summary.json")
    for number in summary["numbers"]:
        if number.get("style") is None and number["over"] == "pictures" and number["metric"] in ("clip_t", "dino_style"):
            interval = f" [{number['low']:.3f}, {number['high']:.3f}]" if "low" in number else ""
            print(f"{number['metric']} of {number['method']}: {number['value']:.3f}{interval}, N = {number['n']}")

    study = studio.post(
        "/api/studies",
        title="Which picture do you like better?",
        pictures=pictures,
        questions=["Which picture do you like better?"],
        checks=0,
        repeats=0,
        training=0,
    )
    print(f"study for voters: {given.address}{study['vote']}")
    if given.lock:
        study = studio.post(f"/api/studies/{study['id']}/lock")
        result = studio.get(f"/api/studies/{study['id']}/result")
        print(f"locked with {result['votes_counted']} votes; {len(study['files'])} files, such as {study['files'][0]}")


if __name__ == "__main__":
    try:
        main()
    except (Refused, urllib.error.URLError) as e:
        sys.exit(f"studio_client: {e}")
