package dev.stanstudio.scoring.manifest;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.TarMembers;
import dev.stanstudio.base.source.Unpacked;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Lists the samples of a webdataset tar, compressed or not: members of one key belong together, a
 * picture with its {@code .json} (keys as in a manifest) or {@code .txt} (the prompt). Read once,
 * front to back.
 */
record TarList(Path tar, PictureList.Defaults defaults) implements PictureList {
    private static final int BLOCK = 512;

    @Override
    public String name() {
        return tar.toString();
    }

    @Override
    public long size() {
        return -1;
    }

    @Override
    public boolean isLasting() {
        return false;
    }

    @Override
    public void forEach(Visitor visitor) {
        TarSamples samples = new TarSamples(visitor, defaults);
        try (InputStream raw = Unpacked.open(tar);
                TarArchiveInputStream in = TarMembers.open(raw)) {
            for (TarArchiveEntry entry = TarMembers.next(in);
                    entry != null;
                    entry = TarMembers.next(in)) {
                String refusal = TarMembers.refusal(entry);
                if (refusal == null) {
                    samples.add(entry.getName(), in);
                } else if (!entry.isDirectory()) {
                    samples.refuse(entry.getName(), refusal);
                }
            }
            samples.flush();
            TarMembers.requireNothingBehind(raw);
            requireEnd();
        } catch (IOException e) {
            String what = "is damaged or no tar: " + e.getMessage();
            if (samples.isEmpty()) {
                throw new UserException(tar + " " + what, e);
            }
            // What came before the damage counts.
            samples.flush();
            visitor.onProblem(new Problem(Problem.Kind.BAD_LINE, tar.toString(), what));
        } finally {
            samples.close();
        }
    }

    /** The library takes any end of the file for the end of the archive; gzip has its own. */
    private void requireEnd() throws IOException {
        if (Unpacked.isCompressed(tar)) {
            return;
        }
        long size = Files.size(tar);
        byte[] last;
        try (InputStream in = Files.newInputStream(tar)) {
            in.skipNBytes(Math.max(0, size - BLOCK));
            last = in.readNBytes(BLOCK);
        }
        if (!Arrays.equals(last, new byte[BLOCK])) {
            throw new IOException("the mark of its end is missing");
        }
    }
}
