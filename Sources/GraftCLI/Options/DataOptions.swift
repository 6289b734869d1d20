import ArgumentParser
import Foundation
import Graft

/// What the columns of a table, or the paths in a folder, mean, and how photographs are divided.
struct TableOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder that a table's paths are relative to. (default: the table's own)", valueName: "dir"))
  var images: String?

  @Option(
    help: ArgumentHelp(
      "The table's column with the images' files. (default: path, file, filename or image)", valueName: "column"))
  var pathColumn: String?

  @Option(
    help: ArgumentHelp(
      "A column with names of classes; named several times, each is a head of its own. (default: label or class)",
      valueName: "column"))
  var labelColumn: [String] = []

  @Option(
    help: ArgumentHelp(
      "A column with several labels an image, with |, ; or spaces between them, or a JSON list. (default: labels)",
      valueName: "column"))
  var labelsColumn: [String] = []

  @Option(help: ArgumentHelp("A column with numbers to predict; may be named several times.", valueName: "column"))
  var valueColumn: [String] = []

  @Option(
    help: ArgumentHelp(
      "The column that holds train, val or test, or numbers of folds; none to divide anew. (default: split, fold or set)",
      valueName: "column"))
  var splitColumn: String?

  @Option(
    help: ArgumentHelp(
      "The column with how much an image counts, 1 as a rule; none for all the same. (default: weight)",
      valueName: "column"))
  var weightColumn: String?

  @Option(
    help: ArgumentHelp(
      "What stays on one side, such as a patient or scene: a column, or a regular expression on the path with one capture "
        + "group.", valueName: "column|regex"))
  var groupBy: String?

  @Option(
    help: ArgumentHelp(
      "Takes the class out of each path below the folder, in place of subfolders: a regular expression with one capture "
        + "group, such as '^(n\\d+)_'.", valueName: "regex"))
  var labelPattern: String?

  @Option(
    help: ArgumentHelp(
      "Readable names for classes that are ids: lines such as “n01440764 tench”, Keras's imagenet_class_index.json, or names "
        + "alone in the classes' order.", valueName: "file"))
  var labelNames: String?

  @Option(
    help: ArgumentHelp(
      "Share of the photographs kept for validation, where none are named for it. (default: \(ImageDatasets.defaultSplit))",
      valueName: "share"))
  var split: Double?

  @Option(help: ArgumentHelp("Share of the photographs kept for the test. (default: none)", valueName: "share"))
  var testSplit: Double?

  @Option(
    help: ArgumentHelp(
      "Divide into this many equal parts instead, of which --fold is for validation; without it graft finetune trains for each.",
      valueName: "K"))
  var folds: Int?

  @Option(
    help: ArgumentHelp(
      "The part for validation, 1 to K; or without --folds the number in the table's column.", valueName: "number"))
  var fold: Int?

  @Option(help: ArgumentHelp("A folder of photographs of which nothing is known.", valueName: "dir"))
  var unlabelled: [String] = []

  /// What the options say of folders and tables.
  ///
  /// - Throws: `DatasetError.unusablePattern`.
  func request(_ sources: [String]) throws -> DataRequest {
    var request = DataRequest(sources.map { URL(filePath: $0) })
    request.images = images.map { URL(filePath: $0) }
    request.columns.path = pathColumn
    request.columns.labels = labelColumn
    request.columns.multiLabels = labelsColumn
    request.columns.values = valueColumn
    request.columns.split = splitColumn
    request.columns.weight = weightColumn
    request.labelPattern = try labelPattern.map { try PathPattern($0) }
    request.groupBy = groupBy
    request.labelNames = labelNames.map { URL(filePath: $0) }
    request.division = DivisionRequest(validation: split, test: testSplit, folds: folds, fold: fold)
    request.unlabelled = unlabelled.map { URL(filePath: $0) }
    return request
  }

  /// Opens folders and tables, and says what people should know of them.
  ///
  /// - Throws: `DatasetError`.
  func open(_ sources: [String], seed: UInt64, knownClasses: [String]? = nil) throws -> ImageDatasets {
    var request = try request(sources)
    request.knownClasses = knownClasses
    let sets = try ImageDatasets.open(request, seed: seed)
    for warning in sets.warnings { Terminal.standard.write("warning: \(warning)") }
    return sets
  }
}

/// The photographs that a command works on.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder of photographs with a folder for each class, or with train/ and val/ of such folders; or a table (.csv, .tsv, "
        + ".json, .jsonl) that names files. Several are taken together.", valueName: "dir|table"))
  var data: [String] = []

  @OptionGroup var table: TableOptions

  /// Opens the data that were named.
  ///
  /// - Parameters:
  ///   - seed: decides the division, where neither folders nor columns do.
  ///   - knownClasses: those of a network that exists, in its order; photographs of others are refused.
  /// - Throws: `ValidationError` where none are named; `DatasetError`.
  func open(seed: UInt64, knownClasses: [String]? = nil) throws -> ImageDatasets {
    guard !data.isEmpty else { throw ValidationError("--data is missing: name a folder of photographs, or a table") }
    return try table.open(data, seed: seed, knownClasses: knownClasses)
  }
}
