"""What a conversion writes belongs to its number in the catalogue.

Steps are remembered under a model's digest, which follows that number: a converter that writes other bytes under
the same number would let old results pass for new ones.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dubline.models.catalogue import Models
from dubline.models.manifest import read_manifest

WRITTEN = {
    ("spleeter", 1): "ff42ebcb2cbe42d39e7fe419d09de95adee289bf366b69ab2c902badca46e968",
    ("ge2e", 1): "e3d88ef0420921738ed3f832d0b85d881da91af700ef865ca4edca4adeca2c5f",
}


@pytest.mark.parametrize("name", ["spleeter-2stems", "ge2e"])
def test_a_conversion_writes_what_its_number_says(models: Callable[..., Models], name: str) -> None:
    catalogue = models(name).catalogue
    manifest = read_manifest(models(name).path(name))
    assert manifest is not None
    (file,) = manifest.files
    entry = catalogue[name]
    assert file.sha256 == WRITTEN[entry.convert, entry.conversion], (
        "if the converter was changed, raise `conversion` in catalogue.toml and note the new digest here; "
        f"if it was not, this copy is older: dubline models remove {name}, then pull"
    )
