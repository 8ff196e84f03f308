"""The page of information: what is selected, in sections that are read when they are opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from omero_desk.entities import annotations as kinds
from omero_desk.entities.objects import Account, Entity, Kind
from omero_desk.entities.thumbnails import ImageSize
from omero_desk.models.annotations import description
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.annotations.facts import facts, place_of, places_term
from omero_desk.models.annotations.inspector import InspectorModel
from omero_desk.models.annotations.origins.lookups import Lookups
from omero_desk.models.annotations.ratings import after, average, of_several, own_of_several, own_stars
from omero_desk.models.annotations.summary import AT_ONCE, Summary
from omero_desk.models.annotations.tag_choices import TagChoicesModel
from omero_desk.models.annotations.whose import Whose
from omero_desk.models.quantities import number
from omero_desk.models.translation import say, translate
from omero_desk.views.annotations.comments_section import CommentsSection
from omero_desk.views.annotations.description_section import DescriptionSection
from omero_desk.views.annotations.facts_list import Facts, FilesLine, Places
from omero_desk.views.annotations.info_head import InfoHead
from omero_desk.views.annotations.items_section import AttachmentsSection, ItemsSection
from omero_desk.views.annotations.naming.link_menu import LinkMenu
from omero_desk.views.annotations.origins.acquisition_section import acquisition_section
from omero_desk.views.annotations.origins.fileset_dialog import FilesetDialog
from omero_desk.views.annotations.origins.lookup_body import LookupBody
from omero_desk.views.annotations.origins.metadata_section import MetadataTable, metadata_section
from omero_desk.views.annotations.pairs_section import PairsSection
from omero_desk.views.annotations.section_body import ProblemLine, SectionBody
from omero_desk.views.annotations.tags_section import TagsSection
from omero_desk.views.annotations.whose_menu import WhoseMenu
from omero_desk.views.theme.tokens import Icon, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.icon_label import IconLabel
from omero_desk.views.widgets.section import Section, line
from omero_desk.views.widgets.words import Words

_NARROWEST: Final = 240
_FIRST_OPEN: Final = frozenset({"description", "details", "tags", "key_values"})
"""The sections that are open before the user has opened or closed any."""


class DetailsPanel(QScrollArea):
    """Shows what the inspector's model knows of the selection.

    `size_of` and `picture_of` return what is known of an image, None and b"" where nothing is. `object_wanted` carries
    the path of an object to show in the tree, from the top down; `page_wanted` an address of the web.
    """

    object_wanted = Signal(object)
    page_wanted = Signal(str)

    def __init__(
        self,
        model: InspectorModel,
        edits: EditsModel,
        choices: TagChoicesModel,
        lookups: Lookups,
        account: Callable[[], Account | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.size_of: Callable[[int], ImageSize | None] = lambda image_id: None
        self.picture_of: Callable[[int], bytes] = lambda image_id: b""
        self._model, self._edits, self._lookups, self._account = model, edits, lookups, account
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(_NARROWEST)
        self.setAccessibleName(translate("Annotations", "Details of the selection"))
        self.head = InfoHead()
        self.head.stars.chosen.connect(lambda stars: edits.rate(model.able, stars))
        self._facts, self._places, self._problem = Facts(), Places(), ProblemLine()
        self.files = FilesLine()
        self.files.pressed.connect(self.show_files)
        self.links, self.whose = LinkMenu(lookups.web, account, self), WhoseMenu(model, self)
        self._problem.again.clicked.connect(lambda _checked=False: model.refresh())
        self.description = DescriptionSection(model, edits, account)
        self.tags = TagsSection(model, edits, choices, lookups, account)
        self.pairs = PairsSection(model, edits, lookups.inherited, account)
        self.attachments = AttachmentsSection(model, edits, account)
        self.comments = CommentsSection(model, edits, account)
        self.tables = ItemsSection(kinds.Section.TABLES, model, edits, account)
        self.others = ItemsSection(kinds.Section.OTHERS, model, edits, account)
        self.acquisition = acquisition_section(lookups.acquisition)
        self.metadata = MetadataTable()
        self.originals = metadata_section(lookups.originals, self.metadata)
        self._bodies: dict[kinds.Section, SectionBody] = {
            body.section: body
            for body in (self.tags, self.pairs, self.attachments, self.comments, self.tables, self.others)
        }
        self.sections = tuple(self._make_sections())
        self._parts = {section.identity: section for section in self.sections}
        self._pending = _label()
        self._pending.setContentsMargins(Space.MEDIUM, 0, Space.MEDIUM, Space.SMALL)
        self._pending.setAccessibleDescription(
            translate("Annotations", "What you changed here and the server does not have yet")
        )
        self._pending.hide()
        self._nothing = _Nothing()
        self._whose_button: QToolButton | None = None
        self._page = QWidget()
        self._connect()
        self._lay_out()
        self.show_nothing()

    def show_entities(
        self, entities: Sequence[Entity], summary: Summary | None, account: Account | None, remark: str = ""
    ) -> None:
        """Show one or more objects, with a remark on them. Without a `summary` they are not counted yet."""
        images = description.are_images(summary)
        picture = self.picture_of(entities[0].ref.id) if images else b""
        icon = icons.kind_icon(entities[0].ref.kind)
        title, words = description.title(entities, summary), description.headline(entities, summary, account)
        self.head.show_object(title, words, icon, picture)
        few = images and len(entities) <= AT_ONCE
        sizes = [self.size_of(entity.ref.id) for entity in entities] if few else []
        rows = description.rows(entities, summary, account, remark, sizes)
        about = self._model.about
        if about is not None and len(entities) == 1 and about.ref == entities[0].ref:
            notes = [row for row in rows if row.term == translate("Annotations", "Note")]
            rights = [row for row in rows if row.term == translate("Annotations", "You may")]
            rows = [*notes, *facts(about), *rights]
        self._facts.show_rows(rows)
        self._stack.setCurrentWidget(self._page)

    def show_nothing(self) -> None:
        """Say that nothing is selected."""
        self._stack.setCurrentWidget(self._nothing)

    def offer(self, actions: Iterable[QAction]) -> None:
        """Show a button for each action."""
        for action in actions:
            self.head.offer(action)
        self.head.offer_menu("link", translate("Annotations", "Copy link"), self.links)
        self._whose_button = self.head.offer_menu("filter", "", self.whose)
        self._show_whose()

    def show_files(self) -> FilesetDialog | None:
        """Show what the image was imported from."""
        image = self._model.about.image if self._model.about is not None else None
        if image is None or image.fileset_id is None:
            return None
        dialog = FilesetDialog(self._lookups.fileset, image.fileset_id, self.window())
        dialog.open()
        return dialog

    def show_pending(self, lines: Sequence[str]) -> None:
        """Show the edits of the selection that no section shows, a line each; nothing for no lines."""
        text = "\n".join((translate("Annotations", "Not saved yet:"), *(f"• {one}" for one in lines)))
        if text != self._pending.text():
            self._pending.setText(text)
        self._pending.setVisible(bool(lines))

    def show_section(self, identity: str) -> None:
        """Open a section, and bring it into sight."""
        section = self._parts.get(identity)
        if section is not None:
            section.open()
            self._opened(section)
            self.ensureWidgetVisible(section, 0, Space.LARGE)
            section.head.setFocus(Qt.FocusReason.OtherFocusReason)

    def restore(self, identity: str, is_open: bool) -> None:
        """Open or close a section as it was the last time."""
        if identity in self._parts:
            self._parts[identity].open(is_open)
            self._opened(self._parts[identity])

    def _make_sections(self) -> Iterable[Section]:
        details = QWidget()
        column = QVBoxLayout(details)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TINY)
        for part in (self._problem, self._facts, self.files, self._places):
            column.addWidget(part)
        bodies: tuple[tuple[str, str, QWidget], ...] = (
            ("description", translate("Annotations", "Description"), self.description),
            ("details", translate("Annotations", "Details"), details),
            ("tags", translate("Annotations", "Tags"), self.tags),
            ("key_values", translate("Annotations", "Key-value pairs"), self.pairs),
            ("attachments", translate("Annotations", "Attachments"), self.attachments),
            ("comments", translate("Annotations", "Comments"), self.comments),
            ("tables", translate("Annotations", "Tables"), self.tables),
            ("others", translate("Annotations", "Others"), self.others),
            ("acquisition", translate("Annotations", "Acquisition"), self.acquisition),
            ("original_metadata", translate("Annotations", "Original metadata"), self.originals),
        )
        for identity, title, body in bodies:
            yield Section(identity, title, body, is_open=identity in _FIRST_OPEN)

    def _connect(self) -> None:
        for section in self.sections:
            section.toggled.connect(lambda _open, section=section: self._opened(section))
            self._opened(section)
        self._model.open(kinds.Section.RATINGS)  # the head shows them, whatever is open below
        self.comments.object_wanted.connect(lambda ref: self.object_wanted.emit((ref,)))
        self.description.words.object_wanted.connect(lambda ref: self.object_wanted.emit((ref,)))
        self.comments.page_wanted.connect(self.page_wanted)
        self.description.words.page_wanted.connect(self.page_wanted)
        self._places.chosen.connect(self.object_wanted)
        pencil = self._parts["description"].offer(
            "rename", translate("Annotations", "Edit the description"), self._edit_description
        )
        self.description.can_edit_changed.connect(lambda: pencil.setVisible(self.description.can_edit))
        self._model.changed.connect(self._show_about)
        self._model.section_changed.connect(self._show_section)
        self._show_about()

    def _edit_description(self) -> None:
        self._parts["description"].open()
        self.description.edit()

    def _opened(self, section: Section) -> None:
        """Have what is in a section read, once it is open."""
        body = section.content
        if isinstance(body, SectionBody):
            self._model.open(body.section, section.is_open)
        if isinstance(body, LookupBody):
            body.open(section.is_open)
        if body is self.pairs:
            self._lookups.inherited.want(section.is_open)

    def _show_about(self) -> None:
        about, model = self._model.about, self._model
        self._problem.tell(model.problem.text if model.problem is not None else "")
        self._places.show_places(
            places_term(about) if about is not None else "",
            [(place_of(place), (*(ref for ref, _ in place.above), place.ref)) for place in about.places]
            if about
            else [],
        )
        image = about.image if about is not None else None
        self.files.show_files(image.file_count if image is not None and image.fileset_id is not None else 0)
        self.links.entities = model.entities
        can_have = bool(model.refs) or model.is_too_many
        is_image = model.is_one and bool(model.refs) and model.refs[0].kind == Kind.IMAGE
        for identity in ("acquisition", "original_metadata"):
            self._parts[identity].setVisible(is_image)
        self._show_whose()
        for identity in ("tags", "key_values", "attachments", "comments", "tables", "others"):
            self._parts[identity].setVisible(can_have)
        self._parts["description"].setVisible(about is not None)
        for section in kinds.Section:
            self._number(section)
        self._show_stars()

    def _show_whose(self) -> None:
        """Say beside the menu whose annotations are shown, where it is not all."""
        button, whose = self._whose_button, self._model.whose
        if button is None:
            return
        words = say(whose.value)
        button.setText(words)
        style = Qt.ToolButtonStyle
        button.setToolButtonStyle(style.ToolButtonIconOnly if whose is Whose.ALL else style.ToolButtonTextBesideIcon)
        button.setToolTip(f"{self.whose.title()}: {words}")
        button.setAccessibleName(button.toolTip())

    def _show_section(self, section: kinds.Section) -> None:
        self._number(section)
        if section is kinds.Section.RATINGS:
            self._show_stars()

    def _number(self, section: kinds.Section) -> None:
        body = self._bodies.get(section)
        if body is not None:
            count = self._model.number_of(section)
            self._parts[section.value].head.show_number("" if count is None else number(count))

    def _show_stars(self) -> None:
        model, account = self._model, self._account()
        user = account.user.id if account is not None else None
        self.head.stars.setVisible(bool(model.refs))
        self.head.stars.set_editable(bool(model.able) and len(model.able) == len(model.entities))
        edits = model.pending(kinds.Section.RATINGS)
        refused = [edit.reason for edit in edits if edit.reason]
        if model.about is not None:
            stars, words = own_stars(model.about, edits, user), average(model.about.stars)
        else:
            found = model.contents(kinds.Section.RATINGS).annotations or ()
            own = after(own_of_several(found, user), edits, model.refs)
            stars, words = of_several(own, len(model.refs))
        self.head.show_rating(stars, refused[0] if refused else words, bool(refused))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, self._pending, line(), *self.sections):
            column.addWidget(part)
        column.addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._page)
        self._stack.addWidget(self._nothing)
        self._stack.setProperty("ground", "panel")
        self._stack.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWidget(self._stack)


class _Nothing(QWidget):
    """Says that nothing is selected."""

    def __init__(self) -> None:
        super().__init__()
        sentence = Words(translate("Annotations", "Nothing is selected"), alignment=Qt.AlignmentFlag.AlignCenter)
        sentence.setProperty("role", "title")
        hint = Words(
            translate("Annotations", "Select something in the tree or in the middle to see what is known of it."),
            wordWrap=True,
            alignment=Qt.AlignmentFlag.AlignCenter,
        )
        hint.setProperty("role", "faint")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.HUGE, Space.LARGE, Space.HUGE)
        column.addWidget(IconLabel(Icon.EMPTY, icons.icon("details")), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(sentence)
        column.addWidget(hint)
        column.addStretch(1)


def _label() -> QLabel:
    label = Words(wordWrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
