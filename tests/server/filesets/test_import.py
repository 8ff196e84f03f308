"""Imports without Java, by the unmodified functions of omero-py's own test library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import omero
import pytest
import tensorstore
import tifffile
from omero.callbacks import CmdCallbackI
from omero.rtypes import rbool, rstring, unwrap
from omero.sys import ParametersI
from PIL import Image

from omero_desk.server.files.checksums import ALGORITHMS, checksum
from tests.server.conftest import Connect, Lab
from tests.support.importer import Files, Importer
from tests.support.present import present

_LEFTOVERS = ("Fileset", "FilesetEntry", "Image", "OriginalFile", "UploadJob", "FilesetJobLink")


@pytest.fixture
def importer(connect: Connect) -> Importer:
    return Importer(connect("ada"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "to import"
    made.mkdir()
    return made


def write_image(folder: Path, name: str = "cells.ome.tif", seed: int = 0) -> np.ndarray[Any, Any]:
    pixels = np.random.default_rng(seed).integers(0, 4000, (2, 3, 16, 24), "uint16")
    tifffile.imwrite(folder / name, pixels, metadata={"axes": "CZYX", "PhysicalSizeX": 0.5})
    return pixels


def files_below(lab: Lab) -> set[Path]:
    return {path for path in (lab.server.data / "ManagedRepository").rglob("*") if path.is_file()}


def test_that_the_test_library_imports_an_image(importer: Importer, folder: Path, lab: Lab) -> None:
    pixels = write_image(folder)
    process = importer.start(folder)
    try:
        response = importer.assert_import(importer.client, process, Files(str(folder)))
    finally:
        process.close()

    (found,) = response.pixels
    image = importer.sf.getQueryService().findByQuery(
        "select i from Image i join fetch i.fileset f join fetch f.usedFiles u join fetch u.originalFile "
        "where i.id = :id",
        ParametersI().addId(found.image.id.val),
    )
    file = image.fileset.copyUsedFiles()[0].originalFile
    assert [each.id.val for each in response.objects] == [image.id.val]
    assert image.name.val == "cells.ome.tif"
    assert (found.sizeX.val, found.sizeY.val, found.sizeZ.val, found.sizeC.val) == (24, 16, 3, 2)
    assert file.hash.val == importer.client.sha1(str(folder / "cells.ome.tif"))
    assert file.path.val.startswith(image.fileset.templatePrefix.val)
    place = lab.server.data / "ManagedRepository" / (file.path.val + file.name.val)
    assert np.array_equal(tifffile.imread(place), pixels)


def test_that_an_imported_file_is_downloaded_as_it_was(importer: Importer, folder: Path, sign_in: Connect) -> None:
    write_image(folder)
    image_id = importer.run(folder).pixels[0].image.id.val

    image = sign_in("ada").getObject("Image", image_id)
    (file,) = image.getImportedImageFiles()

    assert b"".join(file.getFileInChunks(buf=1000)) == (folder / "cells.ome.tif").read_bytes()
    assert [each.getName() for each in image.getFileset().listFiles()] == ["cells.ome.tif"]
    assert image.countImportedImageFiles() == 1
    assert image.getImportedImageFilePaths()["client_paths"] == [str(folder / "cells.ome.tif")]


def test_that_the_target_name_description_and_annotations_are_heeded(importer: Importer, folder: Path) -> None:
    write_image(folder)
    update = importer.sf.getUpdateService()
    dataset = omero.model.DatasetI()
    dataset.name = rstring("import target")
    dataset = update.saveAndReturnObject(dataset)
    tag = omero.model.TagAnnotationI()
    tag.textValue = rstring("imported")

    response = importer.run(
        folder,
        userSpecifiedTarget=dataset,
        userSpecifiedName=rstring("my cells"),
        userSpecifiedDescription=rstring("from the bench"),
        userSpecifiedAnnotationList=[tag],
        userSpecifiedPixels=[0.25, 0.25, 2.0],
    )

    (found,) = importer.sf.getQueryService().projection(
        "select i.name, i.description, d.id, a.textValue, p.physicalSizeX.value from Image i join i.datasetLinks l "
        "join l.parent d join i.annotationLinks al join al.child a join i.pixels p where i.id = :id",
        ParametersI().addId(response.objects[0].id.val),
    )
    assert [unwrap(each) for each in found] == ["my cells", "from the bench", dataset.id.val, "imported", 0.25]


def test_that_files_keep_their_order_and_folders_and_the_first_is_the_image(
    importer: Importer, folder: Path, lab: Lab
) -> None:
    write_image(folder, "a cells.ome.tif")
    (folder / "b notes.txt").write_text("taken on a rainy day")

    response = importer.run(folder)

    rows = importer.sf.getQueryService().projection(
        "select u.clientPath, f.path, f.name, f.mimetype from Fileset s join s.usedFiles u join u.originalFile f "
        "where s.id = (select i.fileset.id from Image i where i.id = :id) order by index(u)",
        ParametersI().addId(response.objects[0].id.val),
    )
    assert [unwrap(name) for _, _, name, _ in rows] == sorted(path.name for path in folder.iterdir())
    for _, path, name, _ in rows:
        place = lab.server.data / "ManagedRepository" / (unwrap(path) + unwrap(name))
        assert place.read_bytes() == (folder / unwrap(name)).read_bytes()


def test_that_a_wrong_checksum_is_refused_with_the_right_one_and_can_be_sent_again(
    importer: Importer, folder: Path, lab: Lab
) -> None:
    write_image(folder)
    process = importer.start(folder)
    (right,) = importer.upload(process, folder)

    with pytest.raises(omero.ChecksumValidationException) as raised:
        process.verifyUpload(["0" * 40])
    assert raised.value.failingChecksums == {0: right}
    with pytest.raises(omero.ApiUsageException):
        process.verifyUpload([])
    assert process.getHandle() is None

    assert importer.finish(process.verifyUpload([right])).pixels
    process.close()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_that_an_upload_is_verified_by_any_checksum(importer: Importer, folder: Path, algorithm: str) -> None:
    """ManagedImportProcessI.verifyUpload, which compares what RawFileStore.close computed with the import's hasher."""
    write_image(folder)
    hasher = omero.model.ChecksumAlgorithmI()
    hasher.value = rstring(algorithm)
    process = importer.start(folder, checksumAlgorithm=hasher)
    importer.upload(process, folder)
    right = checksum(folder / "cells.ome.tif", algorithm)
    with pytest.raises(omero.ChecksumValidationException) as raised:
        process.verifyUpload(["0"])
    assert raised.value.failingChecksums == {0: right}
    assert importer.finish(process.verifyUpload([right])).pixels
    process.close()


@pytest.mark.parametrize("end", ["closed", "session over", "never sent", "wrong checksum"])
def test_that_an_upload_that_is_dropped_leaves_nothing(
    importer: Importer, connect: Connect, folder: Path, lab: Lab, end: str
) -> None:
    write_image(folder)
    before, files = importer.count(*_LEFTOVERS), files_below(lab)
    other = Importer(connect("ada"))
    process = other.start(folder)
    assert importer.count("Fileset") == [before[0] + 1]
    if end != "never sent":
        other.upload(process, folder)
    if end == "wrong checksum":
        with pytest.raises(omero.ChecksumValidationException):
            process.verifyUpload(["0" * 40])
    if end == "session over":
        process.getUploader(0).write(b"half", 0, 4)
        other.client.killSession()
    else:
        process.close()

    # The user's own folder stays, as it does in OMERO.
    assert importer.count(*_LEFTOVERS)[:3] == before[:3]
    assert importer.count(*_LEFTOVERS)[4:] == before[4:]
    assert files_below(lab) == files
    assert list((lab.server.data / "ManagedRepository").glob("ada_*/2*/*/*")) == image_folders(lab, importer)


def test_that_an_import_takes_nothing_away_but_what_is_its_own(importer: Importer, folder: Path, lab: Lab) -> None:
    write_image(folder)
    image = importer.run(folder).objects[0]
    files, update = files_below(lab), importer.sf.getUpdateService()
    process = importer.start(folder)
    known = importer.sf.getQueryService().findAllByQuery("select f from Fileset f order by f.id desc", ParametersI())
    for prefix in ("", "/", f"ada_{lab.ada}/"):
        known[0].templatePrefix = rstring(prefix)
        known[0] = update.saveAndReturnObject(known[0])
    process.close()

    assert files_below(lab) == files
    assert importer.sf.getQueryService().find("Image", image.id.val) is not None


def image_folders(lab: Lab, importer: Importer) -> list[Path]:
    """The folders of the filesets that there are, as the disk has them in order."""
    rows = importer.sf.getQueryService().projection("select f.templatePrefix from Fileset f", ParametersI())
    known = {lab.server.data / "ManagedRepository" / unwrap(row[0]).rstrip("/") for row in rows}
    return [place for place in (lab.server.data / "ManagedRepository").glob("ada_*/2*/*/*") if place in known]


def broken_files() -> list[tuple[str, bytes]]:
    return [
        ("notes.txt", b"no image at all"),
        ("empty.tif", b""),
        ("broken.tif", b"II*\0\xff\xff\xff\x7f"),
        ("model.fake", b"sizeX=512"),
    ]


@pytest.mark.parametrize(("name", "data"), broken_files(), ids=[name for name, _ in broken_files()])
def test_that_what_is_no_image_fails_with_a_reason_and_leaves_nothing(
    importer: Importer, folder: Path, lab: Lab, name: str, data: bytes
) -> None:
    (folder / name).write_bytes(data)
    before, files = importer.count(*_LEFTOVERS), files_below(lab)

    response = importer.run(folder)

    assert isinstance(response, omero.cmd.ERR)
    assert name in response.parameters["message"]
    assert str(lab.server.data) not in response.parameters["message"]
    assert importer.count(*_LEFTOVERS)[:3] == before[:3]
    assert files_below(lab) == files


def test_that_a_target_that_cannot_be_linked_to_fails_whole(importer: Importer, folder: Path, lab: Lab) -> None:
    write_image(folder)
    before, files = importer.count("Fileset", "Image", "Pixels"), files_below(lab)

    response = importer.run(folder, userSpecifiedTarget=omero.model.DatasetI(10**9, False))

    assert isinstance(response, omero.cmd.ERR)
    assert importer.count("Fileset", "Image", "Pixels") == before
    assert files_below(lab) == files


def test_that_the_handle_tells_what_it_is_for(importer: Importer, folder: Path) -> None:
    write_image(folder)
    process = importer.start(folder, userSpecifiedName=rstring("asked for"))
    handle = process.verifyUpload(importer.upload(process, folder))
    callback = CmdCallbackI(importer.client, handle)
    callback.loop(50, 500)
    callback.close(False)
    request = process.getHandle().getRequest()

    assert request.settings.userSpecifiedName.val == "asked for"
    assert request.location.usedFiles == ["cells.ome.tif"]
    assert request.location.sharedPath.endswith("/to import")
    assert isinstance(request.activity.child, omero.model.MetadataImportJob)
    assert process.getImportSettings().userSpecifiedName.val == "asked for"
    status = process.getHandle().getStatus()
    assert status.flags == [omero.cmd.State.SUCCESS]
    assert (status.currentStep, status.steps) == (5, 5)
    assert not process.getHandle().cancel()
    process.close()


def test_that_nothing_is_written_once_the_upload_is_complete(importer: Importer, folder: Path) -> None:
    write_image(folder)
    process = importer.start(folder)
    hashes = importer.upload(process, folder)
    late = process.getUploader(0)
    importer.finish(process.verifyUpload(hashes))

    with pytest.raises(omero.SecurityViolation):
        late.write(b"other", 0, 5)
    late.close()
    with pytest.raises(omero.SecurityViolation):
        process.getUploader(0)
    process.close()


def fileset(*paths: str) -> Any:
    made = omero.model.FilesetI()
    for path in paths:
        entry = omero.model.FilesetEntryI()
        entry.clientPath = rstring(path)
        made.addFilesetEntry(entry)
    made.linkJob(omero.model.UploadJobI())
    return made


@pytest.mark.parametrize(
    ("paths", "error"),
    [
        ([], omero.ApiUsageException),
        (["a/x.tif", "a/x.tif"], omero.ValidationException),
        (["a/x?.tif", "a/x%.tif"], omero.ValidationException),
        (["../../x.tif"], omero.ValidationException),
        (["/"], omero.ValidationException),
    ],
)
def test_that_filesets_that_make_no_sense_are_refused(
    importer: Importer, lab: Lab, paths: list[str], error: type[Exception]
) -> None:
    before, files = importer.count(*_LEFTOVERS), set((lab.server.data / "ManagedRepository").rglob("*"))

    with pytest.raises(error):
        importer.get_managed_repo().importFileset(fileset(*paths), importer.create_settings())

    assert importer.count(*_LEFTOVERS) == before
    assert set((lab.server.data / "ManagedRepository").rglob("*")) == files


def test_that_jobs_and_checksums_that_are_not_there_are_refused(importer: Importer) -> None:
    repository = importer.get_managed_repo()
    settings = importer.create_settings()
    without_job = fileset("a.tif")
    without_job.clearJobLinks()
    with pytest.raises(omero.ValidationException):
        repository.importFileset(without_job, settings)
    settings.checksumAlgorithm.value = rstring("rot13")
    with pytest.raises(omero.ValidationException, match="unknown checksum algorithm"):
        repository.importFileset(fileset("a.tif"), settings)
    settings.checksumAlgorithm = None
    with pytest.raises(omero.ApiUsageException):
        repository.importFileset(fileset("a.tif"), settings)


def test_that_paths_alone_are_enough(importer: Importer, folder: Path) -> None:
    write_image(folder)
    repository = importer.get_managed_repo()
    process = repository.importPaths([str(folder / "cells.ome.tif")])
    assert [each.ice_getIdentity() for each in repository.listImports()] == [process.ice_getIdentity()]

    response = importer.finish(process.verifyUpload(importer.upload(process, folder)))

    assert response.objects[0].name.val == "cells.ome.tif"
    process.close()
    assert repository.listImports() == []


def write_zarr(place: Path, pixels: np.ndarray[Any, Any]) -> None:
    """An OME-Zarr image of one level, version 0.4."""
    spec = {
        "driver": "zarr",
        "kvstore": {"driver": "file", "path": str(place / "0")},
        "metadata": {"shape": pixels.shape, "dtype": pixels.dtype.str, "chunks": (1, 1, 1, 8, 8)},
    }
    store = tensorstore.open(spec, create=True).result()
    store[...] = pixels
    (place / ".zgroup").write_text('{"zarr_format": 2}')
    axes = [{"name": name} for name in "tczyx"]
    (place / ".zattrs").write_text(json.dumps({"multiscales": [{"axes": axes, "datasets": [{"path": "0"}]}]}))


def test_that_an_ome_zarr_folder_is_imported(importer: Importer, folder: Path, sign_in: Connect) -> None:
    pixels = np.arange(2 * 16 * 12, dtype="<u2").reshape(1, 2, 1, 16, 12)
    write_zarr(folder / "cells.ome.zarr", pixels)
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".zattrs")
    paths = [folder / "cells.ome.zarr" / ".zattrs", *paths]

    response = importer.run_files(paths)

    assert not isinstance(response, omero.cmd.ERR), response
    image = sign_in("ada").getObject("Image", response.objects[0].id.val)
    assert image.getName() == "cells.ome.zarr"
    assert np.array_equal(image.getPrimaryPixels().getPlane(0, 1, 0), pixels[0, 1, 0])
    assert image.countImportedImageFiles() == len(paths)


def write_plate(place: Path) -> None:
    """A plate of one row with two wells, the second of which has two fields."""
    for well, fields in (("A/1", 1), ("A/2", 2)):
        for field in range(fields):
            image = place / well / str(field)
            image.mkdir(parents=True)
            write_zarr(image, np.full((1, 1, 1, 8, 8), 10 * field + int(well[-1]), "<u2"))
        told = {"well": {"images": [{"path": str(field)} for field in range(fields)]}}
        (place / well / ".zattrs").write_text(json.dumps(told))
    wells = [{"path": f"A/{n + 1}", "rowIndex": 0, "columnIndex": n} for n in range(2)]
    lines = {"rows": [{"name": "A"}], "columns": [{"name": "1"}, {"name": "2"}]}
    (place / ".zattrs").write_text(json.dumps({"plate": {"name": "assay", "wells": wells, **lines}}))


@pytest.mark.parametrize("name", ["", "mine"])
def test_that_a_plate_is_imported_into_a_screen_with_its_wells_and_fields(
    importer: Importer, folder: Path, name: str
) -> None:
    write_plate(folder / "plate.zarr")
    screen = omero.model.ScreenI()
    screen.name = rstring("screen")
    screen = importer.sf.getUpdateService().saveAndReturnObject(screen)
    screen_id = present(present(screen).id).val
    first = folder / "plate.zarr" / ".zattrs"
    paths = [first, *sorted(path for path in folder.rglob("*") if path.is_file() and path != first)]

    response = importer.run_files(
        paths, userSpecifiedTarget=screen, **({"userSpecifiedName": rstring(name)} if name else {})
    )

    assert not isinstance(response, omero.cmd.ERR), response
    assert [type(each) for each in response.objects] == [omero.model.PlateI, *[omero.model.ImageI] * 3]
    rows = importer.sf.getQueryService().projection(
        "select s.name, p.name, p.rows, p.columns, w.row, w.column, index(f), i.id from Screen s join s.plateLinks l "
        "join l.child p join p.wells w join w.wellSamples f join f.image i where s.id = :id "
        "order by w.column, index(f)",
        ParametersI().addId(screen_id),
    )
    told = [tuple(unwrap(row)[:-1]) for row in rows]
    assert told == [("screen", name or "assay", 1, 2, 0, column, field) for column, field in ((0, 0), (1, 0), (1, 1))]
    assert [unwrap(row)[-1] for row in rows] == [present(each.id).val for each in response.objects[1:]]


@pytest.mark.parametrize("first", ["set.companion.ome", "a.ome.tif"])
def test_that_a_set_is_imported_as_one_image_by_its_companion_or_one_of_its_files(
    importer: Importer, folder: Path, sign_in: Connect, first: str
) -> None:
    names, stack = ["a.ome.tif", "b.ome.tif"], np.arange(2 * 8 * 6, dtype=np.uint8).reshape(2, 8, 6)
    data = "".join(
        f'<TiffData FirstZ="{z}" IFD="0" PlaneCount="1"><UUID FileName="{name}">urn:uuid:{z}</UUID></TiffData>'
        for z, name in enumerate(names)
    )
    schema = 'xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"'
    (folder / "set.companion.ome").write_text(
        f'<?xml version="1.0"?><OME {schema}><Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYZCT" '
        'Type="uint8" SizeX="6" SizeY="8" SizeZ="2" SizeC="1" SizeT="1"><Channel ID="Channel:0:0"/>'
        f"{data}</Pixels></Image></OME>"
    )
    for name, plane in zip(names, stack, strict=True):
        only = f'<OME {schema}><BinaryOnly MetadataFile="set.companion.ome" UUID="urn:uuid:9"/></OME>'
        tifffile.imwrite(folder / name, plane, description=only, metadata=None)
    paths = [folder / first, *(folder / name for name in ["set.companion.ome", *names] if name != first)]

    response = importer.run_files(paths)

    assert not isinstance(response, omero.cmd.ERR), response
    (pixels,) = response.pixels
    image = sign_in("ada").getObject("Image", pixels.image.id.val)
    assert (image.getSizeZ(), image.countImportedImageFiles()) == (2, 3)
    assert np.array_equal(image.getPrimaryPixels().getPlane(1, 0, 0), stack[1])


def test_that_a_png_is_imported(importer: Importer, folder: Path, sign_in: Connect) -> None:
    pixels = np.arange(300, dtype="uint8").reshape(10, 10, 3)
    Image.fromarray(pixels).save(folder / "photo.png")

    image = sign_in("ada").getObject("Image", importer.run(folder).objects[0].id.val)

    assert (image.getName(), image.getSizeC()) == ("photo.png", 3)
    assert np.array_equal(image.getPrimaryPixels().getPlane(0, 2, 0), pixels[..., 2])


def test_that_without_statistics_none_are_kept(importer: Importer, folder: Path) -> None:
    write_image(folder)
    image_id = importer.run(folder, noStatsInfo=rbool(True)).objects[0].id.val

    (row,) = importer.sf.getQueryService().projection(
        "select p.sha1, (select count(c) from Channel c where c.pixels = p.id and c.statsInfo is not null) "
        "from Pixels p where p.image.id = :id",
        ParametersI().addId(image_id),
    )
    assert [unwrap(each) for each in row] == ["Pending...", 0]


@pytest.mark.parametrize("is_reset", [False, True])
def test_that_a_palette_is_the_lookup_table_with_which_its_image_is_rendered(
    importer: Importer, folder: Path, sign_in: Connect, is_reset: bool
) -> None:
    indices = np.arange(3, 19, dtype=np.uint8).reshape(4, 4)
    table = np.random.default_rng(2).integers(0, 256, (3, 256)).astype(np.uint16)
    tifffile.imwrite(folder / "labels.tif", indices, photometric="palette", colormap=table * 257, metadata=None)
    image_id = importer.run(folder).pixels[0].image.id.val

    image = sign_in("ada").getObject("Image", image_id)
    (channel,) = image.getChannels()
    name = channel.getLut()
    luts = importer.sf.getScriptService().getScriptsByMimetype("text/x-lut")
    (file,) = [each for each in luts if each.name.val == name]
    store = importer.sf.createRawFileStore()
    store.setFileId(present(file.id).val)
    assert store.read(0, present(file.size).val) == table.astype(np.uint8).tobytes()
    store.close()
    engine = importer.sf.createRenderingEngine()
    engine.lookupPixels(image.getPixelsId())
    assert engine.lookupRenderingDef(image.getPixelsId())
    engine.load()
    if is_reset:
        engine.resetDefaultSettings(True)
    picture = np.array(engine.renderAsPackedInt(omero.romio.PlaneDef(omero.romio.XY, 0, 0, 0, 0))).astype(np.uint32)
    engine.close()
    shown = np.stack([(picture >> shift) & 255 for shift in (16, 8, 0)])
    assert (shown == table[:, indices.ravel()]).all()


def test_that_an_imported_image_has_the_format_of_its_file(importer: Importer, folder: Path) -> None:
    Image.new("RGB", (8, 8)).save(folder / "photo.png")
    image_id = importer.run(folder).pixels[0].image.id.val
    (found,) = importer.sf.getQueryService().projection(
        "select f.value from Image i join i.format f where i.id = :id", ParametersI().addId(image_id)
    )
    assert unwrap(found) == ["APNG"]
