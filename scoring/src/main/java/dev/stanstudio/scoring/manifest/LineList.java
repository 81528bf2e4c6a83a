package dev.stanstudio.scoring.manifest;

import java.nio.file.Files;
import java.nio.file.Path;

/** Lists the pictures that the lines of a manifest beside them name. */
record LineList(Path list, PictureList.Defaults defaults) implements PictureList {
    @Override
    public String name() {
        return list.toString();
    }

    @Override
    public long size() {
        return Manifest.count(list);
    }

    @Override
    public void forEach(Visitor visitor) {
        Manifest.read(
                list,
                new Manifest.Reader() {
                    @Override
                    public void onRecord(long line, ManifestRecord record) {
                        visit(line, record, visitor);
                    }

                    @Override
                    public void onBadLine(long line, String what) {
                        visitor.onProblem(bad(line, what));
                    }
                });
    }

    private void visit(long line, ManifestRecord record, Visitor visitor) {
        ListedPicture picture;
        Path file;
        try {
            file = record.path(folder());
            picture = record.picture(record.requiredFile(), defaults);
        } catch (IllegalArgumentException e) {
            visitor.onProblem(bad(line, String.valueOf(e.getMessage())));
            return;
        }
        visitor.onPicture(picture, Files.isRegularFile(file) ? file : null);
    }

    private Problem bad(long line, String what) {
        String where = "%s line %d".formatted(list.getFileName(), line);
        return new Problem(Problem.Kind.BAD_LINE, where, what.lines().findFirst().orElse(""));
    }

    private Path folder() {
        Path folder = list.toAbsolutePath().normalize().getParent();
        if (folder == null) {
            throw new IllegalArgumentException("is in no folder");
        }
        return folder;
    }
}
