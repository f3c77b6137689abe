"""Train the reader of entities: ``python -m scripts.training --help``; ``docs/model.md`` tells the whole recipe."""

import tomllib
from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import Any

import click
import torch

from kg.reading import network
from scripts.training import corpus, examples, export, fit, keeping, teach
from scripts.training.corpus import Paper
from scripts.training.network import Network

RECIPE = Path(__file__).with_name("recipe.toml")
FOLDER = click.Path(path_type=Path, file_okay=False)


class Stages:
    """What every command works with: the recipe, the data, the encoders and the folder of what was made so far."""

    def __init__(self, recipe: Path, data: Path, encoders: Path, work: Path) -> None:
        self.recipe = tomllib.loads(recipe.read_text(encoding="utf-8"))
        self.data, self.encoders, self.work = data, encoders, work
        self.train, self.apart = corpus.split(self._annotated(corpus.ANNOTATIONS))

    def _annotated(self, annotations: Path) -> list[Paper]:
        papers, missing = corpus.annotated(self.data, annotations)
        for problem in missing:
            click.echo(f"left out: {problem}", err=True)
        return papers

    @cached_property
    def _second(self) -> dict[str, Paper]:
        return {paper.id: paper for paper in self._annotated(corpus.SECOND)}

    def second(self, first: int = 0, last: int | None = None) -> list[Paper]:
        """Papers that only the second annotation has, from its ``first`` to just before its ``last``."""
        ids = corpus.second_only()
        if last is not None and last > len(ids):
            raise click.ClickException(f"the recipe asks for {last} papers of the second annotation; it has {len(ids)}")
        return [self._second[id_] for id_ in ids[first:last] if id_ in self._second]

    def twice(self) -> list[tuple[Paper, Paper]]:
        """Papers that both annotations have."""
        return [(paper, self._second[paper.id]) for paper in self.train if paper.id in self._second]

    def settings(self, stage: str) -> dict[str, Any]:
        """A stage's table of the recipe with the weights of the heads."""
        return {**self.recipe[stage], "loss": self.recipe["loss"]}

    def network(self, stage: str) -> Network:
        """The network of a stage as it was trained."""
        settings = self.settings(stage)
        network = self.fresh(settings)
        network.load_state_dict(torch.load(self.work / stage / "network.pt", map_location="cpu", weights_only=True))
        return network

    def fresh(self, settings: dict[str, Any]) -> Network:
        """The network with which a stage begins."""
        if "begins_as" in settings:
            network = self.network(settings["begins_as"])
        else:
            network = Network.pretrained(self.encoders / settings["encoder"], settings)
        if settings.get("words_stay"):
            network.encoder.get_input_embeddings().weight.requires_grad_(False)
        if "layers" in settings:
            network.cut(settings["layers"])
        return network

    def tokenizer(self, stage: str) -> Path:
        """The file of the tokenizer of a stage's encoder."""
        return self.encoders / self.settings(stage)["encoder"] / "tokenizer.json"


@click.group()
@click.option("--data", type=FOLDER, envvar="PAPERKG_DATA", required=True, help="Folder with arXiv records.")
@click.option("--encoders", type=FOLDER, required=True, help="Folder with the pretrained encoders.")
@click.option("--work", type=FOLDER, required=True, help="Folder for what is made; a stopped run is taken up from it.")
@click.option("--recipe", type=click.Path(path_type=Path), default=RECIPE)
@click.pass_context
def main(context: click.Context, recipe: Path, data: Path, encoders: Path, work: Path) -> None:
    """Train the reader of entities, stage by stage."""
    context.obj = Stages(recipe, data, encoders, work)


@main.command()
@click.argument("stage")
@click.pass_obj
def train(stages: Stages, stage: str) -> None:
    """Train STAGE of the recipe."""
    settings = stages.settings(stage)
    fit.seed(settings["seed"])
    tokenizer = examples.load_tokenizer(stages.encoders / settings["encoder"])
    if "teachers" in settings:
        taught = teach.mean(
            [(share, teach.load(stages.work / f"{name}.npz")) for name, share in settings["teachers"].items()]
        )
        made = examples.make(stages.train, tokenizer, taught, settings["taught_share"])
        second = stages.second(*settings["second"])
        made += examples.make(second, tokenizer, taught, settings["second_taught_share"], sure=False)
    else:
        made = examples.make(stages.train, tokenizer)
    network = stages.fresh(settings)
    fit.fit(network, made, settings, stages.work / stage)


@main.command("export")
@click.argument("stage")
@click.argument("out", type=FOLDER)
@click.option("--variant", default="default")
@click.pass_obj
def export_(stages: Stages, stage: str, out: Path, variant: str) -> None:
    """Write STAGE as int8 files into OUT."""
    export.export(stages.network(stage), stages.tokenizer(stage), out, variant)


@main.command("teach")
@click.argument("stage")
@click.pass_obj
def teach_(stages: Stages, stage: str) -> None:
    """Read all texts with STAGE and keep its probabilities."""
    folder = stages.work / f"{stage}-int8"
    export.export(stages.network(stage), stages.tokenizer(stage), folder, "default")
    papers = [*stages.train, *stages.apart, *stages.second()]
    teach.save(teach.teach(folder, papers), stages.work / f"{stage}.npz")


@main.command("keep")
@click.argument("variant", default="default")
@click.pass_obj
def keep_(stages: Stages, variant: str) -> None:
    """Learn for VARIANT, as it lies in the package, what is kept, and write weights and cut-off into model.json."""
    gold = [keeping.gold_of(paper) for paper in stages.apart]
    network.card()["keeping"] = {variant: {"weights": defaultdict(float), "least": 0.5}}  # in memory, until learned
    found = keeping.candidates(stages.apart, gold, variant)
    crossed = keeping.crossed(found.rows, found.wanted, found.papers)
    found.judged(crossed)
    least = keeping.best_cut(found, gold)
    weights = keeping.learn(found.rows, found.wanted)
    rounded = {name: round(float(weight), 4) for name, weight in zip(found.columns, weights, strict=True)}
    export.update_card(network.FOLDER, {"keeping": {variant: {"weights": rounded, "least": least}}})
    click.echo(keeping.scores(found, gold, least).table())
    for said, was, number in keeping.calibration(crossed, found.wanted):
        click.echo(f"said {said:.2f}  was {was:.2f}  of {number}")


@main.command()
@click.pass_obj
def agreement(stages: Stages) -> None:
    """How the second annotation agrees with the first on the papers that both hold, what is optional left out."""
    gold = [keeping.gold_of(one) for one, _ in stages.twice()]
    kept = [[entity for entity in keeping.gold_of(other) if entity["named"] and entity["role"] != "mentioned"]
            for _, other in stages.twice()]  # fmt: skip
    click.echo(keeping.compare(gold, kept).table())


if __name__ == "__main__":
    main()
