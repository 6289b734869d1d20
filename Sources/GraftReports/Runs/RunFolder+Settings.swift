extension RunFolder {
  /// Everything that was chosen or given, in words; what came of it is no part. For comparing runs.
  var settings: [(name: String, value: String)] {
    var settings: [(name: String, value: String)] = []
    func add(_ name: String, _ value: String?) {
      if let value, !value.isEmpty { settings.append((name, value)) }
    }
    add("backbone", backbone)
    add("weights", weights)
    add("SHA-256 of the weights", record["source"]?["sha256"]?.string)
    add("teacher", record["teacher"]?["run"]?.string)
    add("SHA-256 of the teacher's model.json", record["teacher"]?["sha256"]?.string)
    add("data", data)
    add("target photographs", record["target"]?["data"]?.string)
    add("CORAL times", record["target"]?["coral"]?.line)
    add("training images", trainingImages.map { "\($0)" })
    add("validation images", validationImages.map { "\($0)" })
    add("what trains", trained)
    let stages = stages
    for (index, stage) in stages.enumerated() {
      let prefix = stages.count > 1 ? "stage \(index + 1): " : ""
      add(prefix + "epochs", stage.epochs.map { "\($0)" })
      add(prefix + "learning rate", stage.learningRate.map { NumberText.short($0) })
      for (key, value) in stage.others { add(prefix + JSONValue.words(key), value.line) }
    }
    // A plan of stages says these itself, stage by stage.
    let said: Set = ["stages", "reasons", "epochs", "learning_rate"]
    for (key, value) in plan?.members ?? [] where !said.contains(key) && value != .null {
      add(JSONValue.words(key), value.line)
    }
    for (key, value) in record["configuration"]?.members ?? [] where !said.contains(key) && value != .null {
      let name = JSONValue.words(key)
      if !settings.contains(where: { $0.name == name }) { add(name, value.line) }
    }
    add("Graft", record["version"]?.string)
    for (key, value) in record["machine"]?.members ?? [] { add(JSONValue.words(key), value.line) }
    for (key, value) in record["hashes"]?.members ?? [] { add("hash of \(JSONValue.words(key))", value.line) }
    return settings
  }
}
