"""Writes the small fixed set of make.py's files that the tests read.

    python docs/reference/pictures/fixed.py datasets/base/src/test/resources/dev/stanstudio/base/image/pillow.zip

files/, stored/ and seen/ are as make.py describes; refused/ holds files whose refusal must contain the
words of refused.tsv.
"""
import pathlib
import struct
import sys
import tempfile
import zipfile

import numpy as np

import make

FILES = """
jpg-411.jpg jpg-440-p.jpg jpg-420-p.jpg jpg-grey-factor22.jpg jpg-adobe0.jpg jpg-adobe1-420.jpg jpg-adobe2.jpg jpg-adobe7.jpg
jpg-jfif-adobe0.jpg jpg-jfif-adobe2.jpg jpg-adobe-short.jpg jpg-adobe-long.jpg jpg-ids-rgb.jpg jpg-ids-rgb-jfif.jpg jpg-ids-345.jpg
jpg-jfif-shortseg.jpg jpg-fill.jpg jpg-junk-before-sos.jpg jpg-mpo.jpg
cmyk-bare-444.jpg cmyk-bare-420-p.jpg cmyk-adobe0-444.jpg cmyk-adobe1-444.jpg cmyk-adobe2-420.jpg cmyk-jfif-444.jpg cmyk-icc-444.jpg
cmyk-exif6-444.jpg cmyk-im.jpg cmyk-ycck-2112.jpg
turn-exif2.jpg turn-exif6.jpg turn-exif9.jpg turn-xmp3.jpg turn-xmpel8.jpg turn-exif1-xmp6.jpg turn-noexiftag-xmp6.jpg turn-sshort.jpg
turn-exif-twice.jpg turn-after-big.jpg turn-exif-repeated-tag.jpg turn-count0.jpg turn-badmagic.jpg turn-xmp6-xmp3.jpg
turn-exif5.png turn-raw4.png turn-raw-text.png turn-exif6-raw3.png turn-xmp7.png turn-xmp-z.png turn-after-idat.png
turn-exif7.webp turn-bare8.webp turn-xmp6.webp turn-exif6-xmp3.webp
turn-le2.tif turn-le3.tif turn-be4.tif turn-be5.tif turn-le6.tif turn-be7.tif turn-le8.tif turn-xmp6.tif turn-im.tif turn-tiled5.tif
trns-p1-full.png trns-p4-short.png trns-p8-one.png trns-g8.png trns-rgb8.png alpha-la.png alpha-extra0.tif alpha-extra1.tif
alpha-extra2.tif alpha-rgba.webp gif-t0-bNone.gif gif-t3-b3.gif gif-offset-plain.gif gif-offset-t.gif gif-outside-t.gif
gif-interlaced.gif gif-animated-t.gif apng-default.png
png-RGB-adam7.png png-icc.png png-noiend.png tif-planar-lzw.tif tif-1-inverted.tif tif-l-inverted.tif tif-cmyk-raw.tif tif-rgb16be.tif
tif-map-ramp.tif tif-map-random.tif tif-map-high.tif tif-p16.tif tif-p-4bit.tif bmp-555.bmp bmp-565.bmp bmp-topdown.bmp webp-icc.webp
wrong-name.gif
rare-palette-alpha.tif rare-cmyk16.tif rare-cmyk-jpeg.tif rare-extra-2-0.tif rare-diff16-l.tif rare-diff16-rgb.tif rare-diff16-tiles.tif
rare-diff16-planar.tif rare-mirrored-RLE.tif rare-mirrored-Zip.tif rare-mirrored-LZW.tif
""".split()

REFUSED = {
    "other.avif": "is an AVIF picture", "other-renamed.png": "is an AVIF picture", "other.jxl": "is a JPEG XL picture",
    "other.jpeg2000": "is a JPEG 2000 picture", "other.psd": "is a Photoshop file", "other.ppm": "is a PPM picture",
    "other.tga": "is a TGA picture", "other.qoi": "is a QOI picture", "other.pcx": "is a PCX picture",
    "tif-big.tif": "is a BigTIFF picture", "tif-big-be.tif": "is a BigTIFF picture", "tif-zstd.tif": "compressed by Zstandard",
    "tif-lzma.tif": "compressed by LZMA", "tif-f32.tif": "of floating-point samples", "tif-i32.tif": "samples of 32 bits",
    "tif-icclab.tif": "colours that are not read", "jpg-12bit.jpg": "samples of 12 bits", "jpg-lossless.jpg": "is a lossless JPEG",
    "jpg-dnl.jpg": "states its height behind its pixels", "cmyk-2layers.jpg": "a JPEG of 2 components",
    "jpg-huge-header.jpg": "more than the limit", "jpg-cut0.6.jpg": "picture", "webp-cut.webp": "picture",
    "rare-broken.gif": "its pixels are damaged", "rare-shifted.webp": "its chunks do not fit",
    "anim-opaque.webp": "is an animated WebP", "text.jpg": "is not a PNG, JPEG, GIF, BMP, TIFF or WebP picture",
}


def many_scans(width, height, scans):
    """A progressive JPEG whose scans hold next to nothing."""
    base = make.jpeg(np.zeros((16, 16), np.uint8), progressive=True)
    out = b"\xff\xd8"
    for marker, s in make.segments(base):
        if marker is None:
            break
        if marker == 0xC2:
            s = s[:5] + struct.pack(">HH", height, width) + s[9:]
        out += s
    table = make.segment(0xC4, bytes([0x10, 1]) + bytes(15) + bytes([0xE0]))
    scan = make.segment(0xDA, bytes([1, 1, 0, 1, 63, 0])) + bytes(8)
    return out + table + scan * scans + b"\xff\xd9"


def main():
    make.W, make.H = 13, 9
    make.scene.__defaults__ = (3, make.W, make.H)
    rng = np.random.default_rng(5)
    found = {}
    for maker in (make.jpegs, make.turned, make.transparent, make.pngs, make.tiffs, make.others, make.rare):
        found.update(maker(rng))
    refused = {name: (found[name], words) for name, words in REFUSED.items()}
    refused["scans600.jpg"] = (many_scans(8, 8, 600), "has 600 scans")
    refused["scans90.jpg"] = (many_scans(9000, 9000, 90), "has 90 scans of 9000x9000 pixels")
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as out:
        root = pathlib.Path(folder)
        for part in ("files", "stored", "seen"):
            (root / part).mkdir()

        def put(name, data):
            out.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)

        for name in FILES:
            path = root / "files" / name
            path.write_bytes(found[name])
            why = make.reference(path, root)
            assert why is None, (name, why)
            put(f"files/{name}", found[name])
            for part in ("stored", "seen"):
                put(f"{part}/{name}.png", (root / part / f"{name}.png").read_bytes())
        for name, (data, words) in refused.items():
            put(f"refused/{name}", data)
        put("refused.tsv", "".join(f"{name}\t{words}\n" for name, (_, words) in refused.items()))


if __name__ == "__main__":
    main()
