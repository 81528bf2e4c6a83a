package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.schedule.SamplerKind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a {@link SamplerKind} on the command line. */
final class SamplerName implements ITypeConverter<SamplerKind> {
    @Override
    public SamplerKind convert(String label) {
        try {
            return SamplerKind.of(label);
        } catch (ArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
