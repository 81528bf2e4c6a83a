package dev.stanstudio.sd3.schedule;

import java.util.List;

/** Latents of one number. */
final class DoubleMath implements LatentMath<Double> {
    @Override
    public Double combine(float[] coefficients, List<Double> terms) {
        double sum = 0;
        for (int k = 0; k < coefficients.length; k++) {
            sum += coefficients[k] * terms.get(k);
        }
        return sum;
    }

    @Override
    public void release(Double tensor) {}
}
