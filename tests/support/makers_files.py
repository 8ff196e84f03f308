"""Small files of makers of microscopes, written from their published descriptions."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray

Array = NDArray[np.generic]
"""Planes along T, C, Z, Y and X."""

CziBlock = tuple[Mapping[str, int], tuple[int, int], Array, tuple[int, int]]
"""Where a block is along its dimensions, its x and y, its stored pixels, and the width and height that they cover."""

_CZI_TYPES = {("u1", 2): 0, ("u2", 2): 1, ("u1", 3): 3}
_CZI_XML = """<ImageDocument><Metadata><Information><Image><Dimensions><Channels>
<Channel Id="Channel:0" Name="DAPI"><Color>#FF00A1FF</Color><EmissionWavelength>465</EmissionWavelength></Channel>
<Channel Id="Channel:1" Name="GFP"/></Channels></Dimensions></Image></Information>
<Scaling><Items><Distance Id="X"><Value>2.5e-07</Value></Distance></Items></Scaling></Metadata></ImageDocument>"""


def _segment(kind: bytes, data: bytes) -> bytes:
    data += bytes(-len(data) % 32)
    return struct.pack("<16sqq", kind, len(data), len(data)) + data


def _czi_entry(block: CziBlock, position: int, compression: int) -> bytes:
    starts, (x, y), stored, (width, height) = block
    dimensions = [("X", x, width, stored.shape[1]), ("Y", y, height, stored.shape[0])]
    dimensions += [(axis, start, 1, 0) for axis, start in starts.items()]
    kind = _CZI_TYPES[stored.dtype.str[1:], stored.ndim]
    pyramid = 2 if stored.shape[1] < width else 0
    head = struct.pack("<2siqiiBB4si", b"DV", kind, position, 0, compression, pyramid, 0, b"", len(dimensions))
    return head + b"".join(
        struct.pack("<4siifi", axis.encode(), start, size, 0.0, kept) for axis, start, size, kept in dimensions
    )


def _packed(stored: Array, packed: str) -> tuple[int, bytes]:
    raw = stored.tobytes()
    if packed == "zstd":
        return 5, bytes(imagecodecs.zstd_encode(raw))
    if packed:
        halves = np.frombuffer(raw, np.uint8).reshape(-1, 2).T
        return 6, b"\x03\x01\x01" + bytes(imagecodecs.zstd_encode(np.ascontiguousarray(halves).tobytes()))
    return 0, raw


def write_czi(path: Path, content: Array | Sequence[CziBlock], packed: str = "") -> Path:
    """Write Zeiss's CZI of planes, or of blocks."""
    blocks: Sequence[CziBlock]
    if isinstance(content, np.ndarray):
        size = (content.shape[4], content.shape[3])
        blocks = [
            ({"T": t, "C": c, "Z": z}, (0, 0), content[t, c, z], size)
            for t, c, z in product(*map(range, content.shape[:3]))
        ]
    else:
        blocks = content
    out, entries = io.BytesIO(), []
    out.write(bytes(32 + 512))
    for block in blocks:
        compression, raw = _packed(block[2], packed)
        position = out.tell()
        entry = _czi_entry(block, position, compression)
        entries.append(entry)
        head = struct.pack("<iiq", 0, 0, len(raw)) + entry
        out.write(_segment(b"ZISRAWSUBBLOCK", head + bytes(max(256 - len(head), 0)) + raw))
    directory = out.tell()
    out.write(_segment(b"ZISRAWDIRECTORY", struct.pack("<i124x", len(entries)) + b"".join(entries)))
    metadata, text = out.tell(), _CZI_XML.encode()
    out.write(_segment(b"ZISRAWMETADATA", struct.pack("<ii248x", len(text), 0) + text))
    header = struct.pack("<ii8x16s16siqqiq", 1, 0, UUID(int=1).bytes, UUID(int=1).bytes, 0, directory, metadata, 0, 0)
    out.seek(0)
    out.write(struct.pack("<16sqq", b"ZISRAWFILE", 512, 512) + header)
    path.write_bytes(out.getvalue())
    return path


def _lif_image(name: str, planes: Array, number: int) -> str:
    times, channels, depth, height, width = planes.shape
    size = planes.dtype.itemsize
    plane = width * height * size
    sizes = [(1, width, "m", size), (2, height, "m", width * size), (3, depth, "m", plane * channels)]
    sizes.append((4, times, "s", plane * channels * depth))
    told = "".join(
        f'<DimensionDescription DimID="{kind}" NumberOfElements="{count}" Origin="0" '
        f'Length="{(count - 1) * (5e-7 if unit == "m" else 2.0)}" Unit="{unit}" BitInc="0" BytesInc="{step}"/>'
        for kind, count, unit, step in sizes
        if count > 1
    )
    shown = "".join(
        f'<ChannelDescription DataType="0" ChannelTag="0" Resolution="{size * 8}" NameOfMeasuredQuantity="" Min="0" '
        f'Max="65535" Unit="" LUTName="{("Green", "Red", "Gray")[c % 3]}" IsLUTInverted="0" BytesInc="{c * plane}" '
        'BitInc="0"/>'
        for c in range(channels)
    )
    return (
        f'<Element Name="{name}" UniqueID="{number}"><Data><Image><ImageDescription><Channels>{shown}</Channels>'
        f"<Dimensions>{told}</Dimensions></ImageDescription></Image></Data>"
        f'<Memory Size="{planes.nbytes}" MemoryBlockID="MemBlock_{number}"/></Element>'
    )


def write_lif(path: Path, images: Mapping[str, Array]) -> Path:
    """Write Leica's LIF of several images."""
    elements = "".join(_lif_image(name, planes, number) for number, (name, planes) in enumerate(images.items()))
    text = (
        '<LMSDataContainerHeader Version="2"><Element Name="all" UniqueID="x"><Data><Experiment/></Data>'
        f'<Memory Size="0" MemoryBlockID="MemBlock_x"/><Children>{elements}</Children></Element>'
        "</LMSDataContainerHeader>"
    ).encode("utf-16-le")
    content = struct.pack("<IIBI", 0x70, len(text) + 5, 0x2A, len(text) // 2) + text
    for number, planes in enumerate(images.values()):
        name = f"MemBlock_{number}".encode("utf-16-le")
        raw = np.ascontiguousarray(np.moveaxis(planes, 1, 2)).tobytes()  # planes of a depth lie together
        head = struct.pack("<BQBI", 0x2A, len(raw), 0x2A, len(name) // 2) + name
        content += struct.pack("<II", 0x70, len(head)) + head + raw
    path.write_bytes(content)
    return path


def write_oif(path: Path, planes: Array) -> Path:
    """Write Olympus's OIF with the folder of its planes."""
    folder = path.with_name(path.name + ".files")
    folder.mkdir(exist_ok=True)
    times, channels, depth = planes.shape[:3]
    for t, c, z in product(range(times), range(channels), range(depth)):
        tifffile.imwrite(folder / f"s_C{c + 1:03}Z{z + 1:03}T{t + 1:03}.tif", planes[t, c, z], metadata=None)
    sections: dict[str, dict[str, Any]] = {
        "ProfileSaveInfo": {"Name": "FV10-ASW", "Version": "1.0"},
        "Axis 3 Parameters Common": {"AxisCode": "Z", "Interval": 840, "MaxSize": depth, "PixUnit": "nm"},
        "Reference Image Parameter": {
            "HeightConvertValue": 0.177,
            "HeightUnit": "um",
            "WidthConvertValue": 0.177,
            "WidthUnit": "um",
            "ValidBitCounts": 12,
        },
        **{f"Channel {c + 1} Parameters": {"CH Name": f"CH{c + 1}", "DyeName": "None"} for c in range(channels)},
    }
    lines = [
        line
        for name, values in sections.items()
        for line in (
            f"[{name}]",
            *(f'{key}="{value}"' if isinstance(value, str) else f"{key}={value}" for key, value in values.items()),
        )
    ]
    path.write_bytes(("\ufeff" + "\r\n".join(lines) + "\r\n").encode("utf-16-le"))
    return path


def write_compound_circle(path: Path) -> Path:
    """Write a compound file whose directory is a stream without end."""
    free = 0xFFFFFFFF
    header = struct.pack("<8s16sHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 62, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, free - 1, 0, free - 1, 0)  # fmt: skip
    header += struct.pack("<109I", 0, *([free] * 108))
    path.write_bytes(header + struct.pack("<128I", free - 2, 1, *([free] * 126)) + bytes(512))
    return path


def write_dicom(path: Path, planes: Array, *, inverted: bool = False) -> Path:
    """Write a DICOM file whose frames are planes along Z."""
    import pydicom  # noqa: PLC0415 - it is there only where the extra is installed
    from pydicom.dataset import FileMetaDataset  # noqa: PLC0415
    from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid  # noqa: PLC0415

    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    made = pydicom.Dataset()
    made.file_meta = meta
    made.SOPClassUID, made.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    made.NumberOfFrames, made.Rows, made.Columns = planes.shape
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME1" if inverted else "MONOCHROME2"
    made.BitsAllocated = made.BitsStored = planes.dtype.itemsize * 8
    made.HighBit, made.PixelRepresentation = made.BitsStored - 1, 0
    made.PixelSpacing, made.SpacingBetweenSlices = [0.25, 0.5], 2.0
    made.AcquisitionDate, made.AcquisitionTime = "20240301", "100000"
    made.PixelData = planes.tobytes()
    made.save_as(path, enforce_file_format=True)
    return path
