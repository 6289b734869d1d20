import GraftTensors

/// What is right for the images of one batch, as far as one head is concerned.
public enum Targets: Sendable {
  /// The right class of each image.
  case classes([Int])
  /// How probable each class is for each image, `[n, classes]`: rows of numbers from 0 to 1 that sum to 1, as mixed images
  /// and smoothed labels have.
  case distributions(Tensor)
  /// Whether each label holds, `[n, labels]`: 0 or 1, or between the two where it is not certain.
  case labels(Tensor)
  /// The numbers to predict, `[n, values]`.
  case values(Tensor)
  /// Classes or distributions, and beside them what a teacher says of the same images: its logits, `[n, classes]`, which
  /// unlike its probabilities can be softened by any temperature (`Distillation`).
  indirect case taught(Targets, teacher: Tensor)

  /// The cases by name.
  public enum Kind: String, CaseIterable, Hashable, Sendable, Codable {
    case classes, distributions, labels, values, taught
  }

  public var kind: Kind {
    switch self {
    case .classes: .classes
    case .distributions: .distributions
    case .labels: .labels
    case .values: .values
    case .taught: .taught
    }
  }

  /// How many images these are for.
  public var count: Int {
    switch self {
    case .classes(let classes): classes.count
    case .distributions(let rows), .labels(let rows), .values(let rows): rows.shape[0]
    case .taught(let targets, _): targets.count
    }
  }

  /// A number for each output of each image, row after row: classes become 1 among zeros.
  ///
  /// - Precondition: rows are `width` wide, classes in `0 ..< width`.
  func rows(width: Int) -> [Float] {
    switch self {
    case .classes(let classes):
      var rows = [Float](repeating: 0, count: classes.count * width)
      for (row, label) in classes.enumerated() {
        precondition(0..<width ~= label, "label \(label) among \(width) classes")
        rows[row * width + label] = 1
      }
      return rows
    case .distributions(let rows), .labels(let rows), .values(let rows):
      precondition(
        rows.shape.rank == 2 && rows.shape[1] == width,
        "targets of the shape \(rows.shape) for outputs that are \(width) wide")
      return rows.floats
    case .taught(let targets, _):
      return targets.rows(width: width)
    }
  }
}
