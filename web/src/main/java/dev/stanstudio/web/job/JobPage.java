package dev.stanstudio.web.job;

import dev.stanstudio.web.server.Frame;

/** A job's page in its frame. */
public record JobPage(Frame frame, JobView job) {}
