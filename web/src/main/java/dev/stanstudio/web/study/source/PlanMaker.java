package dev.stanstudio.web.study.source;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.web.study.plan.Cell;
import dev.stanstudio.web.study.plan.KeyedRandom;
import dev.stanstudio.web.study.plan.PlannedCheck;
import dev.stanstudio.web.study.plan.PlannedPicture;
import dev.stanstudio.web.study.plan.Planner;
import dev.stanstudio.web.study.plan.SourceNames;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.StudySettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prepares a study's pictures and draws its plan. */
public final class PlanMaker {
    /** Longer sides are scaled down for voters. */
    public static final int LARGEST_SIDE = 1024;

    private static final int REFERENCES = 4;
    private static final int REFERENCE_SIDE = 512;

    private final StudySettings settings;
    private final StudyPictures material;
    private final Path folder;
    private final SourceNames names;
    private final PictureWriter writer;
    private final String secret = KeyedRandom.newSecret();
    private final List<PlannedPicture> pictures = new ArrayList<>();
    private final Map<String, List<String>> references = new HashMap<>();

    private PlanMaker(StudySettings settings, StudyPictures material, Path folder) {
        this.settings = settings;
        this.material = material;
        this.folder = folder;
        List<Path> all = material.rows().stream().flatMap(row -> row.pictures().stream()).toList();
        this.names = new SourceNames(all);
        this.writer = PictureWriter.of(KeyedRandom.parse(secret), folder, all, LARGEST_SIDE);
    }

    /**
     * Writes the pictures into {@code folder} and returns the plan over them.
     *
     * @param styles a folder of pictures per style, or of pictures, to show above each trial; null
     *     for none
     */
    public static StudyPlan make(
            StudySettings settings, StudyPictures material, Path folder, @Nullable Path styles) {
        return new PlanMaker(settings, material, folder).make(styles);
    }

    private StudyPlan make(@Nullable Path styles) {
        List<Cell> cells = new ArrayList<>();
        for (StudyPictures.Row row : material.rows()) {
            cells.add(
                    new Cell(
                            row.prompt(),
                            row.style(),
                            row.seed(),
                            styles == null ? List.of() : references(styles, row.style())));
            addPictures(row, cells.size() - 1);
        }
        addSpoiled();
        List<PlannedPicture> hashed = pictures.stream().map(this::hashed).toList();
        return new StudyPlan(
                StudyPlan.VERSION,
                null,
                secret,
                settings,
                material.methods(),
                cells,
                hashed,
                Planner.draw(
                        KeyedRandom.parse(secret), settings, material.methods().size(), hashed));
    }

    private void addPictures(StudyPictures.Row row, int cell) {
        for (int method = 0; method < row.pictures().size(); method++) {
            Path source = row.pictures().get(method);
            pictures.add(
                    new PlannedPicture(writer.copy(source), cell, method, "", names.of(source)));
        }
    }

    private void addSpoiled() {
        List<StudyPictures.Row> rows = material.rows();
        byte[] key = KeyedRandom.parse(secret);
        for (PlannedCheck check :
                PlannedCheck.draw(key, settings, material.methods().size(), rows.size())) {
            for (int method : check.spoiled()) {
                Path source = rows.get(check.cell()).pictures().get(method);
                pictures.add(
                        new PlannedPicture(
                                writer.spoiled(source),
                                check.cell(),
                                PlannedPicture.SPOILED,
                                "",
                                names.of(source)));
            }
        }
    }

    private List<String> references(Path styles, String style) {
        return references.computeIfAbsent(
                style,
                s ->
                        Sources.references(styles, s, REFERENCES).stream()
                                .map(file -> writer.reference(file, REFERENCE_SIDE))
                                .toList());
    }

    private PlannedPicture hashed(PlannedPicture picture) {
        return new PlannedPicture(
                picture.file(),
                picture.cell(),
                picture.method(),
                Sha256.ofFile(folder.resolve(picture.file())),
                picture.source());
    }
}
