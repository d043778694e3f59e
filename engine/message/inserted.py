"""What the law adds to an advertisement: 「(광고)」, the sender, and how to refuse the next one.

정보통신망법 제50조제4항, 시행령 제61조제3항, 별표 6: the label where the advertisement starts,
sender and contact inside, the way out where it ends, free of charge. Per channel:

- app: label as `ad_label` says, way out on a last line of the body. The phone draws the app's name,
  which stands for the sender (practice; not settled by the regulator).
- web: the same; a browser shows only the page's origin, so the sender's name leads the last line
  unless a text names it already.
- sms: label, sender and (where it is not the sending number) contact at the start of the body,
  `무료수신거부 080-…` as its end. A label in the subject alone does not count (phps.kr FAQ 35210).
- kakao: Kakao puts label, profile name and refusal around a Brand Message by itself
  (cs.kakao.com/helps_html/1073199206 says so of Kakao Moment; assumed for Brand Message). Nothing
  is added unless `ad_label` is written as title or body, or `sender.opt_out.kakao` has a text; and
  nothing at all to a bubble that shows no body (rows, products, cards), which has no place for it.

「(광고)」 is for Korea; other jurisdictions get sender (sms, web) and way out without it. A text goes out
with the label of its own country where the law book has one for texts (Singapore: `<ADV> `).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.kernel.frozen import frozen
from engine.law.jurisdiction import KOREA
from engine.law.label import LABEL, is_labelled, label_abroad, with_label
from engine.message.kakao_limits import shape_of
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoSettings, SmsSettings
from engine.model.legal import LabelPosition
from engine.model.locale import pick_locale
from engine.model.resolved import ResolvedCampaign


@frozen
class Insertions:
    """What is added to the texts of one channel × locale × jurisdiction.

    `label`: 「(광고)」; `opening` is what a text message begins with in another country, or None.
    """

    label: bool
    position: LabelPosition
    sender: str | None
    contact: str | None
    opt_out: str | None
    opening: str | None = None


def insertions(
    campaign: ResolvedCampaign, channel: Channel, locale: str, jurisdiction: str
) -> Insertions | None:
    """Return what has to be added; None for informational messages and bubbles without a body."""
    if not campaign.advertising or (channel is Channel.KAKAO and not _has_body(campaign)):
        return None
    korean = jurisdiction == KOREA
    if channel is Channel.KAKAO:
        korean = korean and campaign.ad_label is not LabelPosition.AUTO
    named = channel in (Channel.WEB, Channel.SMS)
    return Insertions(
        label=korean,
        position=campaign.ad_label,
        sender=campaign.sender.name if named else None,
        contact=_contact(campaign) if channel is Channel.SMS else None,
        opt_out=find_opt_out(campaign, channel, locale),
        opening=_opening(campaign, jurisdiction) if channel is Channel.SMS else None,
    )


def _opening(campaign: ResolvedCampaign, jurisdiction: str) -> str | None:
    return label_abroad(jurisdiction, Channel.SMS, campaign.schedule.at.date())


def _has_body(campaign: ResolvedCampaign) -> bool:
    settings = campaign.channels.get(Channel.KAKAO)
    return not isinstance(settings, KakaoSettings) or "body" in shape_of(settings).takes


def find_opt_out(campaign: ResolvedCampaign, channel: Channel, locale: str) -> str | None:
    """Return the sender's opt-out text for a channel, by the locale chain, or None."""
    texts = campaign.sender.opt_out.get(channel, {})
    found = pick_locale(texts, locale, campaign.locale)
    return texts[found[0]].strip() or None if found else None


def _contact(campaign: ResolvedCampaign) -> str | None:
    """Return the contact, unless people see it anyway as the number that the message comes from."""
    settings = campaign.channels.get(Channel.SMS)
    sending = settings.from_ if isinstance(settings, SmsSettings) else None
    contact = campaign.sender.contact.strip()
    if not contact or (_digits(contact) and _digits(sending or "") == _digits(contact)):
        return None
    return contact


def add_to_push(
    title: str | None, body: str | None, added: Insertions
) -> tuple[str | None, str | None]:
    """Return title and body of an app, web or Kakao message with everything in place."""
    if added.label:
        title, body = _labelled(title, body, added.position)
    tail = None if (body or "").endswith(added.opt_out or "") else added.opt_out
    if added.sender and added.sender not in f"{title or ''}\n{body or ''}":
        tail = f"{added.sender} · {tail}" if tail else added.sender
    if tail:
        body = f"{body}\n{tail}" if body else tail
    return title, body


def add_to_pushes(
    titles: Sequence[str | None], bodies: Sequence[str | None], added: Insertions
) -> tuple[list[str | None], list[str | None]]:
    """Return the titles and bodies of many messages, as `add_to_push` completes each."""
    tail, lead = added.opt_out or "", f"{LABEL} " if added.label else ""
    usual = bool(tail) and not added.sender and added.position is not LabelPosition.BODY
    finished = [
        (lead + title, f"{body}\n{tail}")
        # Nothing typed by hand, both texts there, the way out not yet: what nearly all are.
        if usual and title and body and title[0] != "(" != body[0] and body[-1] != tail[-1:]
        else add_to_push(title, body, added)
        for title, body in zip(titles, bodies, strict=True)
    ]
    return [title for title, _ in finished], [body for _, body in finished]


def _labelled(
    title: str | None, body: str | None, position: LabelPosition
) -> tuple[str | None, str | None]:
    """Label the first text that is seen, or the body if that is asked for.

    There is one label in the end: one typed into the title stays, and one typed into the body gives
    way to the title's.
    """
    if is_labelled(title):
        return title, _unlabelled(body)
    if title is None or position is LabelPosition.BODY:
        return title, _with_label(body or "")
    return _with_label(title), _unlabelled(body)


def _with_label(text: str) -> str:
    """Return `text` with the label in front; the usual text, which has none, is told at a glance."""
    first = text[:1]
    if first == "(" or not first.strip():
        return with_label(text)
    return f"{LABEL} {text}"


def _unlabelled(text: str | None) -> str | None:
    """Return `text` without a label that it starts with: the title carries it."""
    if text is None or not is_labelled(text):
        return text
    return text.removeprefix(LABEL).lstrip() or None


def add_to_sms(body: str | None, added: Insertions) -> str:
    """Return the body of a text message with everything in place.

    A sender's name in the first line of the text counts, and a contact anywhere in it; a way out
    counts only as its end. What counts is not written twice.
    """
    text = _unopened(_unlabelled(body) or "", added)
    first_line = text.partition("\n")[0]
    lead = [added.sender] if added.sender and added.sender not in first_line else []
    if added.contact and added.contact not in text:
        lead.append(added.contact)
    text = " ".join([*lead, text]).strip()
    if added.label or (body is not None and is_labelled(body)):
        text = with_label(text)
    if added.opening is not None:
        text = added.opening + text
    if added.opt_out and not text.endswith(added.opt_out):
        text = f"{text}\n{added.opt_out}"
    return text


def add_to_subject(title: str | None, added: Insertions) -> str | None:
    """Return the subject of a long text message: another country's label leads it as well.

    Some vendors print it as the first line of the text. 「(광고)」 belongs into the body.
    """
    if title is None or added.opening is None:
        return title
    return added.opening + _unopened(title, added)


def _unopened(text: str, added: Insertions) -> str:
    """Return `text` without a label of another country that was typed in front of it."""
    typed = (added.opening or "").strip()
    return text.lstrip().removeprefix(typed).lstrip() if typed else text


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)
