package dev.stanstudio.datasets.importer;

/** Says of a source that holds no pictures what it is instead. */
final class Unreadable {
    private Unreadable() {}

    static String reason(SourceTree tree) {
        boolean arrow = tree.members().stream().anyMatch(m -> m.extension().equals("arrow"));
        if (Layouts.pictures(tree).isEmpty() && !tree.problems().isEmpty()) {
            return ("%s holds no picture that can be taken; %s members are refused, the"
                            + " first: %s")
                    .formatted(tree.name(), tree.problems().size(), tree.problems().get(0));
        }
        if (!arrow) {
            return tree.name() + " holds no pictures in a layout that is known";
        }
        boolean parts = tree.members().stream().anyMatch(m -> m.name().equals("dataset_dict.json"));
        return ("%s holds Arrow files of datasets' save_to_disk, which are not read; in"
                        + " Python,%s and import the folder of that")
                .formatted(
                        tree.name(),
                        parts
                                ? " write each part by load_from_disk(...)[\"train\"].to_parquet"
                                        + "(\"train.parquet\")"
                                : " write it by load_from_disk(...).to_parquet(\"train.parquet\")");
    }
}
