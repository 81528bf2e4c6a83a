"""Writes varied picture files and the pixels that Pillow reads from them.

    python docs/reference/pictures/make.py DIR [--seed 1] [--only PREFIX]

DIR/files/NAME is a picture; DIR/stored/NAME.png is Pillow's convert("RGB"), DIR/seen/NAME.png is
exif_transpose over white. A file that Pillow refuses has neither. compare.py reads the same files
with the program. Needs Pillow, numpy, tifffile, imagecodecs and, for some files, ImageMagick.
"""
import argparse
import io
import pathlib
import shutil
import struct
import subprocess
import zlib

import imagecodecs
import numpy as np
import tifffile
from PIL import Image, ImageOps, PngImagePlugin

Image.MAX_IMAGE_PIXELS = None
W, H = 37, 26


def scene(rng, channels=3, w=W, h=H):
    """Smooth colours, an edge and some noise: what codecs treat differently is all there."""
    y, x = np.mgrid[0:h, 0:w]
    planes = []
    for c in range(channels):
        a, b, p = rng.uniform(2, 7, 3)
        plane = 127 + 70 * np.sin(x / a + p) + 50 * np.cos(y / b + c)
        plane = np.where(x + 2 * y > w, plane, 255 - plane) + rng.normal(0, 6, (h, w))
        planes.append(plane)
    return np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8)


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def adobe(transform, length=12):
    body = b"Adobe" + struct.pack(">HHHB", 100, 0, 0, transform)
    return segment(0xEE, body[:length] + bytes(max(0, length - 12)))


def segments(jpeg):
    at = 2
    while jpeg[at + 1] != 0xDA:
        end = at + 2 + struct.unpack(">H", jpeg[at + 2:at + 4])[0]
        yield jpeg[at + 1], jpeg[at:end]
        at = end
    yield None, jpeg[at:]


def without(jpeg, *markers):
    return b"\xff\xd8" + b"".join(s for m, s in segments(jpeg) if m not in markers)


def inserted(jpeg, *parts):
    return jpeg[:2] + b"".join(parts) + jpeg[2:]


def renamed(jpeg, ids):
    out = []
    for marker, s in segments(jpeg):
        s = bytearray(s)
        if marker in (0xC0, 0xC1, 0xC2):
            old = [s[10 + 3 * i] for i in range(len(ids))]
            for i, name in enumerate(ids):
                s[10 + 3 * i] = name
        if marker is None:
            for i in range(s[4]):
                s[5 + 2 * i] = ids[old.index(s[5 + 2 * i])]
        out.append(bytes(s))
    return b"\xff\xd8" + b"".join(out)


def resampled(jpeg, factors):
    """Other sampling factors in the frame header; the scan then means another, valid picture."""
    out = []
    for marker, s in segments(jpeg):
        s = bytearray(s)
        if marker in (0xC0, 0xC1, 0xC2):
            for i, f in enumerate(factors):
                s[11 + 3 * i] = f
        out.append(bytes(s))
    return b"\xff\xd8" + b"".join(out)


def save(array, fmt, mode=None, **options):
    out = io.BytesIO()
    image = array if isinstance(array, Image.Image) else Image.fromarray(array)
    (image.convert(mode) if mode else image).save(out, fmt, **options)
    return out.getvalue()


def jpeg(array, **options):
    return save(array, "JPEG", **{"quality": 88, **options})


def exif(orientation, endian="<", kind=3, count=1):
    head = b"II*\0" if endian == "<" else b"MM\0*"
    value = struct.pack(endian + ("HH" if kind == 3 else "I"), *((orientation, 0) if kind == 3 else (orientation,)))
    return head + struct.pack(endian + "IHHHI", 8, 1, 0x0112, kind, count) + value + bytes(4)


def xmp(orientation, element=False):
    body = f"<tiff:Orientation>{orientation}</tiff:Orientation>" if element else ""
    attribute = "" if element else f' tiff:Orientation="{orientation}"'
    return ('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            f'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/"{attribute}>{body}</rdf:Description>'
            "</rdf:RDF></x:xmpmeta>").encode()


def app_xmp(body):
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + body)


def app_exif(tiff):
    return segment(0xE1, b"Exif\0\0" + tiff)


def jpegs(rng):
    rgb, grey = scene(rng), scene(rng, 1)[..., 0]
    for name, sub in (("444", 0), ("422", 1), ("420", 2)):
        for progressive in (False, True):
            kind = "p" if progressive else "b"
            yield f"jpg-{name}-{kind}.jpg", jpeg(rgb, subsampling=sub, progressive=progressive)
    for name, arg in (("411", "4x1"), ("440", "1x2"), ("410", "4x2"), ("441", "1x4")):
        yield f"jpg-{name}.jpg", magick(rgb, "jpg", "-sampling-factor", arg, "-quality", "88")
        yield f"jpg-{name}-p.jpg", magick(rgb, "jpg", "-sampling-factor", arg, "-interlace", "JPEG")
    for w, h in ((1, 1), (3, 2), (2, 3), (1, 40), (40, 1), (17, 16)):
        for name, arg in (("440", "1x2"), ("420", "2x2"), ("422", "2x1")):
            yield f"jpg-{w}x{h}-{name}.jpg", magick(scene(rng, w=w, h=h), "jpg", "-sampling-factor", arg)
    yield "jpg-grey.jpg", jpeg(grey)
    yield "jpg-grey-adobe0.jpg", inserted(without(jpeg(grey), 0xE0), adobe(0))
    yield "jpg-grey-adobe1.jpg", inserted(without(jpeg(grey), 0xE0), adobe(1))
    yield "jpg-grey-factor22.jpg", resampled(jpeg(grey), [0x22])
    plain = jpeg(rgb, subsampling=0)
    for transform in (0, 1, 2, 7):
        yield f"jpg-adobe{transform}.jpg", inserted(without(plain, 0xE0), adobe(transform))
        yield f"jpg-jfif-adobe{transform}.jpg", inserted(plain, adobe(transform))
        yield f"jpg-adobe{transform}-420.jpg", inserted(without(jpeg(rgb, subsampling=2), 0xE0), adobe(transform))
    yield "jpg-adobe-short.jpg", inserted(without(plain, 0xE0), segment(0xEE, b"Adobe\0\x64\0"))
    yield "jpg-adobe-long.jpg", inserted(without(plain, 0xE0), adobe(0, 20))
    yield "jpg-adobe-twice.jpg", inserted(without(plain, 0xE0), adobe(0), adobe(1))
    for name, ids in (("rgb", b"RGB"), ("lower", b"rgb"), ("012", b"\0\1\2"), ("ycc", b"YCc"), ("big", b"\x22\x23\x24"), ("345", b"\3\4\5")):
        yield f"jpg-ids-{name}.jpg", renamed(without(plain, 0xE0), ids)
        yield f"jpg-ids-{name}-jfif.jpg", renamed(plain, ids)
        yield f"jpg-ids-{name}-adobe1.jpg", inserted(renamed(without(plain, 0xE0), ids), adobe(1))
    yield "jpg-nojfif.jpg", without(plain, 0xE0)
    yield "jpg-nojfif-420.jpg", without(jpeg(rgb, subsampling=2), 0xE0)
    yield "jpg-jfif21.jpg", plain.replace(b"JFIF\0\1\1", b"JFIF\0\2\7", 1)
    yield "jpg-jfif102.jpg", plain.replace(b"JFIF\0\1\1", b"JFIF\0\1\2", 1)
    yield "jpg-jfif-shortseg.jpg", inserted(without(plain, 0xE0), segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1"))
    yield "jpg-jfif-thumb.jpg", inserted(without(plain, 0xE0), segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\2\2" + bytes(12)))
    yield "jpg-jfxx.jpg", inserted(without(plain, 0xE0), segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"), segment(0xE0, b"JFXX\0\x13\1\1\5\6\7"))
    yield "jpg-jfif-late.jpg", inserted(without(plain, 0xE0), app_exif(exif(1)), segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"))
    yield "jpg-jfif-twice.jpg", inserted(plain, segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"))
    yield "jpg-fill.jpg", inserted(plain, b"\xff\xff\xff")
    yield "jpg-comments.jpg", inserted(plain, *[segment(0xFE, b"x" * 60000)] * 30)
    yield "jpg-trailing.jpg", plain + b"junk" * 100
    yield "jpg-restart.jpg", magick(rgb, "jpg", "-define", "jpeg:restart-interval=2")
    yield "jpg-optimized.jpg", jpeg(rgb, optimize=True)
    yield "jpg-q1.jpg", jpeg(rgb, quality=1)
    yield "jpg-q100.jpg", jpeg(rgb, quality=100)
    yield "jpg-junk-before-sos.jpg", b"\xff\xd8" + b"".join((b"\1\2" if m is None else b"") + s for m, s in segments(plain))
    yield "jpg-dnl.jpg", dnl(plain)
    yield "jpg-noeoi.jpg", plain[:-2]
    yield "jpg-noeoi-p.jpg", jpeg(rgb, progressive=True)[:-2]
    for share in (0.3, 0.6, 0.95):
        yield f"jpg-cut{share}.jpg", plain[:int(len(plain) * share)]
    flipped = bytearray(plain)
    flipped[len(plain) * 2 // 3] ^= 0x55
    yield "jpg-flipped.jpg", bytes(flipped)
    yield "jpg-mpo.jpg", save(Image.fromarray(rgb), "MPO", save_all=True, append_images=[Image.fromarray(255 - rgb)])
    yield "jpg-12bit.jpg", imagecodecs.jpeg8_encode(rgb.astype(np.uint16) * 16, bitspersample=12)
    yield "jpg-lossless.jpg", imagecodecs.ljpeg_encode(grey)
    yield "jpg-huge-header.jpg", b"\xff\xd8" + b"".join(
        s[:5] + b"\xff\xff\xff\xff" + s[9:] if m == 0xC0 else s for m, s in segments(plain))
    yield from cmyks(rng)


def dnl(plain):
    """The number of lines after the scan (T.81, B.2.5)."""
    out = b"".join(s[:5] + b"\0\0" + s[7:] if m == 0xC0 else s for m, s in segments(plain))
    return b"\xff\xd8" + out[:-2] + b"\xff\xdc\0\4" + struct.pack(">H", H) + b"\xff\xd9"


def cmyks(rng):
    inks = scene(rng, 4)
    profile = segment(0xE2, b"ICC_PROFILE\0\1\1" + cmyk_profile())
    for sub in ("444", "420"):
        for progressive in (False, True):
            tag = f"{sub}{'-p' if progressive else ''}"
            whole = jpeg(Image.fromarray(inks, "CMYK"), progressive=progressive, subsampling={"444": 0, "420": 2}[sub])
            bare = without(whole, 0xE0, 0xEE)
            yield f"cmyk-bare-{tag}.jpg", bare
            for transform in (0, 1, 2, 9):
                yield f"cmyk-adobe{transform}-{tag}.jpg", inserted(bare, adobe(transform))
            yield f"cmyk-jfif-{tag}.jpg", inserted(bare, segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"))
            yield f"cmyk-jfif-adobe2-{tag}.jpg", inserted(bare, segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"), adobe(2))
            yield f"cmyk-icc-{tag}.jpg", inserted(bare, adobe(2), profile)
            yield f"cmyk-ids-{tag}.jpg", renamed(bare, b"CMYK")
            yield f"cmyk-ids-adobe2-{tag}.jpg", inserted(renamed(bare, b"CMYK"), adobe(2))
            yield f"cmyk-exif6-{tag}.jpg", inserted(bare, adobe(2), app_exif(exif(6)))
    base = jpeg(Image.fromarray(scene(rng, 4, 48, 32), "CMYK"), subsampling=0)
    for name, factors in (("2112", [0x22, 0x11, 0x11, 0x22]), ("2x1", [0x21, 0x11, 0x11, 0x21]), ("1x2", [0x12, 0x11, 0x11, 0x12])):
        yield f"cmyk-ycck-{name}.jpg", magick_cmyk(rng, name)
    yield "cmyk-im.jpg", magick_cmyk(rng, None)
    yield "cmyk-2layers.jpg", two_layers(base)


def two_layers(base):
    return base.replace(b"\x08\x00\x20\x00\x30\x04", b"\x08\x00\x20\x00\x30\x02", 1)


def magick_cmyk(rng, sampling):
    options = ["-colorspace", "CMYK"]
    if sampling:
        options += ["-sampling-factor", {"2112": "2x2", "2x1": "2x1", "1x2": "1x2"}[sampling]]
    return magick(scene(rng), "jpg", *options)


def cmyk_profile():
    """A profile that claims CMYK; readers that honour profiles stumble over it."""
    head = bytearray(132)
    struct.pack_into(">I4sI4s4s4s", head, 0, 132, b"none", 0x02400000, b"prtr", b"CMYK", b"Lab ")
    head[36:40] = b"acsp"
    return bytes(head)


def turned(rng):
    rgb = scene(rng)
    plain = jpeg(rgb, subsampling=0)
    for o in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9):
        yield f"turn-exif{o}.jpg", inserted(plain, app_exif(exif(o)))
        yield f"turn-xmp{o}.jpg", inserted(plain, app_xmp(xmp(o)))
        yield f"turn-xmpel{o}.jpg", inserted(plain, app_xmp(xmp(o, True)))
        yield f"turn-exif{o}.png", png(rgb, (b"eXIf", exif(o, ">")))
        yield f"turn-raw{o}.png", png(rgb, (b"zTXt", raw_profile(exif(o))))
        yield f"turn-xmp{o}.png", png(rgb, (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp(o)))
        yield f"turn-exif{o}.webp", save(rgb, "WEBP", lossless=True, exif=b"Exif\0\0" + exif(o))
        yield f"turn-bare{o}.webp", save(rgb, "WEBP", lossless=True, exif=exif(o))
        yield f"turn-xmp{o}.webp", save(rgb, "WEBP", lossless=True, xmp=xmp(o))
        for endian in "<>":
            out = io.BytesIO()
            tifffile.imwrite(out, rgb, byteorder=endian, extratags=[(274, 3, 1, o, True)])
            yield f"turn-{'le' if endian == '<' else 'be'}{o}.tif", out.getvalue()
    yield "turn-long.jpg", inserted(plain, app_exif(exif(6, kind=4)))
    yield "turn-byte.jpg", inserted(plain, app_exif(exif(6, kind=1)))
    yield "turn-sshort.jpg", inserted(plain, app_exif(exif(6, kind=8)))
    yield "turn-ascii.jpg", inserted(plain, app_exif(exif(6, kind=2)))
    yield "turn-count2.jpg", inserted(plain, app_exif(exif(6, count=2)))
    yield "turn-count0.jpg", inserted(plain, app_exif(exif(6, count=0)))
    yield "turn-be.jpg", inserted(plain, app_exif(exif(8, ">")))
    yield "turn-badmagic.jpg", inserted(plain, app_exif(b"IIxx" + exif(6)[4:]))
    yield "turn-exif1-xmp6.jpg", inserted(plain, app_exif(exif(1)), app_xmp(xmp(6)))
    yield "turn-exif6-xmp1.jpg", inserted(plain, app_exif(exif(6)), app_xmp(xmp(1)))
    yield "turn-xmp3-exif6.jpg", inserted(plain, app_xmp(xmp(3)), app_exif(exif(6)))
    yield "turn-noexiftag-xmp6.jpg", inserted(plain, app_exif(empty_exif()), app_xmp(xmp(6)))
    yield "turn-exif6-exif3.jpg", inserted(plain, app_exif(exif(6)), app_exif(exif(3)))
    yield "turn-xmp6-xmp3.jpg", inserted(plain, app_xmp(xmp(6)), app_xmp(xmp(3)))
    yield "turn-exif-twice.jpg", inserted(plain, segment(0xE1, b"Exif\0\0Exif\0\0" + exif(6)))
    yield "turn-exif-repeated-tag.jpg", inserted(plain, app_exif(repeated(6, 3)))
    yield "turn-exif-ff.jpg", inserted(plain, segment(0xE1, b"Exif\0\xff" + exif(6)))
    yield "turn-xmp-single.jpg", inserted(plain, app_xmp(xmp(6).replace(b'"6"', b"'6'")))
    yield "turn-xmp-utf16.jpg", inserted(plain, app_xmp(xmp(6).decode().encode("utf-16-le")))
    yield "turn-xmp-after-sof.jpg", after_frame(plain, app_xmp(xmp(6)))
    yield "turn-exif-after-sof.jpg", after_frame(plain, app_exif(exif(6)))
    yield "turn-after-big.jpg", inserted(plain, *[segment(0xE5, bytes(65000))] * 20, app_exif(exif(6)))
    yield "turn-extended-xmp.jpg", inserted(plain, segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + xmp(6)))
    yield "turn-grey6.jpg", inserted(jpeg(scene(rng, 1)[..., 0]), app_exif(exif(6)))
    yield "turn-exif6-raw3.png", png(rgb, (b"eXIf", exif(6)), (b"zTXt", raw_profile(exif(3))))
    yield "turn-raw3-exif6.png", png(rgb, (b"zTXt", raw_profile(exif(3))), (b"eXIf", exif(6)))
    yield "turn-raw-text.png", png(rgb, (b"tEXt", b"Raw profile type exif\0" + profile_text(exif(6))))
    yield "turn-raw-app1.png", png(rgb, (b"zTXt", b"Raw profile type APP1\0\0" + zlib.compress(profile_text(exif(6), "APP1"))))
    yield "turn-raw-exifexif.png", png(rgb, (b"zTXt", raw_profile(b"Exif\0\0" + exif(6))))
    yield "turn-xmp-z.png", png(rgb, (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(xmp(6))))
    yield "turn-exif1-xmp6.png", png(rgb, (b"eXIf", exif(1)), (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp(6)))
    yield "turn-after-idat.png", png(rgb, after=[(b"eXIf", exif(6))])
    yield "turn-xmp-after-idat.png", png(rgb, after=[(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp(6))])
    yield "turn-exif-prefix.png", png(rgb, (b"eXIf", b"Exif\0\0" + exif(6)))
    yield "turn-exif6-xmp3.webp", save(rgb, "WEBP", lossless=True, exif=exif(6), xmp=xmp(3))
    yield "turn-alpha6.webp", save(scene(rng, 4), "WEBP", lossless=True, exif=exif(6))
    yield "turn-im.tif", magick(rgb, "tif", "-orient", "RightTop")
    yield "turn-im-lzw.tif", magick(rgb, "tif", "-orient", "BottomLeft", "-compress", "lzw")
    out = io.BytesIO()
    tifffile.imwrite(out, rgb, extratags=[(700, 1, len(xmp(6)), xmp(6), True)])
    yield "turn-xmp6.tif", out.getvalue()
    out = io.BytesIO()
    tifffile.imwrite(out, scene(rng, 1)[..., 0], tile=(16, 16), extratags=[(274, 3, 1, 5, True)])
    yield "turn-tiled5.tif", out.getvalue()
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as w:
        w.write(rgb, extratags=[(274, 3, 1, 8, True)])
        w.write(255 - rgb)
    yield "turn-pages8.tif", out.getvalue()


def repeated(first, second):
    tag = struct.pack("<HHIHH", 0x0112, 3, 1, first, 0) + struct.pack("<HHIHH", 0x0112, 3, 1, second, 0)
    return b"II*\0" + struct.pack("<IH", 8, 2) + tag + bytes(4)


def empty_exif():
    return b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0100, 3, 1, 7, 0, 0)


def after_frame(plain, part):
    out = b"\xff\xd8"
    for marker, s in segments(plain):
        out += s + (part if marker == 0xC0 else b"")
    return out


def profile_text(tiff, kind="exif"):
    data = tiff.hex()
    lines = "\n".join(data[i:i + 72] for i in range(0, len(data), 72))
    return f"\n{kind}\n{len(tiff):8}\n{lines}\n".encode()


def raw_profile(tiff):
    return b"Raw profile type exif\0\0" + zlib.compress(profile_text(tiff))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(array, *parts, after=(), **options):
    plain = save(array, "PNG", **options)
    at = plain.index(b"IDAT") - 4
    extra = b"".join(chunk(*p) for p in parts)
    return plain[:at] + extra + plain[at:-12] + b"".join(chunk(*p) for p in after) + plain[-12:]


def raw_png(w, h, depth, colour, rows, *parts, interlace=0):
    data = b"".join(b"\0" + r for r in rows)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, colour, 0, 0, interlace))
            + b"".join(chunk(*p) for p in parts) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))


def transparent(rng):
    for depth in (1, 2, 4, 8):
        n = 1 << depth
        width = 40
        index = rng.integers(0, n, (12, width))
        packed = [pack(r, depth) for r in index]
        palette = rng.integers(0, 256, n * 3).astype(np.uint8).tobytes()
        for name, alphas in (("full", rng.integers(0, 256, n)), ("short", rng.integers(0, 256, max(1, n // 2))), ("one", [0])):
            yield f"trns-p{depth}-{name}.png", raw_png(width, 12, depth, 3, packed, (b"PLTE", palette), (b"tRNS", bytes(int(a) for a in alphas)))
        yield f"trns-g{depth}.png", raw_png(width, 12, depth, 0, packed, (b"tRNS", struct.pack(">H", n // 2)))
        yield f"trns-p{depth}-none.png", raw_png(width, 12, depth, 3, packed, (b"PLTE", palette))
        yield f"trns-p{depth}-long.png", raw_png(width, 12, depth, 3, packed, (b"PLTE", palette), (b"tRNS", bytes(n + 5)))
    rgb = rng.integers(0, 3, (12, 40, 3)).astype(np.uint8) * 100
    rows = [r.tobytes() for r in rgb]
    yield "trns-rgb8.png", raw_png(40, 12, 8, 2, rows, (b"tRNS", struct.pack(">HHH", 100, 0, 200)))
    yield "trns-rgb8-plte.png", raw_png(40, 12, 8, 2, rows, (b"PLTE", bytes(range(30))), (b"tRNS", struct.pack(">HHH", 100, 0, 200)))
    yield "trns-rgb8-short.png", raw_png(40, 12, 8, 2, rows, (b"tRNS", struct.pack(">HH", 100, 0)))
    wide = (rgb.astype(">u2") * 257)
    yield "trns-rgb16.png", raw_png(40, 12, 16, 2, [r.tobytes() for r in wide])
    yield "trns-g16-plain.png", raw_png(40, 12, 16, 0, [r.tobytes() for r in wide[..., 0]])
    yield "trns-rgba16.png", raw_png(10, 12, 16, 6, [r[:10].tobytes() + bytes(0) for r in np.concatenate([wide, wide[..., :1]], -1).reshape(12, 40, 4)])
    yield "trns-la16.png", raw_png(40, 12, 16, 4, [r.tobytes() for r in wide[..., :2].copy()])
    rgba, la = scene(rng, 4), scene(rng, 2)
    yield "alpha-rgba.png", save(rgba, "PNG")
    yield "alpha-la.png", save(la, "PNG")
    yield "alpha-rgba.tif", save(rgba, "TIFF")
    yield "alpha-rgba-lzw.tif", save(rgba, "TIFF", compression="tiff_lzw")
    yield "alpha-la.tif", save(la, "TIFF")
    yield "alpha-rgba.webp", save(rgba, "WEBP", lossless=True, exact=True)
    yield "alpha-opaque.png", save(np.dstack([rgba[..., :3], np.full((H, W), 255, np.uint8)]), "PNG")
    for kind in (1, 2, 0):
        out = io.BytesIO()
        tifffile.imwrite(out, rgba, photometric="rgb", extrasamples=[kind])
        yield f"alpha-extra{kind}.tif", out.getvalue()
    pal = Image.fromarray(rgba[..., :3]).convert("P", palette=Image.Palette.ADAPTIVE, colors=16)
    for background in (None, 3):
        for index in (0, 3, 15):
            extra = {} if background is None else {"background": background}
            yield f"gif-t{index}-b{background}.gif", save(pal, "GIF", transparency=index, **extra)
    yield "gif-opaque.gif", save(pal, "GIF")
    yield "gif-interlaced.gif", save(pal, "GIF", interlace=1)
    yield "gif-grey.gif", save(scene(rng, 1)[..., 0], "GIF")
    yield "gif-bw.gif", save(Image.fromarray(rgba[..., 0]).convert("1"), "GIF")
    yield "gif-animated.gif", save(pal, "GIF", save_all=True, append_images=[Image.fromarray(255 - rgba[..., :3])], duration=100)
    yield "gif-animated-t.gif", save(Image.fromarray(rgba), "GIF", save_all=True, append_images=[Image.fromarray(255 - rgba)], duration=100, disposal=2)
    for name, transparency in (("plain", None), ("t", 3)):
        extra = {} if transparency is None else {"transparency": transparency}
        yield f"gif-offset-{name}.gif", offset_gif(save(pal.crop((0, 0, 20, 12)), "GIF", **extra))
        yield f"gif-outside-{name}.gif", offset_gif(save(pal.crop((0, 0, 20, 12)), "GIF", **extra), screen=(10, 10))
    yield "apng.png", save(Image.fromarray(rgba), "PNG", save_all=True, append_images=[Image.fromarray(255 - rgba)], default_image=False)
    yield "apng-default.png", save(Image.fromarray(rgba), "PNG", save_all=True, append_images=[Image.fromarray(255 - rgba)], default_image=True)
    yield "anim-lossless.webp", save(Image.fromarray(rgba), "WEBP", save_all=True, append_images=[Image.fromarray(255 - rgba)], lossless=True, exact=True)
    yield "anim-opaque.webp", save(Image.fromarray(rgba[..., :3]), "WEBP", save_all=True, append_images=[Image.fromarray(255 - rgba[..., :3])], lossless=True)


def offset_gif(gif, screen=(50, 40)):
    """A frame at 7, 5 of a larger (or smaller) screen."""
    gif = bytearray(gif)
    struct.pack_into("<HH", gif, 6, *screen)
    at = 13 + (3 << ((gif[10] & 7) + 1) if gif[10] & 0x80 else 0)
    while gif[at] == 0x21:
        at += 2
        while gif[at]:
            at += gif[at] + 1
        at += 1
    struct.pack_into("<HH", gif, at + 1, 7, 5)
    return bytes(gif)


def pack(row, depth):
    bits = "".join(format(int(v), f"0{depth}b") for v in row)
    return bytes(int(bits[i:i + 8].ljust(8, "0"), 2) for i in range(0, len(bits), 8))


def pngs(rng):
    for mode in ("1", "L", "P", "RGB", "RGBA", "LA"):
        channels = {"RGBA": 4, "LA": 2, "RGB": 3, "P": 3}.get(mode, 1)
        array = scene(rng, channels)
        image = Image.fromarray(array if channels > 1 else array[..., 0])
        data = save(image.convert(mode) if mode in "1P" else image, "PNG")
        yield f"png-{mode}.png", data
        if mode != "P":
            yield f"png-{mode}-adam7.png", magick_from(data, "png", "-interlace", "PNG")
    rgb = scene(rng)
    yield "png-gamma.png", png(rgb, (b"gAMA", struct.pack(">I", 100000)))
    yield "png-srgb.png", png(rgb, (b"sRGB", b"\0"))
    yield "png-icc.png", save(rgb, "PNG", icc_profile=cmyk_profile())
    yield "png-badicc.png", png(rgb, (b"iCCP", b"x\0\0" + b"nonsense"))
    yield "png-badtext.png", png(rgb, (b"zTXt", b"k\0\0nonsense"))
    yield "png-bkgd.png", png(scene(rng, 4), (b"bKGD", struct.pack(">HHH", 9, 8, 7)))
    yield "png-sbit.png", png(rgb, (b"sBIT", b"\5\5\5"))
    yield "png-phys0.png", png(rgb, (b"pHYs", bytes(9)))
    yield "png-time.png", png(rgb, (b"tIME", bytes(7)))
    yield "png-private.png", png(rgb, (b"prVt", b"x" * 5000))
    yield "png-critical.png", png(rgb, (b"PRVT", b"x"))
    plain = save(rgb, "PNG")
    yield "png-cut-half.png", plain[:len(plain) // 2]
    yield "png-noiend.png", plain[:-12]
    yield "png-trailing.png", plain + b"junk" * 50
    at = plain.index(b"IDAT")
    yield "png-badcrc.png", plain[:-20] + bytes([plain[-20] ^ 1]) + plain[-19:]
    yield "png-crlf.png", plain.replace(b"\r\n", b"\n", 1)
    yield "png-text-badcrc.png", png(rgb, (b"tEXt", b"a\0b"))[:0] + bad_crc(png(rgb, (b"tEXt", b"a\0b")), b"tEXt")


def bad_crc(data, kind):
    at = data.index(kind) - 4
    end = at + 8 + struct.unpack(">I", data[at:at + 4])[0]
    return data[:end] + bytes(4) + data[end + 4:]


def tiffs(rng):
    rgb, grey = scene(rng), scene(rng, 1)[..., 0]
    for name in ("raw", "tiff_lzw", "packbits", "tiff_adobe_deflate", "tiff_deflate"):
        for mode, array in (("rgb", rgb), ("l", grey), ("rgba", scene(rng, 4)), ("cmyk", Image.fromarray(scene(rng, 4), "CMYK"))):
            yield f"tif-{mode}-{name}.tif", save(array, "TIFF", compression=name)
    for name in ("group3", "group4", "tiff_ccitt", "raw", "packbits"):
        yield f"tif-1-{name}.tif", save(Image.fromarray(grey).convert("1"), "TIFF", compression=name)
    yield "tif-1-inverted.tif", save(Image.fromarray(grey).convert("1"), "TIFF", tiffinfo={262: 0})
    yield "tif-l-inverted.tif", tif(grey, photometric="miniswhite")
    yield "tif-jpeg.tif", save(rgb, "TIFF", compression="jpeg")
    yield "tif-jpeg-ycc.tif", tif(rgb, photometric="ycbcr", compression="jpeg", subsampling=(2, 2))
    yield "tif-jpeg-l.tif", save(grey, "TIFF", compression="jpeg")
    yield "tif-zstd.tif", tif(rgb, compression="zstd", photometric="rgb")
    yield "tif-lzma.tif", tif(rgb, compression="lzma", photometric="rgb")
    yield "tif-webp.tif", tif(rgb, compression="webp", photometric="rgb")
    yield "tif-big.tif", tif(rgb, bigtiff=True, photometric="rgb")
    yield "tif-big-be.tif", tif(rgb, bigtiff=True, byteorder=">", photometric="rgb")
    yield "tif-planar.tif", tif(np.moveaxis(rgb, -1, 0), photometric="rgb", planarconfig="separate")
    yield "tif-planar-lzw.tif", tif(np.moveaxis(rgb, -1, 0), photometric="rgb", planarconfig="separate", compression="lzw")
    yield "tif-predictor.tif", tif(rgb, photometric="rgb", compression="lzw", predictor=2)
    yield "tif-tiled.tif", tif(rgb, photometric="rgb", tile=(16, 16))
    yield "tif-tiled-lzw.tif", tif(rgb, photometric="rgb", tile=(32, 16), compression="lzw")
    yield "tif-strips.tif", tif(rgb, photometric="rgb", rowsperstrip=5)
    yield "tif-l16.tif", tif(grey.astype(np.uint16) * 257)
    yield "tif-rgb16.tif", tif(rgb.astype(np.uint16) * 257, photometric="rgb")
    yield "tif-rgb16be.tif", tif(rgb.astype(np.uint16) * 257, photometric="rgb", byteorder=">")
    yield "tif-f32.tif", tif(grey.astype(np.float32) / 255)
    yield "tif-f32rgb.tif", tif(rgb.astype(np.float32) / 255, photometric="rgb")
    yield "tif-i32.tif", tif(grey.astype(np.int32))
    yield "tif-i8.tif", tif(grey.astype(np.int8))
    yield "tif-lab.tif", save(Image.fromarray(rgb, "LAB"), "TIFF")
    yield "tif-lab-im.tif", magick(rgb, "tif", "-colorspace", "Lab")
    yield "tif-icclab.tif", tif(rgb, photometric=9)
    for n in (4, 16, 256):
        pal = Image.fromarray(rgb).convert("P", palette=Image.Palette.ADAPTIVE, colors=n)
        yield f"tif-p{n}.tif", save(pal, "TIFF")
        yield f"tif-p{n}-lzw.tif", save(pal, "TIFF", compression="tiff_lzw")
    ramp = (np.arange(256, dtype=np.uint32) * 65535 // 255)
    maps = {"ramp": np.stack([ramp, ramp[::-1], (ramp * 7) % 65536]), "random": rng.integers(0, 65536, (3, 256)),
            "bytes": rng.integers(0, 256, (3, 256)), "high": rng.integers(0, 256, (3, 256)) * 256}
    for name, colormap in maps.items():
        yield f"tif-map-{name}.tif", tif(grey, photometric="palette", colormap=colormap.astype(np.uint16))
    yield "tif-p-4bit.tif", magick(rgb, "tif", "-colors", "16", "-type", "Palette", "-depth", "4")
    yield "tif-g-4bit.tif", magick(grey, "tif", "-depth", "4")
    yield "tif-g-2bit.tif", magick(grey, "tif", "-depth", "2")
    yield "tif-fillorder.tif", magick(Image.fromarray(grey).convert("1"), "tif", "-define", "tiff:fill-order=lsb", "-compress", "Group4")
    yield "tif-ycc.tif", magick(rgb, "tif", "-colorspace", "YCbCr")
    yield "tif-cmyk-inverted-icc.tif", save(Image.fromarray(scene(rng, 4), "CMYK"), "TIFF", icc_profile=cmyk_profile())
    yield "tif-cmyka.tif", tif(scene(rng, 5), photometric="separated", extrasamples=[2])
    yield "tif-cut.tif", save(rgb, "TIFF")[:1500]
    yield "tif-cut-lzw.tif", save(rgb, "TIFF", compression="tiff_lzw")[:1500]
    yield "tif-pages.tif", save(rgb, "TIFF", save_all=True, append_images=[Image.fromarray(255 - rgb)])


def tif(array, **options):
    out = io.BytesIO()
    tifffile.imwrite(out, array, **options)
    return out.getvalue()


def others(rng):
    rgb, grey = scene(rng), scene(rng, 1)[..., 0]
    for name in ("AVIF", "JPEG2000", "PPM", "TGA", "ICO", "PCX", "SGI", "DDS"):
        yield f"other.{name.lower()}", save(rgb, name)
    yield "other-renamed.png", save(rgb, "AVIF")
    yield "other-alpha.avif", save(scene(rng, 4), "AVIF")
    yield "other.jxl", imagecodecs.jpegxl_encode(rgb)
    yield "other.psd", magick(rgb, "psd")
    yield "other.pgm", save(grey, "PPM")
    yield "other.qoi", save(rgb, "QOI")
    yield "bmp-rgb.bmp", save(rgb, "BMP")
    yield "bmp-l.bmp", save(grey, "BMP")
    yield "bmp-1.bmp", save(Image.fromarray(grey).convert("1"), "BMP")
    yield "bmp-rgba.bmp", save(scene(rng, 4), "BMP")
    yield "bmp-p.bmp", save(Image.fromarray(rgb).convert("P"), "BMP")
    yield "bmp-rle.bmp", magick(Image.fromarray(rgb).convert("P"), "bmp", "-compress", "RLE")
    yield "bmp-555.bmp", magick(rgb, "bmp", "-define", "bmp:subtype=RGB555")
    yield "bmp-565.bmp", magick(rgb, "bmp", "-define", "bmp:subtype=RGB565")
    yield "bmp-v2.bmp", magick(rgb, "bmp2")
    yield "bmp-topdown.bmp", top_down(save(rgb, "BMP"))
    yield "bmp-cut.bmp", save(rgb, "BMP")[:1500]
    for quality in (5, 50, 90):
        yield f"webp-lossy{quality}.webp", save(rgb, "WEBP", quality=quality)
    yield "webp-lossless.webp", save(rgb, "WEBP", lossless=True)
    yield "webp-lossy-alpha.webp", save(scene(rng, 4), "WEBP", quality=80)
    yield "webp-icc.webp", save(rgb, "WEBP", lossless=True, icc_profile=cmyk_profile())
    whole = save(rgb, "WEBP", quality=90)
    yield "webp-cut.webp", whole[:len(whole) // 2]
    yield "wrong-name.gif", jpeg(rgb)
    yield "empty.png", b""
    yield "text.jpg", b"no picture at all, but a text that is long enough to be taken for one"


def top_down(bmp):
    size = struct.unpack_from("<i", bmp, 22)[0]
    return bmp[:22] + struct.pack("<i", -size) + bmp[26:]


def magick(array, fmt, *options):
    return magick_from(save(array, "PNG"), fmt, *options)


def magick_from(data, fmt, *options):
    if not shutil.which("convert"):
        raise FileNotFoundError("ImageMagick's convert")
    return subprocess.run(["convert", "-", *options, fmt + ":-"], input=data, capture_output=True, check=True).stdout


def reference(path, root):
    try:
        # From memory: Pillow forgets to turn a grey TIFF that it maps from a named file.
        with Image.open(io.BytesIO(path.read_bytes())) as image:
            image.load()
            stored = high_bytes(image)
            upright = high_bytes(ImageOps.exif_transpose(image))
            stored.convert("RGB").save(root / "stored" / (path.name + ".png"))
            rgba = upright.convert("RGBA")
            white = Image.new("RGBA", rgba.size, "white")
            Image.alpha_composite(white, rgba).convert("RGB").save(root / "seen" / (path.name + ".png"))
            return None
    except Exception as e:
        return f"{type(e).__name__}: {str(e).splitlines()[0] if str(e) else ''}"


def high_bytes(image):
    """The program keeps the high byte of 16-bit grey, which Pillow clips."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    return image


def rare(rng):
    """Kinds of TIFF that the JDK reads wrongly or not at all, and damage that its decoders fill up."""
    rgb, rgba = scene(rng), scene(rng, 4)
    wide = rgba.astype(np.uint16) * 257 + rng.integers(0, 200, rgba.shape).astype(np.uint16)
    pal = Image.fromarray(rgb).convert("P", palette=Image.Palette.ADAPTIVE, colors=16)
    pal = Image.merge("LA", (Image.fromarray(np.asarray(pal)), Image.fromarray(rgba[..., 3])))
    colormap = rng.integers(0, 65536, (3, 256)).astype(np.uint16)
    yield "rare-palette-alpha.tif", palette_alpha(np.asarray(pal), colormap)
    yield "rare-cmyk16.tif", tif(wide, photometric="separated", compression="packbits")
    yield "rare-cmyk-jpeg.tif", save(Image.fromarray(rgba, "CMYK"), "TIFF", compression="jpeg")
    yield "rare-extra-2-0.tif", tif(scene(rng, 5), photometric="rgb", extrasamples=[2, 0])
    yield "rare-diff16-l.tif", tif(wide[..., 0].copy(), compression="lzw", predictor=2)
    yield "rare-diff16-rgb.tif", tif(wide[..., :3].copy(), photometric="rgb", compression="lzw", predictor=2, rowsperstrip=5)
    yield "rare-diff16-tiles.tif", tif(np.tile(wide, (3, 3, 1)), photometric="rgb", extrasamples=[2], byteorder=">",
                                       compression="zlib", predictor=2, tile=(16, 16), extratags=[(274, 3, 1, 6, True)])
    yield "rare-diff16-planar.tif", tif(np.moveaxis(wide[..., :3], -1, 0), photometric="rgb", planarconfig="separate",
                                        compression="lzw", predictor=2)
    for name in ("RLE", "Zip", "LZW"):
        yield f"rare-mirrored-{name}.tif", magick(rgb, "tif", "-compress", name, "-define", "tiff:fill-order=lsb")
    gif = save(Image.fromarray(rgb), "GIF")
    at = len(gif) - 60
    yield "rare-broken.gif", gif[:at] + bytes([gif[at] ^ 0x55, gif[at + 1] ^ 0x55]) + gif[at + 2:]
    webp = save(rgb, "WEBP", lossless=True, exif=exif(6))
    at = webp.index(b"VP8L") + 60
    yield "rare-shifted.webp", webp[:at] + webp[at - 4:at] + webp[at:]


def palette_alpha(array, colormap):
    """tifffile takes a palette of one sample only, so the kind is changed behind it."""
    data = bytearray(tif(array, photometric="minisblack", extrasamples=[2], planarconfig="contig",
                         extratags=[(320, 3, 768, colormap.ravel(), True)]))
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        at = file.pages[0].tags["PhotometricInterpretation"].valueoffset
    struct.pack_into("<H", data, at, 3)
    return bytes(data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dir", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    for part in ("files", "stored", "seen"):
        shutil.rmtree(args.dir / part, ignore_errors=True)
        (args.dir / part).mkdir(parents=True)
    rng = np.random.default_rng(args.seed)
    refused = []
    for maker in (jpegs, turned, transparent, pngs, tiffs, others, rare):
        files = maker(rng)
        while True:
            try:
                name, data = next(files)
            except StopIteration:
                break
            if not name.startswith(args.only):
                continue
            path = args.dir / "files" / name
            path.write_bytes(data)
            why = reference(path, args.dir)
            if why:
                refused.append(f"{name}\t{why}")
    (args.dir / "refused.tsv").write_text("\n".join(refused) + "\n")
    print(len(list((args.dir / "files").iterdir())), "files,", len(refused), "refused by Pillow")


if __name__ == "__main__":
    main()
