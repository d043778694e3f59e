"""Who approves a plan sees what comments ignore of each campaign, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli_run import check
from tests.end_to_end.small import Shop

UNUSED = (
    "variables:\n"
    "  # pushform: ignore[template-unused-variable] 다음 주에 씁니다; until 2026-12-31\n"
    "  unused: {type: string, from: user.name, default: 아무것도}\n"
)
LATE = "  # pushform: ignore[kr-night-cutoff] 200명뿐이라 1분이면 끝남; until 2026-10-31"
SECOND = ("id: other", "template: plain")


def two_campaigns(root: Path) -> Shop:
    """Return a shop with an ignored rule in `sale`, one in its template, and `other` without."""
    shop = Shop(root=root, people=2, at="2026-09-24 20:45")
    path = root / "campaigns/sale.yaml"
    sale = path.read_text("utf-8")
    other = sale.replace("id: sale", SECOND[0]).replace("template: words", SECOND[1])
    other = other.replace("20:45", "19:10").replace("sampleshop://sale", "sampleshop://other")
    path.with_name("other.yaml").write_text(other, "utf-8")
    lines = [f"{line}{LATE}" if "20:45" in line else line for line in sale.splitlines()]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    template = root / "templates/words.yaml"
    words = template.read_text("utf-8")
    plain = words.replace("id: words", "id: plain").replace("가을 상품", "다른 상품")
    template.with_name("plain.yaml").write_text(plain, "utf-8")
    template.write_text(words.replace("variables:\n", UNUSED), "utf-8")
    return shop


def test_a_plan_names_what_comments_ignore_of_each_campaign(tmp_path: Path) -> None:
    result = two_campaigns(tmp_path).run("plan", as_of="2026-09-20T00:00:00Z")

    other, sale = result.out.split("+ sale")
    assert result.code == 0, result.err
    assert "ignored" not in other
    assert (
        "    ignored    kr-night-cutoff: 200명뿐이라 1분이면 끝남; until 2026-10-31\n"
        "    ignored    template-unused-variable: 다음 주에 씁니다; until 2026-12-31\n"
    ) in sale


def test_so_does_the_plan_for_programs(tmp_path: Path) -> None:
    shop = two_campaigns(tmp_path)
    result = shop.run("plan", "--format", "json", as_of="2026-09-20T00:00:00Z")
    document: dict[str, Any] = json.loads(result.out)

    check(document)
    observed = {change["campaign"]: change["observed"] for change in document["changes"]}
    assert "ignored" not in observed["other"]
    assert observed["sale"]["ignored"][0] == {
        "rule": "kr-night-cutoff",
        "reason": "200명뿐이라 1분이면 끝남",
        "until": "2026-10-31",
    }
