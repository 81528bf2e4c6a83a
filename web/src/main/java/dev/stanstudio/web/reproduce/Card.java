package dev.stanstudio.web.reproduce;

/** Lists cards that costs are estimated for, with what their makers publish. */
enum Card {
    /** NVIDIA H200 SXM. */
    H200("NVIDIA H200", 989, 141),
    /** NVIDIA H100 SXM. */
    H100("NVIDIA H100", 989, 80),
    /** NVIDIA A100, 80 GB. */
    A100("NVIDIA A100", 312, 80),
    /** NVIDIA L40S. */
    L40S("NVIDIA L40S", 362, 48),
    /** NVIDIA GeForce RTX 4090. */
    RTX4090("NVIDIA RTX 4090", 165, 24);

    /** Share of the peak that is assumed to be reached; measured nowhere. */
    static final double REACHED = 0.35;

    private final String label;
    private final double teraflops;
    private final int gigabytes;

    /**
     * @param teraflops dense, in bf16 with sums in fp32, in 10¹² operations a second
     */
    Card(String label, double teraflops, int gigabytes) {
        this.label = label;
        this.teraflops = teraflops;
        this.gigabytes = gigabytes;
    }

    String label() {
        return label;
    }

    /** Returns the seconds that {@code operations} are assumed to take. */
    double seconds(double operations) {
        return operations / (teraflops * 1e12 * REACHED);
    }

    boolean holds(double bytes) {
        return bytes <= gigabytes * 1e9;
    }
}
