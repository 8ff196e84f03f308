"""The reader of annotations, which models ask, over the wire."""

from __future__ import annotations

from pathlib import Path

from omero_desk.entities.annotations import Section, StoredFile
from omero_desk.entities.objects import Kind
from omero_desk.gateway.service.account_calls import AccountCalls
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.annotations.source import ReadsAnnotations
from omero_desk.readers.annotations import AnnotationReader
from tests.support.annotated_library import AnnotatedLab


async def test_that_a_model_gets_all_that_it_asks_for(
    as_ada: ServiceManager, annotated: AnnotatedLab, tmp_path: Path
) -> None:
    reader: ReadsAnnotations = AnnotationReader(AccountCalls(as_ada))
    image, group = annotated.ref(Kind.IMAGE, "image"), annotated["group annotate"]
    assert (await reader.about(image)).name == "All sorts"
    assert [tag.value for tag in await reader.annotations([image], Section.TAGS)] == ["mitosis"]
    assert len(await reader.inherited(image)) == 4
    assert await reader.uses(annotated["tag"]) == {"Image": 1, "Annotation": 1}
    assert len(await reader.tags(group)) == 4
    assert len(await reader.files(group)) == 2
    assert (await reader.fileset(annotated["fileset of x.tif"])).files == 1
    assert str((await reader.acquisition(image.id))[0].title) == "Microscope"
    assert (await reader.original_metadata(annotated["image of x.tif"])).whole
    await reader.download(StoredFile(annotated["empty"], "empty"), tmp_path / "empty", lambda _: None)
    assert (tmp_path / "empty").read_bytes() == b""
