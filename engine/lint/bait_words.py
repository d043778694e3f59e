"""What an advertisement pretends to be so that it is opened or answered."""

from __future__ import annotations

from collections.abc import Sequence

BAITS: Sequence[tuple[str, str]] = (
    ("RE:", r"(?:^|\n|\(광고\)\s?)\[?(?:RE|FWD?|답장|회신)\]?\s?[:：](?!(?-i:[A-Z]{2}))"),
    (
        "부재중",
        (
            # A service for missed calls names them as its object: 부재중 전화를 알려 주는.
            r"부재\s?중\s?(?:(?:전화|통화|메시지)(?![을를와과도에는은]|\s?(?:알림|걱정|서비스))|\d|[\])】」])"
            r"|[\[(【「]\s?부재\s?중"
        ),
    ),
    ("번호 변경", r"(?<!인증\s)번호(?:가|를)?\s?(?:바뀌었어|바뀜|바꿨어|바꿨는데)"),
    (
        "택배 반송",
        r"(?:택배|소포|등기|우편물?)\S{0,2}\s?(?:반송|미수령|보관\s?중|주소\s?불명)|수취인\s?불명|주소지?\s?(?:미확인|오류)",
    ),
    ("미납·연체", r"(?:미납|연체)\s?(?:금액|요금|내역|안내)|과태료|범칙금|출석\s?요구"),
    ("결제 완료", r"[\[(【「]\s?(?:결제|승인|주문|출금)\s?(?:완료|승인|내역)\s?[\])】」]"),
    ("당첨", r"당첨(?:되셨|되었|을\s?축하)"),
)
"""(bait, its forms)."""
