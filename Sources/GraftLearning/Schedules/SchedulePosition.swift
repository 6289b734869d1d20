/// Where in a training a step lies.
struct SchedulePosition {
  /// Steps made before it.
  var step: Int
  /// All steps.
  var total: Int
  var stepsPerEpoch: Int

  /// Whole epochs before it.
  var epoch: Int { step / stepsPerEpoch }

  /// Epochs before it, with what has passed of its own.
  var epochs: Double { Double(step) / Double(stepsPerEpoch) }

  /// The share of the training that has passed, from 0 to 1.
  var progress: Double { total > 0 ? Double(min(step, total)) / Double(total) : 1 }
}
