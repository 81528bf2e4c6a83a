package dev.stanstudio.web;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads paths of the command line. */
final class PathArgument implements ITypeConverter<Path> {
    @Override
    public Path convert(String value) {
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw new TypeConversionException(refusal(e));
        }
    }

    /** Returns why a text is no path of this machine, for its user. */
    static String refusal(InvalidPathException e) {
        String hint =
                e.getReason().contains("unmappable")
                        ? "; it cannot be written in the encoding of this terminal, set"
                                + " LC_ALL=C.UTF-8"
                        : " (%s)".formatted(e.getReason());
        return "'%s' cannot name a file or folder%s".formatted(e.getInput(), hint);
    }
}
