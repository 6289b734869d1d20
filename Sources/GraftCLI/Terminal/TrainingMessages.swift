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
    terminal.write("plan: \(unfreeze)\n" + (try PlanText(plan, graph: graph)).outline)
    terminal.write(try trainer.cachePlan.sentence)
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
    case .finished: break
    }
  }
}

extension EpochRecord {
  fileprivate var line: String {
    String(
      format: "epoch %d  loss %.4f  accuracy %.3f  val_loss %.4f  val_accuracy %.3f  %.1f s", epoch, loss, accuracy,
      valLoss, valAccuracy, seconds)
  }
}
