package dev.stanstudio.web.study.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Computes orders of k slots that put every method into every slot equally often. */
final class SlotOrders {
    private static final int ALL_UP_TO = 3;

    private SlotOrders() {}

    /** Returns all orders of up to three slots, the rotations of both directions of more. */
    static List<List<Integer>> of(int k) {
        List<List<Integer>> orders = new ArrayList<>();
        for (int shift = 0; shift < k; shift++) {
            List<Integer> order = new ArrayList<>();
            for (int slot = 0; slot < k; slot++) {
                order.add((slot + shift) % k);
            }
            orders.add(List.copyOf(order));
            if (k >= ALL_UP_TO) {
                Collections.reverse(order);
                orders.add(List.copyOf(order));
            }
        }
        return orders;
    }
}
