/// What layers and nodes are called in the graph: as in the configuration, and longer only where two would be the same.
struct KerasNames {
  /// Where a layer lies: the names of the models around it, then its own.
  typealias Path = [String]

  private var layerNames: [Path: String] = [:]
  private var taken: Set<String> = []
  /// How often each name was asked for.
  private var uses: [String: Int] = [:]

  /// Gives every layer of the model a name: its own, or `outer/inner` where layers of nested models share one.
  init(of model: KerasModel) {
    let paths = Self.paths(model, [])
    var counts: [String: Int] = [:]
    for path in paths { counts[path[path.count - 1], default: 0] += 1 }
    // Layers of the outermost model come first to their names.
    for path in paths.filter({ $0.count == 1 }) + paths.filter({ $0.count > 1 }) {
      let own = path[path.count - 1]
      layerNames[path] = fresh(counts[own] == 1 || path.count == 1 ? own : path.joined(separator: "/"))
    }
    taken = []
    uses = [:]
  }

  private static func paths(_ model: KerasModel, _ outer: Path) -> [Path] {
    model.layers.flatMap { layer -> [Path] in
      let path = outer + [layer.name]
      return layer.model.map { paths($0, path) } ?? [path]
    }
  }

  func layerName(_ path: Path) -> String { layerNames[path] ?? path.joined(separator: "/") }

  /// A node's name that is not taken: a second call of `conv` is `conv@2`.
  mutating func fresh(_ name: String) -> String {
    var candidate = name
    while !taken.insert(candidate).inserted {
      let number = uses[name, default: 1] + 1
      uses[name] = number
      candidate = "\(name)@\(number)"
    }
    return candidate
  }
}
