"""What the reader finds, explained: the pages of `pushform rule` for findings that are no lint rules.

Every example is a whole file; its tests write it into a workspace that is otherwise right.
"""

from __future__ import annotations

from engine.workspace.files import WORKSPACE_FILE
from engine.workspace.reader_page import ReaderPage, Shown

_HEAD = "kind: audience\nid: example\n"
_RIGHT = Shown(text=f"{_HEAD}where: {{attribute: country, eq: KR}}\n")
_FCM_LINE = "channels: {app: {provider: fcm, project: p, credentials: "

PAGES = (
    ReaderPage(
        id="yaml-syntax",
        title="a file is YAML",
        title_ko="파일은 YAML이어야 합니다",
        korean=(
            "파일 전체가 하나의 YAML 문서로 읽히고 키는 글자여야 합니다. 읽을 수 없으면 검토할 "
            "수도 없고, 나머지 내용도 보지 못합니다. 알려 준 줄이나 그 윗줄의 따옴표, 괄호, "
            "들여쓰기를 고치세요."
        ),
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
        title_ko="키는 한 번만 씁니다",
        korean=(
            "같은 묶음 안에 같은 키를 두 번 쓸 수 없습니다. 대부분의 YAML 도구는 말없이 마지막 "
            "것만 남기므로 캠페인의 절반이 사라질 수 있습니다. 둘 중 하나만 남기세요."
        ),
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
        title_ko="값에 태그를 붙이지 않습니다",
        korean=(
            "`!!int`, `!custom` 같은 태그를 쓸 수 없습니다. 태그는 변경 내역에 드러나지 않게 값을 "
            "바꿉니다. 태그를 지우고, 글자로 남아야 하면 따옴표로 감싸세요."
        ),
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
        title_ko="참조로 되풀이하지 않습니다",
        korean=(
            "앵커(`&a`), 별칭(`*a`), 병합 키(`<<`)를 쓸 수 없습니다. 여섯 줄이 값 4만 개로 "
            "불어나도 검토하는 사람에게는 여섯 줄만 보입니다. 값을 풀어 쓰거나 템플릿·오디언스로 "
            "이름을 붙이세요."
        ),
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
        title_ko="파일에는 한도가 있습니다",
        korean=(
            "파일은 1MiB까지이고 깊이와 값의 수에도 한도가 있습니다. 풀 리퀘스트로 들어온 파일이 "
            "검사하는 컴퓨터를 멈추게 해서는 안 됩니다. 파일을 나누거나, 사람 목록은 YAML 대신 "
            "소스로 만드세요."
        ),
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
        title_ko="파일은 UTF-8입니다",
        korean=(
            "파일은 NUL과 제어 문자가 없는 UTF-8이어야 합니다. 같은 바이트가 어느 컴퓨터에서나 "
            "같은 한글이어야 합니다. UTF-8로 저장하세요(CP949와 EUC-KR은 UTF-8이 아닙니다)."
        ),
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
        title_ko="파일은 스키마의 모양을 따릅니다",
        korean=(
            "필요한 키가 있고 값의 종류가 스키마와 맞아야 합니다. `schemas/`는 파일과 그것을 읽는 "
            "모든 것 사이의 약속입니다. `pushform schema KIND`가 스키마를 보여 주고, 메시지가 "
            "키와 값, 필요한 종류를 알려 줍니다."
        ),
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
        title_ko="모르는 키는 쓰지 않습니다",
        korean=(
            "스키마에 없는 키와 업체에 없는 옵션을 쓸 수 없습니다. 철자가 틀린 키는 아무 일도 하지 "
            "않으며, 필요한 때가 될 때까지 아무도 모릅니다. 제안한 키로 바꾸거나 지우세요."
        ),
        what="No key that the schema does not have, and no option that a channel's provider does not.",
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
            Shown(
                file=WORKSPACE_FILE,
                text="environments: {trial: {channels: {app: {provider: fcm, credentails: x}}}}\n",
                line=1,
                says="`credentails`",
                appended=True,
            ),
        ),
    ),
    ReaderPage(
        id="id-mismatch",
        title="an id is its file's name",
        title_ko="id는 파일 이름과 같습니다",
        korean=(
            "`id`는 `.yaml`을 뺀 파일 이름과 같아야 합니다. id를 읽은 사람이 파일을 찾을 수 "
            "있어야 합니다. 파일 이름이나 id를 바꾸세요. 새 id는 새 캠페인입니다."
        ),
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
        title_ko="id는 하나만 가리킵니다",
        korean=(
            "같은 종류의 두 파일은 폴더가 달라도 같은 id를 쓸 수 없습니다. 장부는 캠페인의 id로 "
            "사람들을 기억하므로 id는 한 캠페인만 뜻해야 합니다. 둘 중 하나의 이름을 바꾸세요."
        ),
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
        title_ko="이름은 있는 것을 가리킵니다",
        korean=(
            "이름으로 가리키는 오디언스, 템플릿, 캠페인, 변형, 속성, 프로필, 업체가 있어야 합니다. 없는 "
            "것을 가리키는 제외 조건은 아무도 제외하지 않습니다. 제안한 이름으로 바꾸거나 없는 "
            "파일을 만드세요."
        ),
        what="Audiences, templates, campaigns, variants, attributes, profiles and providers that are "
        "named exist.",
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
        title_ko="값에는 뜻이 있어야 합니다",
        korean=(
            "기간, 속도, 비율, 날짜, 시간대, 숫자를 뜻대로 읽을 수 있어야 합니다. `150%`나 31일이 "
            "없는 달의 31일은 모양은 맞아도 뜻이 없습니다. 도움말처럼 쓰세요: `30m`, `2000/s`, "
            "`5%`, `2026-09-24`, `Asia/Seoul`."
        ),
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
        title_ko="비밀 값은 파일에 두지 않습니다",
        korean=(
            "pushform.yaml의 키, 비밀번호, 자격 증명은 `${NAME}`으로 씁니다. git에 들어간 것은 "
            "모든 사본에 영원히 남고, 새어 나간 키로 메시지가 나갑니다. `${NAME}`으로 쓰고 "
            "pushform이 도는 곳에 환경 변수를 설정한 뒤, 새어 나간 비밀 값을 바꾸세요."
        ),
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
        title_ko="샌드박스는 아무에게도 보내지 않습니다",
        korean=(
            "`sandbox: true`인 환경은 `sandbox` 업체나 이 컴퓨터의 `base_url`만 씁니다. "
            "샌드박스에서 시험하는 사람은 누구의 전화도 울리지 않는다고 믿을 수 있어야 합니다. 그 "
            "환경의 채널에 `provider: sandbox`를 쓰세요."
        ),
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
