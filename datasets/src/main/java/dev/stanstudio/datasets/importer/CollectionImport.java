package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.CollectionWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Imports a source of any known layout into a collection. */
public final class CollectionImport {
    private static final List<Layout> LAYOUTS =
            List.of(
                    new ParquetShards(),
                    new DualStyleGan(),
                    new ImageFolder(),
                    new WebDataset(),
                    new KohyaFolders(),
                    new ArtGan(),
                    new WikiArtCrawler(),
                    new StyleFolders());

    /** Is told how far an import has come. */
    public interface Progress {
        /** So many pictures were dealt with, and so many of them skipped. */
        void at(long pictures, long skipped);
    }

    private CollectionImport() {}

    /** The names {@code --format} takes, without {@code auto}. */
    public static List<String> formats() {
        return LAYOUTS.stream().map(Layout::name).toList();
    }

    /**
     * Imports {@code source} into the collection at {@code out}. An import that was interrupted or
     * killed is continued by the same call and ends with the same bytes; one that was finished
     * changes nothing.
     *
     * @throws UserException when the source cannot be used at all, the collection cannot be
     *     written, or a picture is damaged and the options say stop
     * @throws java.util.concurrent.CancellationException when the thread is interrupted
     */
    public static ImportReport run(
            Path source, Path out, ImportOptions options, Progress progress) {
        Path from = source.toAbsolutePath().normalize();
        Path to = out.toAbsolutePath().normalize();
        if (to.startsWith(from) || from.startsWith(to)) {
            throw new UserException(
                    "source " + source + " and collection " + out + " lie within each other");
        }
        try {
            Sources.Found found = Sources.of(source);
            try (CollectionWriter writer = CollectionWriter.open(out);
                    ImportSink sink = new ImportSink(writer, options, progress)) {
                found.leftOut()
                        .forEach(file -> sink.note(file + " is left out, archives lie beside it"));
                String format = readAll(found.parts(), options, sink);
                if (found.around() != null) {
                    settleAround(new TrackedTree(found.around(), options.texts()), sink);
                }
                sink.drain();
                if (writer.size() == 0) {
                    throw nothing(source, sink.problems());
                }
                writer.finish();
                return sink.report(format);
            }
        } catch (IOException e) {
            throw new UserException(
                    "cannot import %s into %s: %s".formatted(source, out, SourceTree.reason(e)), e);
        }
    }

    private static UserException nothing(Path source, List<Problem> problems) {
        return new UserException(
                "%s gave no picture%s"
                        .formatted(
                                source,
                                problems.isEmpty()
                                        ? ""
                                        : "; the first reason: " + problems.get(0)));
    }

    private static String readAll(List<Sources.Part> parts, ImportOptions options, ImportSink sink)
            throws IOException {
        Set<String> formats = new LinkedHashSet<>();
        for (Sources.Part part : parts) {
            try (TrackedTree tree = new TrackedTree(part.open(), options.texts())) {
                tree.problems().forEach(sink::reject);
                long files = tree.members().size() + tree.clutter();
                if (parts.size() > 1 && Layouts.pictures(tree).isEmpty()) {
                    sink.note(tree.name() + " holds no pictures");
                    sink.saw(files, files);
                    continue;
                }
                Layout layout = layout(tree, options.format());
                formats.add(layout.name());
                layout.read(tree, sink);
                sink.saw(files, Leftovers.settle(tree, sink));
            } catch (ArchiveException e) {
                if (parts.size() == 1) {
                    throw e;
                }
                sink.reject(new Problem(e.archive(), e.reason()));
            }
        }
        return String.join(",", formats);
    }

    /** Settles files that lie beside archives. */
    private static void settleAround(TrackedTree tree, ImportSink sink) {
        tree.problems().forEach(sink::reject);
        tree.members().stream().filter(Sources::isPart).forEach(tree::use);
        long parts = tree.members().stream().filter(Sources::isPart).count();
        sink.saw(tree.members().size() + tree.clutter() - parts, Leftovers.settle(tree, sink));
    }

    private static Layout layout(SourceTree tree, String format) {
        List<Layout> fitting = new ArrayList<>();
        for (Layout layout : LAYOUTS) {
            boolean fits =
                    format.equals(ImportOptions.AUTO)
                            ? layout.recognises(tree)
                            : layout.name().equals(format);
            if (fits) {
                fitting.add(layout);
            }
        }
        if (fitting.isEmpty()) {
            throw new UserException(
                    format.equals(ImportOptions.AUTO)
                            ? Unreadable.reason(tree)
                            : "no format \"%s\"; there are auto, %s"
                                    .formatted(
                                            format,
                                            formats().stream().collect(Collectors.joining(", "))));
        }
        return fitting.get(0);
    }
}
