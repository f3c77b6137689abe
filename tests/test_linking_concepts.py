"""Which concept an entity is, and what the names in results mean."""

from decimal import Decimal

from kg.linking.concepts import Links, gather, target_of, usages
from kg.model import Entity, Mention, Reading, Result


def entity(type: str, name: str, *forms: str, role: str = "used", named: bool = True) -> Entity:
    mentions = tuple(Mention(form, 10 * n, 10 * n + len(form), 0.9) for n, form in enumerate(forms or (name,)))
    return Entity(type, name, role, named, 0.9, mentions)


def result(metric: str | None, dataset: str | None = None, subject: str | None = None) -> Result:
    return Result(
        metric, Decimal("41"), "41", "", "absolute", "=", "41", 0, 2, 0, 2, "41", 0.9, dataset=dataset, subject=subject
    )


def linked(reading: Reading) -> dict[str, str]:
    return {edge: target.name for edge, target in Links(reading).of(reading.results[0]).items()}


def test_all_names_of_a_listed_thing_are_one_concept():
    names = ["IV regression", "instrumental variable", "Instrumental Variables", "IVs"]
    assert {target_of(entity("Method", name)).name for name in names} == {"instrumental variable"}
    assert len({target_of(entity("Method", name)).iri for name in names}) == 1


def test_what_a_paper_spells_out_itself_beats_the_name_list():
    fluid = entity("Method", "intravenous fluid", "intravenous fluid", "IV")
    doctors = entity("Method", "general practitioner", "general practitioners", "GPs")
    assert [target_of(e).name for e in (fluid, doctors)] == ["intravenous fluid", "general practitioner"]
    estimator = entity("Method", "instrumental variable", "instrumental variables", "IVs")
    assert target_of(estimator).name == "instrumental variable"


def test_capitals_are_no_plural():
    assert target_of(entity("Method", "TSLS")).iri != target_of(entity("Method", "TSL")).iri


def test_names_that_differ_by_case_dashes_and_plural_are_one_concept():
    assert len({target_of(entity("Method", n)).iri for n in ("Zigzag-Search", "zigzag searches", "zigzag search")}) == 1


def test_a_result_is_linked_to_the_papers_own_entities():
    reading = Reading(
        "ok",
        "en",
        entities=(
            entity("Dataset", "CNN/DailyMail"),
            entity("Model", "ternary BART"),
            entity("Metric", "ROUGE-1", "R1 score"),
        ),
        results=(result("ROUGE-1", "CNN/DailyMail benchmark", "our ternary BART base"),),
    )
    assert linked(reading) == {"OF_METRIC": "ROUGE-1", "ON_DATASET": "CNN/DailyMail", "OF_SUBJECT": "ternary BART"}


def test_the_longest_name_inside_wins():
    entities = (entity("Dataset", "ImageNet"), entity("Dataset", "Mini-ImageNet"))
    reading = Reading("ok", "en", entities=entities, results=(result(None, "the Mini-ImageNet benchmark"),))
    assert linked(reading) == {"ON_DATASET": target_of(entities[1]).name}


def test_a_phrase_that_names_no_known_thing_makes_no_node():
    reading = Reading("ok", "en", results=(result("most of the time", "real-world tasks"),))
    assert linked(reading) == {}
    assert usages(reading) == []


def test_a_known_thing_that_only_a_result_names_is_linked_without_a_role():
    reading = Reading("ok", "en", results=(result("BLEU"),))
    assert [(u.name, u.role) for u in usages(reading)] == [("BLEU", "")]


def test_what_is_only_described_is_no_concept():
    assert usages(Reading("ok", "en", entities=(entity("Dataset", "a set of Roman glass cups", named=False),))) == []


def test_what_is_broader_comes_along_without_being_counted():
    found = usages(Reading("ok", "en", entities=(entity("Method", "two-stage least squares"),)))
    assert {(u.name, u.role) for u in found} >= {
        ("two-stage least squares", "used"),
        ("instrumental variable", "broader"),
    }
    (broad,) = [u for u in found if u.name == "instrumental variable"]
    _, concept, _ = gather(broad.concept, [(broad.label, broad.name, broad.role, broad.forms)])
    assert (concept.name, concept.papers) == ("instrumental variable", 0)


def test_two_entities_of_one_concept_are_one_usage_of_the_strongest_role():
    reading = Reading(
        "ok", "en", entities=(entity("Method", "IVs"), entity("Method", "IV regression", role="proposed"))
    )
    assert [(u.role, u.forms) for u in usages(reading)] == [("proposed", ("IV regression", "IVs"))]


def test_a_concept_bears_the_name_that_most_papers_give_it():
    papers = [("Method", name, "used", (name,)) for name in ("zigzag search", "Zigzag Search", "zigzag search")]
    iri = target_of(entity("Method", "zigzag search")).iri
    _, concept, _ = gather(iri, papers)
    assert (concept.name, concept.aliases, concept.papers) == ("zigzag search", ("Zigzag Search",), 3)
    assert gather(iri, []) == (iri, None, ())
