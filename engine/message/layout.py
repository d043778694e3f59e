"""One message of a campaign, prepared for everybody: channel × locale × jurisdiction × variant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.message.assembled import assemble
from engine.message.columns import Columns
from engine.message.compiled import (
    Render,
    RenderColumn,
    compile_column,
    compile_source,
    read_source,
)
from engine.message.cp949 import as_cp949, foreign_characters, replace_foreign
from engine.message.failure import RenderError
from engine.message.inserted import add_to_push, add_to_pushes, add_to_sms, insertions
from engine.message.limits import LMS_BYTES, SMS_BYTES
from engine.message.syntax import Partials
from engine.message.values import ValueReader, Values
from engine.model.audience import Scalar
from engine.model.campaign import (
    ActionLink,
    ResolvedCampaign,
    SmsFormat,
    SmsSettings,
    Variant,
    WebSettings,
    find_link,
)
from engine.model.channel import Channel, Platform
from engine.model.locale import locale_chain
from engine.model.message import Composed, Message, MessageButton, MissingValue, RenderFailure
from engine.model.template import Template, Text

LINK = "link"
"""The name under which a text reads the campaign's action: `{{ link }}`."""


@dataclass(frozen=True, slots=True)
class _Template:
    """A field that differs from person to person."""

    render: Render
    source: str
    locale: str
    partials: Partials

    @property
    def column(self) -> RenderColumn:
        return compile_column(self.source, self.locale, self.partials)


_Field = str | _Template | None
_Texts = list[str | None]


class Layout:
    """Knows everything about a message but the person."""

    def __init__(
        self,
        campaign: ResolvedCampaign,
        variant: Variant,
        text: Text,
        channel: Channel,
        locale: str,
        jurisdiction: str,
    ) -> None:
        self._channel, self._locale = channel, locale
        self._jurisdiction, self._variant = jurisdiction, variant.id
        action = action_link(campaign, channel, locale, variant.id)
        partials = partials_of(variant.template)

        def prepare(source: str | None) -> _Field:
            return _prepare(source, locale, partials)

        links = (None, None, None) if action is None else (action.url, action.android, action.ios)
        self._link = _prepare(links[0], locale, ())
        self._platform_links = {
            platform: _prepare(source, locale, ())
            for platform, source in zip((Platform.ANDROID, Platform.IOS), links[1:], strict=True)
            if source is not None
        }
        self._title, self._body = prepare(text.title), prepare(text.body)
        self._image, self._icon = prepare(text.image), prepare(text.icon)
        self._buttons = tuple(
            (prepare(button.name), prepare(button.link)) for button in text.buttons
        )
        self.names = names_in(text, partials) | _names(list(links), ())
        self._own_link = LINK in variant.template.variables
        adapt = replace_foreign if channel is Channel.SMS else None
        self._reader = ValueReader(variant, campaign, self.names, adapt)
        self._added = insertions(campaign, channel, locale, jurisdiction)
        settings = campaign.channels.get(Channel.SMS)
        self._format = settings.format if isinstance(settings, SmsSettings) else SmsFormat.AUTO
        if self._icon is None:
            own = campaign.channels.get(channel)
            self._icon = own.icon if isinstance(own, WebSettings) else None
        push = channel in (Channel.APP, Channel.WEB)
        self._data = _data(campaign.id, variant.id) if push else {}
        self._for_everybody: Composed | None = None

    def compose(
        self, target_values: Mapping[str, Scalar | None], zone: str | None = None
    ) -> Composed:
        """Return the message for one person, or why there is none."""
        if self._for_everybody is not None:
            return self._for_everybody
        composed = self._composed(self._reader.read(target_values, zone), strict=True)
        if not self._reader.personal:
            self._for_everybody = composed
        return composed

    def compose_many(
        self, rows: Sequence[Mapping[str, Scalar | None]], zones: Sequence[str | None]
    ) -> list[Composed]:
        """Return what `compose` returns for each of `rows`, in order, rendered together."""
        if not rows:
            return []
        if not self._reader.personal:
            return [self.compose(rows[0], zones[0])] * len(rows)
        columns = self._reader.read_columns(rows, zones)
        composed: list[Composed] = list(self._assembled(columns))
        for row in columns.aside:
            composed[row] = self.compose(rows[row], zones[row])
        return composed

    def _assembled(self, columns: Columns) -> list[Message]:
        """Return the messages of a batch; those of rows set aside mean nothing."""
        size = columns.size
        links = _render_column(self._link, columns)
        if not self._own_link and self._link is not None:
            columns.by_name[LINK] = [link or "" for link in links]
            if isinstance(self._link, _Template):
                columns.aside.update(row for row, link in enumerate(links) if link is None)
        titles, bodies = _render_column(self._title, columns), _render_column(self._body, columns)
        images = _render_column(self._image, columns)
        if None in bodies:
            columns.aside.update(
                row
                for row, texts in enumerate(zip(titles, bodies, images, strict=True))
                if texts == (None, None, None)
            )
        formats: list[SmsFormat | None] = [None] * size
        if self._channel is Channel.SMS:
            for row in range(size):
                try:
                    finished = self._text_message(titles[row], bodies[row], images[row], True)
                except RenderError:
                    columns.aside.add(row)
                else:
                    titles[row], bodies[row], formats[row] = finished
        elif self._added is not None:
            titles, bodies = add_to_pushes(titles, bodies, self._added)
        return assemble(
            size,
            {
                "channel": self._channel,
                "locale": self._locale,
                "jurisdiction": self._jurisdiction,
                "variant": self._variant,
                "data": self._data,
                "kakao": None,
            },
            {
                "title": titles,
                "body": bodies,
                "image": images,
                "icon": _render_column(self._icon, columns),
                "buttons": self._button_column(columns),
                "link": links,
                "sms_format": formats,
                "platform_links": self._link_column(columns),
            },
        )

    def _link_column(self, columns: Columns) -> Sequence[Mapping[Platform, str]]:
        if not self._platform_links:
            return [{}] * columns.size
        rendered = {at: _render_column(link, columns) for at, link in self._platform_links.items()}
        return [
            {platform: link for platform, links in rendered.items() if (link := links[row])}
            for row in range(columns.size)
        ]

    def _button_column(self, columns: Columns) -> Sequence[tuple[MessageButton, ...]]:
        if not self._buttons:
            return [()] * columns.size
        rendered = [
            (_render_column(name, columns), _render_column(link, columns))
            for name, link in self._buttons
        ]
        return [
            tuple(
                MessageButton(name=names[row] or "", link=links[row]) for names, links in rendered
            )
            for row in range(columns.size)
        ]

    def sample(self) -> Composed:
        """Return the message of the samples, whatever its size."""
        return self._composed(self._reader.read_sample(), strict=False)

    def _composed(self, values: Values | MissingValue, *, strict: bool) -> Composed:
        if isinstance(values, MissingValue):
            return values
        try:
            return self._message(values, strict)
        except RenderError as error:
            return RenderFailure(reason=error.reason)

    def _message(self, values: Values, strict: bool) -> Message:
        link = _render(self._link, values)
        if link is not None and not self._own_link:
            values[LINK] = link
        title, body = _render(self._title, values), _render(self._body, values)
        image = _render(self._image, values)
        if title is None and body is None and image is None:
            raise RenderError("the message has no text")
        sms_format = None
        if self._channel is Channel.SMS:
            title, body, sms_format = self._text_message(title, body, image, strict)
        elif self._added is not None:
            title, body = add_to_push(title, body, self._added)
        return Message(
            channel=self._channel,
            locale=self._locale,
            jurisdiction=self._jurisdiction,
            variant=self._variant,
            title=title,
            body=body,
            image=image,
            icon=_render(self._icon, values),
            buttons=self._rendered_buttons(values) if self._buttons else (),
            link=link,
            sms_format=sms_format,
            data=self._data,
            platform_links=self._rendered_links(values) if self._platform_links else {},
        )

    def _rendered_links(self, values: Values) -> dict[Platform, str]:
        rendered = {at: _render(link, values) for at, link in self._platform_links.items()}
        return {platform: link for platform, link in rendered.items() if link is not None}

    def _rendered_buttons(self, values: Values) -> tuple[MessageButton, ...]:
        return tuple(
            MessageButton(name=_render(name, values) or "", link=_render(link, values))
            for name, link in self._buttons
        )

    def _text_message(
        self, title: str | None, body: str | None, image: str | None, strict: bool
    ) -> tuple[str | None, str | None, SmsFormat]:
        """Return subject, body and format. SMS has no subject: a title is left out there.

        A text that the format does not carry is refused if `strict`.
        """
        if self._added is not None:
            body = add_to_sms(body, self._added)
        body, title = as_cp949(body or ""), None if title is None else as_cp949(title)
        try:
            size = len(body.encode("cp949"))
            (title or "").encode("cp949")
        except UnicodeEncodeError:
            shown = " ".join(f"`{char}`" for char in foreign_characters(f"{title or ''}{body}")[:5])
            raise RenderError(f"a text message cannot carry {shown}") from None
        chosen = self._format
        if chosen is SmsFormat.AUTO:
            fits = SmsFormat.SMS if size <= SMS_BYTES else SmsFormat.LMS
            chosen = fits if image is None else SmsFormat.MMS
        limit = SMS_BYTES if chosen is SmsFormat.SMS else LMS_BYTES
        if strict and size > limit:
            raise RenderError(f"the text takes {size:,} bytes; {chosen.upper()} carries {limit:,}")
        return (None if chosen is SmsFormat.SMS else title), body or None, chosen


def action_link(
    campaign: ResolvedCampaign, channel: Channel, locale: str, variant: str
) -> ActionLink | None:
    """Return the template of where a click leads: the channel's own link, else the web's.

    A link that is written for locales is found by the locale chain, as texts are.
    """
    for source in (channel, Channel.WEB):
        links = campaign.action.get(source, ())
        steps = [step for step, _ in locale_chain(locale, campaign.locale)]
        found = [link for step in steps if (link := find_link(links, step, variant)) is not None]
        if found:
            # The first of the chain among equals: `max` keeps it.
            return max(found, key=lambda link: (link.variant is not None, link.locale is not None))
    return None


def _data(campaign: str, variant: str) -> dict[str, str]:
    """Return what an app or a page sends back with an open.

    `message_id` is the same in every environment and on every device: no id holds a `/`.
    """
    return {"message_id": f"{campaign}/{variant}", "campaign": campaign, "variant": variant}


def partials_of(template: Template) -> Partials:
    """Return the partials that `template` carries, as its sources are read with."""
    return tuple(sorted(template.partials.items()))


def names_in(text: Text, partials: Partials = ()) -> frozenset[str]:
    """Return the variables that the fields of `text` read."""
    buttons = [part for button in text.buttons for part in (button.name, button.link)]
    return _names([text.title, text.body, text.image, text.icon, *buttons], partials)


def _names(sources: list[str | None], partials: Partials) -> frozenset[str]:
    read = [read_source(source, partials) for source in sources if source is not None]
    return frozenset(use.name for reading in read for use in reading.uses)


def _prepare(source: str | None, locale: str, partials: Partials) -> _Field:
    """Return a text that is the same for everybody as it is, anything else as a template."""
    if source is None:
        return None
    render = compile_source(source, locale, partials)
    reading = read_source(source, partials)
    if reading.uses or reading.faults or reading.parts is None:
        return _Template(render, source, locale, partials)
    return render({}).strip() or None


def _render(field: _Field, values: Values) -> str | None:
    if field is None or isinstance(field, str):
        return field
    return field.render(values).strip() or None


def _render_column(field: _Field, columns: Columns) -> _Texts:
    if field is None or isinstance(field, str):
        return [field] * columns.size
    return [text.strip() or None for text in field.column(columns)]
