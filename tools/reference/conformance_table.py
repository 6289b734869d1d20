"""The comparison as a Markdown table, and its place in docs/CONFORMANCE.md."""

import os
from dataclasses import dataclass
from importlib.metadata import version

HEADING = "# Conformance\n\nGraft against Keras: the same weight file, the same input, tensor by tensor.\n"


@dataclass(frozen=True)
class Row:
    """`difference` is a number, or the Failure that stands in its place."""

    case: object
    size: int
    tensor: str
    shape: tuple[int, ...]
    difference: object
    tolerance: float

    @property
    def passes(self):
        return isinstance(self.difference, float) and self.difference <= self.tolerance

    @property
    def tensor_title(self):
        if self.tensor == "output":
            return "probabilities" if self.case.with_top else "last feature map"
        return "logits" if self.tensor == "logits" else f"`{self.tensor}`"

    @property
    def difference_title(self):
        return f"{self.difference:.1e}" if isinstance(self.difference, float) else str(self.difference)

    @property
    def verdict(self):
        return "pass" if self.passes else "FAIL"


def progress(row):
    return (f"{row.verdict}  {row.case.network}, {row.case.weights_title}, {row.size}, {row.tensor_title}: "
            f"{row.difference_title}")


def versions():
    return ", ".join(f"{name} {version(name)}" for name in ("tf-keras", "tensorflow-cpu"))


def markdown(rows, tolerance):
    passed = sum(row.passes for row in rows)
    lines = [
        f"{passed} of {len(rows)} tensors agree with {versions()}: the largest |difference| is at most {tolerance:.0e} of "
        "the largest magnitude. Inputs are random, of standard deviation 60.",
        "",
        "| network | weights | size | tensor | shape (NHWC) | difference | verdict |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        shape = " × ".join(map(str, row.shape))
        cells = [row.case.network, row.case.weights_title, row.size, row.tensor_title, shape,
                 row.difference_title.replace("|", "\\|"), row.verdict]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def write(table, path, section="conformance"):
    """Replaces what stands between the section's markers; adds the markers, or the page, where there are none."""
    begin = f"<!-- {section}: begin (written by a script: --write) -->"
    end = f"<!-- {section}: end -->"
    page = path.read_text() if path.exists() else HEADING
    if begin in page and end in page:
        before, rest = page.split(begin, 1)
        after = rest.split(end, 1)[1]
    else:
        before, after = page.rstrip("\n") + "\n\n", "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.with_suffix(".new")
    whole.write_text(f"{before}{begin}\n{table}\n{end}{after}")
    os.replace(whole, path)
