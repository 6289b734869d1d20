/// Decay towards where a parameter started instead of towards zero: L2-SP (Li, Grandvalet and Davoine, “Explicit Inductive Bias
/// for Transfer Learning with Convolutional Networks”, arXiv:1802.01483).
///
/// What pretraining has learned is kept unless the data say otherwise. The penalty is ½ · decay · ‖w − w₀‖².
public enum StartingPoint {
  /// Adds the penalty's gradient, decay · (w − w₀), to the loss's.
  ///
  /// - Parameters:
  ///   - gradient: of the loss, in place.
  ///   - parameter: w, as it is now.
  ///   - start: w₀, as it was before training.
  ///   - decay: how strong the pull is.
  /// - Precondition: all are of one length.
  public static func addPull(
    to gradient: inout MutableSpan<Float>, parameter: Span<Float>, start: Span<Float>, decay: Float
  ) {
    precondition(
      gradient.count == parameter.count && start.count == parameter.count,
      "a gradient of \(gradient.count) elements and a start of \(start.count) for a parameter of \(parameter.count)")
    for index in gradient.indices { gradient[index] += decay * (parameter[index] - start[index]) }
  }
}
