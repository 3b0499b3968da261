"""The bench itself: every clip dubbed, measured and put into one result, and the files it leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from dubline.api.workshop import Workshop, workshop
from dubline.domain.errors import Cancelled, DublineError
from dubline.quality.baseline import Baseline
from dubline.quality.clips import Clip
from dubline.quality.dubbing import dub_clip
from dubline.quality.measure import measured
from dubline.quality.page import page
from dubline.quality.results import Quality, Row, Strategy, overall
from dubline.quality.strategies import compared
from dubline.quality.tables import STRATEGY, all_tables, markdown
from dubline.quality.translating import reference_pairs, require_scores, scored

Tell = Callable[[str], None]
Strategies = dict[str, list[Row]]


def run(
    clips: Sequence[Clip],
    targets: Sequence[str],
    out: Path,
    clip_set: str,
    references: Path | None = None,
    tell: Tell = lambda _: None,
) -> Quality:
    """A clip that cannot be dubbed is told of, and the others go on. `references` is a folder of translations."""
    pairs = reference_pairs(references) if references else []
    if pairs:
        require_scores()
    quality, strategies = Quality(clip_set=clip_set), Strategies()
    # Nobody's voice library: whom this person's own one knows must not change the numbers.
    with TemporaryDirectory() as nobodys, workshop(voices=Path(nobodys)) as shop:
        for clip in clips:
            tell(clip.name)
            try:
                quality.rows += _rows(shop, clip, targets, out, strategies)
            except Cancelled:
                raise
            except DublineError as error:
                quality.refused[clip.name] = str(error)
        for source, reference in pairs:
            tell(source.stem)
            quality.translation += scored(shop, source, reference)
    quality.overall = overall(quality.rows)
    quality.strategies = [_strategy(name, rows) for name, rows in strategies.items()]
    return quality


def _rows(shop: Workshop, clip: Clip, targets: Sequence[str], out: Path, strategies: Strategies) -> list[Row]:
    rows = []
    for dubbed in dub_clip(shop, clip, clip.targets(targets), out / "dubs"):
        rows.append(measured(dubbed))
        for name, row in compared(dubbed).items():
            strategies.setdefault(name, []).append(row)
    return rows


def _strategy(name: str, rows: Sequence[Row]) -> Strategy:
    found = overall(rows)
    return Strategy(name=name, figures={each: found.get(each) for each in STRATEGY})


def write(quality: Quality, baseline: Baseline | None, out: Path) -> list[Path]:
    """quality.json, quality.md and quality.html."""
    out.mkdir(parents=True, exist_ok=True)
    texts = {
        "quality.json": quality.model_dump_json(indent=1) + "\n",
        "quality.md": f"# Quality of the dubs\n\n{markdown(all_tables(quality, baseline))}",
        "quality.html": page(quality, baseline),
    }
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8")
    return [out / name for name in texts]
