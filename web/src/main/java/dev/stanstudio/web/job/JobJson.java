package dev.stanstudio.web.job;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** Jobs as JSON, for programs. */
public final class JobJson {
    private JobJson() {}

    /** Returns the fields of a job. */
    public static Map<String, Object> of(Job job, Clock clock) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", job.id());
        json.put("kind", job.request().kind().label());
        json.put("title", job.request().title());
        json.put("state", job.state().label());
        json.put("done", job.progress().done());
        json.put("total", job.progress().total());
        json.put("seconds", job.duration(clock.instant()).toSeconds());
        json.put("said", job.progress().said());
        json.put("result", job.request().result());
        return json;
    }
}
