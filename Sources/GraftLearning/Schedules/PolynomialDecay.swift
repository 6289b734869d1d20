import Foundation

/// From 1 down to the floor, which the end reaches, as a power of what is left: with floor 0
/// `torch.optim.lr_scheduler.PolynomialLR`.
struct PolynomialDecay {
  let power: Double
  let floor: Double

  func factor(at position: SchedulePosition) -> Double {
    floor + (1 - floor) * pow(1 - position.progress, power)
  }
}
