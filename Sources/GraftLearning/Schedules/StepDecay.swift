/// factor^⌊epoch / every⌋: `torch.optim.lr_scheduler.StepLR`.
struct StepDecay {
  let every: Int
  let factor: Double

  func factor(at position: SchedulePosition) -> Double { factor.power(position.epoch / every) }
}

/// The factor to the number of milestones that the epoch has reached: `torch.optim.lr_scheduler.MultiStepLR`.
struct MilestoneDecay {
  let milestones: [Int]
  let factor: Double

  func factor(at position: SchedulePosition) -> Double {
    factor.power(milestones.count { $0 <= position.epoch })
  }
}
