import GraftFormats

/// The nodes that some values need, each after those that it needs.
///
/// The standard asks for that order, but files exist without it.
struct ONNXNodeOrder {
  private(set) var nodes: [ONNXNode] = []

  /// - Throws: `ONNXRefusal` where two nodes compute one value, or some compute each other's.
  init(_ all: [ONNXNode], outputs: [String]) throws {
    var producers: [String: Int] = [:]
    for (index, node) in all.enumerated() {
      for output in node.outputs where !output.isEmpty {
        guard producers.updateValue(index, forKey: output) == nil else {
          throw ONNXRefusal("two of its nodes compute “\(output)”")
        }
      }
    }
    // Depth first, without recursion: a file may chain any number of nodes.
    enum Mark { case entered, done }
    var marks = [Mark?](repeating: nil, count: all.count)
    var isNeeded = [Bool](repeating: false, count: all.count)
    var order: [Int] = []
    for root in outputs.compactMap({ producers[$0] }) {
      var stack = [root]
      while let index = stack.last {
        isNeeded[index] = true
        switch marks[index] {
        case .done?: stack.removeLast()
        case .entered?:
          marks[index] = .done
          order.append(index)
          stack.removeLast()
        case nil:
          marks[index] = .entered
          for input in Set(all[index].inputs) {
            guard let producer = producers[input] else { continue }
            if marks[producer] == .entered {
              throw ONNXRefusal("its node “\(all[producer].label)” needs its own output")
            }
            if marks[producer] == nil { stack.append(producer) }
          }
        }
      }
    }
    // As the file has them where that will do: names and layers then come in the order that people expect.
    let isSorted = Self.isSorted(all, isNeeded, producers)
    nodes = isSorted ? all.indices.filter { isNeeded[$0] }.map { all[$0] } : order.map { all[$0] }
  }

  private static func isSorted(_ all: [ONNXNode], _ isNeeded: [Bool], _ producers: [String: Int]) -> Bool {
    for (index, node) in all.enumerated() where isNeeded[index] {
      if node.inputs.contains(where: { producers[$0].map { $0 >= index } ?? false }) { return false }
    }
    return true
  }
}
