package dev.stanstudio.base.image;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names files that are pictures of formats the program does not read, by their first bytes. */
final class ForeignFormats {
    /** A format's name, and what stands at a place of its files. */
    private record Signature(String name, int at, String bytes) {}

    private static final List<Signature> SIGNATURES =
            List.of(
                    new Signature("a JPEG XL picture", 0, "\u00ff\n"),
                    new Signature("a JPEG XL picture", 4, "JXL \r\n\u0087\n"),
                    new Signature("a JPEG 2000 picture", 4, "jP  \r\n\u0087\n"),
                    new Signature("a JPEG 2000 picture", 0, "\u00ffO\u00ffQ"),
                    new Signature("a JPEG XR picture", 0, "II\u00bc"),
                    new Signature("a Photoshop file (PSD)", 0, "8BPS"),
                    new Signature("a BigTIFF picture", 0, "II+\0"),
                    new Signature("a BigTIFF picture", 0, "MM\0+"),
                    new Signature("a Canon raw picture", 8, "CR"),
                    new Signature("a Fujifilm raw picture", 0, "FUJIFILM"),
                    new Signature("a Panasonic raw picture", 0, "IIU\0"),
                    new Signature("an Olympus raw picture", 0, "IIRO"),
                    new Signature("a GIMP picture (XCF)", 0, "gimp xcf"),
                    new Signature("an OpenEXR picture", 0, "v/1\u0001"),
                    new Signature("a Radiance picture (HDR)", 0, "#?RADIANCE"),
                    new Signature("a QOI picture", 0, "qoif"),
                    new Signature("a DDS picture", 0, "DDS "),
                    new Signature("an icon (ICO)", 0, "\0\0\u0001\0\u0001"),
                    new Signature("a cursor (CUR)", 0, "\0\0\u0002\0\u0001"),
                    new Signature("an icon (ICNS)", 0, "icns"),
                    new Signature("a PCX picture", 0, "\n\u0005\u0001"),
                    new Signature("an SGI picture", 0, "\u0001\u00da"),
                    new Signature("a DjVu document", 0, "AT&TFORM"),
                    new Signature("a PDF document", 0, "%PDF"),
                    new Signature("a PostScript document", 0, "%!PS"),
                    new Signature("a FLIF picture", 0, "FLIF"),
                    new Signature("an SVG drawing", 0, "<svg"),
                    new Signature("a web page", 0, "<!DOCTYPE html"),
                    new Signature("a web page", 0, "<html"));

    private static final Set<String> HEIF = Set.of("heic", "heix", "hevc", "heim", "heis", "hevm");

    private static final List<String> NETPBM = List.of("PBM", "PGM", "PPM", "PBM", "PGM", "PPM");

    private ForeignFormats() {}

    /**
     * The name with its article, or null for unknown bytes.
     *
     * @param head the file's first 64 bytes or fewer, a character each
     */
    static @Nullable String name(String head) {
        if (head.startsWith("ftyp", 4)) {
            return ofBoxes(head);
        }
        for (Signature signature : SIGNATURES) {
            if (head.regionMatches(
                    true, signature.at, signature.bytes, 0, signature.bytes.length())) {
                return signature.name;
            }
        }
        if (head.length() > 2 && head.charAt(0) == 'P' && Character.isWhitespace(head.charAt(2))) {
            int kind = head.charAt(1) - '1';
            if (kind >= 0 && kind < NETPBM.size()) {
                return "a " + NETPBM.get(kind) + " picture";
            }
            return kind == NETPBM.size() ? "a PAM picture" : null;
        }
        if (head.startsWith("<?xml") && head.contains("<svg")) {
            return "an SVG drawing";
        }
        return isTarga(head) ? "a TGA picture" : null;
    }

    /** Files in boxes name the brands they follow (ISO/IEC 14496-12, 4.3). */
    private static String ofBoxes(String head) {
        String brand = part(head, 8).toLowerCase(Locale.ROOT);
        String all = head.substring(8).toLowerCase(Locale.ROOT);
        if (brand.equals("avif") || brand.equals("avis")) {
            return "an AVIF picture";
        }
        if (HEIF.contains(brand)) {
            return "a HEIC picture";
        }
        if (brand.equals("mif1") || brand.equals("msf1")) {
            return all.contains("avif") ? "an AVIF picture" : "a HEIF picture";
        }
        return brand.equals("crx ") ? "a Canon raw picture" : "a video";
    }

    private static String part(String head, int at) {
        return head.length() < at + 4 ? "" : head.substring(at, at + 4);
    }

    /** TGA has no signature; it is recognised by a header whose fields are all valid. */
    private static boolean isTarga(String head) {
        if (head.length() < 18) {
            return false;
        }
        int map = head.charAt(1);
        int kind = head.charAt(2);
        int depth = head.charAt(16);
        boolean knownKind = kind == 1 || kind == 2 || kind == 3 || (kind >= 9 && kind <= 11);
        boolean knownDepth = depth == 8 || depth == 15 || depth == 16 || depth == 24 || depth == 32;
        boolean size =
                head.charAt(12) + head.charAt(13) > 0 && head.charAt(14) + head.charAt(15) > 0;
        return map <= 1 && knownKind && knownDepth && size && head.charAt(17) < 64;
    }
}
