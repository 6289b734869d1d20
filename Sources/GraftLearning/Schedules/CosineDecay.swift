import Foundation

/// From 1 down to the floor along half a cosine: `torch.optim.lr_scheduler.CosineAnnealingLR`, in closed form.
struct CosineDecay {
  let floor: Double

  /// - Parameter progress: from 0 to 1.
  func factor(progress: Double) -> Double {
    floor + (1 - floor) * (1 + cos(.pi * progress)) / 2
  }
}

/// A cosine that begins anew after a number of epochs, and again after `growth` times as many:
/// `torch.optim.lr_scheduler.CosineAnnealingWarmRestarts`, asked at each step for its fraction of an epoch.
struct CosineRestarts {
  let period: Int
  let growth: Int
  let decay: CosineDecay

  func factor(at position: SchedulePosition) -> Double {
    // In steps, where nothing is rounded: PyTorch takes a logarithm, which may miss the beginning of a period.
    var length = period * position.stepsPerEpoch
    var rest = position.step
    if growth == 1 {
      rest %= length
    } else {
      while rest >= length {
        rest -= length
        length *= growth
      }
    }
    return decay.factor(progress: Double(rest) / Double(length))
  }
}
