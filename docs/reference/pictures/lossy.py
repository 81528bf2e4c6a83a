"""Writes the lossy WebP files that Vp8Test reads, with the SHA-256 of the pixels that Pillow reads from each.

    python -P docs/reference/pictures/lossy.py datasets/base/src/test/resources/dev/stanstudio/base/image/lossy.zip

Needs Pillow, numpy and `webp` (0.4.0, for settings of libwebp that Pillow does not offer; `-P`, since webp.py lies beside this). The rows of expected.tsv: file, mode,
width, height, hash; or file and "refused". Frames of random bits have what no encoder writes: levels of the loop filter by mode,
segments stated as differences, every version.
"""
import hashlib
import io
import struct
import sys
import zipfile

import numpy as np
import webp
from PIL import Image, ImageDraw

RNG = np.random.default_rng(6386)


def flat(w, h):
    return np.broadcast_to(RNG.integers(0, 256, 3, dtype=np.uint8), (h, w, 3)).copy()


def smooth(w, h):
    y, x = np.mgrid[0:h, 0:w]
    a = RNG.uniform(5, 40, 6)
    return np.stack([127 + 120 * np.sin(x / a[2 * c] + y / a[2 * c + 1]) for c in range(3)], -1).astype(np.uint8)


def gradient(w, h):
    y, x = np.mgrid[0:h, 0:w]
    return np.stack([255 * x / w, 255 * y / h, 255 - 255 * x / w], -1).astype(np.uint8)


def photo(w, h):
    soft = Image.fromarray(RNG.integers(30, 220, (h // 8 + 3, w // 8 + 3, 3), dtype=np.uint8)).resize((w, h), Image.BICUBIC)
    return np.clip(np.asarray(soft) + RNG.normal(0, 8, (h, w, 3)), 0, 255).astype(np.uint8)


def noise(w, h):
    return RNG.integers(0, 256, (h, w, 3), dtype=np.uint8)


def text(w, h):
    image = Image.new("RGB", (w, h), (240, 230, 20))
    draw = ImageDraw.Draw(image)
    draw.text((1, 1), "Mill 7", fill=(10, 20, 160), font_size=max(8, h // 3))
    draw.line([(0, h), (w, 0)], fill=(200, 0, 0), width=2)
    return np.asarray(image)


KINDS = [flat, smooth, gradient, photo, noise, text]


def by_pillow(pixels, **options):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "webp", **options)
    return out.getvalue()


def by_libwebp(pixels, quality, partitions, **options):
    config = webp.WebPConfig.new(quality=quality)
    for name, value in options.items():
        setattr(config.ptr, name, value)
    # The package does not name the fields behind `pass`; the number of partitions is the third of them.
    numbers = webp.ffi.cast("int *", webp.ffi.addressof(config.ptr[0], "pass"))
    numbers[3] = partitions
    picture = webp.WebPPicture.from_pil(Image.fromarray(pixels))
    return bytes(picture.encode(config).buffer())


def riff(chunk):
    body = b"WEBPVP8 " + struct.pack("<I", len(chunk)) + chunk + bytes(len(chunk) & 1)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def random_frame():
    """A frame whose header is followed by random bits; a first partition never begins with 255."""
    w, h = (int(v) for v in RNG.integers(1, 40, 2))
    blocks = -(-w // 16) * -(-h // 16)
    first = bytes([int(RNG.integers(0, 255))]) + RNG.bytes(200 + 30 * blocks)
    tag = len(first) << 5 | 1 << 4 | int(RNG.integers(0, 4)) << 1
    sides = struct.pack("<HH", w, h)
    return riff(tag.to_bytes(3, "little") + b"\x9d\x01\x2a" + sides + first + RNG.bytes(450 * blocks))


def pillow_reads(data):
    try:
        image = Image.open(io.BytesIO(data))
        image.load()
    except Exception:
        return None
    return image


def files():
    yield "flat-wrong-before", by_pillow(np.full((64, 64, 3), (200, 30, 90), np.uint8), quality=10, method=0)
    for number, kind in enumerate(KINDS * 5):
        w, h = (int(v) for v in RNG.integers(1, 60, 2))
        options = dict(quality=(0, 10, 50, 80, 100)[number // 6], method=number % 7)
        yield f"{kind.__name__}-{w}x{h}-{options['quality']}-{options['method']}", by_pillow(kind(w, h), **options)
    for side in (1, 2, 16, 17):
        yield f"side-{side}", by_pillow(photo(side, 18 - side), quality=60)
    for number, kind in enumerate(KINDS):
        pixels = np.dstack([kind(37, 29), smooth(37, 29)[..., 0]])
        yield f"alpha-{kind.__name__}", by_pillow(pixels, quality=70, exact=number % 2 == 0, alpha_quality=(100, 60, 10)[number % 3])
    for number in range(12):
        options = dict(segments=1 + number % 4, filter_type=number % 2, filter_strength=(20, 60, 100)[number % 3],
                       filter_sharpness=number % 8, sns_strength=80, method=number % 7)
        yield f"settings-{number}", by_libwebp(KINDS[number % 6](50, 140), 5.0 + 8 * number, number % 4, **options)
    random = []
    while len(random) < 16:
        frame = random_frame()
        if pillow_reads(frame):
            random.append(frame)
    yield from ((f"random-{number}", frame) for number, frame in enumerate(random))
    yield from cut()


def cut():
    """Files whose chunk states what is there, of pixels that end early or are of another kind."""
    chunk = by_pillow(photo(40, 40), quality=60)[20:]
    for share in (15, 40, 70, 95):
        yield f"cut-{share}", riff(chunk[:len(chunk) * share // 100])
    yield "not-shown", riff(bytes([chunk[0] & ~0x10]) + chunk[1:])
    yield "not-a-key-frame", riff(bytes([chunk[0] | 1]) + chunk[1:])
    yield "version-4", riff(bytes([chunk[0] & ~0xE | 4 << 1]) + chunk[1:])
    whole = by_pillow(photo(40, 40), quality=60)
    yield "no-pixels-first", whole[:12] + b"EXIF\2\0\0\0ab" + whole[12:]


def main():
    rows = []
    with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as out:
        def put(name, data):
            out.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)

        for name, data in files():
            put(f"{name}.webp", data)
            image = pillow_reads(data)
            found = ["refused"] if image is None else [
                image.mode, str(image.width), str(image.height), hashlib.sha256(image.tobytes()).hexdigest()]
            rows.append("\t".join([f"{name}.webp", *found]) + "\n")
        put("expected.tsv", "".join(rows))


if __name__ == "__main__":
    main()
