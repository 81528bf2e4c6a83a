package dev.stanstudio.datasets.sample;

import java.util.List;

/**
 * Reports what a captioning did.
 *
 * @param captioned pictures that got a caption
 * @param resumed how many of those an earlier run had captioned
 * @param kept pictures that had a caption and keep it
 * @param failed pictures without an answer
 * @param problems why, with the name of each
 */
record CaptionReport(long captioned, long resumed, long kept, long failed, List<String> problems) {}
