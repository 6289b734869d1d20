/// Keeps steps short where gradients are steep.
///
/// By norm (Pascanu, Mikolov and Bengio, arXiv:1211.5063) all gradients are scaled alike, so that their direction stays; by
/// value each element is cut off by itself. As `torch.nn.utils.clip_grad_norm_` and `clip_grad_value_`: gradients that are
/// not finite are not hidden.
public enum GradientClipping: Hashable, Sendable, Codable {
  /// The largest norm of all gradients together.
  case norm(Double)
  /// The largest magnitude of an element.
  case value(Double)

  /// What every gradient is to be multiplied by: at most 1, and 1 when clipping by value. NaN where the norm is NaN.
  ///
  /// - Parameter norm: of all gradients that a step goes by (`GradientNorm`).
  public func scale(forNorm norm: Double) -> Float {
    guard case .norm(let largest) = self else { return 1 }
    // PyTorch's guard against division by zero.
    let scale = largest / (norm + 1e-6)
    return Float(scale > 1 ? 1 : scale)
  }

  /// Clips one parameter's gradient, in place.
  ///
  /// - Parameter scale: `scale(forNorm:)` of the norm of all of them; not needed when clipping by value.
  public func apply(to gradient: inout MutableSpan<Float>, scale: Float = 1) {
    switch self {
    case .norm:
      guard scale != 1 else { return }
      for index in gradient.indices { gradient[index] *= scale }
    case .value(let largest):
      let limit = Float(largest)
      for index in gradient.indices {
        let element = gradient[index]
        gradient[index] = element > limit ? limit : element < -limit ? -limit : element
      }
    }
  }
}
