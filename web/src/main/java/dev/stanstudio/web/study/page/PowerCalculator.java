package dev.stanstudio.web.study.page;

import dev.stanstudio.base.Decimal;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.stats.Power;
import dev.stanstudio.web.study.stats.RaterPower;
import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/** Computes for the form how many raters and votes find a share. Stateless. */
final class PowerCalculator {
    private PowerCalculator() {}

    static void show(Context ctx) {
        double share = percent(ctx.queryParam("share"), 65);
        double power = percent(ctx.queryParam("power"), 80);
        double each = Math.floor(number(ctx.queryParam("each"), 20));
        double spread = percent(ctx.queryParam("spread"), 20);
        boolean valid =
                isBetween(share, 0.51, 0.99)
                        && isBetween(power, 0.5, 0.99)
                        && isBetween(each, 1, 500)
                        && isBetween(spread, 0, 0.95);
        String answer =
                valid
                        ? answer(new RaterPower(share, each, spread), power)
                        : """
                        Give a share between 51 and 99 %, a power between 50 and 99 %, \
                        1 to 500 votes and a correlation of 0 to 95 %.\
                        """;
        Pages.show(ctx, new StudyViews.PowerAnswer(answer));
    }

    /** Returns false for a value that is not a number. */
    private static boolean isBetween(double value, double least, double most) {
        return value >= least && value <= most;
    }

    private static String answer(RaterPower plan, double power) {
        int raters = plan.raters(StoppingRule.DEFAULT_ALPHA, power);
        if (raters >= RaterPower.MOST) {
            return "%d voters or more; ask for a larger share or less power."
                    .formatted(RaterPower.MOST);
        }
        return """
        %d voters with %d decisive votes each, %d together, find it in %d of 100 studies \
        (unit: voter, 5 %%). Were votes independent, %d votes would do. Ties and voters \
        who are left out come on top.\
        """
                .formatted(
                        raters,
                        Math.round(plan.votesPerRater()),
                        Math.round(raters * plan.votesPerRater()),
                        Math.round(100 * power),
                        Power.votesFromWhichOn(plan.share(), StoppingRule.DEFAULT_ALPHA, power));
    }

    private static double percent(@Nullable String text, double otherwise) {
        return number(text, otherwise) / 100;
    }

    private static double number(@Nullable String text, double otherwise) {
        try {
            return text == null ? otherwise : Decimal.parse(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
