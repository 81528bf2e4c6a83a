"""Makes the repository's own reference set; README.md says what is in it and how to run this."""

import pathlib
import shutil
import sys

import diffusers
import torch
import transformers

import controls
import generations
import hires
import ip_adapters
import models
import networks
import noise
import originals
import previews
import upscalers
import vocabularies

SINGLE = "tiny-3.0"


def main(root):
    if root.exists():
        shutil.rmtree(root)
    root.mkdir(parents=True)
    for model in models.SPECS:
        models.build(root, model)
        vocabularies.answers(root, model)
        networks.folder_form(root, model, None)
    networks.folder_form(root, SINGLE, "fp16")
    originals.write(root, SINGLE)
    for form in (originals.WHOLE, originals.PARTS):
        networks.single_file_form(root, SINGLE, form)
    generations.run(root)
    controls.run(root)
    ip_adapters.run(root)
    hires.run(root)
    upscalers.run(root)
    previews.run(root)
    noise.write(root)


if __name__ == "__main__":
    torch.set_num_threads(1)
    diffusers.logging.set_verbosity_error()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    main(pathlib.Path(sys.argv[1]))
