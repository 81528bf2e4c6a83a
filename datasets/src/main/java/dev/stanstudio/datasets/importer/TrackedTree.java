package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.source.TextEncoding;
import dev.stanstudio.base.source.UnknownEncodingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A tree that knows which of its files were dealt with. For one thread. */
final class TrackedTree implements SourceTree {
    /** Fewer unclear captions may be strays of several encodings. */
    private static final int ENOUGH = 5;

    private static final Set<String> SHORT_TEXTS = Set.of("txt", "caption");

    private final SourceTree tree;
    private final TextSettings settings;
    private final Set<String> used = new HashSet<>();

    private int unclear;

    private boolean gathered;

    /** Encoding that all captions tell together; null where that is nothing. */
    private @Nullable TextEncoding together;

    TrackedTree(SourceTree tree, TextSettings settings) {
        this.tree = tree;
        this.settings = settings;
    }

    /** Captions of a few characters tell their encoding only together. */
    @Override
    public String text(Member member) {
        try {
            return SourceTree.super.text(member);
        } catch (UnknownEncodingException e) {
            try (InputStream in = tree.open(member)) {
                TextEncoding common = together();
                if (common == null) {
                    throw e;
                }
                return common.decode(locator(member), in.readNBytes(MAX_TEXT_BYTES));
            } catch (IOException unreadable) {
                throw e;
            }
        }
    }

    private @Nullable TextEncoding together() throws IOException {
        if (!gathered) {
            gathered = true;
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (Member member : tree.members()) {
                if (SHORT_TEXTS.contains(member.extension()) && all.size() < MAX_TEXT_BYTES) {
                    add(member, all);
                }
            }
            together = unclear < ENOUGH ? null : settings.encoding().together(all.toByteArray());
        }
        return together;
    }

    private void add(Member member, ByteArrayOutputStream all) throws IOException {
        try (InputStream in = tree.open(member)) {
            byte[] bytes = in.readNBytes(MAX_TEXT_BYTES);
            try {
                settings.encoding().decode(member.name(), bytes);
            } catch (UnknownEncodingException e) {
                unclear++;
                all.write(bytes);
                all.write('\n');
            }
        }
    }

    /** Returns whether {@code member} was opened or said to be used. */
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
