package dev.stanstudio.datasets.importer;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A folder, or a single file in one. Links are followed. */
final class FolderTree implements SourceTree {
    private final Path root;
    private final String name;
    private final List<Member> members = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private long clutter;

    private FolderTree(Path root, String name) {
        this.root = root;
        this.name = name;
    }

    static FolderTree ofFolder(Path folder) throws IOException {
        FolderTree tree = new FolderTree(folder, folder.toString());
        Files.walkFileTree(
                folder,
                EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                Integer.MAX_VALUE,
                tree.new Visitor());
        tree.members.sort(Comparator.comparing(Member::path));
        tree.members.replaceAll(tree::looked);
        return tree;
    }

    static FolderTree ofFile(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalArgumentException(file + " is no file");
        }
        FolderTree tree = new FolderTree(folder, folder.toString());
        tree.members.add(new Member(String.valueOf(file.getFileName())));
        return tree;
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        /** True while the folder that was entered last shows no file. */
        private boolean empty;

        @Override
        public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            if (!dir.equals(root) && Member.isClutter(String.valueOf(dir.getFileName()))) {
                clutter++;
                empty = false;
                return FileVisitResult.SKIP_SUBTREE;
            }
            empty = true;
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            empty = false;
            String path = root.relativize(file).toString().replace(File.separatorChar, '/');
            if (attributes.isSymbolicLink()) {
                problems.add(new Problem(file.toString(), "a link to nothing"));
            } else if (Member.isClutter(path)) {
                clutter++;
            } else if (attributes.isRegularFile()) {
                members.add(new Member(path));
            } else {
                problems.add(new Problem(file.toString(), "is no file that can be read"));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (file.equals(root)) {
                throw e;
            }
            empty = false;
            problems.add(new Problem(file.toString(), why(e)));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e) {
            if (e != null) {
                problems.add(new Problem(dir.toString(), why(e)));
            } else if (empty && !dir.equals(root)) {
                problems.add(new Problem(dir.toString(), "an empty folder"));
            }
            empty = false;
            return FileVisitResult.CONTINUE;
        }
    }

    private static String why(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "no permission to read it";
        }
        if (e instanceof FileSystemLoopException) {
            return "a link to a folder above it";
        }
        return "cannot be read: " + SourceTree.reason(e);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isArchive() {
        return false;
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
        return Files.newInputStream(root.resolve(member.path()));
    }

    @Override
    public Optional<Path> file(Member member) {
        return Optional.of(root.resolve(member.path()));
    }

    @Override
    public void close() {}
}
