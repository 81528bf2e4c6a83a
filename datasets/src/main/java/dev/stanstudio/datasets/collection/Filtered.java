package dev.stanstudio.datasets.collection;

/**
 * A picture that is taken out of a collection.
 *
 * @param name its file's name
 * @param rule the rule that it does not meet
 * @param reason its measure, or the picture that it resembles
 */
record Filtered(String name, FilterRule rule, String reason) {}
