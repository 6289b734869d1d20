import Foundation
import Graft

extension FineTuning {
  /// Tells what is about to happen.
  func describe() throws {
    let terminal = Terminal.standard
    terminal.write(
      "data: \(data.training.count) training and \(data.validation.count) validation images of "
        + "\(data.classes.count) classes (\(data.classes.prefix(6).joined(separator: ", "))\(data.classes.count > 6 ? ", …" : ""))"
    )
    terminal.write("plan: \(planWords)")
    for reason in reasons { terminal.write("  because \(reason)") }
    if let teacher = trainer.teacher?.record {
      terminal.write("teacher: \(teacher.run), by \(trainer.configuration.losses.map(\.description).joined())")
    }
    if let target = trainer.target?.record {
      terminal.write("target: \(target.images) photographs of \(target.data), CORAL times \(target.coral)")
    }
    let stages = trainer.stages
    for (number, stage) in zip(1..., stages) {
      if stages.count > 1 {
        let rate =
          stage.solver == nil
          ? ", learning rate \(stage.learningRate.formatted(.number.precision(.significantDigits(1...3))))" : ""
        terminal.write("stage \(number): \(stage.epochs) \(stage.epochs == 1 ? "epoch" : "epochs")\(rate)")
      }
      terminal.write((try PlanText(stage.plan, graph: graph)).outline)
      terminal.write(try trainer.cachePlan(of: stage).sentence)
    }
  }
}

extension TrainingEvent {
  func show() {
    let terminal = Terminal.standard
    switch self {
    case .skipped(let image): terminal.write("skipped \(image)")
    case .prepared(let images, let hasFrozenPart, let isCached, let remembered):
      let part = hasFrozenPart ? "frozen part" : "images"
      let earlier = remembered == 0 ? "" : " (\(remembered) of them from earlier trainings)"
      terminal.write(
        isCached
          ? "\(part): \(images) images, remembered\(earlier)"
          : "\(part): anew in every epoch")
    case .progress(let progress): terminal.show(progress)
    case .epochEnded(let epoch): terminal.write(epoch.line)
    case .stageBegan(let number, let count): terminal.write("stage \(number) of \(count)")
    case .resumed(let epoch): terminal.write("going on within epoch \(epoch)")
    case .checkpointFailed(let reason, let newest):
      let otherwise =
        newest.map { "--resume would go on from the one before it, \($0)" } ?? "--resume would begin at the first epoch"
      terminal.write("warning: no checkpoint was written, and until one is, \(otherwise): \(reason)")
    case .finished: break
    }
  }
}

extension EpochRecord {
  fileprivate var line: String {
    let scores = accuracy.map { String(format: "  accuracy %.3f", $0) } ?? ""
    let valScores = valAccuracy.map { String(format: "  val_accuracy %.3f", $0) } ?? ""
    let distance = coral.map { String(format: "  coral %.4g", $0) } ?? ""
    return String(format: "epoch %d  loss %.4f", epoch, loss) + scores + distance
      + String(format: "  val_loss %.4f", valLoss) + valScores + String(format: "  %.1f s", seconds)
  }
}

extension EpochRecord {
  /// What the epoch came to, in a sentence.
  var words: String {
    valAccuracy.map { "validation accuracy \($0.formatted(.percent.precision(.fractionLength(1))))" }
      ?? "validation loss \(String(format: "%.4g", valLoss))"
  }
}
