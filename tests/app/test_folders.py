"""Where the application keeps what is the user's."""

from pathlib import Path

from omero_desk.folders import HOME_VARIABLE, Folders


def test_that_one_variable_moves_all_folders(tmp_path: Path) -> None:
    folders = Folders.of_user({HOME_VARIABLE: str(tmp_path)})
    assert {folders.config.parent, folders.data.parent, folders.log.parent} == {tmp_path}
    assert len({folders.config, folders.data, folders.log}) == 3


def test_that_the_folders_are_the_users_own_without_it() -> None:
    folders = Folders.of_user({})
    assert all("omero-desk" in path.parts for path in (folders.config, folders.data, folders.log))
