"""What stands in front of Compagnon and around it: the proxies at work, the units as systemd reads them, the image's files."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import yaml
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import make_url

from bot.clock import SystemClock
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = ("compagnon.service", "compagnon-backup.service", "compagnon-backup.timer")


def need(program: str) -> str:
    """Where a program is, which not every machine has."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/bin")
    package = {"systemd-analyze": "systemd"}.get(program, program)
    return found or pytest.skip(f"{program} is not installed here (on Debian: sudo apt install {package})")


class Upstream:
    """In the place of Compagnon: says what reached it, and streams, the second word once it is told to."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.reached: list[str] = []

    async def echo(self, request: web.Request) -> web.Response:
        await request.read()
        self.reached.append(request.path)
        return web.json_response({"path": request.path, **{k.lower(): v for k, v in request.headers.items()}})

    async def events(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(request)
        await answer.write(b"data: first\n\n")
        await self.go_on.wait()
        await answer.write(b"data: second\n\n")
        return answer

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_get("/events", self.events)
        app.router.add_route("*", "/{rest:.*}", self.echo)
        runner = web.AppRunner(app)
        await runner.setup()
        port = free_port()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        try:
            yield port
        finally:
            self.go_on.set()
            await runner.cleanup()


@contextmanager
def started(*words: str, **environment: str) -> Iterator[None]:
    process = subprocess.Popen(words, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


async def listens(client: httpx.AsyncClient) -> None:
    """Until it answers; whoever never does ends the test."""
    async with asyncio.timeout(120):
        while True:
            try:
                await client.get("/healthz")
                return
            except httpx.TransportError:
                await asyncio.sleep(0.05)


def certificate(folder: Path) -> None:
    """For nobody but this test."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = SystemClock().now()
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    (folder / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "privkey.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))


def nginx_conf(folder: Path, plain: int, secure: int, page: str = "nginx.conf", **places: str) -> Path:
    """A page of the documentation, with this test's ports, places and certificate, inside what Debian puts around it."""
    text = (DEPLOY / page).read_text("utf-8")
    for written, ours in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{secure} ssl http2;"),
        *places.items(),
    ):
        assert written in text
        text = text.replace(written, ours)
    text = re.sub(r"\n *listen \[::\].*", "", text)
    kinds = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf = folder / "nginx.conf"
    conf.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}} http {{ {kinds}\n{text} }}"
    )
    return conf


@asynccontextmanager
async def nginx(folder: Path, page: str, **places: str) -> AsyncIterator[tuple[httpx.AsyncClient, int]]:
    """The real one, with a page of the documentation: a client of it, and its port without TLS."""
    program = need("nginx")
    certificate(folder)
    trusted = ssl.create_default_context(cafile=folder / "fullchain.pem")
    trusted.check_hostname = False
    plain, secure = free_port(), free_port()
    conf = nginx_conf(folder, plain, secure, page, **places)
    with started(program, "-c", str(conf), "-e", str(folder / "error.log")):
        async with httpx.AsyncClient(base_url=f"https://127.0.0.1:{secure}", verify=trusted) as client:
            await listens(client)
            yield client, plain


async def test_nginx_passes_on_what_it_should_and_nothing_else(tmp_path: Path) -> None:
    upstream = Upstream()
    async with upstream.listening() as port:
        places = {"/etc/letsencrypt/live/compagnon.example.org": str(tmp_path), "127.0.0.1:8080": f"127.0.0.1:{port}"}
        async with nginx(tmp_path, "nginx.conf", **places) as (client, plain):
            assert (await behind(client, upstream))["x-forwarded-proto"] == "https"
            assert (await client.post("/desk/roster", content=b"x" * 9_000_000)).status_code == 413
            assert (await client.post("/telegram")).status_code == 403  # not from Telegram's networks
            moved = await client.get(f"http://127.0.0.1:{plain}/desk", headers={"Host": "compagnon.example.org"})
            assert (moved.status_code, moved.headers["location"]) == (301, "https://compagnon.example.org/desk")


@pytest.mark.parametrize("gone", ["one", "two"])
async def test_where_one_replica_is_gone_the_other_answers(tmp_path: Path, gone: str) -> None:
    upstream = Upstream()
    async with upstream.listening() as port:
        ports = {"one": port, "two": port, gone: free_port()}
        places = {"/certificates": str(tmp_path), **{f"{name}:8080": f"127.0.0.1:{at}" for name, at in ports.items()}}
        async with nginx(tmp_path, "nginx.replicas.conf", **places) as (client, _plain):
            assert (await behind(client, upstream))["host"] == "compagnon.example.org"
            assert {(await client.get(f"/desk?{number}")).status_code for number in range(10)} == {200}
            assert {(await client.post("/desk/roster", content=b"x")).status_code for _ in range(10)} == {200}


async def test_each_consortium_is_behind_its_own_name_and_a_strange_name_is_nobodys(tmp_path: Path) -> None:
    brest, lyon = Upstream(), Upstream()
    async with brest.listening() as one, lyon.listening() as two:
        places = {
            "/etc/letsencrypt/live/compagnon": str(tmp_path),
            "127.0.0.1:8081": f"127.0.0.1:{one}",
            "127.0.0.1:8082": f"127.0.0.1:{two}",
        }
        async with nginx(tmp_path, "nginx.consortia.conf", **places) as (client, _plain):
            for name, town in (("brest", brest), ("lyon", lyon)):
                client.headers["Host"] = f"{name}.compagnon.example.org"
                assert (await client.get("/desk")).json()["host"] == f"{name}.compagnon.example.org"
                assert town.reached[-1:] == ["/desk"]
            client.headers["Host"] = "metz.compagnon.example.org"
            assert (await client.get("/desk")).status_code == 404
    assert [town.reached.count("/desk") for town in (brest, lyon)] == [1, 1]


def test_the_two_replicas_are_alike_and_fit_what_stands_in_front_of_them() -> None:
    written = yaml.safe_load((DEPLOY / "compose.replicas.yaml").read_text("utf-8"))
    one, two = (written["services"][name] for name in ("one", "two"))
    assert one == two
    assert one["volumes"] == ["school:/school"]
    single = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["compagnon"]
    assert {key: value for key, value in one.items() if key not in ("environment", "depends_on")} == single
    url = one["environment"]["COMPAGNON_DATABASE_URL"]
    assert make_url(re.sub(r"\$\{.*\}", "word", url)).host in written["services"]
    front = (DEPLOY / "nginx.replicas.conf").read_text("utf-8")
    assert re.findall(r"server (\w+):8080", front) == ["one", "two"]
    assert "./nginx.replicas.conf:/etc/nginx/conf.d/default.conf:ro" in written["services"]["nginx"]["volumes"]


async def test_caddy_passes_on_what_it_should_and_nothing_else(tmp_path: Path) -> None:
    program, upstream = need("caddy"), Upstream()
    page = tmp_path / "Caddyfile"
    page.write_text("{\n\tadmin off\n\tauto_https off\n}\n" + (DEPLOY / "Caddyfile").read_text("utf-8"))
    async with upstream.listening() as port:
        site = f"http://127.0.0.1:{free_port()}"
        words = (program, "run", "--adapter", "caddyfile", "--config", str(page))
        with started(*words, COMPAGNON_SITE=site, COMPAGNON_UPSTREAM=f"127.0.0.1:{port}", HOME=str(tmp_path)):
            async with httpx.AsyncClient(base_url=site) as client:
                await listens(client)
                await behind(client, upstream)


async def behind(client: httpx.AsyncClient, upstream: Upstream) -> dict[str, str]:
    """What must hold behind every proxy; what reached Compagnon of a request."""
    page = await client.get(
        "/desk?a=1", headers={"Host": "compagnon.example.org"} if client.base_url.scheme == "https" else {}
    )
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    assert page.json()["x-forwarded-for"] == "127.0.0.1"
    assert [(await client.get(path)).status_code for path in ("/metrics", "/healthz")] == [404, 404]
    assert (await client.post("/desk/roster", content=b"x" * 4_000_000)).status_code == 200
    async with client.stream("GET", "/events") as stream:
        told = stream.aiter_text()
        assert await anext(told) == "data: first\n\n"  # while the other end is not done yet
        upstream.go_on.set()
        assert await anext(told) == "data: second\n\n"
    reached: dict[str, str] = page.json()
    return reached


def test_systemd_reads_every_unit_and_finds_little_exposed(tmp_path: Path) -> None:
    program = need("systemd-analyze")
    for name in UNITS:
        unit = (DEPLOY / name).read_text("utf-8").replace("/opt/compagnon/.venv/bin/python", sys.executable)
        (tmp_path / name).write_text(re.sub(r"(User|Group)=compagnon", r"\1=root", unit))
    run = {"cwd": tmp_path, "capture_output": True, "text": True, "check": False}
    verified = subprocess.run([program, "verify", "--man=no", *(f"./{name}" for name in UNITS)], **run)  # type: ignore[call-overload]
    said = [line for line in verified.stderr.splitlines() if str(tmp_path) in line or "compagnon" in line]
    assert (verified.returncode, said) == (0, [])


def test_compose_files_fit_together_and_give_compagnon_little() -> None:
    alone, postgres = (
        yaml.safe_load((DEPLOY / name).read_text("utf-8")) for name in ("compose.yaml", "compose.postgres.yaml")
    )
    ours = alone["services"]["compagnon"]
    assert (ours["read_only"], ours["cap_drop"], ours["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])
    assert (DEPLOY / ours["build"]["context"] / ours["build"]["dockerfile"]).is_file()
    mounted = [volume.partition(":")[0] for each in alone["services"].values() for volume in each["volumes"]]
    assert [name for name in mounted if name not in alone["volumes"] and not (DEPLOY / name).is_file()] == []
    url = postgres["services"]["compagnon"]["environment"]["COMPAGNON_DATABASE_URL"]
    assert make_url(re.sub(r"\$\{.*\}", "word", url)).host in postgres["services"]


def test_the_image_has_every_file_that_compagnon_reads(tmp_path: Path) -> None:
    """The copies of the Containerfile, in a clean folder: they are enough to write a programme."""
    lines = re.findall(r"^COPY (?!--from)(.+) (\S+)$", (DEPLOY / "Containerfile").read_text("utf-8"), re.MULTILINE)
    told = set((ROOT / ".dockerignore").read_text("utf-8").split())
    for sources, target in lines:
        for source in sources.split():
            assert f"!{source}" in told
            place = tmp_path / target.lstrip("/") / ("" if not (ROOT / source).is_file() else source)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place)  # with what was compiled
            elif target.startswith("/opt"):
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, place)
    school = tmp_path / "school"
    school.mkdir()
    played = (
        "from bot.__main__ import main\n"
        "from bot.store.migrate import known\n"
        "assert main('programme init --for vet --language fr'.split()) == 0\n"
        "assert known()"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "opt" / "compagnon")}
    done = subprocess.run(
        [sys.executable, "-c", played], cwd=school, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "vet" in (school / "programme.toml").read_text("utf-8")
