import GraftFormats
import GraftGraph
import GraftTensors

/// How an input of a file enters the graph: channels first, whatever the file has.
struct ONNXInputShape {
  /// Of one image, channels first.
  let stored: Shape
  let isChannelsLast: Bool

  /// For each axis of one image in the file, the axis of `stored` that it is.
  var axes: [Int] { isChannelsLast ? [1, 2, 0] : Array(stored.dimensions.indices) }

  /// - Parameters:
  ///   - nodes: by which order of axes the network begins with.
  ///   - inputSize: what the user says of the images; overrules the file where it has one input.
  init(_ input: ONNXValue, nodes: [ONNXNode], inputSize: Size2D?, isOnlyInput: Bool) throws {
    if input.dataType?.isWhole == true, let reader = Self.wholeReader(of: input.name, nodes) {
      throw ONNXRefusal("holds whole numbers, and “\(reader.label)” (\(reader.fullType)) computes with them as such")
    }
    guard let dimensions = input.dimensions else { throw ONNXRefusal("has no shape; export the network with one") }
    guard dimensions.count > 1 else {
      throw ONNXRefusal(
        "has \(dimensions.count == 1 ? "one axis" : "no axis"), where the batch and at least one more were expected")
    }
    var sizes: [Int?] = dimensions.dropFirst().map {
      guard case .size(let size) = $0, size > 0 else { return nil }
      return size
    }
    guard sizes.count == 3 else {
      guard let known = sizes as? [Int] else {
        throw ONNXRefusal("has axes of unknown size; export the network with a fixed one")
      }
      stored = Shape(known)
      isChannelsLast = false
      return
    }
    isChannelsLast = Self.hasChannelsLast(input.name, sizes, nodes)
    if isChannelsLast { sizes = [sizes[2], sizes[0], sizes[1]] }
    // Many files of TensorFlow leave all open but the channels; of images there are three.
    if let inputSize {
      if isOnlyInput || sizes[1] == nil { sizes[1] = inputSize.height }
      if isOnlyInput || sizes[2] == nil { sizes[2] = inputSize.width }
    }
    guard let channels = sizes[0] else { throw ONNXRefusal("does not say how many channels images have") }
    guard let height = sizes[1], let width = sizes[2] else {
      throw ONNXRefusal("takes images of any size; say which with --image-size")
    }
    stored = [channels, height, width]
  }

  /// A node that takes whole numbers for more than something to move or to make fractions of.
  private static func wholeReader(of input: String, _ nodes: [ONNXNode]) -> ONNXNode? {
    let moving: Set<String> = [
      "Cast", "Identity", "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Slice", "Concat", "Split",
      "Shape",
    ]
    var reached: Set<String> = [input]
    for node in nodes where node.inputs.contains(where: reached.contains) {
      guard moving.contains(node.operatorType) else { return node }
      if !["Cast", "Shape"].contains(node.operatorType) { reached.formUnion(node.outputs) }
    }
    return nil
  }

  /// Told by a transposition that follows, or else by where a number stands that can be one of channels.
  private static func hasChannelsLast(_ input: String, _ sizes: [Int?], _ nodes: [ONNXNode]) -> Bool {
    let elementwise: Set<String> = [
      "Cast", "Identity", "Add", "Sub", "Mul", "Div", "Clip", "Relu", "BatchNormalization",
    ]
    var reached: Set<String> = [input]
    for node in nodes where node.inputs.contains(where: reached.contains) {
      if node.operatorType == "Transpose", case .integers(let order)? = node.attributes["perm"] {
        return order == [0, 3, 1, 2]
      }
      if ["Conv", "MaxPool", "AveragePool"].contains(node.operatorType) { return false }
      if elementwise.contains(node.operatorType) { reached.formUnion(node.outputs) }
    }
    let channels: Set<Int?> = [1, 3, 4]
    return channels.contains(sizes[2]) && !channels.contains(sizes[0])
  }
}
