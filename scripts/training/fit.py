"""The training loop: AdamW with warm-up and linear decay, checkpoints that can be taken up again, a log of figures."""

import hashlib
import json
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from scripts.training import examples
from scripts.training.examples import Example
from scripts.training.network import Network

CHECKPOINT_EVERY = 300  # seconds


def seed(number: int) -> None:
    """Set every source of chance."""
    random.seed(number)
    np.random.seed(number)
    torch.manual_seed(number)


def device() -> torch.device:
    """A GPU where there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def losses(logits: dict[str, torch.Tensor], batch: dict[str, Any], weights: dict[str, float]) -> torch.Tensor:
    """Cross-entropy with soft targets, each head by its weight."""
    total = torch.zeros((), device=logits["tags"].device)
    for head, output in logits.items():
        each = -(torch.log_softmax(output.float(), -1) * batch["targets"][head]).sum(-1) * batch["weights"][head]
        total = total + weights[head] * each.sum() / batch["weights"][head].sum().clamp(min=1)
    return total


def fit(network: Network, train: list[Example], settings: dict[str, Any], out: Path) -> Network:
    """Train and return the network; ``out`` receives log.jsonl, checkpoint.pt while it runs, at the end network.pt."""
    out.mkdir(parents=True, exist_ok=True)
    where = device()
    network.to(where).train()
    optimiser = torch.optim.AdamW(network.groups(settings), fused=True)
    chances = (random.Random(settings["seed"] * 1000 + epoch) for epoch in range(settings["epochs"]))
    order = [batch for chance in chances for batch in examples.batches(train, settings["batch"], chance)]
    order = order[: settings.get("steps")]
    warm = max(1, len(order) // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, (len(order) - step) / (len(order) - warm))
    )
    run = _fingerprint(settings, train)
    step = _resume(out, network, optimiser, schedule, run)
    begun = saved = time.monotonic()
    running: list[float] = []
    while step < len(order):
        torch.manual_seed(settings["seed"] * 1_000_003 + step)  # so that a run taken up again draws the same dropout
        batch = _to(examples.collate(order[step]), where)
        with torch.autocast(where.type, dtype=torch.bfloat16):
            logits = network(batch["pieces"], batch["mask"], batch["firsts"])
        loss = losses(logits, batch, settings["loss"])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        running.append(float(loss.detach()))
        step += 1
        if step % 25 == 0 or step == len(order):
            _log(out, {"step": step, "of": len(order), "loss": round(sum(running) / len(running), 4),
                       "seconds": round(time.monotonic() - begun)})  # fmt: skip
            running = []
        if time.monotonic() - saved > CHECKPOINT_EVERY:
            _save(out / "checkpoint.pt", network, optimiser, schedule, step, run)
            saved = time.monotonic()
    torch.save(network.state_dict(), out / "network.pt")
    (out / "checkpoint.pt").unlink(missing_ok=True)
    return network.eval()


def _fingerprint(settings: dict[str, Any], train: list[Example]) -> str:
    """What a checkpoint belongs to: the settings, among them the seed of the order, the texts and their targets."""
    whole = hashlib.sha256(repr(settings).encode())
    for example in train:
        whole.update(example.pieces.tobytes() + example.targets["tags"].tobytes())
    return whole.hexdigest()


def _to(batch: dict[str, Any], where: torch.device) -> dict[str, Any]:
    return {key: _to(value, where) if isinstance(value, dict) else value.to(where) for key, value in batch.items()}


def _log(out: Path, line: dict[str, Any]) -> None:
    with open(out / "log.jsonl", "a", encoding="utf-8") as log:
        log.write(json.dumps(line) + "\n")
    print(json.dumps(line), flush=True)


def _save(path: Path, network: Network, optimiser: Any, schedule: Any, step: int, run: str) -> None:
    state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(),
             "schedule": schedule.state_dict(), "step": step, "run": run}  # fmt: skip
    torch.save(state, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)


def _resume(out: Path, network: Network, optimiser: Any, schedule: Any, run: str) -> int:
    """The step at which to go on. A checkpoint of another recipe or of other texts is refused."""
    if not (out / "checkpoint.pt").exists():
        return 0
    state = torch.load(out / "checkpoint.pt", map_location=device(), weights_only=True)
    if state["run"] != run:
        raise SystemExit(
            f"{out / 'checkpoint.pt'} belongs to another recipe or other texts: move it away to begin anew"
        )
    network.load_state_dict(state["network"])
    optimiser.load_state_dict(state["optimiser"])
    schedule.load_state_dict(state["schedule"])
    return int(state["step"])


def predict(network: Network, read: list[Example], size: int = 8) -> list[dict[str, np.ndarray]]:
    """Probabilities of each head, float32 (words, classes), one dict a window, in order."""
    where = device()
    network.to(where).eval()
    order = sorted(range(len(read)), key=lambda n: len(read[n].pieces))
    found: list[dict[str, np.ndarray]] = [{} for _ in read]
    with torch.no_grad():
        for start in range(0, len(order), size):
            chosen = order[start : start + size]
            batch = _to(examples.collate([read[n] for n in chosen]), where)
            with torch.autocast(where.type, dtype=torch.bfloat16):
                logits = network(batch["pieces"], batch["mask"], batch["firsts"])
            for place, n in enumerate(chosen):
                found[n] = {head: torch.softmax(output[place, : len(read[n].firsts)].float(), -1).cpu().numpy()
                            for head, output in logits.items()}  # fmt: skip
    return found
