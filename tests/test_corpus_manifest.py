"""What a batch is told to align: manifests, ids, shards, names."""

import json

import pytest

from aligner.corpus.manifest import (
    Job,
    in_shard,
    parse_shard,
    read_manifest,
    safe_id,
    with_ids,
    write_manifest,
)
from aligner.corpus.naming import list_documents, pair_by_name
from aligner.errors import InputError, UsageError

ROWS = [
    {
        "id": "one",
        "source": "zh/一.txt",
        "target": "en/one.txt",
        "src_lang": "zh-Hans",
        "client": "Acme, Inc.",
    },
    {"id": "two", "source": "zh/二.docx", "target": "en/two.docx", "src_lang": "", "client": 'the "other"'},
]


def as_table(separator):
    lines = [list(ROWS[0])] + [list(row.values()) for row in ROWS]
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line] for line in lines]
    return "\n".join(separator.join(line) for line in quoted) + "\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("m.tsv", as_table("\t")),
        ("m.csv", as_table(",")),
        ("m2.csv", "\ufeff" + as_table(";")),
        ("m.jsonl", "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)),
    ],
)
def test_every_kind_of_manifest_says_the_same(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    first, second = read_manifest(tmp_path / name)
    assert first.source == tmp_path / "zh/一.txt" and first.src_lang == "zh-Hans"
    assert first.meta == (("client", "Acme, Inc."),)
    assert (second.id, second.src_lang, second.meta) == ("two", None, (("client", 'the "other"'),))


def test_a_manifest_that_was_written_is_read_back_the_same(tmp_path):
    jobs = with_ids(
        [
            Job(
                id="",
                source=tmp_path / "a\tb.txt",
                target=tmp_path / '"q".txt',
                group="g",
                meta=(("x", "1\n2"),),
            ),
            Job(id="z", source=tmp_path / "c.txt", layout="halves"),
        ],
        "here",
    )
    (tmp_path / "out").mkdir()
    write_manifest(jobs, tmp_path / "out" / "manifest.tsv")
    again = read_manifest(tmp_path / "out" / "manifest.tsv")
    assert [(job.id, job.source.resolve(), job.group, job.meta, job.layout) for job in again] == [
        (job.id, job.source.resolve(), job.group, job.meta, job.layout) for job in jobs
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("source\ttarget\na.txt\n", "line 2: no target"),
        ("source\ttarget\n\tb.txt\n", "line 2: no source"),
        ("id\tsource\ttarget\nx\ta\tb\nX\tc\td\n", "pairs 1 and 2 are both called 'X'"),
        (
            "source\ttarget\tsrc_lang\na\tb\tChinese\n",
            "line 2: language 'Chinese' is not a language tag; say zh",
        ),
        ("source\ttarget\na\tb\tc\n", "line 2: 3 columns, names for 2"),
        ("", "no pair in it"),
    ],
)
def test_a_line_that_is_not_understood_is_named(tmp_path, text, complaint):
    (tmp_path / "m.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_manifest(tmp_path / "m.tsv")
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/abs/x", "..", "a/../../b", "C:\\x\\..\\..\\y", "nul", "a\0b"]
)
def test_no_id_leaves_its_folder(name, tmp_path):
    path = (tmp_path / f"{safe_id(name)}.json").resolve()
    assert path.is_relative_to(tmp_path)
    assert ".." not in safe_id(name).split("/") and "\0" not in safe_id(name)


def test_ids_that_a_file_system_would_shorten_stay_apart():
    long = "甲" * 300
    assert safe_id(long + "a") != safe_id(long + "b")
    assert len(safe_id(long).encode()) <= 200


def test_every_pair_is_in_one_shard_however_many_pairs_there_are():
    jobs = [Job(id=f"d{n}", source=None) for n in range(500)]
    shards = [[job.id for job in jobs if in_shard(job, (n, 7))] for n in range(1, 8)]
    assert sorted(i for shard in shards for i in shard) == sorted(job.id for job in jobs)
    assert all(40 < len(shard) < 110 for shard in shards)
    assert [job.id for job in jobs[:100] if in_shard(job, (3, 7))] == [
        i for i in shards[2] if int(i[1:]) < 100
    ]


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "a/b", "1/0"])
def test_a_shard_that_cannot_be_is_refused(text):
    with pytest.raises(UsageError, match="3/16"):
        parse_shard(text)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("report.txt", "report.docx"),
        ("report.zh.txt", "report.en.txt"),
        ("report_zh-CN.txt", "report_en-GB.txt"),
        ("zh/ch01.txt", "en/ch01.txt"),
        ("Report-CHS.txt", "report-ENG.txt"),
        ("报告（中文版）.docx", "报告（英文）.docx"),
        ("合同 中文.docx", "合同 英文.docx"),
        ("2020年报 中.txt", "2020年报 英.txt"),
        ("zh_12_intro.md", "en_12_intro.md"),
        ("ｒｅｐｏｒｔ.txt", "report.txt"),
        ("manual_v2.txt", "manual_v3_final.txt"),
        ("a/b/letter.txt", "letter.txt"),
    ],
)
def test_names_that_differ_in_language_or_version_only_go_together(source, target):
    others = ["ch02.txt", "report-2.txt", "notes.txt"]
    pairs, left, right = pair_by_name([*others, source], [*others[:2], target])
    assert (3, 2) in pairs and left == [2] and right == []


@pytest.mark.parametrize(
    ("sources", "targets"),
    [
        (["ch1.txt"], ["ch2.txt"]),
        (["2019.txt"], ["2020.txt"]),
        (["report_de.txt", "report_fr.txt"], ["report_en.txt"]),  # which of the two nobody can say
        (["zh.txt"], ["en.txt", "de.txt"]),
    ],
)
def test_names_are_never_forced_together(sources, targets):
    assert pair_by_name(sources, targets)[0] == []


def test_hidden_files_and_leftovers_are_no_documents(tmp_path):
    for name in ("a.txt", ".hidden", "~$a.docx", "b/.git/x", "Thumbs.db", "a.txt.bak", "b/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [path.name for path in list_documents(tmp_path)] == ["a.txt", "c.txt"]


def test_names_that_differ_by_case_or_suffix_only_go_with_their_likes():
    names = ["A.txt", "a.txt", "b.md", "b.txt"]
    assert pair_by_name(names, names) == ([(n, n) for n in range(4)], [], [])
    assert pair_by_name(["A.txt", "a.txt"], ["a.txt"]) == ([(1, 0)], [0], [])
