"""The menu of links to what is selected, to be copied."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from omero_desk.entities.objects import Account, Entity, Kind, Ref
from omero_desk.models.annotations.links import omero_links, web_link
from omero_desk.models.annotations.lookup import Lookup
from omero_desk.models.labels import on_button
from omero_desk.models.translation import translate


class LinkMenu(QMenu):
    """Offers the links. Where OMERO.web is, the server is asked when the menu is opened for the first time."""

    def __init__(
        self, web: Lookup[str, str], account: Callable[[], Account | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(translate("Annotations", "Copy link"), parent)
        self.entities: Sequence[Entity] = ()
        """What is selected."""
        self.refs: Sequence[Ref] = ()
        """What the links are to, found when the menu opens."""
        self._web, self._account = web, account
        self.in_web = self.addAction(translate("Annotations", "Web link"), self._copy_web)
        self.own = self.addAction(translate("Annotations", "OMERO link"), self._copy_own)
        self.ids = self.addAction(translate("Annotations", "ID"), self._copy_ids)
        self.aboutToShow.connect(self._begin)
        web.changed.connect(self._show)

    def _begin(self) -> None:
        self.refs = tuple(one.ref for one in self.entities if one.ref.kind != Kind.ORPHANED_IMAGES)
        account = self._account()
        self._web.look_at(str(account.identity) if account is not None else None)
        self._web.want()
        if self._web.problem is not None:
            self._web.again()
        self._show()

    def _show(self) -> None:
        web = self._web
        why = ""
        if web.is_loading:
            why = translate("Annotations", "The server is being asked for its OMERO.web")
        elif web.problem is not None:
            why = web.problem.text
        elif not web.value:
            why = translate("Annotations", "The server does not tell where its OMERO.web is")
        elif not self._link:
            why = translate("Annotations", "OMERO.web cannot show this")
        words = translate("Annotations", "Web link")
        self.in_web.setText(on_button(f"{words} – {why}" if why else words))  # noqa: RUF001 - a dash
        self.in_web.setEnabled(not why)

    @property
    def _link(self) -> str:
        return web_link(self._web.value or "", self.refs)

    def _copy_web(self) -> None:
        QGuiApplication.clipboard().setText(self._link)

    def _copy_own(self) -> None:
        account = self._account()
        if account is not None:
            QGuiApplication.clipboard().setText(omero_links(account.server, self.refs))

    def _copy_ids(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(str(ref.id) for ref in self.refs))
