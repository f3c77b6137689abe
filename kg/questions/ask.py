"""Questions in plain English: a table of forms, each of which leads to a saved question and its values.

Names of things are looked up, never guessed: a name that the graph does not have is an error with the nearest names,
and a question of no known form one with the nearest questions that are understood.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, cast

from kg.engines import Engine
from kg.errors import NotFoundError, QueryError
from kg.identity import fold_name
from kg.questions.answer import Answer
from kg.questions.english import Period, compiled, spellings, split_period, tidy
from kg.questions.lookup import Hit, Lookup
from kg.questions.parameters import Resolved, from_hits, not_found
from kg.questions.running import run
from kg.questions.saved import named
from kg.schema import CONCEPTS

EXAMPLES = (
    "which papers use IV regression?",
    "which papers propose BERT?",
    "which papers evaluate on ImageNet since 2023?",
    "which papers compare with GPT-4?",
    "which papers mention in-context learning?",
    "how many papers use knowledge distillation?",
    "which papers use both BERT and data augmentation?",
    "which papers report BLEU?",
    "which papers report accuracy above 90%?",
    "best accuracy on ImageNet",
    "results on GSM8K",
    "papers by Ada Lovelace since 2020",
    "co-authors of Ada Lovelace",
    "who works on causal inference?",
    "papers in category cs.LG",
    "papers with code for diffusion models",
    "which methods are used with ImageNet?",
    "which methods are used for machine translation?",
    "which models are evaluated on GSM8K?",
    "most used datasets",
    "timeline of knowledge distillation",
    "first use of attention",
    "papers similar to TITLE",
    "what is known about TITLE?",
    "which sentences name GSM8K?",
)
NO_LIMIT = "1000000"
_PER_CENT = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+) ?%"

_ONE_ROW_A_PAPER = ("papers-by-concept",)
_SENTENCE = re.compile(
    r" (?:use|using|propos|introduc|report|compar|evaluat|mention|(?:on|about|that|which|with)\b)", re.I
)
_KINDS = {
    "Dataset": r"data ?sets?|corpus|corpora|benchmarks?",
    "Model": r"models?|architectures?",
    "Method": r"methods?|approach(?:es)?|algorithms?|techniques?|frameworks?|estimators?",
    "Metric": r"metrics?|measures?",
    "Task": r"tasks?",
}
_VERBS = {
    "use": ("use (or propose)", "use"),
    "proposed": ("propose", "proposed"),
    "compared": ("compare with", "compared"),
    "any": ("mention, use, propose or compare with", "any"),
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a form has to go on: the question without its years, those years, and where names are looked up."""

    text: str
    period: Period
    lookup: Lookup


@dataclass(frozen=True, slots=True)
class _Plan:
    """A saved question with its values, and the meaning in words.

    ``instead`` is for when it has no rows; ``keep`` says which of its rows answer, where that is not all of them.
    """

    name: str
    values: dict[str, str | Resolved]
    words: str
    instead: "_Plan | None" = None
    keep: Callable[[dict[str, Any]], bool] | None = None


_Form = Callable[..., _Plan]


def ask(
    question: str,
    *,
    engine: Engine,
    lookup: Lookup,
    min_confidence: float | None = None,
    timeout: float | None = None,
    limit: int | None = None,
) -> Answer:
    """The answer to a question in English, and how it was understood.

    ``limit`` is how many rows at most (default: that of the saved question). Raises QueryError with the nearest
    questions for what is not understood, NotFoundError with the nearest names for a thing the graph does not have.
    """
    if not isinstance(question, str):
        raise QueryError(f"a question is a text, not {question!r}")
    text, counting = _split_count(tidy(question))
    text, period = split_period(text)
    plan = _plan(_Asked(text, period, lookup), question)

    def execute(plan: _Plan) -> Answer:
        known = {p.name: p.default for p in named(plan.name).parameters}
        sifted = plan.keep is not None or plan.name in _ONE_ROW_A_PAPER
        extra = {"limit": NO_LIMIT if counting or sifted or limit is None else str(limit)}
        extra = extra if counting or sifted or limit is not None else {}
        values = {name: value for name, value in {**period.values, **plan.values, **extra}.items() if name in known}
        least = min_confidence if "minConfidence" in known else None
        answer = run(plan.name, values, engine=engine, lookup=lookup, min_confidence=least, timeout=timeout)
        if sifted:
            answer = _first(_sifted(answer, plan), None if counting else limit or int(known["limit"] or NO_LIMIT))
        aside = () if period.values.keys() <= known.keys() else (f"the years{period} were set aside",)
        notes = (*answer.notes, *aside)
        return replace(answer, question=question, interpretation=plan.words + str(period), notes=notes)

    return _counted(_or_instead(plan, execute), counting)


def _or_instead(plan: _Plan, execute: Callable[[_Plan], Answer]) -> Answer:
    answer = execute(plan)
    if answer.rows or not plan.instead:
        return answer
    other = execute(plan.instead)
    if not other.rows:
        return answer
    note = f"nothing in the graph answers '{plan.words}'; these rows are: {plan.instead.words}"
    return replace(other, notes=(note, *other.notes))


def _sifted(answer: Answer, plan: _Plan) -> Answer:
    """The rows that answer; for questions about papers one a paper, the surest, with all names and roles."""
    records = [record for record in answer.records if plan.keep is None or plan.keep(record)]
    if plan.name in _ONE_ROW_A_PAPER:
        papers: dict[str, list[dict[str, Any]]] = {}
        for record in records:
            papers.setdefault(record["paper"], []).append(record)
        records = [_together_in_one(of_paper) for of_paper in papers.values()]
    return replace(answer, rows=[tuple(record[column] for column in answer.columns) for record in records])


def _together_in_one(records: list[dict[str, Any]]) -> dict[str, Any]:
    joined = {column: ", ".join(dict.fromkeys(record[column] for record in records)) for column in ("role", "name")}
    return {**max(records, key=lambda record: record["confidence"]), **joined}


def _first(answer: Answer, limit: int | None) -> Answer:
    if limit is None or len(answer.rows) < limit or not answer.rows:
        return answer
    note = f"these are the first {limit} rows: there may be more (limit = {limit})"
    return replace(answer, rows=answer.rows[:limit], notes=(*answer.notes, note))


def _counted(answer: Answer, counting: bool) -> Answer:
    if not counting or "paper" not in answer.columns:
        return answer
    return replace(answer, count=len({record["paper"] for record in answer.records}))


def _split_count(text: str) -> tuple[str, bool]:
    rest = re.sub(r"^how many (?=(?:papers?|works?|studies|articles?|publications?)\b.)", "which ", text, flags=re.I)
    return rest, rest != text


def _plan(asked: _Asked, question: str) -> _Plan:
    for pattern, form in FORMS:
        if match := pattern.fullmatch(asked.text):
            given = {name: value for name, value in match.groupdict().items() if value is not None}
            return form(asked, **given)
    raise _not_understood(question)


def _not_understood(question: str) -> QueryError:
    near = sorted(EXAMPLES, key=lambda example: -_likeness(question, example))[:4]
    return QueryError(f"{question!r} is not understood; questions of these forms are: {' | '.join(near)}")


def _likeness(one: str, other: str) -> float:
    words = set(fold_name(one).split()), set(fold_name(other).split())
    return len(words[0] & words[1]) + SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def _find(asked: _Asked, name: str, *orders: Sequence[str]) -> Resolved:
    """The concepts of this name, of the first labels that have any; else those whose names end in it."""
    for labels in orders:
        for spelling in spellings(name):
            if hits := asked.lookup.find_concepts(spelling, labels):
                found = from_hits(hits, name)
                return replace(found, notes=(*found.notes, *_widened(spelling, hits)))
    for labels in orders:
        if ending := _kinds_of(asked, name, labels):
            return ending
    what = "thing" if orders[-1] == CONCEPTS else " or ".join(orders[-1])
    raise not_found(what, name, orders[-1], asked.lookup)


def _widened(asked: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """A note where the name asked for has a number, as WMT14, that what is taken for it has not."""
    wanted = fold_name(asked)
    names = [hit.name for hit in hits]
    wider = [re.fullmatch(rf"{re.escape(fold_name(name))}[\s'-]*\d+", wanted) for name in names]
    return (f"{asked!r} is not told apart from {', '.join(map(repr, names))} in this graph",) if all(wider) else ()


def _kinds_of(asked: _Asked, name: str, labels: Sequence[str]) -> Resolved | None:
    """Things whose name ends in the words asked for, as a multinomial lasso is a lasso."""
    for spelling in spellings(name):
        wanted = fold_name(spelling)
        near = [other for other in asked.lookup.suggest(spelling, labels, 20) if wanted and _ends_in(other, wanted)]
        hits = {hit.iri: hit for other in near for hit in asked.lookup.find_concepts(other, labels)}
        if hits:
            names = ", ".join(repr(hit.name) for hit in hits.values())
            note = f"nothing is called just {name!r}: taken are {names}"
            return replace(from_hits(list(hits.values()), name), notes=(note,))
    return None


def _ends_in(name: str, wanted: str) -> bool:
    return any(f" {fold_name(spelling)}".endswith(f" {wanted}") for spelling in spellings(name))


def _usage(asked: _Asked, x: str, *, role: str, first: Sequence[str] = CONCEPTS) -> _Plan:
    if role == "proposed" and (label := _bare_kind(x)):
        return _Plan("proposals", {"label": label}, f"papers that propose a {label}")
    verb, value = _VERBS[role]
    try:
        found = _find(asked, x, first, CONCEPTS)
    except NotFoundError:
        if both := re.fullmatch(r"(?:both )?(.+?) (?:and|with|together with) (.+)", x, re.IGNORECASE):
            return _both(asked, both[1], both[2])
        if either := re.fullmatch(r"(?:either )?(.+?) or (.+)", x, re.IGNORECASE):
            found = _either(_find(asked, either[1], first, CONCEPTS), _find(asked, either[2], first, CONCEPTS))
        else:
            raise
    plan = _Plan("papers-by-concept", {"concept": found, "role": value}, f"papers that {verb} {found.words}")
    words = f"papers that name {found.words} in another role"
    return plan if value == "any" else replace(plan, instead=replace(plan, values={"concept": found}, words=words))


def _either(one: Resolved, other: Resolved) -> Resolved:
    iris = dict.fromkeys([*cast(tuple[str, ...], one.value), *cast(tuple[str, ...], other.value)])
    return Resolved(tuple(iris), f"{one.words} or {other.words}", one.notes + other.notes)


def _bare_kind(x: str) -> str | None:
    """The label that words such as "a new dataset" mean, where they name no thing."""
    words = re.sub(r"^(?:(?:an?|any|some|the|their|own|new|novel) )+", "", x, flags=re.IGNORECASE)
    return next((label for label, kind in _KINDS.items() if re.fullmatch(kind, words, re.IGNORECASE)), None)


def _both(asked: _Asked, x: str, y: str) -> _Plan:
    one, other = _find(asked, x, CONCEPTS), _find(asked, y, CONCEPTS)
    words = f"papers that name both {one.words} and {other.words}"
    return _Plan("papers-with-both", {"first": one, "second": other}, words)


def _report(asked: _Asked, x: str) -> _Plan:
    try:
        metric = _find(asked, x, ("Metric",))
    except NotFoundError:
        if match := re.fullmatch(r"(.+?) (?:on|for|in) (.+)", x, re.IGNORECASE):
            return _best(asked, match[1], match[2])
        return _report_other(asked, x)
    words = f"papers that report a value of {metric.words}"
    return _Plan("results-of-metric", {"metric": metric}, words, _usage(asked, x, role="any", first=("Metric",)))


def _report_other(asked: _Asked, x: str) -> _Plan:
    found = _find(asked, x, CONCEPTS)
    instead = _usage(asked, x, role="any")
    return _Plan("results-of-subject", {"subject": found}, f"papers that report a result of {found.words}", instead)


def _bounded(asked: _Asked, x: str, than: str, number: str) -> _Plan:
    metric = _find(asked, x, ("Metric",))
    side = "below" if re.match(r"below|under|less|lower|at most|smaller|<", than, re.IGNORECASE) else "above"
    words = f"papers that report {metric.words} {side} {number}"
    if not re.fullmatch(_PER_CENT, number):
        return _Plan(f"results-{side}", {"metric": metric, side: number}, words)
    # The question of values below takes the number as it is, so that numbers without a unit, as 30.5, are among them.
    asks = number if side == "above" else number.rstrip("% ")
    share = float(number.rstrip("% ")) / 100
    return _Plan(f"results-{side}", {"metric": metric, side: asks}, words, keep=_share_is(side, share))


def _share_is(side: str, bound: float) -> Callable[[dict[str, Any]], bool]:
    """Whether a value is a share on this side: per cent, or without unit, where above 1 it is per cent all the same."""

    def keep(record: dict[str, Any]) -> bool:
        value, unit = record["value"], record["unit"] or ""
        if unit not in ("", "%"):
            return False
        share = value / 100 if unit or value > 1 else value
        return bool(share > bound if side == "above" else share < bound)

    return keep


def _best(asked: _Asked, x: str, y: str = "", order: str = "best") -> _Plan:
    order = {"lowest": "lowest", "smallest": "lowest", "highest": "highest", "largest": "highest"}.get(
        order.casefold(), "best"
    )
    if re.fullmatch(r"(?:the )?(?:results?|scores?|values?|performance|numbers?)?", x, re.IGNORECASE) and y:
        return _on_dataset(asked, y)
    metric = _find(asked, x, ("Metric",))
    values: dict[str, str | Resolved] = {"metric": metric, "order": order}
    anywhere = _Plan("best-of-metric", values, f"{order} values of {metric.words}")
    if not y:
        return anywhere
    dataset = _find(asked, y, ("Dataset",), ("Task", "Model", "Method"))
    words = f"{order} values of {metric.words} on {dataset.words}"
    return _Plan("leaderboard", {**values, "dataset": dataset}, words, _both(asked, x, y))


def _on_dataset(asked: _Asked, x: str) -> _Plan:
    dataset = _find(asked, x, ("Dataset",))
    words = f"results on {dataset.words}"
    return _Plan("results-on-dataset", {"dataset": dataset}, words, _usage(asked, x, role="any", first=("Dataset",)))


def _by_author(asked: _Asked, x: str) -> _Plan:
    return _person(asked, x, "papers-by-author", "papers by")


def _person(asked: _Asked, x: str, name: str, words: str) -> _Plan:
    bare = re.sub(r"(?:,? et al\.?|'s|’s)$", "", x.strip())
    for spelling in spellings(bare):
        if hits := asked.lookup.find_authors(spelling) or _of_surname(asked, spelling):
            found = from_hits(hits, x)
            return _Plan(name, {"author": found}, f"{words} {found.words}")
    if _SENTENCE.search(bare):
        raise _not_understood(f"{words} {x}")
    raise not_found("author", bare, ("Author",), asked.lookup)


def _of_surname(asked: _Asked, surname: str) -> list[Hit]:
    """Everybody with this last name."""
    wanted = fold_name(surname)
    near = [name for name in asked.lookup.suggest(surname, ("Author",), 50) if wanted]
    names = [name for name in dict.fromkeys(near) if fold_name(name).split()[-1:] == [wanted]]
    return list({hit.iri: hit for name in names for hit in asked.lookup.find_authors(name)}.values())


def _about_paper(asked: _Asked, x: str, *, name: str, words: str) -> _Plan:
    for spelling in spellings(x):
        if hits := asked.lookup.find_papers(spelling):
            found = from_hits(hits, x)
            return _Plan(name, {"paper": found}, f"{words} {found.words}")
    if name == "paper":
        return _usage(asked, x, role="any")
    raise not_found("paper", x, ("Paper",), asked.lookup)


def _writers(asked: _Asked, x: str) -> _Plan:
    plan = _about_paper(asked, x, name="paper", words="who wrote")
    if plan.name != "paper":
        raise not_found("paper", x, ("Paper",), asked.lookup)
    return replace(plan, keep=lambda record: record["part"] == "author")


def _reached(asked: _Asked, x: str, y: str) -> _Plan:
    """The values of a metric that results of something have."""
    metric, subject = _find(asked, x, ("Metric",)), _find(asked, y, CONCEPTS)
    names = {hit.casefold() for hit in re.findall(r"'(.+?)'(?: or |$)", metric.words)}
    words = f"{metric.words} of {subject.words}"
    return _Plan(
        "results-of-subject",
        {"subject": subject},
        words,
        keep=lambda record: (record["metric"] or "").casefold() in names,
    )


def _of_concept(
    asked: _Asked, x: str, *, name: str, words: str, parameter: str = "concept", labels: Sequence[str] = CONCEPTS
) -> _Plan:
    found = _find(asked, x, labels)
    return _Plan(name, {parameter: found}, f"{words} {found.words}")


def _together(asked: _Asked, x: str, kind: str = "methods") -> _Plan:
    found, label = _find(asked, x, CONCEPTS), _label(kind)
    return _Plan("goes-together", {"concept": found, "label": label}, f"{label}s used together with {found.words}")


def _for_task(asked: _Asked, x: str, kind: str) -> _Plan:
    saved_as = {"method": "methods-for-task", "dataset": "datasets-for-task"}.get(_label(kind))
    if saved_as and any(asked.lookup.find_concepts(spelling, ("Task",)) for spelling in spellings(x)):
        words = f"{_label(kind)}s in papers about"
        return _of_concept(asked, x, name=saved_as, words=words, parameter="task", labels=("Task",))
    return _together(asked, x, kind)


def _most_used(asked: _Asked, kind: str) -> _Plan:
    return _Plan("most-used", {"label": _label(kind)}, f"{_label(kind)}s that most papers use or propose")


def _label(kind: str) -> str:
    return re.sub(r"\s", "", kind.casefold()).removesuffix("s")


def _fixed(asked: _Asked, *, name: str, words: str) -> _Plan:
    return _Plan(name, {}, words)


def _category(asked: _Asked, x: str) -> _Plan:
    if " " in spellings(x)[-1]:
        raise _not_understood(f"papers in category {x}")
    return _Plan("papers-by-category", {"category": spellings(x)[-1]}, f"papers in the category {x}")


def _of_years(asked: _Asked) -> _Plan:
    if not asked.period.values:
        raise _not_understood(asked.text)
    return _Plan("papers-by-year", {"fromYear": "0"} if asked.period.first is None else {}, "papers")


def _usage_in(role: str, first: Sequence[str] = CONCEPTS) -> _Form:
    return lambda asked, x: _usage(asked, x, role=role, first=first)


def _bound(form: _Form, **fixed: Any) -> _Form:
    return lambda asked, **given: form(asked, **given, **fixed)


_TABLE: tuple[tuple[_Form, tuple[str, ...]], ...] = (
    (
        _bound(_fixed, name="statistics", words="how much of everything the graph holds"),
        (
            "statistics|stats",
            "how (big|large) is (the|this) graph",
            "how many {things}( are (there|in (the|this) graph))?",
        ),
    ),
    (
        _bound(_fixed, name="authors-by-papers", words="authors with most papers"),
        (
            "{who} (wrote|writes?|has|have|published)( written| published)?( the)? most( papers)?",
            "most (productive|prolific) authors",
        ),
    ),
    (
        _bound(_person, name="coauthors", words="co-authors of"),
        ("(who (are|were|is) )?(the )?co-?authors? of {x}", "{who} (has |have |did )?({work}|{write}) with {x}"),
    ),
    (
        _bound(_of_concept, name="authors-by-concept", words="authors of papers that use or propose"),
        ("{who} (is |are )?({work}|{write}) (most )?(on|about) {x}", "experts (on|in) {x}"),
    ),
    (_category, ("{papers}(in|of|under) (the )?category {x}", "(the )?category {x}")),
    (_writers, ("who (wrote|is the author of|are the authors of) (the )?(paper )?{x}",)),
    (
        _by_author,
        (
            "{papers}((co-?)?(written|published|authored) )?by {x}",
            "what (has|have|did|does|do) {x} {write}",
            "(list |show |find )?{x}['\u2019]s? (papers|publications|works)",
        ),
    ),
    (
        _on_dataset,
        (
            "{what}(the )?(best|top|{sota})( results?| scores?| performance)? (on|for) (the )?{x}",
            "{show}results? (on|for) {x}",
            "{papers}{report} (an? |the |any |their )?(results?|scores?|values?|performance|numbers?) (on|for) {x}",
        ),
    ),
    (
        _best,
        (
            "{what}(the )?{order} (reported )?{x} (on|for|in|over) (the )?{y}",
            "{what}(the )?{order} (reported )?{x}",
            "(the )?leaderboard (of|for) {x} on {y}",
            "(the )?leaderboard (of|for|on) {y} (by|with|and) {x}",
        ),
    ),
    (
        _bound(_about_paper, name="results-of-paper", words="results of"),
        ("{show}results? (of|in|from) (the )?paper {x}",),
    ),
    (_reached, ("what {x} (does|do|did|has|have) {y} (reach|achieve|get|obtain|have|reached|achieved)",)),
    (
        _report_other,
        ("{show}results? of {x}", "(what|which) results (does|do|did|has) {x} (reach|achieve|get|obtain|have)"),
    ),
    (
        _bound(_of_concept, name="timeline", words="papers a year with"),
        (
            "(the )?(timeline|history|trend|development|rise) (of|for) {x}",
            "how (often|much) (is|was|has|were) {x} (been )?used( over time| over the years| (each|per|a) year)?",
        ),
    ),
    (
        _bound(_of_concept, name="first-use", words="first papers that use or propose"),
        (
            "((who|which papers?|what papers?) (was |were |is )?)?(the )?first "
            "(to |use of |papers? (to|that|with|using) |paper on )?({use} |{propose} )?(of )?{x}",
        ),
    ),
    (
        _bound(_about_paper, name="similar-papers", words="papers that share most with"),
        ("{papers}(similar to|like|related to|close to) (the )?(paper )?{x}",),
    ),
    (
        _bound(_about_paper, name="paper", words="what is known of"),
        (
            "tell me (all |everything )?about (the )?(paper )?{x}",
            "what (is|do (we|you)) known? (about|of) (the )?(paper )?{x}",
            "(everything (about|known of|on)|all about|summari[sz]e) (the )?(paper )?{x}",
        ),
    ),
    (
        _bound(_fixed, name="papers-with-code", words="papers that link to code"),
        ("{papers}(with|link to|have|publish|share|release) (their )?(source )?code",),
    ),
    (
        _bound(_of_concept, name="code-for-concept", words="papers with code that use or propose"),
        ("({papers}with (their )?(source )?)?code (for|on|about|of|that uses?|using) {x}",),
    ),
    (
        _most_used,
        (
            "((which|what) (are )?)?(the )?(most|mostly) (frequently |widely )?(used|popular|common|frequent) {kind}",
            "(which|what) {kind} (is|are) (the )?(most (used|popular|common)|used most)",
        ),
    ),
    (
        _bound(
            _of_concept,
            name="models-on-dataset",
            words="models in papers that use",
            parameter="dataset",
            labels=("Dataset",),
        ),
        ("(which|what) models? (is|are|was|were) ({evaluate}|{use}|compared) (on )?{x}",),
    ),
    (
        _for_task,
        ("((which|what) )?{kind} ((is|are|were|can be) )?(used |there |applied |available )?(for|to solve|in) {x}",),
    ),
    (
        _together,
        (
            "((which|what) )?{kind} ((is|are|were|goes?) )?(used |combined |often )*(together )?with {x}",
            "what do (papers|people|they) (often )?(use|combine) together with {x}",
            "what (goes|is|are|comes)( often)?( used| combined)?( together)? with {x}",
        ),
    ),
    (
        _bound(_of_concept, name="sentences", words="sentences that name"),
        ("(which|what|all|the) sentences? (names?|mentions?|contains?|are about|about|with|on) {x}",),
    ),
    (_bounded, ("{papers}({report}|with) (an? |the |any )?{x} (of |that is |is |was )?{than} {number}",)),
    (_both, ("{papers}({use}|{mention}|{evaluate}) both {x} and {y}",)),
    (
        _usage_in("use", ("Dataset",)),
        ("{papers}{evaluate}( (models?|methods?|it|them|themselves|their \\w+|performance))? (on|with|using|by) {x}",),
    ),
    (
        _usage_in("compared"),
        (
            "{papers}compar(e|es|ed|ing)( \\w+)? (with|to|against) {x}",
            "{papers}{compare} {x}",
            "{papers}{use} {x} as (an? |the |their )?(baselines?|comparison|competitor)",
        ),
    ),
    (_usage_in("use"), ("{papers}{use} {x}", "{papers}(mak(e|es|ing)|made) use of {x}")),
    (_usage_in("proposed"), ("{papers}{propose} {x}",)),
    (_report, ("{papers}{report} (an? |the |any |their )?{x}",)),
    (_usage_in("use"), ("{papers}{evaluate} {x}",)),
    (_usage_in("any"), ("{papers}({mention}|about|on|with|involving|for) {x}",)),
    (
        _of_years,
        ("{ask}(the )?(papers?|works?|studies|articles?|publications?)( (are|were|there|published|that|which))*",),
    ),
    (_bound(_about_paper, name="paper", words="what is known of"), ("what (is|are) {x}",)),
    (_by_author, ("what (has|have) {x}",)),  # "published since 2020" is taken for the years
)
FORMS = tuple((compiled(pattern), form) for form, patterns in _TABLE for pattern in patterns)
