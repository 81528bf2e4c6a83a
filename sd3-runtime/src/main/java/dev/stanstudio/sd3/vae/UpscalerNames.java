package dev.stanstudio.sd3.vae;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of an upscaler's tensors as BasicSR writes them ({@code conv_first}, {@code
 * body.N.rdb1.conv1}, {@code conv_up1}), from its own names, from those of ESRGAN's first release
 * ({@code RRDB_trunk}, {@code upconv1}) and from the numbered ones of its older network ({@code
 * model.0}, {@code model.1.sub.N.RDB1.conv1.0}).
 */
public final class UpscalerNames {
    private static final Pattern WRAPPED = Pattern.compile("(params_ema|params|module)\\.(.+)");
    private static final Pattern OLD_DENSE =
            Pattern.compile(
                    "(?:model\\.1\\.sub|RRDB_trunk)\\.(\\d+)\\.RDB(\\d)\\.conv(\\d)(?:\\.0)?\\.(\\w+)");
    private static final Pattern OLD_TRUNK = Pattern.compile("model\\.1\\.sub\\.\\d+\\.(\\w+)");
    private static final Pattern NUMBERED = Pattern.compile("model\\.(\\d+)\\.(\\w+)");
    private static final Map<String, String> FIRST_RELEASE =
            Map.of(
                    "trunk_conv", "conv_body",
                    "upconv1", "conv_up1",
                    "upconv2", "conv_up2",
                    "upconv3", "conv_up3",
                    "HRconv", "conv_hr");

    private final Map<Integer, String> numbered = new HashMap<>();

    /** Reads what the numbers of {@code names} stand for. */
    public UpscalerNames(Collection<String> names) {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (String name : names) {
            Matcher matcher = NUMBERED.matcher(unwrapped(name));
            if (matcher.matches()) {
                numbers.add(Integer.parseInt(matcher.group(1)));
            }
        }
        name(numbers.pollFirst(), "conv_first");
        name(numbers.pollLast(), "conv_last");
        name(numbers.pollLast(), "conv_hr");
        int doubling = 0;
        for (int number : numbers) {
            doubling++;
            name(number, "conv_up" + doubling);
        }
    }

    private void name(@Nullable Integer number, String name) {
        if (number != null) {
            numbered.put(number, name);
        }
    }

    /** Returns BasicSR's name of a tensor; a name that is of none of these kinds stays. */
    public String canonical(String name) {
        String bare = unwrapped(name);
        Matcher dense = OLD_DENSE.matcher(bare);
        if (dense.matches()) {
            return "body.%s.rdb%s.conv%s.%s"
                    .formatted(dense.group(1), dense.group(2), dense.group(3), dense.group(4));
        }
        Matcher trunk = OLD_TRUNK.matcher(bare);
        if (trunk.matches()) {
            return "conv_body." + trunk.group(1);
        }
        Matcher number = NUMBERED.matcher(bare);
        if (number.matches()) {
            return numbered.get(Integer.parseInt(number.group(1))) + "." + number.group(2);
        }
        int dot = bare.indexOf('.');
        String first = dot < 0 ? bare : bare.substring(0, dot);
        return FIRST_RELEASE.getOrDefault(first, first) + bare.substring(first.length());
    }

    private static String unwrapped(String name) {
        Matcher matcher = WRAPPED.matcher(name);
        return matcher.matches() ? matcher.group(2) : name;
    }
}
