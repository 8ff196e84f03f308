"""A certificate is seen before a password is sent, and remembered."""

import stat
from pathlib import Path

import pytest

from omero_desk.entities.connection_states import State
from omero_desk.entities.errors import (
    CertificateChangedError,
    CertificateForgottenError,
    RefusedError,
    UntrustedCertificateError,
)
from omero_desk.entities.objects import SignIn
from omero_desk.gateway.connection import client as clients
from omero_desk.gateway.connection import probe
from omero_desk.gateway.connection.certificates import NONE, KnownCertificates
from omero_desk.gateway.connection.client import Trust
from omero_desk.gateway.connection.pinning import fingerprint
from omero_desk.gateway.service.manager import ServiceManager
from tests.gateway.conftest import Lab
from tests.support.impostor import HOST, impostor

OTHER = ":".join(["AB"] * 32)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "certificates.json"


def certificate_of(lab: Lab) -> Path:
    assert lab.server is not None
    return lab.server.data / "server.pem"


def test_that_a_certificate_is_pinned_on_first_use_in_a_file_of_the_users_own(file: Path) -> None:
    KnownCertificates(file).check("a:4064", OTHER)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(CertificateChangedError) as caught:
        KnownCertificates(file).check("a:4064", "CD")
    assert (caught.value.server, caught.value.known, caught.value.presented) == ("a:4064", OTHER, "CD")
    assert OTHER in caught.value.detail
    assert "CD" in caught.value.detail
    KnownCertificates(file).check("b:4064", "CD")


def test_that_an_accepted_certificate_takes_the_place_of_the_old_one(file: Path) -> None:
    known = KnownCertificates(file)
    known.check("a:4064", OTHER)
    known.accept("a:4064", "CD")
    known.check("a:4064", "CD")
    KnownCertificates(file).check("a:4064", "CD")


def test_that_a_server_is_known_by_its_first_certificate_after_renewals(file: Path) -> None:
    known = KnownCertificates(file)
    known.check("a:4064", OTHER)
    assert known.first("a:4064", OTHER) == OTHER
    for renewed in ("CD", "EF"):
        known.accept("a:4064", renewed)
        known.check("a:4064", renewed)
        assert KnownCertificates(file).first("a:4064", renewed) == OTHER
    assert known.first("b:4064", "CD") == "CD"


def test_that_a_server_that_shows_none_any_more_has_changed(file: Path) -> None:
    known = KnownCertificates(file)
    known.check("plain:4063", "")
    known.check("a:4064", OTHER)
    with pytest.raises(CertificateChangedError) as caught:
        known.check("a:4064", "")
    assert caught.value.presented == NONE


def test_that_a_server_without_a_certificate_is_told_of_once_and_pinned_when_it_gets_one(file: Path) -> None:
    assert KnownCertificates(file).check("a:4064", "")
    assert not KnownCertificates(file).check("a:4064", "")
    assert KnownCertificates(file).expected("a:4064") == ""
    assert not KnownCertificates(file).check("a:4064", OTHER)
    assert KnownCertificates(file).expected("a:4064") == OTHER
    with pytest.raises(CertificateChangedError):
        KnownCertificates(file).check("a:4064", "")


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"a:4064": 5}', b'{"a:4064": "AB\xff"}'])
def test_that_a_damaged_file_is_kept_and_servers_are_asked_about(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    known = KnownCertificates(file)
    assert known.expected("a:4064") == ""
    kept = file.with_name("certificates.json.damaged")
    assert kept.read_bytes() == content
    with pytest.raises(CertificateForgottenError, match="cannot read which certificate a:4064 showed") as caught:
        KnownCertificates(file).check("a:4064", OTHER)
    assert (caught.value.presented, caught.value.kept) == (OTHER, str(kept))
    assert str(kept) in caught.value.detail
    known.accept("a:4064", caught.value.presented)
    known.check("a:4064", OTHER)
    assert KnownCertificates(file).expected("a:4064") == OTHER
    with pytest.raises(CertificateForgottenError):  # it may have been in the old file, too
        KnownCertificates(file).check("b:4064", "")
    kept.unlink()
    KnownCertificates(file).check("b:4064", "CD")


def test_that_a_file_that_cannot_be_read_refuses_and_is_named(file: Path) -> None:
    file.mkdir(parents=True)
    with pytest.raises(RefusedError, match=r"Make .*certificates\.json readable, or move it away") as caught:
        KnownCertificates(file).expected("a:4064")
    assert not isinstance(caught.value, CertificateChangedError)


async def test_that_a_changed_certificate_stops_the_sign_in_before_the_password_goes(lab: Lab, file: Path) -> None:
    known = KnownCertificates(file)
    known.check(probe.name(lab.sign_in()), OTHER)
    service = ServiceManager(known)
    # With a wrong password: had it been sent, the server would have refused it.
    with pytest.raises(CertificateChangedError) as caught:
        await service.sign_in(lab.sign_in(password="never sent"))
    assert service.state is State.OFFLINE
    pem = certificate_of(lab).read_text()
    shown = fingerprint(pem[pem.index("-----BEGIN CERTIFICATE") :])
    assert caught.value.presented == shown
    known.accept(caught.value.server, caught.value.presented)
    await service.sign_in(lab.sign_in())
    service.close()


async def test_that_verify_refuses_a_certificate_that_the_system_does_not_trust(lab: Lab) -> None:
    service = ServiceManager(verify=True)
    with pytest.raises(UntrustedCertificateError, match="does not trust"):
        await service.sign_in(lab.sign_in(password="never sent"))


async def test_that_verify_takes_a_certificate_that_the_system_trusts(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = certificate_of(lab).read_text()
    trusted = tmp_path / "ca.pem"
    trusted.write_text(pem[pem.index("-----BEGIN CERTIFICATE") :])
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    service = ServiceManager(verify=True)
    account = await service.sign_in(lab.sign_in())
    service.close()
    assert account.user.user == "ada"


async def test_that_verify_looks_at_the_name_of_the_host(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = certificate_of(lab).read_text()
    trusted = tmp_path / "ca.pem"
    trusted.write_text(pem[pem.index("-----BEGIN CERTIFICATE") :])
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    request = lab.sign_in(password="never sent")
    service = ServiceManager(verify=True)
    with pytest.raises(RefusedError, match="does not trust"):
        # The same server by an address that its certificate does not name.
        await service.sign_in(type(request)("127.1", request.port, "ada", "never sent"))


def test_that_one_signs_in_to_a_server_without_a_certificate_and_is_told_of_it_once(tmp_path: Path, file: Path) -> None:
    trust = Trust(KnownCertificates(file))
    with impostor(0, tmp_path, anonymous=True) as server:
        server.take_over()
        request = SignIn(HOST, server.port, "root", "a password")
        remarks = []
        for _ in range(2):
            met = clients.meet(request, trust, lambda client: None)
            with pytest.raises(RefusedError, match="refused the sign-in"):
                clients.sign_in(met.client, request, "")
            clients.destroy(met.client)
            remarks.append(met.remarks)
        (told,), again = remarks
        assert "has no certificate" in str(told)
        assert again == ()
        assert b"a password" in server.heard


def test_that_a_file_that_cannot_be_written_is_told_of_once(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("no folder")
    known = KnownCertificates(tmp_path / "folder" / "certificates.json")
    known._load = dict  # type: ignore[method-assign]  # as a folder that can be read and not written
    assert known.news() is None
    known.check("a:4064", OTHER)
    news = known.news()
    assert news is not None
    assert str(tmp_path / "folder" / "certificates.json") in str(news)
    known.check("b:4064", OTHER)
    assert known.news() is None
