package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.kind.KindName;
import dev.stanstudio.adapter.project.AdapterReport;
import dev.stanstudio.base.command.TerminalText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An inspection for people, one fact a line. */
public final class InspectionText {
    /** Lines of one kind that are printed; --json has them all. */
    private static final int SHOWN = 8;

    private static final int LONGEST = 100;

    private final List<String> lines = new ArrayList<>();

    private InspectionText() {}

    public static String of(Inspection inspection) {
        InspectionText text = new InspectionText();
        text.file(inspection);
        text.targets(inspection);
        text.rest(inspection);
        if (inspection.model() != null) {
            text.match(inspection.model());
        }
        return String.join(System.lineSeparator(), text.lines);
    }

    private void line(String label, String value) {
        lines.add(String.format(Locale.ROOT, "%-15s%s", label, printable(value)));
    }

    private void file(Inspection inspection) {
        line("file", inspection.file());
        line("kind", inspection.kind() + ", written by " + inspection.format());
        line("base model", inspection.baseModel() == null ? "not named" : inspection.baseModel());
        line("size", grouped(inspection.bytes()) + " bytes");
        line("sha256", inspection.sha256());
        notes(inspection.notes());
    }

    private void notes(@Nullable AdapterNotes notes) {
        if (notes != null && !notes.description().isEmpty()) {
            line("description", notes.description());
        }
        if (notes != null && !notes.triggerWords().isEmpty()) {
            line("trigger words", notes.triggerWords());
        }
    }

    private void targets(Inspection inspection) {
        if (!inspection.ranks().isEmpty()) {
            line(
                    KindName.hasFeatures(inspection.kind()) ? "features" : "rank",
                    joined(inspection.ranks()));
        }
        if (!inspection.alphas().isEmpty()) {
            line("alpha", joined(inspection.alphas()));
        }
        if (!inspection.scales().isEmpty()) {
            line("scale", joined(inspection.scales()));
        }
        line("parameters", grouped(inspection.parameters()));
        line("modules", Integer.toString(inspection.modules()));
        limited(
                inspection.targets().stream()
                        .map(
                                group ->
                                        (group.blocks().isEmpty()
                                                        ? "outside of blocks: "
                                                        : "blocks " + group.blocks() + ": ")
                                                + String.join(", ", group.modules()))
                        .toList(),
                Integer.MAX_VALUE);
    }

    private void rest(Inspection inspection) {
        inspection
                .textEncoders()
                .forEach(
                        (encoder, modules) ->
                                line(encoder, "modules: " + modules.size() + ", not applied"));
        if (!inspection.unknownKeys().isEmpty()) {
            line("unknown keys", Integer.toString(inspection.unknownKeys().size()));
            limited(inspection.unknownKeys(), LONGEST);
        }
        if (!inspection.notApplied().isEmpty()) {
            line("not applied", inspection.notApplied().size() + " kinds");
            limited(inspection.notApplied(), 300);
        }
        if (!inspection.metadata().isEmpty()) {
            line("metadata", Integer.toString(inspection.metadata().size()));
            limited(
                    inspection.metadata().entrySet().stream()
                            .map(entry -> entry.getKey() + " = " + entry.getValue())
                            .toList(),
                    LONGEST);
        }
    }

    private void match(Inspection.Match match) {
        int all = match.matched().size() + match.unmatched().size() + match.wrongShape().size();
        line("model", match.path());
        line("matched", match.matched().size() + " of " + all + " modules");
        if (!match.unmatched().isEmpty()) {
            line("unmatched", Integer.toString(match.unmatched().size()));
            limited(match.unmatched().stream().map(InspectionText::unmatched).toList(), 300);
        }
        if (!match.wrongShape().isEmpty()) {
            line("wrong shape", Integer.toString(match.wrongShape().size()));
            limited(
                    match.wrongShape().stream()
                            .map(
                                    wrong ->
                                            "%s needs %s, the model has %s"
                                                    .formatted(
                                                            wrong.module(),
                                                            wrong.adapterShape(),
                                                            wrong.modelShape()))
                            .toList(),
                    300);
        }
    }

    private static String unmatched(AdapterReport.Unmatched unmatched) {
        return unmatched.module()
                + (unmatched.nearest().isEmpty()
                        ? ""
                        : "; nearest: " + String.join(", ", unmatched.nearest()));
    }

    private void limited(List<String> values, int longest) {
        for (String value : values.subList(0, Math.min(SHOWN, values.size()))) {
            String clean = printable(value);
            boolean cut = clean.length() > longest;
            lines.add("  " + (cut ? clean.substring(0, longest) + "…" : clean));
        }
        if (values.size() > SHOWN) {
            lines.add("  and " + (values.size() - SHOWN) + " more; --json has them all");
        }
    }

    private static String joined(Collection<? extends Number> numbers) {
        return numbers.stream()
                .map(n -> String.format(Locale.ROOT, "%.6g", n.doubleValue()))
                .map(n -> n.contains(".") ? n.replaceFirst("\\.?0+$", "") : n)
                .collect(Collectors.joining(", "));
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Names come from files of strangers; control characters could repaint the terminal. */
    private static String printable(String text) {
        return TerminalText.escaped(text.replaceAll("\\p{Cntrl}+", " ").strip());
    }
}
