"""What Hugging Face's library makes of an exported collection: parquet files with the pictures' bytes.

    studio dataset export COLLECTION --out exported --format imagefolder
    python huggingface.py exported parquet

The parquet files are those of datasets/src/test/resources/.../importer/huggingface (datasets 5.2).
"""

import os
import sys

import datasets
from datasets.table import embed_table_storage

parts = datasets.load_dataset("imagefolder", data_dir=sys.argv[1])
os.makedirs(sys.argv[2], exist_ok=True)
for name, part in parts.items():
    table = part.with_format("arrow").map(embed_table_storage, batched=True)
    table.to_parquet(os.path.join(sys.argv[2], f"{name}-00000-of-00001.parquet"))
