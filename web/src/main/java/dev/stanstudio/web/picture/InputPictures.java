package dev.stanstudio.web.picture;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PngFile;
import dev.stanstudio.base.image.Reading;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.web.home.OwnerOnly;
import dev.stanstudio.web.home.StudioHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Stores the pictures that visitors bring to start from, and masks, as PNG files named after the
 * hash of their content. The same picture is stored once; nothing but pixels is kept. The time of a
 * file is that of its last use. Thread-safe.
 */
public final class InputPictures {
    /** Longest side that is kept; larger pictures are reduced, since no model draws larger ones. */
    public static final int MOST_SIDE = 2048;

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final int FOLDER = 2;
    private static final String ENDING = ".png";
    private static final String INPUTS = "inputs";
    private static final String THUMBNAILS = "thumbnails/" + INPUTS;

    /** Uses within this time count as one, so that looking at a picture seldom writes. */
    private static final Duration PRECISION = Duration.ofHours(1);

    private final StudioHome home;
    private final Clock clock;

    /** Opens the folder in {@code home}. */
    public InputPictures(StudioHome home, Clock clock) {
        this.home = home;
        this.clock = clock;
    }

    /** Returns whether {@code text} can name a stored picture; nothing else may name a file. */
    public static boolean isHash(String text) {
        return HASH.matcher(text).matches();
    }

    /**
     * Stores the picture in {@code upload}: upright, over white, at most {@value #MOST_SIDE} pixels
     * a side.
     *
     * @return the hash that names it
     * @throws dev.stanstudio.base.UserException if the file is no picture that can be read
     */
    public String add(Path upload) {
        return store(reduced(Picture.read(upload, Reading.SEEN)));
    }

    /** Stores a mask as {@link #add}, in grey and never reduced. */
    public String addMask(Path upload) {
        return store(Picture.read(upload, Reading.MASK));
    }

    private static Picture reduced(Picture picture) {
        int longest = Math.max(picture.width(), picture.height());
        if (longest <= MOST_SIDE) {
            return picture;
        }
        double scale = (double) MOST_SIDE / longest;
        return Resampler.of(ResampleFilter.LANCZOS)
                .resize(
                        picture,
                        (int) Math.max(1, Math.round(picture.width() * scale)),
                        (int) Math.max(1, Math.round(picture.height() * scale)));
    }

    private String store(Picture picture) {
        String hash = Sha256.of(PngFile.bytes(picture, List.of()));
        Path file = place(INPUTS, hash);
        if (!use(file)) {
            picture.writePng(file);
            OwnerOnly.createFile(file);
            use(file);
        }
        return hash;
    }

    /** Notes that a file is used now; returns false if it is not there. */
    private boolean use(Path file) {
        try {
            Instant now = clock.instant();
            Instant last = Files.getLastModifiedTime(file).toInstant();
            if (Duration.between(last, now).abs().compareTo(PRECISION) > 0) {
                Files.setLastModifiedTime(file, FileTime.from(now));
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UserException("cannot note the use of " + file, e);
        }
    }

    /** Returns the file of a stored picture, which is used now; empty where there is none. */
    public Optional<Path> find(String hash) {
        return isHash(hash) ? Optional.of(place(INPUTS, hash)).filter(this::use) : Optional.empty();
    }

    /** Adds to {@code hashes} whatever in a text can name a stored picture. */
    static void collect(String text, Set<String> hashes) {
        Matcher found = HASH.matcher(text);
        while (found.find()) {
            hashes.add(found.group());
        }
    }

    /**
     * Removes the pictures whose last use was before {@code time}.
     *
     * @param kept hashes of pictures that stay; asked for only if there are such pictures
     */
    void sweep(Instant time, Supplier<Set<String>> kept) {
        List<String> old = unusedSince(time);
        if (old.isEmpty()) {
            return;
        }
        Set<String> needed = kept.get();
        try {
            for (String hash : old) {
                if (!needed.contains(hash)) {
                    Files.deleteIfExists(place(INPUTS, hash));
                    Files.deleteIfExists(place(THUMBNAILS, hash));
                }
            }
        } catch (IOException e) {
            throw new UserException("cannot delete unused pictures: " + e.getMessage(), e);
        }
    }

    private List<String> unusedSince(Instant time) {
        try (Stream<Path> files =
                Files.find(
                        home.subfolder(INPUTS),
                        2,
                        (file, facts) ->
                                facts.isRegularFile()
                                        && facts.lastModifiedTime().toInstant().isBefore(time))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .filter(InputPictures::isHash)
                    .toList();
        } catch (IOException e) {
            throw new UserException("cannot list the stored pictures: " + e.getMessage(), e);
        }
    }

    /** Returns a small picture of a stored one, which is made when it is missing. */
    public Optional<Path> thumbnail(String hash) {
        return find(hash)
                .map(
                        full -> {
                            Path file = place(THUMBNAILS, hash);
                            if (!Files.exists(file)) {
                                PictureFiles.writeThumbnail(full, file);
                            }
                            return file;
                        });
    }

    private Path place(String folder, String hash) {
        return home.subfolder(folder + "/" + hash.substring(0, FOLDER)).resolve(hash + ENDING);
    }
}
