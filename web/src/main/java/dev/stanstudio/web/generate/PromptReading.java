package dev.stanstudio.web.generate;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.generate.ModelFinder;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.text.TextSyntax;
import dev.stanstudio.web.library.PromptReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the prompts of the form as their model will, to say what of them it does not take. */
final class PromptReading {
    private static final int MOST_PROMPTS = 100;
    private static final int MOST_CUTS = 6;
    private static final int SHOWN = 60;

    private final GenerateServices services;

    PromptReading(GenerateServices services) {
        this.services = services;
    }

    /**
     * Reads prompts.
     *
     * @param style the longest of the chosen ones; empty for none
     * @param choices whether prompts may hold choices, which are made as for {@code seed}
     */
    ReadingView read(
            String model,
            List<String> prompts,
            String style,
            boolean choices,
            long seed,
            TextSyntax syntax) {
        Map<String, ReadingView.Encoder> encoders = new LinkedHashMap<>();
        List<ReadingView.Cut> cuts = new ArrayList<>();
        Set<String> unknown = new LinkedHashSet<>();
        String problem = "";
        try {
            for (String prompt : prompts.subList(0, Math.min(prompts.size(), MOST_PROMPTS))) {
                String made = choices ? services.choices.made(prompt, seed) : prompt;
                String text = style.isEmpty() ? made : PromptTexts.inStyle(made, style);
                for (PromptReader.Count count : services.reader.read(model, text, syntax)) {
                    add(encoders, count);
                    if (!count.cut().isEmpty() && cuts.size() < MOST_CUTS) {
                        cuts.add(new ReadingView.Cut(count.encoder(), shown(made), count.cut()));
                    }
                }
                if (model.equals(ModelFinder.BUILT_IN)) {
                    unknown.addAll(KnownScenes.unknown(syntax.read(made).words()));
                }
            }
        } catch (UserException e) {
            problem = String.valueOf(e.getMessage());
        }
        return new ReadingView(List.copyOf(encoders.values()), cuts, List.copyOf(unknown), problem);
    }

    private static void add(Map<String, ReadingView.Encoder> encoders, PromptReader.Count count) {
        encoders.merge(
                count.encoder(),
                new ReadingView.Encoder(count.encoder(), count.tokens(), count.most()),
                (one, other) -> one.tokens() >= other.tokens() ? one : other);
    }

    private static String shown(String prompt) {
        return prompt.length() > SHOWN ? prompt.substring(0, SHOWN) + "…" : prompt;
    }
}
