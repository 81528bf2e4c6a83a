package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.source.TarMembers;
import dev.stanstudio.base.source.Unpacked;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** A tar archive, compressed or not. Of a truncated one, everything before the end is there. */
final class TarTree implements SourceTree {
    /** Position of a member's bytes in the file. */
    private record Extent(long offset, long size) {}

    private static final int BLOCK = 512;

    /** More members than any archive of pictures has. */
    private static final int MOST_MEMBERS = 5_000_000;

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Extent> extents = new LinkedHashMap<>();
    private final List<Member> members = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private long clutter;

    private TarTree(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** The bytes of {@code file}, unpacked into a file that goes away with the channel. */
    private static FileChannel bytes(Path file) throws IOException {
        if (!Unpacked.isCompressed(file)) {
            return FileChannel.open(file);
        }
        Path unpacked = Files.createTempFile("studio-import", ".tar");
        try (InputStream in = Unpacked.open(file)) {
            Files.copy(in, unpacked, StandardCopyOption.REPLACE_EXISTING);
            return FileChannel.open(
                    unpacked, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            Files.deleteIfExists(unpacked);
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("the import was interrupted");
            }
            throw new ArchiveException(
                    file.toString(), "cannot be unpacked (" + SourceTree.reason(e) + ")", e);
        }
    }

    /**
     * @throws ArchiveException when it is no tar archive at all
     */
    static TarTree open(Path file) throws IOException {
        TarTree tree = new TarTree(file, bytes(file));
        try (SeekingInput raw = new SeekingInput(tree.channel);
                TarArchiveInputStream tar = TarMembers.open(raw)) {
            tree.list(tar);
            TarMembers.requireNothingBehind(raw);
            tree.requireEndMark();
        } catch (IOException | RuntimeException e) {
            tree.giveUp(e);
        }
        tree.members.replaceAll(tree::looked);
        return tree;
    }

    private void giveUp(Exception e) throws IOException {
        if (extents.isEmpty()) {
            channel.close();
            throw new ArchiveException(
                    file.toString(),
                    "is truncated or no tar archive ("
                            + SourceTree.reason(e)
                            + "); fetch it again, or unpack it if it is compressed",
                    e);
        }
        problems.add(
                new Problem(
                        file.toString(),
                        "is truncated or damaged after %s members (%s)"
                                .formatted(extents.size(), SourceTree.reason(e))));
    }

    /** The library takes any end of the file for the end of the archive. */
    private void requireEndMark() throws IOException {
        byte[] last = new byte[BLOCK];
        if (channel.size() >= BLOCK) {
            channel.read(ByteBuffer.wrap(last), channel.size() - BLOCK);
        }
        if (channel.size() < BLOCK || !Arrays.equals(last, new byte[BLOCK])) {
            throw new IOException("the mark of its end is missing");
        }
    }

    private void list(TarArchiveInputStream tar) throws IOException {
        long length = channel.size();
        for (TarArchiveEntry entry = TarMembers.next(tar);
                entry != null;
                entry = TarMembers.next(tar)) {
            String path = Member.tidy(entry.getName());
            String refusal = TarMembers.refusal(entry);
            if (Member.escapes(entry.getName())) {
                problems.add(
                        new Problem(
                                file + ":" + entry.getName(), "its path leads out of the archive"));
            } else if (Member.isClutter(path)) {
                clutter += entry.isDirectory() ? 0 : 1;
            } else if (refusal != null && !entry.isDirectory()) {
                problems.add(new Problem(file + ":" + path, refusal));
            } else if (!entry.isDirectory()) {
                Extent extent = new Extent(tar.getBytesRead(), entry.getSize());
                if (extent.offset() + extent.size() > length) {
                    throw new IOException("the archive ends inside " + path);
                }
                list(path, extent);
            }
            if (members.size() + problems.size() > MOST_MEMBERS) {
                throw new IOException("it has more than " + MOST_MEMBERS + " members");
            }
        }
    }

    private void list(String path, Extent extent) {
        if (extents.putIfAbsent(path, extent) == null) {
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
        Extent extent = extents.get(member.path());
        if (extent == null) {
            throw new IOException("no member " + member.path());
        }
        return new SeekingInput(channel, extent.offset(), extent.size());
    }

    @Override
    public Optional<Path> file(Member member) {
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** A stretch of a file; skipping costs nothing and closing leaves the file open. */
    private static final class SeekingInput extends InputStream {
        private final FileChannel channel;
        private final long end;
        private long at;

        SeekingInput(FileChannel channel) throws IOException {
            this(channel, 0, channel.size());
        }

        SeekingInput(FileChannel channel, long offset, long size) {
            this.channel = channel;
            this.at = offset;
            this.end = offset + size;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (at >= end) {
                return -1;
            }
            int wanted = (int) Math.min(length, end - at);
            int count = channel.read(ByteBuffer.wrap(bytes, offset, wanted), at);
            at += Math.max(0, count);
            return count;
        }

        @Override
        public long skip(long count) {
            long skipped = Math.max(0, Math.min(count, end - at));
            at += skipped;
            return skipped;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, end - at);
        }
    }
}
