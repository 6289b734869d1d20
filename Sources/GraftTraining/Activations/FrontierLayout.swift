import GraftGraph
import GraftTensors

/// The activations of one image by the frontier's names, each `[1, …]`.
typealias FrontierRow = [String: Tensor]

/// How the activations of one image lie in a record: one tensor of the frontier after another, float32, row-major.
struct FrontierLayout: Sendable {
  let names: [String]
  let shapes: [Shape]

  init(_ frontier: [LayerGraph.Node]) {
    names = frontier.map(\.name)
    shapes = frontier.map(\.shape)
  }

  var elementCount: Int { shapes.reduce(0) { $0 + $1.count } }
  var byteCount: Int { elementCount * 4 }

  /// A record's row, as views of it.
  ///
  /// - Parameter record: `[elementCount]`.
  func row(_ record: Tensor) -> FrontierRow {
    var row: FrontierRow = [:]
    var start = 0
    for (name, shape) in zip(names, shapes) {
      row[name] = record[rows: start..<start + shape.count].reshaped(shape.batched(1))
      start += shape.count
    }
    return row
  }

  /// Writes one row of a batch's activations, each `[n, …]`, into a record.
  func copy(row: Int, of activations: [String: Tensor], to record: UnsafeMutableRawBufferPointer) {
    var start = 0
    for (name, shape) in zip(names, shapes) {
      let target = UnsafeMutableRawBufferPointer(rebasing: record[start..<start + shape.count * 4])
      activations[name]?[rows: row..<row + 1].withUnsafeBytes { target.copyMemory(from: $0) }
      start += shape.count * 4
    }
  }
}
