"""A trained network as the files that ship: int8 vectors, int8 ONNX, tokenizer, model.json."""

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from scripts.training.corpus import LABELS, ROLES
from scripts.training.network import HEADS, Network


class _Above(torch.nn.Module):
    """What stands above the wordpieces' vectors; one text, no padding."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, vectors: torch.Tensor, firsts: torch.Tensor) -> tuple[torch.Tensor, ...]:
        states = self.network.encoder(inputs_embeds=vectors).last_hidden_state
        words = torch.gather(states, 1, firsts.unsqueeze(-1).expand(-1, -1, states.shape[-1]))
        return tuple(self.network.heads[name](words) for name in HEADS)


def embeddings(network: Network, out: Path) -> None:
    """``embeddings.npz``: int8 (pieces, width) and float32 scales (pieces, 1)."""
    table = network.encoder.get_input_embeddings().weight.detach().float().numpy()
    scales = np.abs(table).max(1, keepdims=True) / 127
    scales[scales == 0] = 1
    np.savez(out / "embeddings.npz", vectors=np.round(table / scales).astype(np.int8), scales=scales.astype(np.float32))


def layers(network: Network, path: Path) -> None:
    """``path`` as int8 ONNX. Seven bits a weight: eight overflow in the 16-bit sums of processors without VNNI."""
    network.eval()
    width = network.encoder.config.hidden_size
    with tempfile.TemporaryDirectory() as folder:
        raw, ready = Path(folder) / "raw.onnx", Path(folder) / "ready.onnx"
        example = (torch.randn(1, 40, width), torch.arange(1, 31)[None])
        free = {"vectors": {1: "pieces"}, "firsts": {1: "words"}, **{name: {1: "words"} for name in HEADS}}
        torch.onnx.export(
            _Above(network), example, str(raw), opset_version=17, dynamo=False, dynamic_axes=free,
            input_names=["vectors", "firsts"], output_names=list(HEADS),
        )  # fmt: skip
        quant_pre_process(str(raw), str(ready), skip_symbolic_shape=True)
        quantize_dynamic(str(ready), str(path), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def card(out: Path, variant: str) -> None:
    """``model.json``: labels and hashes; what was learned for an earlier network of this variant is dropped."""
    files = {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(out.iterdir()) if p.name != "model.json"
    }
    heads = {"tags": list(LABELS), "roles": list(ROLES), "named": ["description", "name"]}
    update_card(out, {"heads": heads, "files": files, "keeping": {variant: None}})


def update_card(out: Path, more: dict[str, Any]) -> None:
    """Set what ``more`` says in ``model.json``; tables in it keep their other entries."""
    path = out / "model.json"
    card = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for key, value in more.items():
        card[key] = {**card.get(key, {}), **value} if key == "keeping" else value
    card["keeping"] = {name: learned for name, learned in card.get("keeping", {}).items() if learned}
    path.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def export(network: Network, tokenizer: Path, out: Path, variant: str) -> None:
    """Write a variant's files; the vectors of wordpieces are those of the default variant for all."""
    out.mkdir(parents=True, exist_ok=True)
    if variant == "default":
        shutil.copy(tokenizer, out / "tokenizer.json")
        embeddings(network, out)
    layers(network, out / f"{variant}.onnx")
    card(out, variant)
