"""Small documents and their translations, each with words of its own."""

from pathlib import Path

ZH = [
    "今天早上，我们去了河边的市场。", "卖鱼的老人说昨天的雨下得真大。", "我买了{}斤苹果，一共花了42元。",
    "回家的路上，弟弟一直在唱歌。", "晚饭以后，全家人坐在院子里看月亮。", "明年春天，我们打算再去一次北京。",
]  # fmt: skip
EN = [
    "This morning we went to the market by the river.", "The old man who sold fish said how heavily it rained.",
    "I bought {} pounds of apples, which cost 42 yuan in all.", "On the way home my brother sang all the time.",
    "After dinner the whole family sat in the yard and looked at the moon.",
    "Next spring we plan to go to Beijing once more.",
]  # fmt: skip


def write_pairs(folder: Path, count: int) -> None:
    """`zh/dNNN.txt` and `en/dNNN.txt`, `count` of each."""
    for name, sentences in (("zh", ZH), ("en", EN)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            turned = [sentences[(number + at) % len(sentences)].format(number + 100) for at in range(6)]
            (folder / name / f"d{number:03}.txt").write_text("\n".join(turned) + "\n", encoding="utf-8")


def outputs_of(folder: Path) -> dict[str, bytes]:
    """The save files of a batch by their path below its folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in (folder / "pairs").rglob("*.json")
    }
