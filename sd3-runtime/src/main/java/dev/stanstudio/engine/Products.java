package dev.stanstudio.engine;

/**
 * Provides the linear layers of networks as program texts: one of them is loaded with a network's
 * own text and defines {@code project}, {@code project_gelu}, {@code project_scaled}, {@code
 * project_onto}, {@code times} and {@code wide}.
 */
public final class Products {
    private Products() {}

    /** By libtorch's own operators, on any device and in any type. */
    public static ProgramText plain() {
        return new ProgramText(Products.class, "products.ts.py");
    }

    /** Half types as fp32, rounded once: for processors without instructions for them. */
    public static ProgramText widened() {
        return new ProgramText(Products.class, "products-widened.ts.py");
    }

    /** The faster of both for {@code dtype} on {@code device}. */
    public static ProgramText fastest(Device device, DType dtype) {
        return Processor.widens(device, dtype) ? widened() : plain();
    }
}
