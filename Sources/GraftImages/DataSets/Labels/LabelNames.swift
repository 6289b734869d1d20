import Foundation
import GraftGraph

/// Readable names for classes that are ids, from a file: lines with an id and a name (`n01440764 tench, Tinca tinca`, as
/// ImageNet's `LOC_synset_mapping.txt` has them), Keras's `imagenet_class_index.json` (`{"0": ["n01440764", "tench"], …}`) or a
/// plain JSON object or list, or lines with names alone, in the order of the classes.
public struct LabelNames: Hashable, Sendable {
  /// By id.
  private var named: [String: String] = [:]
  /// By position.
  private var ordered: [String] = []
  private let file: String

  /// - Throws: `DatasetError.missingTable`, `.unreadableTable` or `.unusableLabelNames`.
  public init(contentsOf url: URL) throws(DatasetError) {
    let file = url.relativePath
    guard FileManager.default.fileExists(atPath: url.path) else { throw .missingTable(file) }
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw .unreadableTable(file, reason: FileContents.reason(of: error))
    }
    try self.init(data, file: file)
  }

  init(_ data: Data, file: String) throws(DatasetError) {
    self.file = file
    guard var text = String(validating: data, as: UTF8.self) else {
      throw .unusableLabelNames(file, reason: "the text is no UTF-8; save it as UTF-8")
    }
    if text.hasPrefix("\u{feff}") { text.removeFirst() }
    let start = text.first { !$0.isWhitespace }
    if start == "{" || start == "[" {
      try readJSON(Data(text.utf8))
    } else {
      readLines(text)
    }
    if named.isEmpty && ordered.isEmpty { throw .unusableLabelNames(file, reason: "the file holds no names") }
  }

  private mutating func readJSON(_ data: Data) throws(DatasetError) {
    let decoder = JSONDecoder()
    if let pairs = try? decoder.decode([String: [String]].self, from: data) {
      for pair in pairs.values where pair.count == 2 { named[pair[0]] = pair[1].readable }
    } else if let names = try? decoder.decode([String: String].self, from: data) {
      named = names.mapValues(\.readable)
    } else if let names = try? decoder.decode([String].self, from: data) {
      ordered = names.map(\.readable)
    } else {
      throw .unusableLabelNames(
        file,
        reason: "expected a JSON object of names by id, such as {\"0\": [\"n01440764\", \"tench\"]}, or a list of names"
      )
    }
  }

  /// Lines are pairs where each begins with a word of its own that has a digit in it; otherwise they are names.
  private mutating func readLines(_ text: String) {
    let lines = text.split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    let pairs = lines.map { $0.split(maxSplits: 1) { $0 == " " || $0 == "\t" || $0 == "," || $0 == ":" } }
    let ids = Set(pairs.compactMap { $0.count == 2 ? $0[0] : nil })
    if ids.count == lines.count, ids.allSatisfy({ $0.contains(where: \.isNumber) }) {
      for pair in pairs { named[String(pair[0])] = String(pair[1]).readable }
    } else {
      ordered = lines.map(\.readable)
    }
  }

  /// The tasks with readable names in place of ids. The order of the classes stays as it is; of two with the same name, the
  /// second gets its id behind it.
  ///
  /// - Throws: `DatasetError.unusableLabelNames` where no class is in the file, or lines in order are fewer than the classes.
  func applied(to tasks: [PredictionTask]) throws(DatasetError) -> [PredictionTask] {
    var renamed: [PredictionTask] = []
    for task in tasks {
      if case .regression = task {
        renamed.append(task)
      } else {
        renamed.append(task.named(try names(for: task.names)))
      }
    }
    return renamed
  }

  private func names(for ids: [String]) throws(DatasetError) -> [String] {
    let found: [String]
    if ordered.isEmpty {
      guard ids.contains(where: { named[$0] != nil }) else {
        throw .unusableLabelNames(file, reason: "it names none of the classes, such as \(ids.first ?? "")")
      }
      found = ids.map { named[$0] ?? $0 }
    } else {
      let numbers = ids.compactMap { Int($0) }
      let positions = numbers.count == ids.count ? numbers : Array(ids.indices)
      guard positions.allSatisfy(ordered.indices.contains), numbers.count == ids.count || ids.count == ordered.count
      else {
        throw .unusableLabelNames(
          file,
          reason:
            "it has \(ordered.count) names for \(ids.count) classes; give one line for each class, in their order, "
            + "or lines with the id before the name")
      }
      found = positions.map { ordered[$0] }
    }
    var seen: Set<String> = []
    return zip(ids, found).map { id, name in seen.insert(name).inserted ? name : "\(name) (\(id))" }
  }
}

extension String {
  /// The first of several names with commas between them, without the quotation marks of a table: `tench`.
  fileprivate var readable: String {
    let name = split(separator: ",").first.map(String.init) ?? self
    return name.trimmingCharacters(in: .whitespaces.union(CharacterSet(charactersIn: "\"'"))).replacing("_", with: " ")
  }
}
