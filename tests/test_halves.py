"""One mixed page becomes two texts: nothing lost, nothing mixed up, and a refusal where it isn't sure."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.encode.load import load_encoder
from aligner.errors import AlignerError, Shortfall, UsageError
from aligner.split.arrange import LAYOUTS
from aligner.split.halves import Halves, find_halves
from aligner.text.edits import EditedText

SEEDS = Path(__file__).parent.parent / "seeds"

# Written for these tests; paragraph n of one language translates paragraph n of the others.
TEXTS = {
    "zh": [
        "镇上的老图书馆每周三晚上开放。来看书的大多是退休的教师和附近工厂的工人，他们坐在靠窗"
        "的长桌旁。",
        "去年冬天屋顶漏水，三千本书受了潮。管理员把它们一本一本摊开，在走廊里晾了整整两个星期。",
        "春天的时候，学校的孩子们来帮忙。他们给每本书包上新的封面，还在扉页上写下自己的名字。",
        "现在图书馆打算买一台新的空调。镇长说钱不是问题，问题是谁来安装它，因为楼里的电线已经"
        "用了六十年。",
        "无论如何，下个月这里会举办一次朗诵会，欢迎所有人参加。",
    ],
    "en": [
        "The old library in town is open on Wednesday evenings. Most of its readers are retired"
        " teachers and workers from the nearby factory, who sit at the long table by the window.",
        "Last winter the roof leaked and three thousand books got wet. The librarian spread them"
        " out one by one and left them to dry in the corridor for two whole weeks.",
        "In spring the children of the school came to help. They gave every book a new cover and"
        " wrote their own names on the first page.",
        "Now the library wants to buy a new air conditioner. The mayor says that money is not"
        " the problem; the problem is who will install it, because the wiring of the house is"
        " sixty years old.",
        "In any case there will be a public reading here next month, and everybody is welcome.",
    ],
    "fr": [
        "La vieille bibliothèque de la ville est ouverte le mercredi soir. La plupart de ses lecteurs"
        " sont des enseignants à la retraite et des ouvriers de l'usine voisine, assis à la longue"
        " table près de la fenêtre.",
        "L'hiver dernier, le toit a fui et trois mille livres ont pris l'eau. La bibliothécaire"
        " les a étalés un par un et les a laissés sécher dans le couloir pendant deux semaines"
        " entières.",
        "Au printemps, les enfants de l'école sont venus aider. Ils ont donné à chaque livre une"
        " nouvelle couverture et ont écrit leur nom sur la première page.",
        "La bibliothèque veut maintenant acheter un nouveau climatiseur. Le maire dit que l'argent"
        " n'est pas le problème ; le problème est de savoir qui l'installera, car les fils de"
        " la maison ont soixante ans.",
        "Quoi qu'il en soit, une lecture publique aura lieu ici le mois prochain, et tout le monde"
        " est le bienvenu.",
    ],
    "de": [
        "Die alte Bücherei der Stadt ist am Mittwochabend geöffnet. Die meisten ihrer Leser sind"
        " pensionierte Lehrer und Arbeiter aus der nahen Fabrik, die am langen Tisch beim Fenster"
        " sitzen.",
        "Im letzten Winter war das Dach undicht, und dreitausend Bücher wurden nass. Die Bibliothekarin"
        " breitete sie eines nach dem anderen aus und ließ sie zwei ganze Wochen lang im Flur"
        " trocknen.",
        "Im Frühling kamen die Kinder der Schule, um zu helfen. Sie gaben jedem Buch einen neuen"
        " Umschlag und schrieben ihre Namen auf die erste Seite.",
        "Jetzt will die Bücherei eine neue Klimaanlage kaufen. Der Bürgermeister sagt, Geld sei"
        " nicht das Problem; das Problem sei, wer sie einbaut, denn die Leitungen im Haus sind"
        " sechzig Jahre alt.",
        "Jedenfalls findet hier nächsten Monat eine öffentliche Lesung statt, und alle sind willkommen.",
    ],
    "ja": [
        "町の古い図書館は毎週水曜日の夜に開いています。読者の多くは退職した教師と近くの工場で"
        "働く人たちで、窓際の長い机に座っています。",
        "去年の冬、屋根から雨が漏れて、三千冊の本が濡れてしまいました。司書は一冊ずつ広げて、"
        "二週間も廊下で乾かしました。",
        "春になると、学校の子どもたちが手伝いに来ました。みんなで一冊ずつ新しいカバーをかけ、"
        "最初のページに自分の名前を書きました。",
        "図書館は今、新しいエアコンを買おうとしています。町長はお金の問題ではないと言います。"
        "問題は誰が取り付けるかで、建物の配線はもう六十年も前のものだからです。",
        "とにかく、来月ここで朗読会が開かれます。どなたでも歓迎します。",
    ],
    "ru": [
        "Старая городская библиотека открыта по средам вечером. Большинство её читателей — учителя"
        " на пенсии и рабочие соседнего завода, которые сидят за длинным столом у окна.",
        "Прошлой зимой протекла крыша, и три тысячи книг промокли. Библиотекарь разложила их одну"
        " за другой и две недели сушила в коридоре.",
        "Весной пришли помогать школьники. Они сделали каждой книге новую обложку и написали свои"
        " имена на первой странице.",
        "Теперь библиотека хочет купить новый кондиционер. Мэр говорит, что дело не в деньгах,"
        " а в том, кто его установит, потому что проводке в доме уже шестьдесят лет.",
        "Как бы то ни было, в следующем месяце здесь пройдут чтения, и приглашаются все.",
    ],
}  # fmt: skip
PAIRS = [
    ("zh", "en"),
    ("en", "zh"),
    ("fr", "en"),
    ("de", "fr"),
    ("ja", "en"),
    ("en", "ru"),
    ("ru", "zh"),
    ("ja", "zh"),
]


def halves(*paragraphs: str, separator: str = "\n\n", **options: object) -> Halves:
    return find_halves(EditedText(separator.join(paragraphs) + "\n"), **options)  # type: ignore[arg-type]


def paragraphs(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def letters(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


def lost(found: Halves) -> list[tuple[str, str]]:
    return [(edit.found.strip(), edit.rule) for side in (found.source, found.target) for edit in side.edits]


@pytest.mark.parametrize(("src", "tgt"), PAIRS)
def test_two_halves_come_apart_exactly(src: str, tgt: str) -> None:
    found = halves(*TEXTS[src], *TEXTS[tgt])
    assert paragraphs(found.source.text) == TEXTS[src]
    assert paragraphs(found.target.text) == TEXTS[tgt]
    assert (found.layout, found.rows) == ("halves", ())
    assert [found.src_lang[:2], found.tgt_lang[:2]] == [src, tgt]


@pytest.mark.parametrize(("src", "tgt"), PAIRS)
def test_paragraphs_in_turn_come_apart_exactly_with_a_row_for_each(src: str, tgt: str) -> None:
    found = halves(*chain(*zip(TEXTS[src], TEXTS[tgt], strict=True)))
    assert paragraphs(found.source.text) == TEXTS[src]
    assert paragraphs(found.target.text) == TEXTS[tgt]
    assert found.layout in ("paragraphs", "sentences")
    starts = [(found.source.text[a:], found.target.text[b:]) for a, b in found.rows]
    assert [(s.split("\n")[0], t.split("\n")[0]) for s, t in starts] == list(
        zip(TEXTS[src][1:], TEXTS[tgt][1:], strict=True)
    )


def _sentences(lang: str) -> list[str]:
    mark = "。" if lang in ("zh", "ja") else ". "
    return [
        part.strip() + mark.strip()
        for text in TEXTS[lang]
        for part in (text + " ").split(mark)
        if part.strip()
    ]


@pytest.mark.parametrize(("src", "tgt"), [("zh", "en"), ("en", "zh"), ("ru", "en"), ("ja", "en")])
@pytest.mark.parametrize("glue", [" ", ""])
def test_sentences_in_turn_within_one_line_come_apart(src: str, tgt: str, glue: str) -> None:
    if not glue and src not in ("zh", "ja"):
        pytest.skip("two languages with blanks are written with one between them")
    pairs = list(zip(_sentences(src)[:6], _sentences(tgt)[:6], strict=True))
    page = " ".join(one + glue + two for one, two in pairs)
    found = halves(page)
    assert found.layout == "sentences"
    assert "".join(paragraphs(found.source.text)).split() == "".join(
        one + " " for one, _ in pairs
    ).split() or (letters(found.source.text) == letters("".join(one for one, _ in pairs)))
    assert letters(found.target.text) == letters("".join(two for _, two in pairs))
    assert len(found.rows) == len(pairs) - 1


def test_sentences_in_turn_line_by_line_are_called_sentences() -> None:
    zh = ["你好。", "我叫小王。", "你从哪里来？", "我来自北京，住在城东。", "明天见！"]
    en = [
        "Hello.",
        "My name is Xiao Wang.",
        "Where do you come from?",
        "I am from Beijing and live in the east.",
        "See you!",
    ]
    found = halves(*chain(*zip(zh, en, strict=True)), separator="\n")
    assert (paragraphs(found.source.text), paragraphs(found.target.text)) == (zh, en)
    assert found.layout == "sentences"
    assert len(found.rows) == 4


def test_a_heading_in_both_languages_on_one_line_is_cut_where_the_script_turns() -> None:
    page = [
        f"{zh} {en}"
        for zh, en in zip(
            ["第一章 总则", *TEXTS["zh"]], ["Chapter I General Provisions", *TEXTS["en"]], strict=True
        )
    ]
    found = halves(*page)
    assert paragraphs(found.source.text)[0].strip() == "第一章 总则"
    assert paragraphs(found.target.text)[0] == "Chapter I General Provisions"


def test_columns_parted_by_tabs_come_apart() -> None:
    found = halves(*(f"{zh}\t{en}" for zh, en in zip(TEXTS["zh"], TEXTS["en"], strict=True)), separator="\n")
    assert [line.strip() for line in paragraphs(found.source.text)] == TEXTS["zh"]
    assert paragraphs(found.target.text) == TEXTS["en"]


@pytest.mark.parametrize(("first", "second"), [("zh", "en"), ("en", "zh"), ("fr", "en"), ("ru", "ja")])
def test_two_lines_are_enough(first: str, second: str) -> None:
    found = halves(TEXTS[first][0], TEXTS[second][0])
    assert paragraphs(found.source.text) == TEXTS[first][:1]
    assert paragraphs(found.target.text) == TEXTS[second][:1]


def test_two_words_are_enough() -> None:
    found = halves("你好。", "Hello.")
    assert (found.source.text.strip(), found.target.text.strip()) == ("你好。", "Hello.")
    assert (found.src_lang, found.tgt_lang) == ("zh-Hans", "en")


HEADER = ["首页 | 新闻 | 论坛 | 登录", "2021-03-08 09:41 王小明", "?"]
FOOTER = [
    "猜你喜欢",
    "十大图书馆推荐",
    "Cheap Flights and Hotels in Rome",
    "怎样保养旧书",
    "版权所有 | 联系我们 | 京东 | 淘宝 | 天猫",
]


@pytest.mark.parametrize("order", ["zh-en", "en-zh", "turns"])
def test_header_and_footer_are_left_out_and_recorded(order: str) -> None:
    footer = [
        line for line in FOOTER if order != "turns" or not line.isascii()
    ]  # length alone can't tell it there
    zh, en = TEXTS["zh"], TEXTS["en"]
    body = {"zh-en": [*zh, *en], "en-zh": [*en, *zh], "turns": [*chain(*zip(zh, en, strict=True))]}[order]
    found = halves(*HEADER, *body, *footer)
    sides = [found.source.text, found.target.text]
    assert [paragraphs(side) for side in sides] == ([en, zh] if order == "en-zh" else [zh, en])
    assert sorted(text for text, _ in lost(found)) == sorted([*HEADER, *footer])
    assert {rule for text, rule in lost(found) if text in HEADER} == {"header"}
    assert {rule for text, rule in lost(found) if text in footer} == {"footer"}


def test_a_long_list_of_links_does_not_outweigh_the_article() -> None:
    links = [
        f"{city}图书馆在线阅读免费下载" for city in ("北京", "上海", "广州", "深圳", "成都", "武汉")
    ] * 15
    found = halves(*TEXTS["en"], *TEXTS["zh"], *links)
    assert paragraphs(found.source.text) == TEXTS["en"]
    assert paragraphs(found.target.text) == TEXTS["zh"]


def test_lists_of_links_below_paragraphs_in_turn_are_no_further_turn() -> None:
    links = [
        "网站地图",
        "联系我们",
        "关于图书馆",
        "开放时间",
        "Site map",
        "Contact us",
        "About the library",
        "Opening hours",
    ]
    found = halves(*chain(*zip(TEXTS["zh"], TEXTS["en"], strict=True)), *links)
    assert [paragraphs(side.text) for side in (found.source, found.target)] == [TEXTS["zh"], TEXTS["en"]]
    assert [text for text, rule in lost(found) if rule == "footer"]


def test_titles_on_both_sides_stay_and_a_title_on_one_side_goes() -> None:
    titled = halves("小镇图书馆的新生活", *TEXTS["zh"], "A New Life for the Town Library", *TEXTS["en"])
    assert paragraphs(titled.source.text)[0] == "小镇图书馆的新生活"
    assert paragraphs(titled.target.text)[0] == "A New Life for the Town Library"
    bare = halves("小镇图书馆的新生活", *TEXTS["zh"], *TEXTS["en"])
    assert paragraphs(bare.source.text) == TEXTS["zh"]
    assert lost(bare) == [("小镇图书馆的新生活", "header")]


def test_two_titles_above_two_halves_go_with_their_halves() -> None:
    found = halves("小镇图书馆的新生活", "A New Life for the Town Library", *TEXTS["zh"], *TEXTS["en"])
    assert paragraphs(found.source.text) == ["小镇图书馆的新生活", *TEXTS["zh"]]
    assert paragraphs(found.target.text) == ["A New Life for the Town Library", *TEXTS["en"]]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_meaning_decides_which_of_several_short_lines_is_the_title(order: tuple[int, int]) -> None:
    encoder = load_encoder("use", cache=False)
    lines = ["小镇图书馆的新生活", "关于我们和联系方式"]
    found = halves(
        *(lines[n] for n in order),
        *TEXTS["zh"],
        "A New Life for the Town Library",
        *TEXTS["en"],
        "About us",
        "Home",
        similarity=lambda first, second: encoder.encode(first) @ encoder.encode(second).T,
    )
    assert lines[0] in paragraphs(found.source.text)
    assert paragraphs(found.target.text) == ["A New Life for the Town Library", *TEXTS["en"]]
    assert (lines[1] in paragraphs(found.source.text)) == (order == (0, 1))  # below the title nothing is cut


def test_a_title_full_of_names_goes_with_the_half_it_stands_above() -> None:
    de = ["Wändli - Weg der Erinnerungen Willy Maur, Seewen", *TEXTS["de"]]
    fr = ["Wändli - chemin des souvenirs Willy Maur, Seewen", *TEXTS["fr"]]
    for one, two in ((de, fr), (fr, de)):
        found = halves(*one, *two)
        assert (paragraphs(found.source.text), paragraphs(found.target.text)) == (one, two)


def test_headings_in_the_body_stay() -> None:
    zh = [TEXTS["zh"][0], "屋顶的故事", *TEXTS["zh"][1:3], "未来", *TEXTS["zh"][3:]]
    en = [TEXTS["en"][0], "The roof", *TEXTS["en"][1:3], "The future", *TEXTS["en"][3:]]
    found = halves(*zh, *en)
    assert (paragraphs(found.source.text), paragraphs(found.target.text)) == (zh, en)


def test_a_quotation_of_the_other_language_stays_where_it_is_quoted() -> None:
    zh = [*TEXTS["zh"][:2], "“Books are for reading.”", *TEXTS["zh"][2:]]
    en = [*TEXTS["en"][:3], "书是给人看的", *TEXTS["en"][3:]]
    found = halves(*zh, *en)
    assert (paragraphs(found.source.text), paragraphs(found.target.text)) == (zh, en)


def test_chinese_full_of_latin_names_is_still_chinese() -> None:
    zh = ["Emily Johnson和Robert MacDonald是朋友。", *TEXTS["zh"], "TMX文件由OmegaT和Trados Studio读取。"]
    en = [
        "Emily Johnson and Robert MacDonald are friends.",
        *TEXTS["en"],
        "TMX files are read by OmegaT and Trados Studio.",
    ]
    found = halves(*zh, *en)
    assert (paragraphs(found.source.text), paragraphs(found.target.text)) == (zh, en)


def test_paragraph_counts_may_differ() -> None:
    zh = ["".join(TEXTS["zh"][:2]), *TEXTS["zh"][2:]]
    en = [*TEXTS["en"][:3], " ".join(TEXTS["en"][3:])]
    found = halves(*zh, *en)
    assert (paragraphs(found.source.text), paragraphs(found.target.text)) == (zh, en)


def test_the_declared_source_is_the_source_whatever_comes_first() -> None:
    page = [*TEXTS["en"], *TEXTS["zh"]]
    for options in ({"src_lang": "zh-CN"}, {"tgt_lang": "en"}, {"src_lang": "zh-CN", "tgt_lang": "en"}):
        found = halves(*page, **options)
        assert paragraphs(found.source.text) == TEXTS["zh"]
        assert found.tgt_lang == "en"
        assert found.src_lang == options.get("src_lang", "zh-Hans")


def test_of_three_languages_the_two_asked_for_are_taken() -> None:
    page = [*TEXTS["zh"], *TEXTS["en"], *TEXTS["fr"]]
    found = halves(*page, src_lang="zh", tgt_lang="fr")
    assert (paragraphs(found.source.text), paragraphs(found.target.text)) == (TEXTS["zh"], TEXTS["fr"])
    assert lost(found) == [(text, "other-language") for text in TEXTS["en"]]
    in_turn = [*chain(*zip(TEXTS["en"], TEXTS["zh"], TEXTS["ru"], strict=True))]
    found = halves(*in_turn, src_lang="en", tgt_lang="ru")
    assert (paragraphs(found.source.text), paragraphs(found.target.text)) == (TEXTS["en"], TEXTS["ru"])
    assert sorted(text for text, _ in lost(found)) == sorted(TEXTS["zh"])


@pytest.mark.parametrize("options", [{}, {"src_lang": "zh"}])
def test_three_languages_with_no_word_which_two_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(Shortfall, match=r"Chinese.*--src-lang and --tgt-lang"):
        halves(*TEXTS["zh"], *TEXTS["en"], *TEXTS["fr"], **options)


@pytest.mark.parametrize(
    ("lang", "called"), [("zh", "simplified Chinese"), ("en", "English"), ("de", "German")]
)
def test_one_language_is_refused_by_its_name(lang: str, called: str) -> None:
    with pytest.raises(Shortfall, match=f"only {called} was found on the page; there is nothing to align"):
        halves(*TEXTS[lang])


def test_a_language_that_is_not_there_is_named() -> None:
    with pytest.raises(Shortfall, match="no German"):
        halves(*TEXTS["zh"], *TEXTS["en"], src_lang="zh", tgt_lang="de")


@pytest.mark.parametrize("page", ["", " \n\n", "123 456\n+++\n"])
def test_a_page_without_words_is_refused(page: str) -> None:
    with pytest.raises(Shortfall, match="nothing to align"):
        find_halves(EditedText(page))


def test_a_summary_is_not_a_translation_unless_the_layout_is_forced() -> None:
    page = [TEXTS["en"][0] + " " + TEXTS["en"][4], *TEXTS["zh"] * 6]
    with pytest.raises(Shortfall, match=r"differ too much in length.*--layout"):
        halves(*page)
    found = halves(*page, layout="halves")
    assert "library" in found.source.text


def test_disorder_is_refused_with_the_way_out() -> None:
    zh, en = TEXTS["zh"], TEXTS["en"]
    page = [
        zh[0] + zh[1] + zh[2],
        "Yes, it is so.",
        zh[4],
        *en[:4],
        "好的吧。",
        en[0] + en[1],
        zh[3] * 2,
        "Well, no.",
    ]
    with pytest.raises(Shortfall, match="--layout halves, paragraphs or sentences"):
        halves(*page)
    for layout in LAYOUTS:
        assert halves(*page, layout=layout).layout == layout


def test_one_language_asked_for_twice_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="two files"):
        halves(*TEXTS["zh"], *TEXTS["en"], src_lang="zh-CN", tgt_lang="zh-TW")
    with pytest.raises(UsageError, match="halves, paragraphs, sentences"):
        halves(*TEXTS["zh"], *TEXTS["en"], layout="columns")


def test_edits_made_before_are_kept_on_their_side() -> None:
    page = EditedText("\n".join([*TEXTS["zh"], *TEXTS["en"]]))
    at = page.text.index("三千本"), page.text.index("roof")
    page = page.replace([(at[0], at[0] + 1, "五")], "number").remove([(at[1], at[1] + 5)], "word")
    found = find_halves(page)
    assert [edit.rule for edit in found.source.edits] == ["number"]
    assert [edit.rule for edit in found.target.edits] == ["word"]
    assert found.source.original().strip() == "\n".join(TEXTS["zh"])
    assert found.target.original().strip() == "\n".join(TEXTS["en"])


def test_a_repair_over_a_line_break_is_not_cut() -> None:
    page = EditedText(TEXTS["zh"][0] + "@@" + TEXTS["zh"][1] + "\n" + "\n".join(TEXTS["en"][:2]))
    at = page.text.index("@@")
    found = find_halves(page.replace([(at, at + 2, " \n \n")], "broken-line"))
    assert found.source.original().strip() == TEXTS["zh"][0] + "@@" + TEXTS["zh"][1]


NOISE = [
    "?",
    "12226043",
    "首页",
    "Home | About",
    "2021-03-08 09:41",
    "http://example.com/a/b",
    "",
    "  ",
    "Ω",
    "ありがとう",
    "——",
]
LINES = st.lists(st.sampled_from([*TEXTS["zh"], *TEXTS["en"], *TEXTS["de"], *NOISE]), max_size=14)


@settings(max_examples=150, deadline=None)
@given(LINES, st.sampled_from([None, *LAYOUTS]), st.sampled_from(["\n", "\n\n", " ", ""]), st.booleans())
def test_every_character_ends_in_a_side_or_in_a_removal(
    lines: list[str], layout: str | None, glue: str, declare: bool
) -> None:
    page = EditedText(glue.join(lines))
    try:
        found = find_halves(
            page, layout=layout, src_lang="zh" if declare else None, tgt_lang="en" if declare else None
        )
    except AlignerError:
        return
    assert letters(page.text) == letters(found.source.original()) + letters(found.target.original())
    for side in (found.source, found.target):
        assert _is_subsequence("".join(side.original().split()), "".join(page.text.split()))
    for src, tgt in found.rows:
        assert 0 < src < len(found.source.text)
        assert 0 < tgt < len(found.target.text)
    assert list(found.rows) == sorted(found.rows)


def _is_subsequence(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(character in rest for character in part)


SEED = "003_c78274c5c2d54538.txt"


def test_the_chongqing_article_loses_its_frame_and_nothing_else() -> None:
    found = find_halves(EditedText((SEEDS / SEED).read_text(encoding="utf-8")))
    assert (found.src_lang, found.tgt_lang, found.layout) == ("zh-Hant", "en", "halves")
    assert [len(paragraphs(side.text)) for side in (found.source, found.target)] == [8, 8]
    assert found.source.text.startswith("剛剛過去的2020年")
    assert found.target.text.startswith("The past 2020")
    assert found.target.text.rstrip().endswith("with solid achievements.")
    assert Counter(rule for _, rule in lost(found)) == {"header": 7, "footer": 13}


@pytest.mark.parametrize("number", ["000", "001", "002", "004"])
def test_the_other_seeds_are_chinese_only(number: str) -> None:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    script = "traditional" if number == "000" else "simplified"
    with pytest.raises(Shortfall, match=f"only {script} Chinese was found"):
        find_halves(EditedText(path.read_text(encoding="utf-8")))
