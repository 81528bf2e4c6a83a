"""Draws the imports between the program's packages, and counts them.

    mvn -q -B -ntp -DskipTests package
    python3 docs/reference/imports.py docs/imports.svg     # needs jdeps (of the JDK) and Graphviz' dot

Reads the compiled classes with jdeps. Arrows that follow from others are left out of the drawing, not of the counts.
"""

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = "dev.stanstudio."
LINE = re.compile(r"\s+(dev\.stanstudio\.[\w.$]+)\s+-> (dev\.stanstudio\.[\w.$]+)")


def modules():
    poms = re.findall(r"<module>(.+?)</module>", (ROOT / "pom.xml").read_text())
    return {name: ROOT / name / "target" / "classes" for name in poms}


def classes_of(folder):
    return {
        ".".join(path.relative_to(folder).with_suffix("").parts)
        for path in folder.rglob("*.class")
        if "templates" not in path.parts and "pages" not in path.parts
    }


def dependencies(folders):
    path = ":".join(str(folder) for folder in folders)
    for folder in folders:
        out = subprocess.run(
            ["jdeps", "-verbose:class", "-filter:none", "--ignore-missing-deps", "--multi-release", "17", "-cp", path, folder],
            capture_output=True, text=True, check=True).stdout
        for line in out.splitlines():
            found = LINE.match(line)
            if found and "templates" not in line:
                yield found.groups()


def package(name):
    return name[len(OURS):].rpartition(".")[0] or "(root)"


def circles(arrows):
    """Packages that reach themselves."""
    reach = {a: set(b) for a, b in arrows.items()}
    changed = True
    while changed:
        changed = False
        for a in reach:
            more = set().union(*(reach.get(b, set()) for b in reach[a])) - reach[a] if reach[a] else set()
            if more:
                reach[a] |= more
                changed = True
    return sorted(a for a in reach if a in reach[a]), reach


def draw(home, arrows, reach, target):
    lines = ["digraph imports {", 'rankdir=TB; node [shape=box, fontname="Helvetica", fontsize=10, style=filled, fillcolor=white];',
             'graph [fontname="Helvetica", fontsize=12]; edge [color="#00000066", arrowsize=0.6];']
    for i, module in enumerate(sorted(set(home.values()))):
        inside = "; ".join(f'"{p}"' for p in sorted(home) if home[p] == module)
        lines.append(f'subgraph cluster{i} {{ label="{module}"; style=filled; color="#eef2f7"; {inside}; }}')
    for a in sorted(arrows):
        for b in sorted(arrows[a]):
            if not any(b in reach.get(c, ()) for c in arrows[a] if c != b and c != a):
                lines.append(f'"{a}" -> "{b}";')
    lines.append("}")
    subprocess.run(["dot", "-Tsvg", "-o", target], input="\n".join(lines), text=True, check=True)


def main():
    found = modules()
    home, owner = {}, {}
    for module, folder in found.items():
        for name in classes_of(folder):
            owner[name] = module
            home[package(name)] = module
    arrows, into, across = defaultdict(set), set(), set()
    for user, used in dependencies(list(found.values())):
        if user not in owner or used not in owner:
            continue  # compiled templates
        a, b = package(user), package(used)
        if a != b:
            arrows[a].add(b)
        ma, mb = owner[user], owner[used]
        if ma != mb:
            across.add((ma, mb))
            if mb == "datasets" and not ma.startswith("datasets"):
                into.add((user.split("$")[0], used.split("$")[0]))
    round_trips, reach = circles(arrows)
    print(f"{len(home)} packages, {len(into)} references into datasets, packages in a circle: {round_trips or 'none'}")
    for a, b in sorted(across):
        print(f"{a} -> {b}")
    if len(sys.argv) > 1:
        draw(home, arrows, reach, sys.argv[1])


if __name__ == "__main__":
    main()
