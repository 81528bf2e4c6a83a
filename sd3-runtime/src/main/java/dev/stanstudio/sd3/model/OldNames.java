package dev.stanstudio.sd3.model;

/** Names that other releases of diffusers and transformers wrote for the same tensors. */
final class OldNames {
    private OldNames() {}

    /** Old autoencoders name their attention query, key, value, proj_attn. */
    static String vae(String name) {
        if (!name.contains(".attentions.")) {
            return name;
        }
        return name.replace(".query.", ".to_q.")
                .replace(".key.", ".to_k.")
                .replace(".value.", ".to_v.")
                .replace(".proj_attn.", ".to_out.0.");
    }

    /** Some releases of transformers leave out the level {@code text_model}. */
    static String clip(String name) {
        boolean bare =
                name.startsWith("embeddings.")
                        || name.startsWith("encoder.")
                        || name.startsWith("final_layer_norm.");
        return bare ? "text_model." + name : name;
    }
}
