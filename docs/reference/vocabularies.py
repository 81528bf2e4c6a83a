"""Small tokenizers in the published file formats, learnt from corpus.txt, and what they answer."""

import collections
import io
import json
import pathlib
import random
import re
import tempfile
import unicodedata

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from transformers import CLIPTokenizer, T5TokenizerFast

CORPUS = pathlib.Path(__file__).with_name("corpus.txt")
CLIP_LENGTH = 77
T5_LENGTH = 64
START, END = "<|startoftext|>", "<|endoftext|>"
PADDING = {"tokenizer": END, "tokenizer_2": "!"}


def byte_alphabet():
    """A printable character for every byte, as byte-level vocabularies spell them, in id order."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = sorted(set(range(256)) - set(printable))
    spelt = {byte: chr(byte) for byte in printable}
    spelt |= {byte: chr(256 + i) for i, byte in enumerate(others)}
    return spelt, [spelt[byte] for byte in printable + others]


def learn_merges(text, count):
    """Greedy byte-pair encoding: the most frequent pair first, ties in order of the alphabet."""
    spelt, _ = byte_alphabet()
    words = collections.Counter()
    for word in re.findall(r"[^\W\d_]+|\d|[^\w\s]+", unicodedata.normalize("NFC", text.lower())):
        letters = [spelt[byte] for byte in word.encode()]
        words[(*letters[:-1], letters[-1] + "</w>")] += 1
    merges = []
    while len(merges) < count:
        pairs = collections.Counter()
        for word, times in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += times
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        words = collections.Counter({join(word, best): n for word, n in words.items()})
    return merges


def join(word, pair):
    joined = []
    for symbol in word:
        if joined and (joined[-1], symbol) == pair:
            joined[-1] += symbol
        else:
            joined.append(symbol)
    return tuple(joined)


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n")


def clip(root, merge_count, published):
    """Two CLIP tokenizers: as the published repositories carry them, or as transformers 5 saves."""
    merges = learn_merges(CORPUS.read_text(), merge_count)
    _, alphabet = byte_alphabet()
    pieces = alphabet + [letter + "</w>" for letter in alphabet]
    pieces += ["".join(pair) for pair in merges] + [START, END]
    ids = {piece: number for number, piece in enumerate(pieces)}
    assert len(ids) == len(pieces)
    for name, padding in PADDING.items():
        folder = root / name
        write_json(folder / "vocab.json", ids)
        lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
        (folder / "merges.txt").write_text("\n".join(lines) + "\n")
        write_json(folder / "tokenizer_config.json", clip_config(ids, padding))
        if not published:
            tokenizer = CLIPTokenizer.from_pretrained(folder)
            for old in folder.iterdir():
                old.unlink()
            tokenizer.save_pretrained(folder)
    return len(pieces)


def clip_config(ids, padding):
    def token(content, normalized):
        sides = {"lstrip": False, "rstrip": False, "single_word": False}
        return {"content": content, "normalized": normalized, "special": True, **sides}

    added = {ids[START]: token(START, True), ids[END]: token(END, False)}
    if padding != END:
        added[ids[padding]] = token(padding, False)
    return {
        "added_tokens_decoder": {str(key): added[key] for key in sorted(added)},
        "add_prefix_space": False,
        "bos_token": START,
        "clean_up_tokenization_spaces": True,
        "do_lower_case": True,
        "eos_token": END,
        "errors": "replace",
        "model_max_length": CLIP_LENGTH,
        "pad_token": padding,
        "tokenizer_class": "CLIPTokenizer",
        "unk_token": END,
    }


def character_rules():
    """NFKC for European letters, typography and full-width forms; some characters vanish."""
    blocks = [(0xA0, 0x180), (0x2000, 0x2070), (0x2070, 0x20A0), (0x2100, 0x2190)]
    blocks += [(0x2460, 0x2500), (0x3000, 0x3001), (0xFB00, 0xFB07), (0xFF01, 0xFF60)]
    rules = {char: "" for char in "\x01\x7f\u00ad\u200b\ufeff"} | {char: " " for char in "\t\n\r"}
    for first, last in blocks:
        for char in map(chr, range(first, last)):
            normal = unicodedata.normalize("NFKC", char)
            if normal != char and char not in rules:
                rules[char] = normal
            parts = unicodedata.normalize("NFD", char)
            if len(parts) == 2 and normal == char:
                rules[parts] = char
    return rules


def t5(root, size):
    """A unigram tokenizer with its own character map, as spiece.model and as tokenizer.json."""
    folder = root / "tokenizer_3"
    folder.mkdir(parents=True, exist_ok=True)
    code = lambda text: " ".join(f"{ord(char):X}" for char in text)
    with tempfile.TemporaryDirectory() as temporary:
        rules = pathlib.Path(temporary, "rules.tsv")
        lines = [f"{code(old)}\t{code(new)}" for old, new in sorted(character_rules().items())]
        rules.write_text("\n".join(lines) + "\n")
        written = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(CORPUS.read_text().splitlines()),
            model_writer=written,
            vocab_size=size,
            model_type="unigram",
            normalization_rule_tsv=str(rules),
            pad_id=0,
            eos_id=1,
            unk_id=2,
            bos_id=-1,
            num_threads=1,
            minloglevel=2,
        )
    model = sentencepiece_model_pb2.ModelProto.FromString(written.getvalue())
    model.normalizer_spec.ClearField("normalization_rule_tsv")  # a path that is gone by now
    (folder / "spiece.model").write_bytes(model.SerializeToString())
    T5TokenizerFast.from_pretrained(folder).save_pretrained(folder)
    return size + 100


ODD_TEXTS = [
    "",
    " ",
    "a",
    "A lighthouse, in oil; 1872!",
    "It's the painter's: they'd WE'VE i'm You'll don't 'tis O'Neill's",
    "crème brûlée, façade, SMÖRGÅSBORD, Weiß, Ærø, Łódź",
    "cre\u0300me bru\u0302le\u0301e a\u030ang\u0323\u0302",
    "tab\tand\nnew line\r\nand   many    spaces ",
    "  leading and trailing  ",
    "no\u00a0break, zero\u200bwidth, \ufeffmark, soft\u00adhyphen, \u3000wide",
    "control\x01 characters \x7f here \x00 too",
    "ﬁne ﬂowers, № 7, ½ litre, x² and Ⅳ, ①②, ™",
    "ＦＵＬＬ ｗｉｄｔｈ １２３！",
    "“quotes”, ‘single’ … – — ¿qué? ¡no!",
    "漢字 and かな and 한국어 and العربية and кисть",
    "🎨 paint 🖼️ and a family 👩‍👩‍👧 and a flag 🏳️‍🌈",
    "!",
    "!!! wow !a! a!b",
    "a blue horse <|endoftext|> and more <|startoftext|>again",
    "<|ENDOFTEXT|> <| endoftext|> <pad> </s> <unk> <extra_id_0>text<extra_id_99> <extra_id_100>",
    "▁low line ▁▁ and _under_score",
    "snake_case CamelCase kebab-case dotted.name/with\\slashes",
    "(parentheses:1.3) [brackets] {braces} <angle> &amp; #5 @home 100% ~^`|$",
    "1234567890 12:30 3.14 1,000,000 48x63",
    "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm",
    "a very long list of pictures, " * 25,
    "ſ K İi ıI ŉ ǅ",
    "x\u0337\u0322y\u0336 lone \u0301 mark",
]


def texts():
    """Hand-made oddities, lines of the corpus, and random mixtures of characters and words."""
    lines = CORPUS.read_text().splitlines()
    chance = random.Random(5)
    words = " ".join(lines).split()
    pools = ["abcdefghij", "KLMNOPQRST", "0123456789", " .,;:'\"!?-", "éèüßñøçÅ"]
    pools += ["αβγжшя日本語", "e\u0301🎨\u3000½"]
    mixed = ["".join(chance.choice(chance.choice(pools)) for _ in range(n)) for n in range(1, 41)]
    spoken = [" ".join(chance.sample(words, n)).title() for n in range(2, 42)]
    return ODD_TEXTS + lines[:20] + mixed + spoken


def answers(root, model):
    for name in ("tokenizer", "tokenizer_2", "tokenizer_3"):
        kind = T5TokenizerFast if name == "tokenizer_3" else CLIPTokenizer
        length = T5_LENGTH if name == "tokenizer_3" else CLIP_LENGTH
        tokenizer = kind.from_pretrained(root / model / name)
        rows = []
        for text in texts():
            ids = tokenizer(text).input_ids
            cut = tokenizer(text, padding="max_length", max_length=length, truncation=True)
            tell = len(ids) > length or len(rows) < 10
            rows.append({"text": text, "ids": ids, "padded": cut.input_ids if tell else None})
        path = root / "tokens" / f"{model}.{name}.json"
        path.parent.mkdir(exist_ok=True)
        lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
        head = f'"tokenizer": "{model}/{name}", "max_length": {length}'
        path.write_text(f'{{{head}, "rows": [\n{lines}\n]}}\n')
