"""Where the application keeps what is the user's."""

from pathlib import Path

from omero_desk.system.user_folders import HOME_VARIABLE, Folders


def test_that_one_variable_moves_all_folders(tmp_path: Path) -> None:
    folders = Folders.of_user({HOME_VARIABLE: str(tmp_path)})
    assert {folders.config.parent, folders.data.parent, folders.log.parent} == {tmp_path}
    assert len({folders.config, folders.data, folders.log}) == 3


def test_that_the_folders_are_the_users_own_without_it() -> None:
    folders = Folders.of_user({})
    assert all("omero-desk" in path.parts for path in (folders.config, folders.data, folders.log))


def test_that_folders_that_cannot_be_written_are_told_apart(tmp_path: Path) -> None:
    assert Folders.under(tmp_path / "not there yet").unwritable() == {}
    (tmp_path / "file").write_text("in the way")
    folders = Folders.under(tmp_path / "file")
    assert set(folders.unwritable()) == {folders.config, folders.log, folders.cache}
