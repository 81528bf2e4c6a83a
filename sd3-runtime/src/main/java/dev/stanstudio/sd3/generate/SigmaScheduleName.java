package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.schedule.SigmaSchedule;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a {@link SigmaSchedule} on the command line. */
final class SigmaScheduleName implements ITypeConverter<SigmaSchedule> {
    @Override
    public SigmaSchedule convert(String label) {
        try {
            return SigmaSchedule.of(label);
        } catch (ArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
