/// How a linear head on features that hold still is computed at once, instead of trained epoch by epoch.
public struct HeadSolver: Hashable, Sendable, Codable {
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// The optimum: regularised logistic regression for classes and labels (L-BFGS), ridge regression for values.
    case lbfgs
    /// The mean of each class; images go to the nearest (Snell, Swersky and Zemel, arXiv:1703.05175). For few photographs a class. In a
    /// cosine head the mean of each class's directions, and the nearest by the angle.
    case prototype
  }

  public var kind: Kind
  /// In how many parts the training images are divided to choose how strong the regularisation is.
  public var folds: Int
  /// C, as in scikit-learn's LogisticRegression on standardised features; nil for what cross-validation chooses. Ridge regression
  /// takes α = 1 / C.
  public var strength: Double?

  public init(_ kind: Kind, folds: Int = 5, strength: Double? = nil) {
    self.kind = kind
    self.folds = folds
    self.strength = strength
  }
}
