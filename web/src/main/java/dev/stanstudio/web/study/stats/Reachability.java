package dev.stanstudio.web.study.stats;

/** Tests whether every node of a graph can be reached from every other. */
final class Reachability {
    private Reachability() {}

    /** Changes {@code reach} into its transitive closure. */
    static boolean complete(boolean[][] reach) {
        int n = reach.length;
        for (int via = 0; via < n; via++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    reach[i][j] |= reach[i][via] && reach[via][j];
                }
            }
        }
        for (boolean[] row : reach) {
            for (boolean reached : row) {
                if (!reached) {
                    return false;
                }
            }
        }
        return true;
    }
}
