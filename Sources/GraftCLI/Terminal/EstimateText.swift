import Graft

extension TrainingEstimate.Stage {
  /// `on this machine, about: 12 s for the first epoch, 3.1 s for each later one, 30 s in all; 310 MB of memory`
  var sentence: String {
    "on this machine, about: \(duration(firstEpochSeconds)) for the first epoch, \(duration(laterEpochSeconds)) for each later "
      + "one, \(duration(seconds)) in all; \(amount(memory)) of memory"
  }
}

extension TrainingEstimate {
  var sentence: String { "all stages together, about: \(duration(seconds)); at most \(amount(memory)) of memory" }
}
