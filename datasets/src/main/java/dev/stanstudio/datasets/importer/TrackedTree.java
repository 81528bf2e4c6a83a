package dev.stanstudio.datasets.importer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A tree that knows which of its files were dealt with. For one thread. */
final class TrackedTree implements SourceTree {
    private final SourceTree tree;
    private final TextSettings settings;
    private final Set<String> used = new HashSet<>();

    TrackedTree(SourceTree tree, TextSettings settings) {
        this.tree = tree;
        this.settings = settings;
    }

    /** Whether {@code member} was opened or said to be used. */
    boolean isUsed(Member member) {
        return used.contains(member.path());
    }

    @Override
    public void use(Member member) {
        used.add(member.path());
    }

    @Override
    public TextSettings settings() {
        return settings;
    }

    @Override
    public String name() {
        return tree.name();
    }

    @Override
    public boolean isArchive() {
        return tree.isArchive();
    }

    @Override
    public List<Member> members() {
        return tree.members();
    }

    @Override
    public long clutter() {
        return tree.clutter();
    }

    @Override
    public List<Problem> problems() {
        return tree.problems();
    }

    @Override
    public InputStream open(Member member) throws IOException {
        use(member);
        return tree.open(member);
    }

    @Override
    public Optional<Path> file(Member member) {
        use(member);
        return tree.file(member);
    }

    @Override
    public void close() throws IOException {
        tree.close();
    }
}
