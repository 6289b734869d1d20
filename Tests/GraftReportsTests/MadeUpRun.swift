import Foundation
import GraftGraph
import GraftImages
import GraftReports
import GraftTraining

/// A run directory of a few lines, in a folder that goes away with the value.
final class MadeUpRun {
  let place = FileManager.default.temporaryDirectory.appending(path: "graft-reports-\(UUID().uuidString)")
  let name: String
  var url: URL { place.appending(path: name) }

  static let history = """
    epoch,stage,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds
    1,1,1.5,0.25,1.25,0.5,0.01,2
    2,1,1,0.5,,0.75,0.01,1
    3,2,0.5,0.75,0.75,0.75,0.001,1

    """

  static let record = """
    {"command": ["/opt/graft", "finetune", "--data", "my 'photos'"], "started": "2026-01-02T03:04:05Z", "version": "9.9",
     "source": {"backbone": "squeezenet", "weights": "w.h5", "sha256": "abc"}, "data": "photos", "unfreeze": "head",
     "configuration": {"epochs": 3, "learning_rate": 0.01, "seed": 18446744073709551615}, "images_val": 4,
     "images_train": 8, "saved_epoch": 2, "seconds": 61, "skipped": {"val/<i>.jpg": "no image & no text"},
     "was_interrupted": false, "frozen_unchanged": true}
    """

  static let classes = ["<b>&\"", "dogs"]

  /// Three of four images right; the third is a dog that is taken for the other with 0.9.
  static let predictions = ValidationPredictions(
    tasks: [.classification(classes: classes)],
    rows: [
      .init(path: "val/0/a.jpg", targets: [.oneClass(0)], outputs: [[0.75, 0.25]]),
      .init(path: "val/1/b.jpg", targets: [.oneClass(1)], outputs: [[0.25, 0.75]]),
      .init(path: "val/1/c.jpg", targets: [.oneClass(1)], outputs: [[0.9, 0.1]]),
      .init(path: "val/1/d.jpg", targets: [.oneClass(1)], outputs: [[0.4, 0.6]]),
    ])

  init(name: String = "run", record: String = MadeUpRun.record) throws {
    self.name = name
    try write("run.json", record)
  }

  deinit { try? FileManager.default.removeItem(at: place) }

  /// With everything that a run can have.
  static func whole(predictions: ValidationPredictions = MadeUpRun.predictions) throws -> MadeUpRun {
    let run = try MadeUpRun()
    try run.write("history.csv", history)
    try run.write(
      "plan.json",
      """
      {"stages": [{"unfreeze": "head", "epochs": 2, "learning_rate": 0.01},
                  {"unfreeze": "last:1", "epochs": 1, "learning_rate": 0.001, "schedule": {"kind": "cosine"}}],
       "reasons": ["Few photographs </script>"], "batchNorm": "frozen"}
      """)
    try predictions.write(to: run.url.appending(path: "predictions.csv"))
    return run
  }

  func write(_ path: String, _ text: String) throws {
    let file = url.appending(path: path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func folder() throws -> RunFolder { try RunFolder(url) }
}
