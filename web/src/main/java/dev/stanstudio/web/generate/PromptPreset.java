package dev.stanstudio.web.generate;

import java.util.List;

/**
 * Keeps a prompt under a name.
 *
 * @param prompts as they are typed, one per line
 * @param negative text that guidance leads away from
 * @param styles words of the chosen styles; an empty text for the prompts as they are
 */
public record PromptPreset(String name, String prompts, String negative, List<String> styles) {}
