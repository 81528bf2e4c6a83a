package dev.stanstudio.web.study.page;

import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.View;
import dev.stanstudio.web.study.result.ResultView;
import dev.stanstudio.web.study.result.StudyResult;
import dev.stanstudio.web.study.source.StudyPictures;
import dev.stanstudio.web.study.store.InvitationCount;
import dev.stanstudio.web.study.store.InvitationLinks;
import dev.stanstudio.web.study.store.RaterGroups;
import dev.stanstudio.web.study.store.Study;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds the views of the author's pages. */
public final class StudyViews {
    private StudyViews() {}

    /** The list of the studies. */
    public record Listing(Frame frame, List<StudyLine> lines) implements View {
        /** Copies the list. */
        public Listing {
            lines = List.copyOf(lines);
        }

        @Override
        public String template() {
            return "study/list.jte";
        }
    }

    /**
     * The form of a new study.
     *
     * @param problem reason why the form was refused; empty if it was not
     * @param material pictures that were chosen in the gallery; null if a folder is to be named
     */
    public record NewStudy(
            Frame frame, StudyForm form, String problem, @Nullable StudyPictures material)
            implements View {
        @Override
        public String template() {
            return "study/new.jte";
        }
    }

    /**
     * The numbers of a study so far.
     *
     * @param raters raters who joined
     * @param withdrawn raters who deleted their answers
     * @param groups raters of the same network address
     * @param damaged pictures that differ from the plan
     */
    public record Live(
            Study study,
            StudyResult result,
            int raters,
            int withdrawn,
            RaterGroups groups,
            List<Path> damaged)
            implements View {
        /** Copies the list. */
        public Live {
            damaged = List.copyOf(damaged);
        }

        @Override
        public String template() {
            return "study/live.jte";
        }
    }

    /**
     * The page of a study.
     *
     * @param results result with its pictures; null while the study is open
     * @param link address for voters
     * @param loopback whether the address leads to this machine alone
     * @param named methods that the title names
     * @param leftOut prompts that were left out when it was made, just before
     * @param files names of the frozen report's files; empty while the study is open
     */
    public record Details(
            Frame frame,
            Live live,
            @Nullable ResultView results,
            InvitationCount invitations,
            String link,
            boolean loopback,
            List<String> named,
            int leftOut,
            List<String> files)
            implements View {
        /** Copies the lists. */
        public Details {
            named = List.copyOf(named);
            files = List.copyOf(files);
        }

        @Override
        public String template() {
            return "study/study.jte";
        }
    }

    /** The links for one use that were just made. */
    public record MadeInvitations(Frame frame, Study study, InvitationLinks links) implements View {
        @Override
        public String template() {
            return "study/invitations.jte";
        }
    }

    /** The methods that the title of a new study names. */
    public record NamedInTitle(List<String> methods) implements View {
        /** Copies the list. */
        public NamedInTitle {
            methods = List.copyOf(methods);
        }

        @Override
        public String template() {
            return "study/named.jte";
        }
    }

    /** The pictures that a new study would compare. */
    public record Material(StudyPictures pictures) implements View {
        @Override
        public String template() {
            return "study/material.jte";
        }
    }

    /** The reason why a folder or list has nothing to compare. */
    public record NoMaterial(String reason) implements View {
        @Override
        public String template() {
            return "study/no-material.jte";
        }
    }

    /** The answer of the power calculator. */
    public record PowerAnswer(String answer) implements View {
        @Override
        public String template() {
            return "study/power.jte";
        }
    }
}
