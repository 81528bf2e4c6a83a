package dev.stanstudio.datasets.importer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** A zip archive, read through its directory. */
final class ZipTree implements SourceTree {
    private final Path file;
    private final ZipFile zip;
    private final Map<String, ZipArchiveEntry> entries = new LinkedHashMap<>();
    private final List<Member> members = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private long clutter;

    private ZipTree(Path file, ZipFile zip) {
        this.file = file;
        this.zip = zip;
    }

    /**
     * @throws ArchiveException when the archive is truncated or no zip
     */
    static ZipTree open(Path file) {
        try {
            ZipTree tree = new ZipTree(file, ZipFile.builder().setPath(file).get());
            tree.list();
            return tree;
        } catch (IOException | RuntimeException e) {
            throw new ArchiveException(
                    file.toString(),
                    "is truncated or no zip archive (" + SourceTree.reason(e) + "); fetch it again",
                    e);
        }
    }

    private void list() throws IOException {
        for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
            String path = Member.tidy(entry.getName());
            if (Member.escapes(entry.getName())) {
                problems.add(
                        new Problem(
                                file + ":" + entry.getName(), "its path leads out of the archive"));
            } else if (!entry.isDirectory()) {
                add(entry, path);
            }
        }
        members.sort(Comparator.comparing(Member::path));
        ZipLimits.check(zip, file);
        members.replaceAll(this::looked);
    }

    private void add(ZipArchiveEntry entry, String path) {
        if (Member.isClutter(path)) {
            clutter++;
        } else if (entry.isUnixSymlink()) {
            problems.add(new Problem(file + ":" + path, "is a link, which is not followed"));
        } else if (entries.putIfAbsent(path, entry) == null) {
            members.add(new Member(path));
        } else {
            problems.add(new Problem(file + ":" + path, "a second member of this name"));
        }
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public boolean isArchive() {
        return true;
    }

    @Override
    public List<Member> members() {
        return members;
    }

    @Override
    public long clutter() {
        return clutter;
    }

    @Override
    public List<Problem> problems() {
        return problems;
    }

    @Override
    public InputStream open(Member member) throws IOException {
        ZipArchiveEntry entry = entries.get(member.path());
        if (entry == null) {
            throw new IOException("no member " + member.path());
        }
        if (!zip.canReadEntryData(entry)) {
            throw new IOException("is encrypted or compressed in an unknown way");
        }
        return new Checked(zip.getInputStream(entry), entry.getCrc(), entry.getSize());
    }

    /** Compares checksum and length at the end; the library's stream does not. */
    private static final class Checked extends FilterInputStream {
        private final CRC32 sum = new CRC32();
        private final long expectedSum;
        private final long expectedSize;
        private long size;

        Checked(InputStream in, long expectedSum, long expectedSize) {
            super(in);
            this.expectedSum = expectedSum;
            this.expectedSize = expectedSize;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            if (size + count > expectedSize) {
                throw new IOException("is longer than the archive says");
            }
            if (count > 0) {
                sum.update(bytes, offset, count);
                size += count;
            } else if (count < 0 && (sum.getValue() != expectedSum || size != expectedSize)) {
                throw new IOException("is damaged in the archive (checksum or length is wrong)");
            }
            return count;
        }
    }

    @Override
    public Optional<Path> file(Member member) {
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
