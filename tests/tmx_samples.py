"""Broken and odd TMX files, each with the findings that a check must report of it, no more and no fewer."""

from __future__ import annotations

import codecs
import gzip
from dataclasses import dataclass

HEADER = (
    '<header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" '
    'srclang="zh-CN" datatype="plaintext" creationdate="20240506T120000Z"/>'
)
SOURCES = ("我们今天去了学校。", "她还没有读过这本书。", "请把窗户关上。")
TRADITIONAL = ("這個國家的經濟發展與環境變遷，讓學者們從歷史開始討論。", "她還沒讀過這本書。", "請關上窗戶。")
TARGETS = ("We went to school today.", "She has not read this book yet.", "Please close the window.")


@dataclass(frozen=True)
class Sample:
    """A file's bytes and the names of the rules it breaks; `kept` units are left when it is corrected."""

    data: bytes
    rules: frozenset[str]
    kept: int = 3
    name: str = "sample.tmx"


def unit(source: str, target: str, number: int = 0, more: str = "") -> str:
    tuid = f' tuid="{number}"' if number else ""
    return (
        f'<tu{tuid}>{more}<tuv xml:lang="zh-CN"><seg>{source}</seg></tuv>'
        f'<tuv xml:lang="en"><seg>{target}</seg></tuv></tu>\n'
    )


def units() -> str:
    return "".join(unit(*pair, number) for number, pair in enumerate(zip(SOURCES, TARGETS, strict=True), 1))


def tmx(
    body: str | None = None, header: str = HEADER, root: str = '<tmx version="1.4">', prolog: str = ""
) -> str:
    prolog = prolog or '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'
    return f"{prolog}{root}\n{header}\n<body>\n{units() if body is None else body}</body>\n</tmx>\n"


def sample(
    text: str, *rules: str, kept: int = 3, encoding: str = "utf-8", name: str = "sample.tmx"
) -> Sample:
    return Sample(text.encode(encoding, "surrogatepass"), frozenset(rules), kept, name)


def swap(old: str, new: str, *rules: str, kept: int = 3, count: int = -1) -> Sample:
    """The sound file with `old` replaced."""
    text = tmx()
    assert old in text, old
    return sample(text.replace(old, new, count), *rules, kept=kept)


def more(extra: str, *rules: str, kept: int = 3) -> Sample:
    """The sound file with `extra` among its units."""
    return sample(tmx(units() + extra), *rules, kept=kept)


def declared(encoding: str) -> str:
    return tmx().replace('encoding="UTF-8"', f'encoding="{encoding}"')


ZH, EN = '<tuv xml:lang="zh-CN"><seg>', '<tuv xml:lang="en"><seg>'
BOMB = '<!DOCTYPE tmx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>\n'
EXTERNAL = '<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n'

SAMPLES: dict[str, Sample] = {
    # sound, however odd
    "sound": sample(tmx()),
    "sound, no document type, no declaration": sample(tmx(prolog="\n").lstrip()),
    "sound, with tags": swap(
        "We went", 'We <bpt i="1" type="bold">&lt;b></bpt>went<ept i="1">&lt;/b></ept> <ph x="1"/><it pos="begin"/>'
    ),
    "sound, with notes and props": swap("<tu tuid=\"1\">", '<tu tuid="1"><note>n</note><prop type="x-a">b</prop>'),
    "sound, CDATA and comments": swap("We went", "<!-- <tu> & --><![CDATA[We & they <went>]]>"),
    "sound, references and emoji": swap("We went", "We &#x1F600; 😀 &#29579;&amp;&#9; went"),
    "sound, gzipped": Sample(gzip.compress(tmx().encode()), frozenset(), name="sample.tmx.gz"),
    "sound, three languages": swap("</tuv></tu>", '</tuv><tuv xml:lang="fr"><seg>Oui, bien.</seg></tuv></tu>'),
    "sound, tags over several lines": swap("<tu tuid", "<tu\n  tuid"),
    "sound, declared ASCII": sample(
        "".join(c if c < "\x7f" else f"&#{ord(c)};" for c in tmx()).replace("UTF-8", "US-ASCII")
    ),
    "sound, a schema's address on tmx": swap(
        "<tmx ", '<tmx xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="t.xsd" '
    ),
    # not what it says it is
    "empty file": Sample(b"", frozenset({"not-tmx"}), 0),
    "plain text": Sample(b"hello, world\n", frozenset({"not-tmx"}), 0),
    "an XLIFF": Sample(b'<?xml version="1.0"?><xliff version="1.2"></xliff>', frozenset({"not-tmx"}), 0),
    "a JPEG": Sample(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)), frozenset({"not-tmx"}), 0),
    "entity bomb": sample(tmx(prolog=BOMB), "entities", kept=0),
    "external entity": sample(tmx(prolog=EXTERNAL), "entities", kept=0),
    "declarations of its own": sample(
        tmx(prolog="<!DOCTYPE tmx [<!ATTLIST tu x CDATA #IMPLIED>]>\n"), "internal-subset"
    ),
    "no units": sample(tmx(""), "no-units", kept=0),
    # cut or broken XML
    "cut between units": sample(tmx().split('<tu tuid="3">')[0], "truncated", kept=2),
    "cut in a unit": sample(tmx().split("Please")[0], "truncated", "ill-formed", kept=2),
    "cut in the header": sample(tmx().split("adminlang")[0], "truncated", "missing-element", "header-missing",
                                "no-units", "ill-formed", kept=0),
    "seg not closed": swap("school today.</seg>", "school today.", "ill-formed", kept=2),
    "unit not closed": swap("</tuv></tu>", "</tuv>", "ill-formed", kept=2, count=1),
    "text between the units": more("lost\n", "stray-text"),
    "another element in the body": more("<note>lost</note>\n", "unknown-element"),
    "text after the end": sample(tmx() + "<!-- a --> more", "ill-formed"),
    "bare ampersand": swap("We went", "R&D went", "ampersand"),
    "bare less-than": swap("We went", "1 < 2, <谢谢> we went", "less-than"),
    "HTML entities": swap("We went", "We&nbsp;went &foo;", "html-entity"),
    "HTML that is not closed": swap("We went", "We<br>went", "markup-in-seg"),
    "HTML that is closed": swap("We went", "We <b>went</b>", "unknown-element"),
    "control character": swap("We went", "We\x0bwent\x01", "control-character"),
    "reference to a control character": swap("We went", "We&#11;&#x1;went&#xFFFF;", "control-character"),
    "C1 control characters": swap("We went", "We\x85went&#x96;", "c1-control"),
    "half a surrogate pair": swap("We went", "We \ud83d went", "surrogate"),
    "a surrogate pair in two references": swap("We went", "We &#xD83D;&#xDE00; went", "surrogate"),
    "a surrogate pair in six bytes": swap("We went", "We \ud83d\ude00 went", "surrogate"),
    # encodings
    "UTF-16": sample("\ufeff" + declared("UTF-16"), "utf-16", encoding="utf-16-le"),
    "UTF-16, big end first, no mark": sample(declared("UTF-16"), "utf-16", encoding="utf-16-be"),
    "UTF-16, half a pair": sample("\ufeff" + declared("UTF-16").replace("We went", "W \udc00"), "utf-16", "surrogate",
                                  encoding="utf-16-be"),
    "UTF-8 with a mark": Sample(codecs.BOM_UTF8 + tmx().encode(), frozenset({"bom"})),
    "GB18030, declared": sample(declared("GB2312"), "encoding-legacy", encoding="gb18030"),
    "GB18030, declared UTF-8": sample(tmx(), "encoding-declaration", encoding="gb18030"),
    "UTF-8, declared UTF-16": sample(declared("UTF-16"), "encoding-declaration"),
    "UTF-8, declared windows-1252": sample(declared("windows-1252"), "encoding-declaration"),
    "a damaged byte": Sample(tmx().encode().replace(b"We went", b"We \xff went"),
                             frozenset({"undecodable", "replacement-character"})),
    # root and header
    "upper-case suffix": sample(tmx(), "suffix", name="SAMPLE.TMX"),
    "wrong suffix": sample(tmx(), "suffix", name="sample.xml"),
    "version 1.1": swap('<tmx version="1.4">', '<tmx version="1.1">', "version"),
    "version 1.3": swap('<tmx version="1.4">', '<tmx version="1.3">', "version"),
    "version 1.4b": swap('<tmx version="1.4">', '<tmx version="1.4b">', "version"),
    "no version": swap('<tmx version="1.4">', "<tmx>", "version-missing"),
    "encoding on tmx": swap("<tmx ", '<tmx encoding="UTF-8" ', "extra-attribute"),
    "xmlns on tmx": swap("<tmx ", '<tmx xmlns="http://www.lisa.org/tmx14" ', "namespace"),
    "a prefix of one's own": sample(
        tmx(root='<tmx version="1.4" xmlns:a="urn:a">').replace("We went", "<a:b>We</a:b> went"), "unknown-element"
    ),
    "capitals in tmx": sample(tmx().replace("<tmx", "<TMX").replace("</tmx", "</TMX"), "not-tmx", kept=0),
    "no header": sample(tmx(header=""), "header-missing"),
    "no o-tmf": swap(' o-tmf="x"', "", "header-attribute"),
    "empty creationtoolversion, no adminlang": swap(
        'creationtoolversion="1"', 'creationtoolversion=""', "header-attribute"),
    "segtype of its own": swap('segtype="sentence"', 'segtype="line"', "attribute-value"),
    "segtype paragraph": swap('segtype="sentence"', 'segtype="paragraph"', "segtype-paragraph"),
    "pretends to be OmegaT": swap('creationtool="x"', 'creationtool="OmegaT"', "creationtool-omegat"),
    "extra attribute in the header": swap("<header ", '<header version="2" ', "extra-attribute"),
    "no srclang": swap(' srclang="zh-CN"', "", "srclang-missing"),
    "srclang in other letters": swap('srclang="zh-CN"', 'srclang="ZH-CN"', "srclang-case"),
    "srclang of another language": swap('srclang="zh-CN"', 'srclang="zh"', "srclang-different"),
    "srclang all": swap('srclang="zh-CN"', 'srclang="*all*"', "srclang-all"),
    "a date of its own": swap("20240506T120000Z", "2024-05-06 12:00:00", "date"),
    "no date at all": swap("20240506T120000Z", "yesterday", "date"),
    # languages
    "lang for xml:lang": swap("xml:lang", "lang", "lang-attribute"),
    "no language": swap(' xml:lang="en"', "", "lang-missing"),
    "no languages": sample(tmx().replace(' xml:lang="en"', "").replace(' xml:lang="zh-CN"', ""), "lang-missing"),
    "underscores": swap("zh-CN", "zh_CN", "lang-code"),
    "a language's name": swap('xml:lang="en"', 'xml:lang="English"', "lang-name"),
    "a country": swap("zh-CN", "cn", "lang-name"),
    "a country that is none": swap('"en"', '"en-UK"', "lang-name"),
    "a script in capitals": swap("zh-CN", "ZH-HANS", "lang-name"),
    "two spellings": sample(
        tmx(units() + unit("那只猫。", "That cat.", 4).replace("zh-CN", "zh-cn")), "lang-case", "unit-srclang", kept=4),
    "two codes for one language": sample(
        tmx(units() + unit("那只猫。", "That cat.", 4).replace('"en"', '"en-GB"')), "lang-mixed", kept=4),
    "some units from another language": more(
        '<tu><tuv xml:lang="fr"><seg>Bonjour.</seg></tuv><tuv xml:lang="en"><seg>Hello.</seg></tuv></tu>\n',
        "unit-srclang", kept=4),
    "traditional text called zh-CN": sample(
        tmx("".join(unit(text, "In English.", n) for n, text in enumerate(TRADITIONAL, 1))), "script-contradicts"),
    "the two codes exchanged": sample(
        tmx().replace('"en"', '"?"').replace("zh-CN", "en").replace('"?"', '"zh-CN"'), "script-contradicts"),
    "both sides under one code": swap('"en"><seg>', '"zh-CN"><seg>', "same-language"),
    # units
    "prop after tuv": swap("</tuv></tu>", '</tuv><prop type="x-a">b</prop></tu>', "order"),
    "note after seg": swap("</seg></tuv>", "</seg><note>n</note></tuv>", "order"),
    "prop without type": swap("<tu tuid=\"1\">", '<tu tuid="1"><prop>b</prop>', "missing-attribute"),
    "xml:space on seg": swap("<seg>", '<seg xml:space="preserve">', "xml-space"),
    "attribute of its own on tu": swap("<tu ", '<tu id="7" ', "extra-attribute"),
    "empty tu": more("<tu/>\n", "empty-unit"),
    "empty tu with tags": more('<tu tuid="9">\n</tu>\n', "empty-unit"),
    "tuv without seg": more(f'<tu>{ZH}好</seg></tuv><tuv xml:lang="en"></tuv></tu>\n', "no-seg"),
    "two segs in a tuv": swap(TARGETS[0], f"{TARGETS[0]}</seg><seg>We were at school.", "second-seg", kept=4),
    "one side only": more(f"<tu>{ZH}只有中文。</seg></tuv></tu>\n", "one-sided"),
    "empty target": more(f"<tu>{ZH}只有中文。</seg></tuv>{EN}</seg></tuv></tu>\n", "empty-seg"),
    "blank target": more(f"<tu>{ZH}只有中文。</seg></tuv>{EN} \n </seg></tuv></tu>\n", "empty-seg"),
    "two targets in one unit": swap(
        "</tuv></tu>", f"</tuv>{EN}Another way to say it.</seg></tuv></tu>", "same-language", kept=6),
    "text in a tu": swap('<tu tuid="1">', '<tu tuid="1">stray', "stray-text"),
    "element of its own in a tu": swap('<tu tuid="1">', '<tu tuid="1"><rating>5</rating>', "unknown-element"),
    "bpt without ept": swap("We went", '<bpt i="1"/>We went', "inline-unbalanced"),
    "ept before bpt": swap("We went", '<ept i="1"/>We<bpt i="1"/> went', "inline-unbalanced"),
    "bpt without a number": swap("We went", "<bpt/>We<ept/> went", "missing-attribute"),
    "it without a place": swap("We went", "<it/>We went", "missing-attribute"),
    "too long": more(unit("长" * 2001 + "。", "Long.", 9), "too-long", kept=4),
    "Chinese sentences joined with spaces": swap("。</seg>", "。 他走了！ 她来了。</seg>", "cjk-spaces"),
    "the same unit twice": more(unit(SOURCES[0], TARGETS[0], 9), "duplicate"),
    "one source, two targets": more(unit(SOURCES[0], "Off to school.", 9), "several-targets", kept=4),
    "one tuid twice": more(unit("好的。", "Fine.", 1), "tuid-duplicate", kept=4),
    "dates in a unit": swap('<tu tuid="1"', '<tu tuid="1" changedate="2024/05/06"', "date"),
    "characters lost before": swap("We went", "We \ufffd went", "replacement-character"),
}  # fmt: skip
