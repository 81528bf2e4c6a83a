package dev.stanstudio.sd3.metadata;

/** Graphs as ComfyUI writes them into pictures, in the smallest form that has everything. */
final class ComfyGraphs {
    /** Checkpoint, shift, two prompts, empty latents, sampler, decoder, saver. */
    static final String SIMPLE =
            """
            {"1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd3.safetensors"}},
             "2": {"class_type": "ModelSamplingSD3", "inputs": {"shift": 2.5, "model": ["1", 0]}},
             "3": {"class_type": "CLIPTextEncode", "inputs": {"text": "a fox", "clip": ["1", 1]}},
             "4": {"class_type": "CLIPTextEncode", "inputs": {"text": "fog", "clip": ["1", 1]}},
             "5": {"class_type": "EmptySD3LatentImage",
                   "inputs": {"width": 128, "height": 96, "batch_size": 1}},
             "6": {"class_type": "KSampler",
                   "inputs": {"seed": 6687881544318117707, "steps": 4, "cfg": 5.5,
                              "sampler_name": "dpmpp_2m", "scheduler": "karras", "denoise": 1.0,
                              "model": ["2", 0], "positive": ["3", 0], "negative": ["4", 0],
                              "latent_image": ["5", 0]}},
             "7": {"class_type": "VAEDecode", "inputs": {"samples": ["6", 0], "vae": ["1", 2]}},
             "8": {"class_type": "SaveImage",
                   "inputs": {"filename_prefix": "ComfyUI", "images": ["7", 0]},
                   "is_changed": [NaN]}}
            """;

    /** Guider, sampler, sigmas and noise of their own; texts for each encoder. */
    static final String ADVANCED =
            """
            {"1": {"class_type": "UNETLoader", "inputs": {"unet_name": "sd35.safetensors"}},
             "2": {"class_type": "TripleCLIPLoader", "inputs": {"clip_name1": "l"}},
             "3": {"class_type": "CLIPTextEncodeSD3",
                   "inputs": {"clip_l": "a fox", "clip_g": "a red fox", "t5xxl": ["14", 0],
                              "empty_padding": "none", "clip": ["2", 0]}},
             "14": {"class_type": "PrimitiveStringMultiline", "inputs": {"value": "A fox in snow."}},
             "4": {"class_type": "ConditioningZeroOut", "inputs": {"conditioning": ["3", 0]}},
             "5": {"class_type": "SkipLayerGuidanceSD3",
                   "inputs": {"model": ["1", 0], "layers": "7, 8, 9", "scale": 2.5,
                              "start_percent": 0.05, "end_percent": 0.2}},
             "6": {"class_type": "CFGGuider",
                   "inputs": {"cfg": 4.5, "model": ["5", 0], "positive": ["3", 0],
                              "negative": ["4", 0]}},
             "7": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler"}},
             "8": {"class_type": "BasicScheduler",
                   "inputs": {"scheduler": "beta", "steps": 7, "denoise": 1, "model": ["5", 0]}},
             "9": {"class_type": "RandomNoise", "inputs": {"noise_seed": 18446744073709551615}},
             "10": {"class_type": "EmptyLatentImage",
                    "inputs": {"width": ["13", 0], "height": 96, "batch_size": 2}},
             "13": {"class_type": "PrimitiveInt", "inputs": {"value": 128}},
             "11": {"class_type": "SamplerCustomAdvanced",
                    "inputs": {"noise": ["9", 0], "guider": ["6", 0], "sampler": ["7", 0],
                               "sigmas": ["8", 0], "latent_image": ["15", 0]}},
             "15": {"class_type": "Reroute", "inputs": {"": ["10", 0]}},
             "12": {"class_type": "VAEDecode", "inputs": {"samples": ["11", 1], "vae": ["1", 0]}},
             "16": {"class_type": "PreviewImage", "inputs": {"images": ["12", 0]}}}
            """;

    /** The first graph as the editor keeps it, with a node that is switched off and a remark. */
    static final String WORKFLOW =
            """
            {"nodes": [
              {"id": 1, "type": "CheckpointLoaderSimple", "widgets_values": ["sd3.safetensors"],
               "outputs": [{"type": "MODEL"}, {"type": "CLIP"}, {"type": "VAE"}]},
              {"id": 2, "type": "ModelSamplingSD3", "widgets_values": [2.5],
               "inputs": [{"name": "model", "type": "MODEL", "link": 1}]},
              {"id": 9, "type": "RescaleCFG", "mode": 4, "widgets_values": [0.7],
               "inputs": [{"name": "model", "type": "MODEL", "link": 10}],
               "outputs": [{"type": "MODEL", "links": [11]}]},
              {"id": 3, "type": "CLIPTextEncode", "widgets_values": ["other"],
               "inputs": [{"name": "clip", "type": "CLIP", "link": 2},
                          {"name": "text", "type": "STRING", "link": 12,
                           "widget": {"name": "text"}}]},
              {"id": 10, "type": "PrimitiveNode", "widgets_values": ["a fox", "fixed"]},
              {"id": 4, "type": "CLIPTextEncode", "widgets_values": ["fog"],
               "inputs": [{"name": "clip", "type": "CLIP", "link": 3}]},
              {"id": 5, "type": "EmptySD3LatentImage", "widgets_values": [128, 96, 1]},
              {"id": 6, "type": "KSampler",
               "widgets_values": [6687881544318117707, "randomize", 4, 5.5, "dpmpp_2m", "karras", 1],
               "inputs": [{"name": "model", "type": "MODEL", "link": 11},
                          {"name": "positive", "type": "CONDITIONING", "link": 4},
                          {"name": "negative", "type": "CONDITIONING", "link": 5},
                          {"name": "latent_image", "type": "LATENT", "link": 6}]},
              {"id": 7, "type": "VAEDecode",
               "inputs": [{"name": "samples", "type": "LATENT", "link": 7}]},
              {"id": 8, "type": "SaveImage", "widgets_values": ["ComfyUI"],
               "inputs": [{"name": "images", "type": "IMAGE", "link": 8}]},
              {"id": 11, "type": "Note", "widgets_values": ["remember"]}],
             "links": [[1, 1, 0, 2, 0, "MODEL"], [2, 1, 1, 3, 0, "CLIP"],
                       [3, 1, 1, 4, 0, "CLIP"], [4, 3, 0, 6, 1, "CONDITIONING"],
                       [5, 4, 0, 6, 2, "CONDITIONING"], [6, 5, 0, 6, 3, "LATENT"],
                       [7, 6, 0, 7, 0, "LATENT"],
                       {"id": 8, "origin_id": 7, "origin_slot": 0, "target_id": 8},
                       [10, 2, 0, 9, 0, "MODEL"], [11, 9, 0, 6, 0, "MODEL"],
                       [12, 10, 0, 3, 1, "STRING"]]}
            """;

    private ComfyGraphs() {}
}
