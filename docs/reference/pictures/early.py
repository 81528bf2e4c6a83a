"""Writes early.zip: TIFF and WebP files whose data end early, and the intact ones they are made from.

    python docs/reference/pictures/early.py early.zip

Of each "early" file Pillow is asked to refuse it, but for JPEG in TIFF, which libtiff fills up.
"""
import io
import struct
import sys
import zipfile

import numpy as np
import tifffile
from PIL import Image

rng = np.random.default_rng(1)
y, x = np.mgrid[0:32, 0:24]
RGB = np.clip(np.stack([127 + 60 * np.sin(x / 4 + c) + 40 * np.cos(y / 3) + rng.normal(0, 9, x.shape)
                        for c in range(3)], -1), 1, 255).astype(np.uint8)
RGBA = np.concatenate([RGB, np.clip(x * 10, 0, 255).astype(np.uint8)[..., None]], -1)


def tiffs():
    for name in ("none", "lzw", "deflate", "packbits", "jpeg"):
        compression = None if name == "none" else name
        yield f"{name}-strips", RGB, dict(compression=compression, rowsperstrip=8, photometric="rgb")
        yield f"{name}-tiles", RGB, dict(compression=compression, tile=(16, 16), photometric="rgb")
        if name != "jpeg":
            planes = np.moveaxis(RGB, -1, 0).copy()
            yield f"{name}-planes", planes, dict(
                compression=compression, rowsperstrip=8, photometric="rgb", planarconfig="separate")
            yield f"{name}-grey16", RGB[..., 0].astype(np.uint16) * 257, dict(
                compression=compression, rowsperstrip=32)


def early(data, name):
    """The last block behind all else, cut there, or stated too short where it is compressed."""
    with tifffile.TiffFile(io.BytesIO(data)) as tif:
        page, order = tif.pages[0], tif.byteorder
        tags = [page.tags.get(a) or page.tags[b] for a, b in ((324, 273), (325, 279))]
        last = len(page.dataoffsets) - 1
        at, count = page.dataoffsets[last], page.databytecounts[last]
    kinds = ["HI"[int(tag.dtype) == 4] for tag in tags]
    places = [tag.valueoffset + struct.calcsize(kind) * last for tag, kind in zip(tags, kinds)]
    moved = bytearray(data)
    struct.pack_into(order + kinds[0], moved, places[0], len(data))
    moved += data[at:at + count]
    yield "moved-intact", bytes(moved)
    yield "cut-early", bytes(moved[:-count // 3])
    if not name.startswith("none"):
        short = bytearray(data)
        struct.pack_into(order + kinds[1], short, places[1], count * 2 // 3)
        yield "short-early", bytes(short)


def webps():
    exif = Image.Exif()
    exif[274] = 6
    for name, pixels, options in (
            ("lossy", RGB, {}), ("lossless", RGB, dict(lossless=True)), ("alpha", RGBA, {}),
            ("clear", RGBA, dict(lossless=True)), ("exif", RGB, dict(exif=exif.tobytes())),
            ("lossless-exif", RGB, dict(lossless=True, exif=exif.tobytes()))):
        out = io.BytesIO()
        Image.fromarray(pixels).save(out, "webp", **options)
        yield name, out.getvalue()


def chunks(data):
    at = 12
    while at + 8 <= len(data):
        length = struct.unpack_from("<I", data, at + 4)[0]
        yield data[at:at + 4], data[at + 8:at + 8 + length]
        at += 8 + length + (length & 1)


def webp(parts):
    body = b"WEBP" + b"".join(
        n + struct.pack("<I", len(d)) + d + bytes(len(d) & 1) for n, d in parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def damaged(data):
    parts = list(chunks(data))
    for i, (name, body) in enumerate(parts):
        if name not in (b"VP8 ", b"VP8L", b"ALPH"):
            continue
        for share in (30, 60, 90):
            cut = parts[:i] + [(name, body[:len(body) * share // 100])] + parts[i + 1:]
            yield f"{name.decode().strip()}-{share}-early", webp(cut)
        if name == b"VP8 ":
            for size in (20, 5000):
                tag = (body[0] & 31 | size << 5).to_bytes(3, "little")
                yield f"partition-{size}-early", webp(
                    parts[:i] + [(name, tag + body[3:])] + parts[i + 1:])


def refused(data):
    try:
        Image.open(io.BytesIO(data)).convert("RGB")
    except Exception:
        return True
    return False


with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as out:
    def put(name, data):
        assert refused(data) == ("early" in name) or "jpeg" in name, name
        out.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)

    for name, pixels, options in tiffs():
        stream = io.BytesIO()
        tifffile.imwrite(stream, pixels, metadata=None, **options)
        put(f"{name}-intact.tif", stream.getvalue())
        for kind, data in early(stream.getvalue(), name):
            put(f"{name}-{kind}.tif", data)
    for name, data in webps():
        put(f"{name}-intact.webp", data)
        for kind, broken in damaged(data):
            put(f"{name}-{kind}.webp", broken)
