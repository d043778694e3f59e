"""What the reader finds, explained: the pages of `pushform rule` for findings that are no lint rules.

Every example is a whole file; its tests write it into a workspace that is otherwise right.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.workspace.files import WORKSPACE_FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A file, and for a bad one the line of the finding and a part of its message.

    `text` is added to the file as it is where `appended`, else it is the file.
    """

    text: str
    file: str = "audiences/example.yaml"
    line: int = 0
    says: str = ""
    appended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderPage:
    """One finding of the reader: always an error, and no comment can ignore it."""

    id: str
    title: str
    what: str
    why: str
    fix: str
    good: tuple[Shown, ...]
    bad: tuple[Shown, ...]


_HEAD = "kind: audience\nid: example\n"
_RIGHT = Shown(text=f"{_HEAD}where: {{attribute: country, eq: KR}}\n")
_FCM_LINE = "channels: {app: {provider: fcm, project: p, credentials: "

PAGES = (
    ReaderPage(
        id="yaml-syntax",
        title="a file is YAML",
        what="The file can be read as one YAML document whose keys are plain texts.",
        why="What cannot be read cannot be reviewed; the rest of the file is not looked at.",
        fix="Mend the line that is named, or the one before it: a quote, a bracket, an indent.",
        good=(_RIGHT,),
        bad=(
            Shown(text=f"{_HEAD}where: {{attribute: country, eq: KR\n", line=4),
            Shown(text=f"{_HEAD}where:\n\tattribute: country\n", line=4),
        ),
    ),
    ReaderPage(
        id="yaml-duplicate-key",
        title="a key stands once",
        what="No mapping has the same key twice.",
        why="Most YAML readers silently keep the last: half of a campaign would disappear.",
        fix="Keep one of the two.",
        good=(_RIGHT,),
        bad=(
            Shown(text=f"{_HEAD}id: other\nwhere: everyone\n", line=3, says="`id`"),
            Shown(
                text=f"{_HEAD}where: {{attribute: country, eq: KR, eq: JP}}\n", line=3, says="`eq`"
            ),
        ),
    ),
    ReaderPage(
        id="yaml-tag",
        title="values carry no tags",
        what="Nothing is tagged (`!!int`, `!custom`).",
        why="A tag changes what a value is without anybody seeing it in the diff.",
        fix="Take the tag out; quote the value if it must stay text.",
        good=(_RIGHT,),
        bad=(
            Shown(text=f"{_HEAD}where: {{attribute: country, eq: !!str KR}}\n", line=3),
            Shown(text=f"{_HEAD}title: !secret x\nwhere: {{attribute: a, eq: b}}\n", line=3),
        ),
    ),
    ReaderPage(
        id="yaml-anchor",
        title="nothing is repeated by reference",
        what="No anchors (`&a`), aliases (`*a`) or merge keys (`<<`).",
        why="Six lines of them expand to forty thousand values, and a reviewer sees six lines.",
        fix="Write the value out, or give it a name: a template, an audience.",
        good=(_RIGHT,),
        bad=(
            Shown(text=f"{_HEAD}where: &a {{attribute: country, eq: KR}}\n", line=3),
            Shown(text=f"{_HEAD}where: {{all: [&x {{attribute: a, eq: b}}, *x]}}\n", line=3),
        ),
    ),
    ReaderPage(
        id="yaml-bounds",
        title="files have bounds",
        what="At most 1 MiB, a bounded depth and number of values per file.",
        why="A file from a pull request must not be able to stop the machine that checks it.",
        fix="Split the file, or make lists of people a source instead of YAML.",
        good=(_RIGHT,),
        bad=(
            Shown(text=f"{_HEAD}where: {'{not: ' * 60}everyone{'}' * 60}\n", line=3),
            Shown(text=f"{_HEAD}title: {'x' * 1_100_000}\n", line=1),
        ),
    ),
    ReaderPage(
        id="yaml-encoding",
        title="files are UTF-8",
        what="The file is UTF-8 without NUL and control characters.",
        why="The same bytes must mean the same Hangul on every machine.",
        fix="Save the file as UTF-8 (CP949 and EUC-KR are not).",
        good=(_RIGHT,),
        bad=(
            Shown(text=f"{_HEAD}title: a\x00b\n", line=3),
            Shown(text=f"{_HEAD}title: a\x07b\n", line=3),
        ),
    ),
    ReaderPage(
        id="schema",
        title="a file has the shape of its schema",
        what="Required keys are there and every value is of the kind that its schema asks for.",
        why="`schemas/` is the contract between the files and everything that reads them.",
        fix="`pushform schema KIND` prints the schema; the message names key, value and kind.",
        good=(_RIGHT,),
        bad=(
            Shown(text="kind: audience\nid: example\n", line=1, says="`where`"),
            Shown(text=f"{_HEAD}where: 5\n", line=3),
        ),
    ),
    ReaderPage(
        id="schema-unknown-key",
        title="every key is known",
        what="No key that the schema does not have.",
        why="A key that is misspelt does nothing, and nobody notices until it should have.",
        fix="Take the key that is proposed, or take it out.",
        good=(_RIGHT,),
        bad=(
            Shown(text=f"{_HEAD}wehre: everyone\n", line=3, says="`wehre`"),
            Shown(
                text=f"{_HEAD}titel: x\nwhere: {{attribute: country, eq: KR}}\n",
                line=3,
                says="`titel`",
            ),
        ),
    ),
    ReaderPage(
        id="id-mismatch",
        title="an id is its file's name",
        what="`id` equals the file's name without `.yaml`.",
        why="Whoever reads an id must find the file; whoever renames one must see the other.",
        fix="Rename the file or change the id. A new id is a new campaign.",
        good=(_RIGHT,),
        bad=(
            Shown(
                text="kind: audience\nid: another\nwhere: {attribute: country, eq: KR}\n",
                line=2,
                says="`another`",
            ),
            Shown(
                text="kind: audience\nid: example-2\nwhere: {attribute: country, eq: KR}\n", line=2
            ),
        ),
    ),
    ReaderPage(
        id="id-duplicate",
        title="an id stands for one thing",
        what="No two files of one kind have the same id, in whatever folders they lie.",
        why="A campaign's id is what the ledger knows people by: it must mean one campaign.",
        fix="Rename one of the two.",
        good=(_RIGHT,),
        bad=(
            Shown(file="audiences/old/example.yaml", text=_RIGHT.text, line=2, says="`example`"),
            Shown(file="audiences/new/example.yaml", text=_RIGHT.text, line=2, says="`example`"),
        ),
    ),
    ReaderPage(
        id="reference",
        title="names name something",
        what="Audiences, templates, campaigns, variants, attributes and profiles that are named exist.",
        why="An exclusion that names nothing excludes nobody.",
        fix="Take the name that is proposed, or write the file that is missing.",
        good=(_RIGHT,),
        bad=(
            Shown(text=f"{_HEAD}where: {{not: {{audience: staf}}}}\n", line=3, says="`staf`"),
            Shown(text=f"{_HEAD}where: {{audience: example}}\n", line=3, says="contains itself"),
        ),
    ),
    ReaderPage(
        id="value",
        title="values mean something",
        what="Durations, rates, shares, dates, zones and numbers can be read as what they are.",
        why="`150%` or a month with 31 days too many passes a schema, and means nothing.",
        fix="Write it as the hint shows: `30m`, `2000/s`, `5%`, `2026-09-24`, `Asia/Seoul`.",
        good=(_RIGHT,),
        bad=(
            Shown(
                text=f"{_HEAD}where: {{event: purchase, within: 99999d}}\n",
                line=3,
                says="99999d",
            ),
            Shown(text=f"{_HEAD}where: {{share: 150%}}\n", line=3, says="150%"),
        ),
    ),
    ReaderPage(
        id="secret-in-yaml",
        title="secrets are not in files",
        what="Keys, passwords and credentials in pushform.yaml are `${NAME}`.",
        why="What is in git is in every clone for ever, and a leaked key sends messages.",
        fix="Write `${NAME}`, set the variable where pushform runs, and change the leaked secret.",
        good=(
            Shown(file=WORKSPACE_FILE, text="", appended=True),
            Shown(
                file=WORKSPACE_FILE, text="# ${A_KEY} is read when it is needed\n", appended=True
            ),
        ),
        bad=(
            Shown(
                file=WORKSPACE_FILE,
                text=f"{_FCM_LINE}hunter2hunter2}}}}\n",
                line=1,
                says="credentials",
                appended=True,
            ),
            Shown(
                file=WORKSPACE_FILE,
                text='state: {url: "sqlite:///.pushform/state.db", key: "0123456789abcdef0123"}\n',
                line=1,
                says="key",
                appended=True,
            ),
        ),
    ),
    ReaderPage(
        id="sandbox-provider",
        title="a sandbox reaches nobody",
        what="An environment with `sandbox: true` has the `sandbox` provider or a loopback `base_url`.",
        why="Whoever tries something in a sandbox must be sure that no phone rings.",
        fix="Write `provider: sandbox` for the channel in that environment.",
        good=(Shown(file=WORKSPACE_FILE, text="", appended=True),),
        bad=(
            Shown(
                file=WORKSPACE_FILE,
                text="environments: {trial: {sandbox: true, channels: {app: {provider: fcm}}}}\n",
                line=1,
                says="`trial`",
                appended=True,
            ),
            Shown(
                file=WORKSPACE_FILE,
                text="environments: {trial: {sandbox: true, channels: {app: {provider: fcm, "
                'base_url: "https://fcm.googleapis.com"}}}}\n',
                line=1,
                says="`trial`",
                appended=True,
            ),
        ),
    ),
)
"""Every finding of the reader, in the order in which a file is read."""


def render_reader_page(page: ReaderPage) -> str:
    """Return the page as Markdown, in the form of the lint rules' pages."""
    lines = [
        f"# {page.id}",
        "",
        "severity    error",
        "rests on    what the reader needs (no comment can ignore it)",
        "",
        f"{page.title[:1].upper()}{page.title[1:]}.",
    ]
    for name, text in (("What", page.what), ("Why", page.why), ("Fix", page.fix)):
        lines += ["", f"## {name}", text]
    for name, examples in (("Passes", page.good), ("Fails", page.bad)):
        lines += ["", f"## {name}"]
        for shown in examples:
            lines += ["", f"    # {shown.file}"]
            lines += [f"    {_short(line)}" for line in shown.text.splitlines()]
            if shown.line:
                lines.append(
                    f"    → line {shown.line}{f': … {shown.says} …' if shown.says else ''}"
                )
    return "\n".join(lines)


def _short(line: str) -> str:
    visible = "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in line)
    return visible if len(visible) <= 90 else f"{visible[:80]}… ({len(visible):,} characters)"
