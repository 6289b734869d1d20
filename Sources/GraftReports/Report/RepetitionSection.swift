extension ReportSection {
  /// The command, and everything that the numbers depend on.
  static func repetition(_ run: RunFolder) -> ReportSection? {
    let machine = run.record["machine"]
    let source = run.record["source"]
    let configuration = run.record["configuration"]
    return ReportSection("repeat", "How to repeat it") {
      if !run.command.isEmpty {
        element("pre") { element("code", [:], commandLine(run.command)) }
      }
      facts([
        ("Seed", (configuration?["seed"] ?? run.plan?["seed"])?.line),
        ("Graft", run.record["version"]?.string),
        ("Photographs", run.data),
        ("Backbone", run.backbone),
        ("Weights", run.weightFile),
        ("Published as", source?["known_as"]?.string),
        ("SHA-256 of the weights", source?["sha256"]?.string.flatMap { $0.isEmpty ? nil : $0 }),
        ("Teacher", run.record["teacher"]?["run"]?.string),
        ("SHA-256 of the teacher's model.json", run.record["teacher"]?["sha256"]?.string),
        ("Target photographs", run.record["target"]?["data"]?.string),
        ("CORAL times", run.record["target"]?["coral"]?.line),
        ("oneDNN", machine?["one_dnn"]?.string),
        ("Instruction set", machine?["instruction_set"]?.string),
        ("Threads", machine?["threads"]?.line),
        (
          "Frozen tensors",
          run.record["frozen_unchanged"]?.bool.map { $0 ? "equal to the source's, bit for bit" : "CHANGED" }
        ),
      ])
      for key in ["environment", "hashes", "data_hashes", "sha256"] {
        if let value = run.record[key], value.members != nil {
          element("h3", [:], JSONValue.words(key).prefix(1).uppercased() + JSONValue.words(key).dropFirst())
          facts(details(value))
        }
      }
      rest(run)
      note("Numbers repeat bit for bit where all of this is the same, the number of threads included.")
    }
  }

  /// What no section has a place for, so that nothing that a newer Graft writes is lost.
  private static func rest(_ run: RunFolder) -> Markup {
    let known: Set = [
      "command", "configuration", "data", "frontier", "frozen_unchanged", "history", "images_train", "images_val",
      "machine", "precision_choice", "saved_epoch", "seconds", "skipped", "source", "started", "target", "teacher",
      "trainable_layers", "unfreeze", "version", "was_interrupted", "timing", "cost", "memory", "cache", "environment",
      "hashes",
      "data_hashes", "sha256",
    ]
    let others = (run.record.members ?? []).filter { !known.contains($0.key) && $0.value != .null }
    if others.isEmpty { return .empty }
    return element("details") {
      element("summary", [:], "Everything else in run.json")
      facts(others.map { (JSONValue.words($0.key), $0.value.line) })
    }
  }

  /// The words as a shell wants them.
  static func commandLine(_ words: [String]) -> String {
    let name = words[0].split(separator: "/").last.map(String.init) ?? words[0]
    return ([name == "graft" ? name : words[0]] + words.dropFirst()).map(quoted).joined(separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-_./:=,+@%".unicodeScalars.contains(scalar))
      }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
