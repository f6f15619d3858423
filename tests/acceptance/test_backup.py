"""`kanal backup` and what brings it back: a real archive, unpacked into an empty folder, with all that was there."""

import json
import tarfile
from pathlib import Path

from PIL import Image

from tests.acceptance.program import Program, environment, kanal, several

REPORT = "jalan rusak depan SDN 2 desa mungguk sejak kemarin, banyak lubang besar\n/foto {photo}\n1\n1\n1\n"


async def run(env: dict[str, str], *lines: str) -> list[tuple[int, str]]:
    results = await several(env, Path(env["DATA_DIR"]), *lines)
    assert not any("Traceback" in said for _, said in results), results
    return results


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def one_line(env: dict[str, str], line: str) -> str:
    ((code, said),) = await run(env, line)
    assert (code, len(said.splitlines())) == (1, 1), said
    return said


def exported(said: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")]


async def test_what_was_backed_up_while_it_served_is_restored(tmp_path: Path) -> None:
    """Report, history and photo are there again in an empty folder, once the key is put beside them; not before."""
    home, elsewhere = tmp_path / "var", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    photo = home / "jalan.jpg"
    Image.new("RGB", (8, 8), "grey").save(photo)
    async with Program(home) as program:
        await _file_a_report(program.env, photo)
        target = tmp_path / "kanal.tar"
        (backed_up, again, before) = await run(
            program.env, f"backup {target}", f"backup {target}", "export --format jsonl"
        )
        assert (home / "kanal.db-wal").stat().st_size > 0  # it serves: the newest is not in the file alone
    assert backed_up[0] == 0
    assert backed_up[1].startswith(f"{target}: the database and 3 files, without the keys ({home}/data_keys:")
    assert again == (1, f"kanal: {target}: is there already, and was left alone: name another file\n")
    assert target.stat().st_mode & 0o777 == 0o600
    assert names_in(tmp_path) == ["elsewhere", "kanal.tar", "var"]
    key = (home / "data_keys").read_bytes().strip()
    assert key not in target.read_bytes()
    with tarfile.open(target) as tar:
        assert {name.partition("/")[0] for name in tar.getnames()} == {"kanal.db", "attachments"}
        tar.extractall(elsewhere, filter="data")
    env = environment(elsewhere)
    assert "data_keys is gone, but not its database" in await one_line(env, "migrate")
    (elsewhere / "data_keys").write_bytes(key)
    migrated, audit, keys, after = await run(
        env, "migrate", "audit verify", "keys check", "export --format jsonl"
    )
    assert migrated[1].endswith(", nothing to do\n")
    assert audit == (0, "1 report: every history holds together\n")
    assert (keys[0], "missing" in keys[1]) == (0, False)
    assert exported(after[1]) == exported(before[1])
    assert len(exported(after[1])) == 1


async def _file_a_report(env: dict[str, str], photo: Path) -> None:
    code, said = await kanal(env, Path(env["DATA_DIR"]), "chat", given=REPORT.format(photo=photo))
    assert (code, "Nomornya:" in said) == (0, True), said


async def test_what_cannot_be_backed_up_is_said_in_a_line(tmp_path: Path) -> None:
    """Nothing is left behind by it; on PostgreSQL its own program is named."""
    env = environment(tmp_path)
    target = tmp_path / "kanal.tar"
    assert "no database of Kanal's" in await one_line(env, f"backup {target}")
    on_server = env | {"DATABASE_URL": "postgresql://kanal:s3cret@localhost/kanal"}
    told = await one_line(on_server, f"backup {target}")
    assert 'pg_dump -Fc -f kanal.dump "$DATABASE_URL"' in told
    assert "s3cret" not in told
    assert names_in(tmp_path) == []
    assert (await run(env, "migrate"))[0][0] == 0
    assert "name a file that can be written" in await one_line(env, f"backup {tmp_path}/no/kanal.tar")
    ((code, _),) = await run(env, f"backup {target}")
    assert (code, target.exists()) == (0, True)


async def test_a_database_outside_the_data_folder_goes_back_to_where_it_was(tmp_path: Path) -> None:
    data, apart = tmp_path / "data", tmp_path / "db"
    data.mkdir()
    apart.mkdir()
    env = environment(data) | {"DATABASE_URL": f"sqlite:///{apart}/k.db"}
    _, (code, said) = await run(env, "migrate", f"backup {tmp_path}/kanal.tar")
    assert code == 0
    assert f"unpack its k.db into {apart} (no k.db-wal" in said
    assert f"its attachments into an empty folder {data}," in said
