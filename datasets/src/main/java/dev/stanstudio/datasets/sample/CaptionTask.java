package dev.stanstudio.datasets.sample;

import java.nio.file.Path;

/**
 * A picture that lacks a caption.
 *
 * @param name how messages and lists name it
 * @param file where it lies, an absolute path
 * @param stamp what changes when the picture does
 */
record CaptionTask(String name, Path file, String stamp) {}
