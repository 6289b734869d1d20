"""Figures of whole programs as Markdown: seconds from start to end, and memory."""

from tables import ENGINES, PRECISIONS, ratio, table


def transfers(results, epochs, with_accuracy):
    """Seconds of whole programs; the ratio is how many times as fast as the fastest peer Graft is."""
    engines = {"graft": "Graft", "keras-tutorial": "Keras, tutorial", "keras-features": "Keras, features once",
               "torch-tutorial": "PyTorch, tutorial", "torch-features": "PyTorch, features once"}
    rows = []
    for count in epochs:
        for precision in PRECISIONS:
            found = {engine: results.get(f"transfer/{count}/{engine}/{precision}") for engine in engines}
            if any(found.values()):
                rows.append([str(count), precision, *(seconds(record, with_accuracy) for record in found.values()),
                             faster(found)])
    if not rows:
        return []
    accuracy = ", best validation accuracy" if with_accuracy else ""
    title = f"### From photographs to a head for a frozen ResNet-50: whole programs, seconds (peak memory{accuracy})\n"
    return [title + "\n" + table(["epochs", "numbers", *engines.values(), "Graft / fastest peer"], rows)]


def predictions(results):
    found = {engine: results.get(f"predict/resnet50/{engine}/fp32") for engine in ENGINES if engine != "torch-compiled"}
    if not any(found.values()):
        return []
    row = [seconds(record, False) for record in found.values()] + [faster(found)]
    header = [ENGINES[engine] for engine in found] + ["Graft / fastest peer"]
    title = "### What one photograph shows, by a ResNet-50: whole programs, seconds (peak memory)\n"
    return [title + "\n" + table(header, [row])]


def seconds(record, with_accuracy):
    if record is None or "error" in record:
        return "failed" if record else ""
    accuracy = record.get("validation_accuracy", record.get("best_validation_accuracy"))
    more = f", {accuracy:.3f}" if with_accuracy and accuracy is not None else ""
    return f"{record['seconds']:.2f} ({record['peak_rss_bytes'] >> 20} MB{more})"


def faster(found):
    times = {engine: record["seconds"] for engine, record in found.items() if record and "seconds" in record}
    peers = [time for engine, time in times.items() if engine != "graft"]
    return ratio(min(peers), times["graft"]) if peers and "graft" in times else ""
