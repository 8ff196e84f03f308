"""A certificate is seen before a password is sent, and remembered."""

import stat
from pathlib import Path

import pytest

from omero_desk.gateway import probe
from omero_desk.gateway.certificates import NONE, KnownCertificates, fingerprint
from omero_desk.gateway.errors import CertificateChangedError, RefusedError, UntrustedCertificateError
from omero_desk.gateway.service import ServiceManager, State

from .conftest import Lab

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


def test_that_a_server_that_shows_none_any_more_has_changed(file: Path) -> None:
    known = KnownCertificates(file)
    known.check("plain:4063", "")
    known.check("a:4064", OTHER)
    with pytest.raises(CertificateChangedError) as caught:
        known.check("a:4064", "")
    assert caught.value.presented == NONE


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a:4064": 5}'])
def test_that_a_damaged_file_is_begun_anew(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.write_text(content)
    KnownCertificates(file).check("a:4064", OTHER)
    with pytest.raises(CertificateChangedError):
        KnownCertificates(file).check("a:4064", "CD")


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
