import Foundation

/// Up and down again, in two phases: `torch.optim.lr_scheduler.OneCycleLR`, with 1 for its `max_lr`.
struct OneCycle {
  let rise: Double
  let div: Double
  let finalDiv: Double
  let linear: Bool
  let lowMomentum: Double
  let highMomentum: Double

  func factor(at position: SchedulePosition) -> Double {
    let (start, end) = (1 / div, 1 / div / finalDiv)
    return value(at: position, from: start, to: 1, to: end)
  }

  func momentum(at position: SchedulePosition) -> Double {
    value(at: position, from: highMomentum, to: lowMomentum, to: highMomentum)
  }

  private func value(at position: SchedulePosition, from start: Double, to middle: Double, to end: Double) -> Double {
    let step = Double(position.step)
    // The peak, and the last step; as in PyTorch, the peak need not be a whole step, nor lie after the first.
    let (peak, last) = (rise * Double(position.total) - 1, Double(position.total - 1))
    if step <= peak {
      return between(start, middle, at: peak == 0 ? 1 : step / peak)
    }
    return between(middle, end, at: last > peak ? min(1, (step - peak) / (last - peak)) : 1)
  }

  private func between(_ start: Double, _ end: Double, at share: Double) -> Double {
    linear ? start + (end - start) * share : end + (start - end) / 2 * (1 + cos(.pi * share))
  }
}
