"""Every rule in one document, for people who read before they write: `docs/rules.md`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from engine.kernel.finding import Citation
from engine.kernel.frozen import frozen
from engine.law.book import last_checked, provision
from engine.lint.catalog import RULES
from engine.lint.impossible import TITLE, TITLE_KO, impossible_chapter
from engine.lint.page import example_lines, split_page
from engine.lint.rule import Good, Rule, RuleMeta


@frozen(kw_only=False)
class Group:
    """A chapter: rules whose id begins with one of `begins`, and no earlier chapter's."""

    title: str
    title_ko: str
    begins: tuple[str, ...]


GROUPS = (
    Group(
        "Label, sender and opt-out in Korea",
        "한국: 표시, 전송자, 수신거부",
        ("kr-ad-", "kr-info-has-label"),
    ),
    Group(
        "Time",
        "시간",
        ("schedule-", "kr-night-", "kakao-brand-window", "tz-", "holiday-"),
    ),
    Group("Type, consent and audience in Korea", "한국: 유형, 동의, 대상", ("type-", "kr-")),
    Group("KakaoTalk", "카카오톡", ("alimtalk-", "kakao-", "fallback-", "vendor-")),
    Group("Text messages", "문자", ("sms-", "mms-", "copy-source-")),
    Group(
        "Push",
        "푸시",
        (
            *("fcm-", "apns-", "apple-", "android-", "push-", "webpush-"),
            *("rate-", "dispatch-", "duplicate-"),
        ),
    ),
    Group(
        "Other countries",
        "다른 나라",
        ("us-", "fr-", "in-", "sg-", "ae-", "sa-", "au-", "ca-", "foreign-", "jurisdiction-"),
    ),
    Group("Files and templates", "파일과 템플릿", ("",)),
)
"""In the order in which they are looked up: the last one takes what is left."""

_ORDER = (0, 2, 1, 3, 4, 5, 6, 7)
"""The order in which they are printed."""

HEAD = """\
# Rules

<!-- Made by `make docs` (python -m engine.cli.manual) from engine/lint/rules/. Edits here are lost. -->

What `pushform lint` judges. `pushform rule ID` prints one of these pages, with `--lang ko` in Korean.
An **error** stops the merge, the plan and the send; a **warning** is for people to weigh. What rests on
**statute** cannot be ignored in a file; what rests on guidance or practice can, with a reason:
`# pushform: ignore[rule-id] reason; until 2026-12-31`. So can the few rules of statute that go by words
alone (`kr-prohibited-goods`, `kr-reply-bait`): whether a text means it is for people to say, and a plan
shows what they said. ⚠ marks a source that a lawyer should look at.

「오류」는 병합·계획·발송을 멈추고, 「경고」는 사람이 판단합니다. 법령(statute)에 근거한 규칙은 무시할 수
없고, 지침(guidance)이나 관행(practice)에 근거한 규칙은 이유를 적은 주석으로 무시할 수 있습니다. 낱말만 보고
판단하는 법령 규칙(`kr-prohibited-goods`, `kr-reply-bait`)도 주석으로 답할 수 있으며 그 이유가
계획에 보입니다. ⚠ 표시는 변호사의 확인이 필요한 근거입니다.
"""
_WORDS_KO = {"error": "오류", "warning": "경고"}


def rules_manual(rules: Sequence[Rule] = RULES) -> str:
    """Return all rules as Markdown: contents first, then a page for each, by chapter.

    Last comes what needs no rule.
    """
    chapters = [(GROUPS[number], list(_of(GROUPS[number], rules))) for number in _ORDER]
    lines = [HEAD, "", f"{len(rules)} rules, under the law as it was on {last_checked()}.", ""]
    for group, members in chapters:
        if members:
            lines += [f"- [{group.title}](#{_anchor(group.title)}) · {group.title_ko}"]
            lines += [
                f"  - [`{one.META.id}`](#{one.META.id}) {one.META.severity}: {one.META.title}"
                for one in members
            ]
    lines += [f"- [{TITLE}](#{_anchor(TITLE)}) · {TITLE_KO}"]
    for group, members in chapters:
        if members:
            lines += ["", f"## {group.title}", "", group.title_ko]
        for one in members:
            lines += ["", *_page(one)]
    lines += ["", *impossible_chapter()]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def group_of(id: str) -> Group:  # noqa: A002 - the word of the format
    """Return the chapter of the rule `id`."""
    return next(group for group in GROUPS if id.startswith(group.begins))


def _of(group: Group, rules: Iterable[Rule]) -> Iterator[Rule]:
    return (rule for rule in rules if group_of(rule.META.id) is group)


def _anchor(title: str) -> str:
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def _page(rule: Rule) -> list[str]:
    meta = rule.META
    english, korean = split_page(rule)
    lines = [f"### {meta.id}", "", f"**{_sentence(meta.title)}**"]
    if meta.title_ko:
        lines += ["", f"**{_sentence(meta.title_ko)}**"]
    lines += ["", *_facts(meta), "", *_parts(english)]
    if korean:
        lines += ["", "**한국어.** " + korean]
    good = [example for example in rule.EXAMPLES if isinstance(example, Good)]
    bad = [example for example in rule.EXAMPLES if not isinstance(example, Good)]
    return [*lines, "", "Passes:", *example_lines(good), "", "Fails:", *example_lines(bad)]


def _sentence(title: str) -> str:
    return f"{title[:1].upper()}{title[1:]}."


def _facts(meta: RuleMeta) -> list[str]:
    on = last_checked()
    citation, period = meta.citation(on), meta.period(on)
    doubt = "⚠ " if _doubtful(meta) else ""
    facts = [
        f"{meta.severity} ({_WORDS_KO[meta.severity]})",
        f"{doubt}{citation.confidence}: {citation.title}",
    ]
    if meta.jurisdictions:
        facts.append(f"law of {', '.join(sorted(meta.jurisdictions))}")
    if period is not None:
        facts.append(f"in force {period[0]} – {period[1] or 'today'}")
    return [f"- {fact}" for fact in facts]


def _doubtful(meta: RuleMeta) -> bool:
    cites = meta.rests_on
    if isinstance(cites, Citation):
        return False
    return provision(cites.name, cites.jurisdiction, last_checked(), cites.channel).doubtful


def _parts(english: str) -> list[str]:
    """Return the page without its first line (the title says it), headings as leading words."""
    body = english.partition("\n## ")[2]
    found = []
    for part in f"## {body}".split("\n## "):
        heading, _, text = part.removeprefix("## ").partition("\n")
        found += [f"**{heading.strip()}.** {text.strip()}", ""]
    return found[:-1]
