import GraftEngine
import GraftImages

/// What is looked at before steps are taken: the training images at the frontier, and by the teacher.
extension TrainingSession {
  /// Finds the readable images of a stage, and remembers the first view of them.
  func prepare(_ stage: StageTraining) async throws {
    let sources = stage.sources
    clock.begin(
      sources.hasFrozenPart ? .freezing : .decoding, total: trainer.seen.count + trainer.validation.count)
    try await sources.prepare {
      report(.progress(clock.progress($0)))
    } skip: {
      note($0)
    }
    try requireImages(stage)
    report(
      .prepared(
        images: stage.training.samples.count + stage.validation.samples.count, hasFrozenPart: sources.hasFrozenPart,
        isCached: sources.isCached, remembered: sources.remembered))
  }

  /// Computes a view of the training images that no epoch has used yet, and what the teacher says of it.
  func prepare(_ view: Int, of stage: StageTraining) async throws {
    if !stage.training.isPrepared(view) {
      clock.begin(.freezing, total: stage.training.samples.count)
      try await stage.training.prepare(view: view) {
        report(.progress(clock.progress($0)))
      } skip: {
        note($0)
      }
    }
    if let lessons {
      clock.begin(.teaching, total: stage.training.samples.count)
      try await lessons.prepare(view: view) {
        report(.progress(clock.progress($0)))
      } skip: {
        note($0)
      }
      stage.training.forget(lessons.unseen)
    }
    try requireImages(stage)
  }

  /// Which of all images that steps are taken with the stage does without.
  func unreadable(in stage: StageTraining) -> [Int] {
    guard stage.training.samples.count < trainer.seen.count else { return [] }
    let readable = Set(stage.training.samples)
    return trainer.seen.indices.filter { !readable.contains(trainer.seen[$0]) }
  }

  /// Leaves out what earlier epochs have found unreadable, and says why: where nothing is remembered, a process that goes on has not
  /// met it yet, and the order would be one of more images.
  func leaveOutUnreadable(from stage: StageTraining) async throws {
    let all = trainer.seen
    let lost = (state.unreadable ?? []).filter(all.indices.contains).map { all[$0] }
    let met = (state.met ?? []).sorted().filter(all.indices.contains).map { all[$0] }
    guard !(lost + met).isEmpty, stage.training.isRecomputed else { return }
    let loader = ImageLoader(
      samples: lost + met, view: trainer.model.view, preprocessing: trainer.model.preprocessing, batch: 1,
      allowsNone: true)
    for try await batch in loader {
      for image in batch.skipped { note(image) }
    }
    stage.training.forget(Set(lost))
  }

  /// Notes an image that the epoch in progress cannot read: its order has a place for it, that of the next has none, whichever process
  /// that runs in.
  func meet(_ image: SkippedImage) {
    note(image)
    if let place = trainer.seen.firstIndex(of: image.sample) { state.met = (state.met ?? []).union([place]) }
  }

  /// Leaves out for the next epoch what this one has met.
  func forgetMet(in stage: StageTraining) {
    let all = trainer.seen
    stage.training.forget(Set((state.met ?? []).filter(all.indices.contains).map { all[$0] }))
    state.met = nil
  }

  func note(_ image: SkippedImage) {
    if !skipped.contains(where: { $0.sample == image.sample }) {
      skipped.append(image)
      report(.skipped(image))
    }
  }

  func requireImages(_ stage: StageTraining) throws {
    let (training, validation) = (stage.training, stage.validation)
    for (role, count, skipped) in [
      ("training", training.labelledCount, training.skipped.count { !$0.sample.targets.isEmpty }),
      ("validation", validation.samples.count, validation.skipped.count),
    ] where count == 0 { throw TrainingError.noImages(role: role, skipped: skipped) }
    if trainer.target != nil, training.samples.allSatisfy({ !$0.targets.isEmpty }) {
      throw TrainingError.noImages(role: "target", skipped: training.skipped.count { $0.sample.targets.isEmpty })
    }
  }
}
