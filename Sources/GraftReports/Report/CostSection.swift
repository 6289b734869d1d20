import GraftTraining

extension ReportSection {
  /// What the run took of time and memory.
  static func cost(_ run: RunFolder) -> ReportSection? {
    let seconds = (run.history?.numbers("seconds") ?? []).compactMap { $0 }
    let later = median(Array(seconds.dropFirst(seconds.count > 1 ? 1 : 0)))
    let rate = later.flatMap { later in
      run.trainingImages.flatMap { images in later > 0 ? Double(images) / later : nil }
    }
    let entries: [(name: String, value: String?)] = [
      ("In all", run.seconds.map { NumberText.duration($0) }),
      ("The first epoch", seconds.count > 1 ? NumberText.duration(seconds[0]) : nil),
      (seconds.count > 1 ? "A later epoch (median)" : "The epoch", later.map { NumberText.duration($0) }),
      (
        "Training images a second, then",
        rate.map { $0 >= 10 ? NumberText.grouped(Int(min($0, 1e12))) : NumberText.short($0) }
      ),
      ("Most memory", run.found("peak_memory", "peak_memory_bytes", "peak_bytes", "memory_peak").flatMap(bytes)),
      ("Remembered activations", run.found("cache_bytes", "frontier_bytes", "cache_size_used").flatMap(bytes)),
      ("Training images", run.trainingImages.map(NumberText.grouped)),
      ("Validation images", run.validationImages.map(NumberText.grouped)),
      ("Threads", run.record["machine"]?["threads"]?.line),
      ("Precision", precision(run)),
      ("Frozen part ends at", run.record["frontier"]?.strings?.joined(separator: ", ")),
    ]
    guard entries.contains(where: { $0.value != nil }) else { return nil }
    return ReportSection("cost", "Time and memory") {
      facts(entries)
      for key in ["timing", "cost", "memory", "cache"] {
        if let value = run.record[key], value.members != nil { facts(details(value)) }
      }
    }
  }

  static func details(_ value: JSONValue) -> [(name: String, value: String?)] {
    (value.members ?? []).map { key, value in
      let amount =
        key.hasSuffix("bytes") ? bytes(value) : key.hasSuffix("seconds") ? value.double.map(NumberText.duration) : nil
      return (JSONValue.words(key), amount ?? (value == .null ? nil : value.line))
    }
  }

  private static func bytes(_ value: JSONValue) -> String? { value.double.map(NumberText.bytes) }

  private static func precision(_ run: RunFolder) -> String? {
    guard let precision = run.record["configuration"]?["precision"]?.string else { return nil }
    guard let cosine = run.record["precision_choice"]?["trial"]?["least_cosine"]?.double else { return precision }
    return "\(precision), after a trial (least cosine \(NumberText.fixed(cosine, 5)))"
  }

  private static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}

extension RunFolder {
  /// The first number under one of these keys, in the record itself or in one of the objects in it.
  func found(_ keys: String...) -> JSONValue? {
    let places = [record] + (record.members ?? []).map(\.value)
    for key in keys {
      if let value = places.lazy.compactMap({ $0[key] }).first(where: { $0.double != nil }) { return value }
    }
    return nil
  }
}
