import ArgumentParser
import Foundation
import Graft

struct DescribeData: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Say what a data set is: classes, sizes, unreadable files, duplicates across its sides.",
    discussion: """
      Every file is read, and pictures that are the same but for their size, quality or brightness are found, by the 64 bits of \
      a perceptual hash and the likeness of their thumbnails. A picture that is in the training and in the validation too \
      flatters the result; one with two classes teaches nothing. Division and options are those of graft finetune.

      Examples:
        graft data photos
        graft data labels.csv --images photos --group-by patient --json
        graft data photos --test-split 0.1 --seed 3
        graft data imagenet --label-pattern '^(n\\d+)_' --label-names synsets.txt
        graft data labels.csv --labels-column findings --no-look
      """)

  @Argument(help: ArgumentHelp("Folders and tables; several are taken together.", valueName: "dir|table"))
  var sources: [String]

  @OptionGroup var table: TableOptions

  @Option(help: "Decides which photographs are set aside, as in graft finetune.")
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "In how many of its 64 bits the hash of the same picture may differ, 0 to 15.", valueName: "bits"))
  var distance = DuplicateSearch().distance

  @Option(
    help: ArgumentHelp("How alike two thumbnails must be to be of the same picture, 0 to 1.", valueName: "correlation"))
  var likeness = DuplicateSearch().correlation

  @Flag(inversion: .prefixedNo, help: "Look into the files; otherwise only their names are read.")
  var look = true

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  func validate() throws {
    guard (0...15).contains(distance) else { throw ValidationError("--distance is \(distance); expected 0 to 15") }
    guard (0...1).contains(likeness) else { throw ValidationError("--likeness is \(likeness); expected 0 to 1") }
  }

  func run() async throws {
    let sets = try table.open(sources, seed: seed)
    var search = DuplicateSearch()
    (search.distance, search.correlation) = (distance, likeness)
    let wanted = search
    let survey = look ? try await interruptible { try await sets.survey(wanted) { Terminal.standard.show($0) } } : nil
    Terminal.standard.finishLine()
    let report = DataReport(sets, survey)
    if json { printJSON(report) } else { print(report.text) }
  }
}
