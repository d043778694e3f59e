"""One message of a campaign, prepared for everybody: channel × locale × jurisdiction × variant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.message.assembled import assemble
from engine.message.columns import Columns
from engine.message.cp949 import as_cp949, foreign_characters, replace_foreign
from engine.message.failure import RenderError
from engine.message.field import (
    Field,
    TemplateField,
    prepare_field,
    render_column,
    render_field,
    variables_in,
)
from engine.message.inserted import (
    add_to_push,
    add_to_pushes,
    add_to_sms,
    add_to_subject,
    insertions,
)
from engine.message.kakao_content import PreparedButtons, PreparedContent
from engine.message.limits import LMS_BYTES, SMS_BYTES
from engine.message.syntax import Partials
from engine.message.values import ValueReader, Values
from engine.model.audience import Scalar
from engine.model.channel import Channel, Platform
from engine.model.channel_settings import SmsFormat, SmsSettings, WebSettings
from engine.model.experiment import Variant
from engine.model.kakao import KakaoContent
from engine.model.link import ActionLink, find_link
from engine.model.locale import locale_chain
from engine.model.message import Composed, Message, MissingValue, RenderFailure
from engine.model.resolved import ResolvedCampaign
from engine.model.template import Template, Text

CANNOT_CARRY = "a text message cannot carry"
"""How the reason begins why a text message that cp949 does not have is none."""

LINK = "link"
"""The name under which a text reads the campaign's action: `{{ link }}`."""


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

        def prepare(source: str | None) -> Field:
            return prepare_field(source, locale, partials)

        links = (None, None, None) if action is None else (action.url, action.android, action.ios)
        self._link = prepare_field(links[0], locale, ())
        self._platform_links = {
            platform: prepare_field(source, locale, ())
            for platform, source in zip((Platform.ANDROID, Platform.IOS), links[1:], strict=True)
            if source is not None
        }
        self._title, self._body = prepare(text.title), prepare(text.body)
        self._image, self._icon = prepare(text.image), prepare(text.icon)
        self._buttons = PreparedButtons(text.buttons, prepare) if text.buttons else None
        self._kakao = None if text.kakao is None else PreparedContent(text.kakao, prepare)
        self.names = names_in(text, partials) | variables_in(links, ())
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
        links = render_column(self._link, columns)
        if not self._own_link and self._link is not None:
            columns.by_name[LINK] = [link or "" for link in links]
            if isinstance(self._link, TemplateField):
                columns.aside.update(row for row, link in enumerate(links) if link is None)
        titles, bodies = render_column(self._title, columns), render_column(self._body, columns)
        images = render_column(self._image, columns)
        contents: list[KakaoContent | None] = (
            [None] * size if self._kakao is None else self._kakao.render_column(columns)
        )
        if None in bodies:
            columns.aside.update(
                row
                for row, parts in enumerate(zip(titles, bodies, images, contents, strict=True))
                if parts == (None, None, None, None)
            )
        buttons = [()] * size if self._buttons is None else self._buttons.render_column(columns)
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
            },
            {
                "title": titles,
                "body": bodies,
                "image": images,
                "icon": render_column(self._icon, columns),
                "buttons": buttons,
                "link": links,
                "sms_format": formats,
                "platform_links": self._link_column(columns),
                "kakao": contents,
            },
        )

    def _link_column(self, columns: Columns) -> Sequence[Mapping[Platform, str]]:
        if not self._platform_links:
            return [{}] * columns.size
        rendered = {at: render_column(link, columns) for at, link in self._platform_links.items()}
        return [
            {platform: link for platform, links in rendered.items() if (link := links[row])}
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
        link = render_field(self._link, values)
        if link is not None and not self._own_link:
            values[LINK] = link
        title, body = render_field(self._title, values), render_field(self._body, values)
        image = render_field(self._image, values)
        content = None if self._kakao is None else self._kakao.render(values, strict=strict)
        if title is None and body is None and image is None and content is None:
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
            icon=render_field(self._icon, values),
            buttons=() if self._buttons is None else self._buttons.render(values),
            link=link,
            sms_format=sms_format,
            data=self._data,
            platform_links=self._rendered_links(values) if self._platform_links else {},
            kakao=content,
        )

    def _rendered_links(self, values: Values) -> dict[Platform, str]:
        rendered = {at: render_field(link, values) for at, link in self._platform_links.items()}
        return {platform: link for platform, link in rendered.items() if link is not None}

    def _text_message(
        self, title: str | None, body: str | None, image: str | None, strict: bool
    ) -> tuple[str | None, str | None, SmsFormat]:
        """Return subject, body and format. SMS has no subject: a title is left out there.

        A text that the format does not carry is refused if `strict`.
        """
        if self._added is not None:
            body = add_to_sms(body, self._added)
            title = add_to_subject(title, self._added)
        body, title = as_cp949(body or ""), None if title is None else as_cp949(title)
        try:
            size = len(body.encode("cp949"))
            (title or "").encode("cp949")
        except UnicodeEncodeError:
            shown = " ".join(f"`{char}`" for char in foreign_characters(f"{title or ''}{body}")[:5])
            raise RenderError(f"{CANNOT_CARRY} {shown}") from None
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
    return variables_in([source for _, source in text.sources()], partials)
