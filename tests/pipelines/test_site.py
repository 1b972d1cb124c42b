import pytest

from pipelines import site
from pipelines.site import SiteError


def test_a_written_site_reads_back_with_the_defaults(tmp_path):
    site.write(tmp_path, jurisdiction="429006", inbox=tmp_path / "in")
    read = site.load(tmp_path)
    assert (read.jurisdiction, read.inbox, read.parameters.threads) == ("429006", tmp_path / "in", 2)


def test_it_is_never_overwritten(tmp_path):
    site.write(tmp_path, jurisdiction="429006", inbox=tmp_path)
    with pytest.raises(FileExistsError):
        site.write(tmp_path, jurisdiction="110000", inbox=tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("jurisdiction: 429006\ninbox: in\n", "in quotes"),
        ('jurisdiction: "429006"\ninbox: in\ninbx: x\n', "unknown key `inbx`"),
        ('jurisdiction: "42900"\ninbox: in\n', "jurisdiction"),
        ("jurisdiction: [\n", "line"),
        ('jurisdiction: "429006"\ninbox: in\nparameters: {threads: 0}\n', "parameters.threads"),
    ],
)
def test_a_faulty_file_is_refused_with_its_key(tmp_path, text, said):
    (tmp_path / "site.yaml").write_text(text)
    with pytest.raises(SiteError, match=r"site\.yaml") as error:
        site.load(tmp_path)
    assert said in str(error.value)


def test_a_password_comes_from_the_environment(tmp_path, monkeypatch):
    (tmp_path / "site.yaml").write_text(
        'jurisdiction: "429006"\ninbox: in\nfeeds: {public_security: {url: "sqlite:///${PSB_FILE}"}}\n'
    )
    read = site.load(tmp_path)
    with pytest.raises(SiteError, match="PSB_FILE"):
        read.url_of("public_security")
    monkeypatch.setenv("PSB_FILE", "x.db")
    assert read.url_of("public_security") == "sqlite:///x.db"
    assert read.url_of("education") is None
