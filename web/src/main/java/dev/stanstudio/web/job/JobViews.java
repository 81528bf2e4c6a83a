package dev.stanstudio.web.job;

import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.View;
import java.util.List;

/** Holds the views of jobs. */
public final class JobViews {
    private JobViews() {}

    /** The page of a job. */
    public record Page(Frame frame, JobView job) implements View {
        @Override
        public String template() {
            return "job/page.jte";
        }
    }

    /** Jobs of one state. */
    public record Group(String title, List<JobView> jobs) {}

    /** The page of all jobs. */
    public record All(Frame frame, List<Group> groups) implements View {
        @Override
        public String template() {
            return "job/all.jte";
        }

        /** Returns whether there is no job. */
        public boolean isEmpty() {
            return groups.stream().allMatch(group -> group.jobs().isEmpty());
        }
    }

    /** The part of a job's page that changes while it runs. */
    public record Live(JobView job) implements View {
        @Override
        public String template() {
            return "job/live.jte";
        }
    }

    /** A job as a card in a list. */
    public record Card(JobView job) implements View {
        @Override
        public String template() {
            return "job/card.jte";
        }
    }
}
