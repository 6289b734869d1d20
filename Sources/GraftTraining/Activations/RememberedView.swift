import GraftTensors

/// The activations of one view of many images, or where the frontier cache has them.
struct RememberedView {
  /// In memory, by the name of the frontier tensor; empty where memory holds none.
  private(set) var rows: [String: TensorRows]
  /// For each image, its position in `rows`.
  var positions: [Int] = []
  /// For each image, its key in the store; empty without one.
  var keys: [ImageKey] = []

  /// - Parameter capacity: for how many images to make room in memory; 0 for none.
  init(_ layout: FrontierLayout, capacity: Int) {
    rows = [:]
    guard capacity > 0 else { return }
    for (name, shape) in zip(layout.names, layout.shapes) {
      rows[name] = TensorRows(rowShape: shape, capacity: capacity)
    }
  }

  /// How many images' activations are in memory.
  var rowCount: Int { rows.values.first?.count ?? 0 }

  /// Adds activations, each `[n, …]`, to those in memory.
  mutating func append(_ activations: [String: Tensor]) {
    for (name, tensor) in activations { rows[name]?.append(tensor) }
  }

  /// Forgets all other images.
  mutating func keep(_ images: [Int]) {
    if !keys.isEmpty { keys = images.map { keys[$0] } }
    if !positions.isEmpty { positions = images.map { positions[$0] } }
  }
}
