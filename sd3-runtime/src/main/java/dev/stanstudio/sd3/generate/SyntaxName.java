package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.text.TextSyntax;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a {@link TextSyntax} on the command line. */
final class SyntaxName implements ITypeConverter<TextSyntax> {
    @Override
    public TextSyntax convert(String label) {
        try {
            return TextSyntax.of(label);
        } catch (ArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
