import ArgumentParser
import Foundation
import Graft

/// What a training learns from beside labels.
struct GuidanceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A run whose model teaches this one: what it makes of each photograph counts beside the label, as --loss distillation says "
        + "(temperature 4, the teacher's share alpha 0.9). It must tell the same classes apart.", valueName: "run"))
  var teacher: String?

  /// The teacher that was named; nil for none.
  ///
  /// - Parameter manifest: of a training that is gone on with, whose teacher must still be what it was.
  /// - Throws: `TrainingError`.
  func readTeacher(asIn manifest: TrainingManifest? = nil) throws -> Teacher? {
    guard let teacher else { return nil }
    do {
      let read = try Teacher(run: URL(filePath: teacher))
      guard manifest == nil || manifest?.teacher == read.record else {
        throw TrainingError.changedTeacher(path: teacher, isGone: false)
      }
      return read
    } catch TrainingError.notARun where manifest != nil {
      throw TrainingError.changedTeacher(path: teacher, isGone: true)
    }
  }
}
