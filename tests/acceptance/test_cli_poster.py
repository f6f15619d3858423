"""`kanal poster` as an operator meets it: a file to print, or one line that says what is missing."""

import shutil
from pathlib import Path

from tests.acceptance.program import ROOT, environment, several

CONTACT = "contact: {telegram: SekadauAduanBot, sms: '0812 3456 7890'}\n"


async def test_poster(tmp_path: Path) -> None:
    """Names of places and codes of agencies in any case; the page stands alone; a slip makes no file."""
    env = deployment_with(CONTACT, tmp_path)
    printed, *slips = await several(
        env,
        tmp_path,
        "poster --area mungguk --agency pupr --output poster.html",
        "poster --area nowhere --output slip.html",
        "poster --area 'nanga taman' --output slip.html",
        "poster --agency NOBODY --output slip.html",
        "poster --output nowhere/slip.html",
    )
    assert printed[0] == 0
    page = (tmp_path / "poster.html").read_text()
    for text in ("Dinas Pekerjaan Umum", "Desa Mungguk", "0812 3456 7890", "?start=di-6109012002"):
        assert text in page
    assert not any(way_out in page for way_out in ("src=", "href=", "url(", "@import", "<script"))
    for (code, said), what in zip(
        slips, ("no such desa", "61.09.03, 61.09.03.2001", "PUPR", "No such file"), strict=True
    ):
        assert code == 1
        assert what in said
        assert said.count("\n") == 1
    assert not (tmp_path / "slip.html").exists()


async def test_without_contact(tmp_path: Path) -> None:
    """One contact is enough and the other is asked for; with none there is nothing to print."""
    one = await several(deployment_with("contact: {sms: '1708'}\n", tmp_path), tmp_path, "poster")
    none = await several(deployment_with("", tmp_path), tmp_path, "poster")
    assert one[0][0] == 0
    assert "does without telegram; to name it, put telegram under contact: in" in one[0][1]
    assert none[0][0] == 1
    assert "put telegram and sms under contact: in" in none[0][1]


def deployment_with(contact: str, folder: Path) -> dict[str, str]:
    """Return the environment of a program whose deployment names these contacts."""
    deployments = ROOT / "deployments"
    shutil.copytree(deployments, folder, dirs_exist_ok=True)
    file = folder / "sekadau.yaml"
    file.write_text((deployments / "sekadau.yaml").read_text() + contact)
    return environment(folder, DEPLOYMENT=str(file))
