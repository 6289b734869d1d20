import GraftGraph
import GraftTensors

/// What a value of an ONNX graph is to the importer.
enum ONNXOperand {
  /// Known before the network runs: weights, constants, and what is computed from them.
  case constant(Tensor)
  /// A list of whole numbers, or one, of which the batch's size is not known: the shape of an activation.
  case extents(ONNXExtents)
  /// Computed from the images.
  case activation(ONNXActivation)
}

/// A whole number in the computation of a shape.
enum ONNXExtent: Hashable {
  case number(Int)
  /// The number of images that run together.
  case batch
  /// Depends on the batch in some other way.
  case unknown
}

/// What shapes are computed with: a vector, or one number.
struct ONNXExtents {
  var shape: [Int]
  var elements: [ONNXExtent]
}

/// A node of the graph under construction, and how ONNX sees it.
struct ONNXActivation {
  let node: String
  /// Of one image, as the node has it.
  let shape: Shape
  /// For each axis of one image in ONNX, the axis of the node that it is. A Transpose changes no more than this, so that
  /// those that TensorFlow's exporters put around every convolution cancel each other.
  let axes: [Int]

  init(_ node: String, _ shape: Shape, axes: [Int]? = nil) {
    self.node = node
    self.shape = shape
    self.axes = axes ?? Array(shape.dimensions.indices)
  }

  /// Of one image, as ONNX sees it.
  var seenShape: Shape { Shape(axes.map { shape[$0] }) }

  /// With the batch.
  var seenRank: Int { axes.count + 1 }

  var isInOrder: Bool { axes == Array(axes.indices) }

  /// A feature map whose channels come last in ONNX: `[N, H, W, C]`.
  var isChannelsLast: Bool { axes == [1, 2, 0] }
}

/// Why an operator cannot become layers; a clause.
struct ONNXRefusal: Error {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }
}
