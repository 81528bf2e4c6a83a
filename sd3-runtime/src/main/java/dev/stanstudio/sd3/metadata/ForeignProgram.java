package dev.stanstudio.sd3.metadata;

import java.util.Map;

/** Programs whose pictures are recognised by their PNG texts though not read. */
final class ForeignProgram {
    private ForeignProgram() {}

    /** Says why a picture with these texts and no readable settings cannot be recalled. */
    static String refusal(Map<String, String> texts) {
        String program = name(texts);
        return program.isEmpty()
                ? "it carries no settings; only pictures of this program, A1111 and its kin,"
                        + " SwarmUI, Fooocus, ComfyUI, InvokeAI and NovelAI do"
                : "its settings are "
                        + program
                        + "'s, which cannot be read here; give the prompt and the settings"
                        + " yourself";
    }

    private static String name(Map<String, String> texts) {
        if (texts.containsKey("workflow") || isGraph(texts.getOrDefault("prompt", ""))) {
            return "ComfyUI";
        }
        if (texts.keySet().stream().anyMatch(key -> key.startsWith("invokeai_"))
                || texts.containsKey("sd-metadata")
                || texts.containsKey("Dream")) {
            return "InvokeAI";
        }
        if (texts.getOrDefault(JsonDialects.NOVEL_SOFTWARE, "").startsWith(JsonDialects.NOVEL)) {
            return JsonDialects.NOVEL;
        }
        if (texts.containsKey("use_stable_diffusion_model")) {
            return "Easy Diffusion";
        }
        return texts.containsKey("generation_data") ? "TensorArt" : "";
    }

    /** ComfyUI keeps the graph of its nodes as JSON. */
    private static boolean isGraph(String text) {
        return text.stripLeading().startsWith("{") && text.contains("\"class_type\"");
    }
}
