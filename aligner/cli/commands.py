"""The commands that look: `eval`, `check`, `clean`, `terms` and `models`. Parse, call, print."""

from __future__ import annotations

import json

from aligner.cli import arguments as args
from aligner.cli.say import fields, print_json, tell, width
from aligner.errors import Shortfall, UsageError
from aligner.text.counted import counted


def evaluate(
    gold: args.Gold,
    system: args.System,
    source: args.SourceSentences = None,
    target: args.TargetSentences = None,
    as_json: args.AsJson = False,
) -> int:
    """Score an alignment against a right one: strict and lax F1, beads by type, edits left, calibration."""
    from aligner.evaluation.compare import compare_files
    from aligner.evaluation.report import as_dict, as_text

    if (source is None) != (target is None):
        raise UsageError("--source and --target go together: give both files of sentences or neither")
    scores = compare_files(gold, system, source=source, target=target)
    if as_json:
        print_json(as_dict(scores))
    else:
        print(as_text(scores))
    return 0


def check(
    file: args.Memory,
    fix: args.Fix = None,
    src_lang: args.SrcLang = None,
    tgt_lang: args.TgtLang = None,
    as_json: args.AsJson = False,
) -> int:
    """Is this TMX valid, and what will each translation tool make of it? Code 1 where one would refuse it.

    With --fix the code is about the corrected copy.
    """
    from aligner import check as checking
    from aligner.cli import preflight

    preflight.check_list(fix, preflight.MEMORY_SUFFIXES, "translation memories")
    preflight.check_apart([file], [fix] if fix else [])
    found = checking.check_tmx(file)
    if not as_json:
        print(checking.as_text(found), end="")
    if not fix:
        if as_json:
            print_json(checking.as_dict(found))
        return Shortfall.exit_code if found.is_refused else 0
    fixed = checking.fix_tmx(file, fix, src_lang=src_lang, tgt_lang=tgt_lang)
    if as_json:
        print_json(checking.as_dict(found) | {"fixed": checking.fix_as_dict(fixed)})
    else:
        print("\n" + checking.fix_as_text(fixed), end="")
    return Shortfall.exit_code if checking.check_tmx(fixed.path).is_refused else 0


def clean(
    file: args.Text = None,
    encoding: args.Encoding = None,
    no_clean: args.NoClean = None,
    rules: args.ListRules = False,
    as_json: args.AsJson = False,
) -> int:
    """Show what reading and cleaning remove, repair and suspect; no file is changed."""
    from aligner.clean.report import report
    from aligner.clean.rules import ALL_RULES
    from aligner.clean.rules import clean as clean_text
    from aligner.cli import preflight, summary
    from aligner.read import read_file

    preflight.check_rules(no_clean)
    if file is None and not rules:
        raise UsageError("no file given: name the one to clean, or list the rules with --rules")
    if file is None:
        print(json.dumps(dict(ALL_RULES)) if as_json else summary.rules(width()))
        return 0
    off = tuple(no_clean or ())
    cleaned = clean_text(read_file(file, encoding=encoding, off=off).flat(), off=off)
    rows = report(cleaned)
    if as_json:
        print_json([fields(row, "line", "rule", "left", "before", "after", "right") for row in rows])
        return 0
    print(summary.cleaning(rows, width()))
    if rules:
        print("\n" + summary.rules(width()))
    return 0


def terms(
    file: args.OneSaved,
    output: args.TermFiles = None,
    glossary: args.GlossaryFile = None,
    limit: args.Limit = 500,
    quiet: args.Quiet = False,
    as_json: args.AsJson = False,
) -> int:
    """Find the bilingual terms of aligned pairs, best first."""
    from aligner import terms as term_finding
    from aligner.cli import deliver, opening, preflight, summary

    for path in output or ():
        preflight.check_list(path, preflight.TERM_SUFFIXES, "terms")
    preflight.check_apart([file, glossary], list(dict.fromkeys(output or ())))
    alignment = opening.open_saved(file).alignment
    found = term_finding.find_terms(
        alignment, limit=limit, glossary=deliver.glossary_for(alignment, glossary)
    )
    if not found:
        raise Shortfall(
            f"{file}: no terms found in its {counted(len(alignment.pairs()), 'pair')}; nothing was written"
        )
    langs = {"src_lang": alignment.source.lang, "tgt_lang": alignment.target.lang}
    seen = [alignment.beads[term.example_bead] for term in found]
    sides = [list(map(text, seen)) for text in (alignment.source_text, alignment.target_text)]
    for path in output or ():
        term_finding.write_terms(found, path, examples=sides[0], translations=sides[1], **langs)
    if as_json:
        print_json([fields(term, "source", "target", "count", "score") for term in found])
    elif not output:
        print(summary.terms(found))
    if output and not quiet:
        tell("\n".join(f"{path}  {counted(len(found), 'term')}" for path in output))
    return 0


def models(as_json: args.AsJson = False) -> int:
    """List the sentence encoders: which can be used on this machine, and how fast they are here."""
    from aligner.cli import summary
    from aligner.encode.speed import list_encoders

    infos = list_encoders()
    if as_json:
        names = ("name", "available", "dimension", "licence", "speed", "note")
        print_json([fields(info, *names) for info in infos])
    else:
        print(summary.encoders(infos))
    return 0
