"""The network: a pretrained encoder, and on the first wordpiece of each word one linear layer per head."""

from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import AutoConfig, AutoModel
from transformers.models.mpnet.modeling_mpnet import MPNetSelfAttention

from scripts.training.corpus import LABELS, ROLES

HEADS = {"tags": len(LABELS), "roles": len(ROLES), "named": 2}


class Network(nn.Module):
    """Wordpieces to logits for each word and head."""

    def __init__(self, encoder: nn.Module, dropout: float, heads: dict[str, int]) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.ModuleDict({name: nn.Linear(encoder.config.hidden_size, n) for name, n in heads.items()})

    @classmethod
    def pretrained(cls, folder: Path, settings: dict[str, Any], heads: dict[str, int] = HEADS) -> "Network":
        """An encoder as it lies in ``folder`` (a checkpoint of transformers) with new heads."""
        config = AutoConfig.from_pretrained(folder)
        config.hidden_dropout_prob = settings["dropout"]
        config.attention_probs_dropout_prob = 0.0  # costs a quarter of the time on a CPU
        encoder = AutoModel.from_pretrained(folder, config=config, add_pooling_layer=False)
        for module in encoder.modules():
            if isinstance(module, MPNetSelfAttention):
                module.forward = partial(_attend, module)
        return cls(encoder, settings["dropout"], heads)

    def forward(self, pieces: torch.Tensor, mask: torch.Tensor, firsts: torch.Tensor) -> dict[str, torch.Tensor]:
        """pieces, mask: (texts, pieces); firsts: (texts, words), the place of each word's first piece."""
        states = self.encoder(input_ids=pieces, attention_mask=mask).last_hidden_state
        words = torch.gather(states, 1, firsts.unsqueeze(-1).expand(-1, -1, states.shape[-1]))
        words = self.dropout(words)
        return {name: head(words) for name, head in self.heads.items()}

    def cut(self, layers: list[int]) -> None:
        """Keep only these layers of the encoder."""
        stack = self.encoder.encoder
        stack.layer = nn.ModuleList(stack.layer[n] for n in layers)
        self.encoder.config.num_hidden_layers = len(layers)

    def groups(self, settings: dict[str, Any]) -> list[dict[str, Any]]:
        """Parameters for the optimiser: lower layers learn more slowly, only matrices decay."""
        layers = self.encoder.config.num_hidden_layers
        found: dict[tuple[float, float], list[nn.Parameter]] = {}
        for name, parameter in self.named_parameters():
            if not parameter.requires_grad:
                continue
            rate = settings["head_rate"]
            if name.startswith("encoder."):
                depth = layers - 1 - int(name.split("layer.")[1].split(".")[0]) if "layer." in name else layers
                rate = settings["rate"] * settings["layer_decay"] ** (depth + 1)
            decay = 0.01 if parameter.dim() > 1 else 0.0
            found.setdefault((rate, decay), []).append(parameter)
        return [{"params": p, "lr": rate, "weight_decay": decay} for (rate, decay), p in found.items()]


def _attend(
    self: MPNetSelfAttention, states: torch.Tensor, attention_mask: torch.Tensor, position_bias: torch.Tensor, **_: Any
) -> tuple[torch.Tensor]:
    """MPNet's attention by the fused kernel, which is faster; the bias of relative places is left as it was learned."""
    shape = (*states.shape[:-1], -1, self.attention_head_size)
    q, k, v = (layer(states).view(shape).transpose(1, 2) for layer in (self.q, self.k, self.v))
    bias = position_bias.detach().to(q.dtype)
    if attention_mask is not None:  # None where all texts of the batch are of one length
        bias = bias + attention_mask.to(q.dtype)
    mixed = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=bias)
    return (self.o(mixed.transpose(1, 2).flatten(2)),)
