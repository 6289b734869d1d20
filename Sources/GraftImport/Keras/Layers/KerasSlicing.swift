import GraftGraph
import GraftTensors

/// `x[..., ::-1]`, which makes BGR of RGB, and other parts of a tensor.
enum KerasSlicing {
  @Sendable static func slice(_ operands: KerasOperands, _ writer: inout KerasGraphWriter) throws -> String {
    let given = try operands.constant(1, "slice_spec", "key")
    let parts = given?.list ?? given.map { [$0] } ?? []
    var node = try operands.tensor()
    let rank = try writer.shape(node).rank
    let steps = parts.enumerated().filter { !isWhole($0.element) }
    for (position, part) in parts.enumerated() where !isWhole(part) {
      // What follows an ellipsis counts from the end.
      let ellipsis = parts.firstIndex(where: isEllipsis) ?? parts.count
      let axis = position < ellipsis ? position : rank + 1 - (parts.count - position)
      let graphAxis = try writer.layout.graphAxis(axis, rank: rank)
      let name = position == steps.last?.offset ? operands.name : "\(operands.name)/\(position)"
      node = try cut(node, part, along: graphAxis, named: name, &writer)
    }
    return node
  }

  private static func isEllipsis(_ part: KerasValue) -> Bool {
    part["class_name"]?.text == "__ellipsis__" || part.text == "..."
  }

  /// Whether a part leaves its axis as it is.
  private static func isWhole(_ part: KerasValue) -> Bool {
    if isEllipsis(part) { return true }
    guard let range = part["config"]?.object ?? part.object else { return false }
    return ["start", "stop", "step"].allSatisfy { range[$0]?.isNull ?? true }
  }

  private static func cut(
    _ input: String, _ part: KerasValue, along axis: Int, named name: String, _ writer: inout KerasGraphWriter
  ) throws -> String {
    guard let range = part["config"]?.object ?? part.object else {
      throw KerasRefusal("it takes element \(part.summary) along an axis, or adds one")
    }
    let count = try writer.shape(input)[axis]
    func bound(_ key: String) throws(KerasRefusal) -> Int? {
      guard let value = range[key], !value.isNull else { return nil }
      guard let integer = value.integer else { throw KerasRefusal("it takes a part whose bounds are no constants") }
      return integer
    }
    let (start, stop, step) = (try bound("start"), try bound("stop"), try bound("step") ?? 1)
    if step == -1, start == nil, stop == nil, count <= 64 {
      // Element by element in reverse order: BGR of RGB.
      var elements: [String] = []
      for element in (0..<count).reversed() {
        elements.append(
          try writer.add(Slice("\(name)/\(element)", axis: axis, begin: element, end: element + 1), after: [input]))
      }
      return try KerasMerging.concatenate(elements, graphAxis: axis, named: name, &writer)
    }
    guard step > 0 else { throw KerasRefusal("it takes every \(step)th element, backwards") }
    // Python's rules: negative bounds count from the end, and those beyond it are the end.
    func position(_ bound: Int) -> Int { min(max(bound < 0 ? bound + count : bound, 0), count) }
    let (begin, end) = (position(start ?? 0), position(stop ?? count))
    if begin == 0, end == count, step == 1 { return input }
    return try writer.add(Slice(name, axis: axis, begin: begin, end: end, step: step), after: [input])
  }
}
