extension KerasModel {
  /// The layers in the order in which Keras lists those of a model that it has built from a configuration. It is the key
  /// to the weights: Keras reads them in this order, and numbers them by it, and looks at no name.
  ///
  /// Layers stand by their distance from the outputs, farthest first; at equal distance in the order in which a walk back
  /// from the outputs meets them. Source: `map_graph` in `keras/src/ops/function.py`.
  var layerOrder: [Int] {
    let (met, finished) = walk()
    var callDistances: [Output: Int] = [:]
    var layerDistances: [Int: Int] = [:]
    for output in finished.reversed() {
      // The calls of a shared layer all count as the farthest that has been seen so far.
      let distance = max(callDistances[output] ?? 0, layerDistances[output.layer] ?? 0)
      layerDistances[output.layer] = distance
      callDistances[output] = distance
      for input in call(output).inputs { callDistances[input] = max(callDistances[input] ?? 0, distance + 1) }
    }
    // Inputs that lead nowhere come first among the last.
    for input in inputs where layerDistances[input.layer] == nil { layerDistances[input.layer] = 0 }
    return layerDistances.keys.sorted { first, second in
      let (near, far) = (layerDistances[first] ?? 0, layerDistances[second] ?? 0)
      if near != far { return near > far }
      return (met[first] ?? -1, first) < (met[second] ?? -1, second)
    }
  }

  /// A depth-first walk back from the outputs: when each layer is met, and the calls in the order in which all that feeds
  /// them has been seen.
  private func walk() -> (met: [Int: Int], finished: [Output]) {
    var met: [Int: Int] = [:]
    var finished: [Output] = []
    var seen: Set<Output> = []
    var stack = outputs.reversed().map { (output: $0, isExpanded: false) }
    while let (output, isExpanded) = stack.popLast() {
      if isExpanded {
        finished.append(output)
      } else if seen.insert(output).inserted {
        if met[output.layer] == nil { met[output.layer] = met.count }
        stack.append((output, true))
        stack.append(contentsOf: call(output).inputs.reversed().map { ($0, false) })
      }
    }
    return (met, finished)
  }
}
