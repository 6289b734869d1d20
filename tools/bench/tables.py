"""Figures of single steps as Markdown: how fast, how much memory, and how Graft stands to the best of the others and to
the limit."""

ENGINES = {"graft": "Graft", "keras": "Keras", "torch": "PyTorch", "torch-compiled": "PyTorch, compiled",
           "onnxruntime": "ONNX Runtime"}
NETWORKS = {"resnet50": "ResNet-50", "vgg16": "VGG-16", "inceptionv3": "Inception-v3", "xception": "Xception"}
SCOPES = {
    "forward": "Forward",
    "all": "Training every layer",
    "last": "Training the last stage and the head (`conv5_*`)",
    "head": "Training the head",
}
NOTES = {
    "forward": "Graft's memory is that of a whole `graft bench --unfreeze head`.",
    "all": "Normalisations use the batch's statistics.",
    "last": "A peer computes the frozen part in every step, so Graft's column counts it too; once it is remembered, "
            "Graft trains as fast as its last column says.",
}
NOTES["head"] = NOTES["last"]
PRECISIONS = ("fp32", "bf16", "int8")


def rate(record, scope):
    """Images a second, a frozen part counted in; None where nothing was measured. Graft says more than one rate."""
    if record is None or "error" in record:
        return None
    if "images_per_second" in record:
        return record["images_per_second"]
    if scope == "forward":
        return record["forward_images_per_second"]
    training, prefix = record["training_images_per_second"], record.get("prefix_images_per_second")
    return training if prefix is None else 1 / (1 / training + 1 / prefix)


def cell(record, scope):
    speed = rate(record, scope)
    if speed is None:
        return "failed" if record else ""
    return f"{figure(speed)} ({record['peak_rss_bytes'] >> 20} MB)"


def figure(number):
    if number is None:
        return ""
    return f"{number:.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"


def ratio(number, other):
    return f"{number / other:.2f}" if number and other else ""


def table(header, rows):
    return "\n".join("| " + " | ".join(row) + " |" for row in (header, ["---"] * len(header), *rows))


def steps(results, scope, batches):
    """The table of one scope, or nothing where nothing of it was measured."""
    names = [name for name in results if name.startswith(f"{scope}/")]
    networks = [network for network in NETWORKS if any(name.startswith(f"{scope}/{network}/") for name in names)]
    if not networks:
        return []
    measured = {name.split("/")[2] for name in names} | {"graft"}
    engines = [engine for engine in ENGINES if engine in measured]
    remembers = scope in ("last", "head")
    header = ["network", "numbers", *(ENGINES[engine] for engine in engines), "Graft / best peer", "limit",
              "Graft / limit", *(["Graft, remembered"] if remembers else [])]
    rows = []
    for network in networks:
        best = {"graft": [], "peer": []}
        for precision in PRECISIONS:
            found = {engine: results.get(f"{scope}/{network}/{engine}/{precision}") for engine in (*engines, "limit")}
            if not any(found.values()):
                continue
            speeds = {engine: rate(record, scope) for engine, record in found.items()}
            peer = max((speeds[engine] or 0 for engine in engines if engine != "graft"), default=0)
            best["graft"].append(speeds["graft"] or 0)
            best["peer"].append(peer)
            training = (found["graft"] or {}).get("training_images_per_second")
            rows.append([NETWORKS[network], precision, *(cell(found[engine], scope) for engine in engines),
                         ratio(speeds["graft"], peer), figure(speeds["limit"]), ratio(speeds["graft"], speeds["limit"]),
                         *([figure(training)] if remembers else [])])
        if max(best["graft"]) and max(best["peer"]):
            rows.append([f"**{NETWORKS[network]}**", "best of each", figure(max(best["graft"])),
                         *[""] * (len(engines) - 1), f"**{ratio(max(best['graft']), max(best['peer']))}**", "", "",
                         *([""] if remembers else [])])
    sizes = ", ".join(f"{NETWORKS[network]} {batches(scope, network)}" for network in networks)
    title = f"### {SCOPES[scope]}, images a second (peak memory)\n\nImages in a batch: {sizes}. {NOTES[scope]}\n"
    return [title + "\n" + table(header, rows)]


def parameters(results):
    """Whether all have the same network: how many numbers train when everything does."""
    rows, differs = [], False
    for network, title in NETWORKS.items():
        counts = {"graft": counted(results, network, "graft", "trainable_parameters", ("all",)),
                  "keras": counted(results, network, "keras", "parameters", SCOPES),
                  "torch": counted(results, network, "torch", "parameters", SCOPES)}
        if any(counts.values()):
            known = {count for count in counts.values() if count}
            differs |= len(known) > 1
            rows.append([title, *(f"{count:,}" if count else "" for count in counts.values()),
                         "see below" if len(known) > 1 else "equal" if all(counts.values()) else ""])
    if not rows:
        return []
    explanation = ("Inception-v3's normalisations scale by a gamma in PyTorch and not in Keras, 17,216 numbers in all; "
                   "the convolutions are the same.") if differs else ""
    text = ("### Parameters that train when everything does, the head's dense layer of ten included\n\n"
            + table(["network", "Graft", "Keras", "PyTorch and ONNX Runtime", ""], rows))
    return [text + (f"\n\n{explanation}" if explanation else "")]


def counted(results, network, engine, field, scopes):
    names = (f"{scope}/{network}/{engine}/{precision}" for scope in scopes for precision in PRECISIONS)
    records = [results.get(name, {}) for name in names]
    return next((record[field] for record in records if field in record), None)


def failures(results):
    lines = [f"- {name}: {record['error']}" for name, record in results.items() if "error" in record]
    return ["Not measured:\n\n" + "\n".join(lines)] if lines else []
