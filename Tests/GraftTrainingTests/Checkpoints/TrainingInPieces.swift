import GraftImages
import GraftTraining
import Synchronization

extension Trainer {
  /// Stops after so many events of progress in training, goes on from the checkpoint, and so again until it is through.
  func runInPieces(of steps: Int, _ settings: CheckpointSettings) async throws -> TrainingResult {
    while true {
      let seen = Mutex(0)
      let result: TrainingResult? = try await Task {
        do {
          return try await run(checkpoints: settings) { event in
            guard case .progress(let progress) = event, case .training = progress.phase else { return }
            let count = seen.withLock {
              $0 += 1
              return $0
            }
            if count == steps { withUnsafeCurrentTask { $0?.cancel() } }
          }
        } catch TrainingError.cancelledBeforeFirstEpoch {
          return nil
        }
      }.value
      if let result, !result.wasInterrupted { return result }
    }
  }
}
