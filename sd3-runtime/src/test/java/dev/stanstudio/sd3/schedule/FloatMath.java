package dev.stanstudio.sd3.schedule;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Latents as plain floats, optionally rounded to bfloat16, with a ledger of who is alive. */
final class FloatMath implements LatentMath<float[]> {
    private final boolean bfloat16;
    private final Set<float[]> alive = Collections.newSetFromMap(new IdentityHashMap<>());

    FloatMath(boolean bfloat16) {
        this.bfloat16 = bfloat16;
    }

    @Override
    public float[] combine(float[] coefficients, List<float[]> terms) {
        float[] sum = new float[terms.get(0).length];
        for (int i = 0; i < sum.length; i++) {
            float total = 0;
            for (int k = 0; k < coefficients.length; k++) {
                total += coefficients[k] * terms.get(k)[i];
            }
            sum[i] = bfloat16 ? toBfloat16(total) : total;
        }
        alive.add(sum);
        return sum;
    }

    @Override
    public void release(float[] tensor) {
        if (!alive.remove(tensor)) {
            throw new IllegalStateException("released twice, or not made here");
        }
    }

    /** Tensors made and not released yet. */
    int alive() {
        return alive.size();
    }

    private static float toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int nearestEven = bits + 0x7fff + (bits >>> 16 & 1);
        return Float.intBitsToFloat(nearestEven & 0xffff0000);
    }
}
