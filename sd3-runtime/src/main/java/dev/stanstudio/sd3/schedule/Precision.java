package dev.stanstudio.sd3.schedule;

/**
 * The floating-point type in which the reference runs a stage of a table. Rounding the double
 * result of one sum, product or quotient of floats gives exactly the float32 result, so one formula
 * serves both types.
 */
enum Precision {
    FLOAT32 {
        @Override
        double round(double value) {
            return (float) value;
        }
    },
    FLOAT64 {
        @Override
        double round(double value) {
            return value;
        }
    };

    abstract double round(double value);

    /** The static shift σ' = s·σ / (1 + (s−1)·σ). */
    double shift(double shift, double sigma) {
        double numerator = round(round(shift) * sigma);
        return round(numerator / round(1 + round(round(shift - 1) * sigma)));
    }

    /** The dynamic shift σ' = w / (w + 1/σ − 1). */
    double odds(double weight, double sigma) {
        double w = round(weight);
        return round(w / round(w + round(round(1 / sigma) - 1)));
    }

    /** Stretches 1−σ by the same factor everywhere, so that the last sigma becomes {@code end}. */
    void stretch(double[] sigmas, double end) {
        double scale = round(round(1 - sigmas[sigmas.length - 1]) / round(1 - end));
        for (int i = 0; i < sigmas.length; i++) {
            sigmas[i] = round(1 - round(round(1 - sigmas[i]) / scale));
        }
    }
}
